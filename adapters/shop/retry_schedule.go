package shop

import (
	"time"

	"nevermind/bot"
)

// The delay between attempts begins with firstDelay and doubles up to maxDelay in the first hour, then is an hour, until
// giveUpAfter.
const (
	firstDelay  = time.Second // doubled at every further attempt
	maxDelay    = 5 * time.Minute
	firstHour   = time.Hour
	giveUpAfter = 3 * 24 * time.Hour
)

// Backoff is the delay after so many attempts; false once three days of trying are over. It counts attempts rather than the
// clock, so that time in which nothing could be tried is not held against the shop.
func Backoff(attempts int) (time.Duration, bool) {
	next, tried := firstDelay, time.Duration(0)
	// tried is the sum of the delays so far, as if every attempt had been made on time.
	for range attempts - 1 {
		tried += next
		next = nextDelay(next, tried)
	}
	return next, tried+next <= giveUpAfter
}

// nextDelay is the delay that follows one, when so much time has been tried.
func nextDelay(wait, tried time.Duration) time.Duration {
	if tried >= firstHour {
		return time.Hour
	}
	return min(2*wait, maxDelay)
}

// RetryOrGiveUp is the outcome of a task that the shop has not answered: when it is tried again, at least after what is
// asked for (an hour at most), or that it never is.
func RetryOrGiveUp(t *bot.Task, now time.Time, atLeast time.Duration) bot.Outcome {
	wait, more := Backoff(t.Attempts)
	if !more && now.Sub(t.Made) >= giveUpAfter { // attempts cut off by a crash are counted too, so the time decides as well
		return bot.GivenUpAs(unansweredEvent(t), "the shop has not answered for three days")
	}
	return bot.RetryAfter(max(min(wait, time.Hour), min(atLeast, time.Hour)))
}

// unansweredEvent is what the end of trying means to the case; nobody waits for a case webhook.
func unansweredEvent(t *bot.Task) string {
	if t.Do == bot.DoWebhook {
		return ""
	}
	return "shop_unanswered"
}
