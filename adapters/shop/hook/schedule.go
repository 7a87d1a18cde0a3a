package hook

import (
	"net/http"
	"strconv"
	"time"

	"nevermind/bot"
)

// How long one try may take, and how tries follow each other.
const (
	patience    = 10 * time.Second
	firstPause  = time.Second // doubled at every further try
	longestWait = 5 * time.Minute
	firstHour   = time.Hour
	inAll       = 3 * 24 * time.Hour
)

// pause is how long to wait after so many tries; false once three days of trying are over. It counts tries rather than
// the clock, so that time in which nothing could be tried is not held against the shop.
func pause(tries int) (time.Duration, bool) {
	next, tried := firstPause, time.Duration(0)
	for range tries - 1 {
		tried += next
		next = following(next, tried)
	}
	return next, tried+next <= inAll
}

func following(wait, tried time.Duration) time.Duration {
	if tried >= firstHour {
		return time.Hour
	}
	return min(2*wait, longestWait)
}

// unanswered says when a task is tried again that the shop has not answered, or that it never is.
func (s *Shop) unanswered(t *bot.Task, after time.Duration) bot.Outcome {
	wait, more := pause(t.Attempts)
	if !more && s.cfg.Now().Sub(t.Made) >= inAll { // tries cut off by a crash count too, time does not lie
		s.cfg.Meter.Count("webhooks", "given up", 1)
		return bot.GivenUpAs(unansweredEvent(t), "the shop has not answered for three days")
	}
	return bot.RetryAfter(max(min(wait, time.Hour), min(after, time.Hour)))
}

// unansweredEvent is what the end of trying is to the case: nobody waits for news.
func unansweredEvent(t *bot.Task) string {
	if t.Do == "send_news" {
		return ""
	}
	return "shop_unanswered"
}

// retryAfter is how long the shop asks to be left alone; nothing where it does not say.
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
