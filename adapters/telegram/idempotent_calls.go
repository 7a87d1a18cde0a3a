package telegram

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"time"

	"nevermind/bot"
)

// Edits and strips are idempotent: one whose end is unclear is made again like one that was not sent, soon and for as long as
// it takes, and no attempt of it is counted.
const (
	editTimeout    = 5 * time.Second // of one attempt
	maxEditBackoff = 4 * time.Second
	editAttempts   = 6 // of one that gets no response, while Telegram answers other calls; then it is given up
)

// idempotentCalls know how often the deliveries that edit or strip a message have failed. They are in memory alone and safe for
// concurrent use.
type idempotentCalls struct {
	mu       sync.Mutex
	answered time.Time                     // when Telegram last answered a call about a message
	failed   recentMap[string, failedEdit] // by delivery
}

// failedEdit is how often a delivery has failed, and since when.
type failedEdit struct {
	attempts int
	since    time.Time
}

// maxFailedEdits bounds the memory of one generation.
const maxFailedEdits = 10_000

func newIdempotentCalls() *idempotentCalls {
	return &idempotentCalls{failed: recentMap[string, failedEdit]{limit: maxFailedEdits, lifetime: time.Hour}}
}

// callIdempotent makes a call that edits or strips a message within the rate limit. Where it fails on the way, or at Telegram,
// it fails with a bot.Later of a few seconds at most. Where only this edit gets no response, while Telegram answers other
// calls, it fails with bot.ErrCardGone in the end: a chat does not wait for an edit that cannot be made.
func (a *Adapter) callIdempotent(ctx context.Context, chat int64, d bot.Delivery, do apiCall) error {
	ctx, cancel := context.WithTimeout(ctx, editTimeout)
	defer cancel()
	began := time.Now()
	_, err := a.call(ctx, chat, d, true, do)
	var refused *apiError
	var silent *noResponse
	switch {
	case errors.As(err, &silent):
	case errors.As(err, &refused) && (refused.Code >= 500 || refused.Code == http.StatusMisdirectedRequest):
	default:
		a.idempotent.over(d.ID)
		return err
	}
	after, givenUp := a.idempotent.fail(d.ID, began)
	if givenUp && silent != nil {
		return fmt.Errorf("%w: %w", bot.ErrCardGone, err)
	}
	return fmt.Errorf("%w: %w", bot.Later{After: after}, err)
}

// fail counts an attempt that failed, and says after what backoff the next may be made. Given up: there were editAttempts, and
// Telegram has answered other calls since the first.
func (ic *idempotentCalls) fail(delivery string, began time.Time) (after time.Duration, givenUp bool) {
	ic.mu.Lock()
	defer ic.mu.Unlock()
	f, known := ic.failed.get(delivery, began)
	if !known {
		f.since = began
	}
	f.attempts++
	if f.attempts >= editAttempts && ic.answered.After(f.since) {
		ic.failed.remove(delivery)
		return 0, true
	}
	ic.failed.set(delivery, f, began)
	return min(backoff(f.attempts), maxEditBackoff), false
}

// sawAnswer is called when Telegram has answered a call about a message.
func (ic *idempotentCalls) sawAnswer(now time.Time) {
	ic.mu.Lock()
	defer ic.mu.Unlock()
	ic.answered = now
}

// over forgets a delivery whose call has ended, or has not been made.
func (ic *idempotentCalls) over(delivery string) {
	ic.mu.Lock()
	defer ic.mu.Unlock()
	ic.failed.remove(delivery)
}
