package telegram

import (
	"context"
	"errors"
	"net/http"
	"time"
)

// toleratedLosses is how many calls in a row may get no response before the operator is told: connections break now and then.
const toleratedLosses = 3

// callTimeout bounds a call that does not send a message.
const callTimeout = 15 * time.Second

// retry makes a call until it succeeds, with a backoff between the attempts; false where ctx ends first. It is for idempotent
// calls that the adapter cannot do without, at its start and for its menus. Messages are not among them: the engine makes the
// attempts of a delivery, and stores each before it is made. Place is the place that does not work until the call is made.
func (a *Adapter) retry(ctx context.Context, place string, call func(context.Context) error) bool {
	for attempt := 1; ; attempt++ {
		within, cancel := context.WithTimeout(ctx, callTimeout)
		err := call(within)
		cancel()
		if err == nil {
			a.clearProblem(place)
			a.clearProblem("token")
			return true
		}
		if ctx.Err() != nil || !sleep(ctx, a.backoffAfter(place, err, attempt)) {
			return false
		}
	}
}

// backoffAfter reports a failed attempt at a place, the first being 1, to the operator and says how long to wait before the next.
func (a *Adapter) backoffAfter(place string, err error, attempt int) time.Duration {
	var silent *noResponse
	if place, sentence := a.describeProblem(place, err); sentence != "" && (attempt >= toleratedLosses || !errors.As(err, &silent)) {
		a.reportProblem(place, sentence)
	}
	if after, ok := retryAfterOf(err); ok {
		return after
	}
	return backoff(attempt)
}

// backoff is the exponential backoff after an attempt, the first being 1: from one second to half a minute. So a platform
// that is down is asked again every half minute, for as long as the message is worth it.
func backoff(attempt int) time.Duration {
	return min(time.Second<<min(max(attempt-1, 0), 5), 30*time.Second)
}

// retryAfterOf is how long Telegram asks to wait; false where the error is no 429.
func retryAfterOf(err error) (time.Duration, bool) {
	var refused *apiError
	if errors.As(err, &refused) && refused.Code == http.StatusTooManyRequests {
		return refused.RetryAfter, true
	}
	return 0, false
}

// sleep waits; false where ctx ends first.
func sleep(ctx context.Context, d time.Duration) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return true
	case <-ctx.Done():
		return false
	}
}
