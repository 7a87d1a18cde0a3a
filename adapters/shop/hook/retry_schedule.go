package hook

import (
	"net/http"
	"strconv"
	"time"

	"nevermind/bot"
)

// Each attempt has attemptTimeout. The delay between attempts begins with firstDelay and doubles up to maxDelay in the
// first hour, then is an hour, until giveUpAfter.
const (
	attemptTimeout = 10 * time.Second
	firstDelay     = time.Second // doubled at every further attempt
	maxDelay       = 5 * time.Minute
	firstHour      = time.Hour
	giveUpAfter    = 3 * 24 * time.Hour
)

// backoff is the delay after so many attempts; false once three days of trying are over. It counts attempts rather than the
// clock, so that time in which nothing could be tried is not held against the shop.
func backoff(attempts int) (time.Duration, bool) {
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

// retryOrGiveUp is the outcome of a task that the shop has not answered: when it is tried again, at least after what the
// shop asks for (an hour at most), or that it never is.
func (s *Shop) retryOrGiveUp(t *bot.Task, after time.Duration) bot.Outcome {
	wait, more := backoff(t.Attempts)
	if !more && s.cfg.Now().Sub(t.Made) >= giveUpAfter { // attempts cut off by a crash are counted too, so the time decides as well
		s.cfg.Meter.Count("webhooks", "given up", 1)
		return bot.GivenUpAs(unansweredEvent(t), "the shop has not answered for three days")
	}
	return bot.RetryAfter(max(min(wait, time.Hour), min(after, time.Hour)))
}

// unansweredEvent is what the end of trying means to the case; nobody waits for a case webhook.
func unansweredEvent(t *bot.Task) string {
	if t.Do == "send_news" {
		return ""
	}
	return "shop_unanswered"
}

// retryAfter is how long the shop asks to be left alone, in seconds or as a date; 0 where it does not say.
func retryAfter(h http.Header, now time.Time) time.Duration {
	text := h.Get("Retry-After")
	if n, err := strconv.Atoi(text); err == nil && n > 0 {
		return time.Duration(min(n, 3600)) * time.Second
	}
	if at, err := http.ParseTime(text); err == nil {
		return max(0, at.Sub(now))
	}
	return 0
}
