package hook

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"nevermind/adapters/shop"
	"nevermind/bot"
)

// answer is what an attempt has come to.
type answer struct {
	status     int           // 0 where there was no answer
	ended      *shop.Ended   // nil where the answer says neither done nor failed
	retryAfter time.Duration // how long the shop asks to be left alone
	err        error         // where there was no answer
}

// accepted says whether the shop has taken what it was sent.
func (a *answer) accepted() bool { return a.status >= 200 && a.status < 300 }

// logAttr is the answer as it is logged: its status, or why there was none.
func (a *answer) logAttr() slog.Attr {
	if a.err != nil {
		return slog.Any("why", a.err)
	}
	return slog.Int("status", a.status)
}

// result is the answer as it is counted in metrics.
func (a *answer) result() string {
	switch {
	case a.status == 0:
		return "no answer"
	case a.accepted():
		return "taken"
	}
	return "refused"
}

// maxAnswer is how many bytes of an answer are read.
const maxAnswer = 64 << 10

// attemptTimeout is for connection, request and answer together.
const attemptTimeout = 10 * time.Second

// attempt sends a task once and logs a refusal. The id and the body are the task's own; timestamp and signature are those
// of the attempt.
func (s *Shop) attempt(ctx context.Context, t *bot.Task, body []byte) answer {
	// The deadline covers connection, request and answer.
	ctx, cancel := context.WithTimeout(ctx, attemptTimeout)
	defer cancel()
	begun := time.Now()
	a := s.post(ctx, t.ID, body)
	s.cfg.Meter.Took("webhook", t.Do, time.Since(begun))
	s.cfg.Meter.Count("webhooks", a.result(), 1)
	if !a.accepted() {
		s.cfg.Log.Warn("the shop has not taken a webhook", "task", t.ID, "do", t.Do, "attempt", t.Attempts, a.logAttr())
	}
	return a
}

// post sends the request and reads the answer, whose outcome counts only with status 200.
func (s *Shop) post(ctx context.Context, id string, body []byte) answer {
	r, err := s.request(ctx, id, body)
	if err != nil {
		return answer{err: err}
	}
	response, err := s.client.Do(r)
	if err != nil {
		return answer{err: withoutURL(err)}
	}
	defer response.Body.Close()
	a := answer{status: response.StatusCode, retryAfter: retryAfter(response.Header, s.cfg.Now())}
	text, err := io.ReadAll(io.LimitReader(response.Body, maxAnswer+1))
	if err != nil {
		return answer{err: fmt.Errorf("the answer broke off: %w", withoutURL(err))}
	}
	// One byte more than maxAnswer was read, so a longer answer is recognized and says nothing.
	if a.status == http.StatusOK && len(text) <= maxAnswer {
		a.ended = readOutcome(text)
	}
	return a
}

// request makes a signed webhook.
func (s *Shop) request(ctx context.Context, id string, body []byte) (*http.Request, error) {
	now := s.cfg.Now()
	signature, err := s.sign.Sign(id, now, body)
	if err != nil {
		return nil, fmt.Errorf("sign: %w", err)
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, s.cfg.URL, bytes.NewReader(body))
	if err != nil {
		return nil, withoutURL(err)
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("User-Agent", "nevermind")
	// The headers of Standard Webhooks; the id is the same at each attempt, so the shop can deduplicate.
	r.Header.Set("webhook-id", id)
	r.Header.Set("webhook-timestamp", strconv.FormatInt(now.Unix(), 10))
	r.Header.Set("webhook-signature", signature)
	return r, nil
}

// readOutcome finds the outcome in an answer; nil where it says neither done nor failed.
func readOutcome(text []byte) *shop.Ended {
	e, err := shop.DecodeAnswer(text)
	if err != nil {
		return nil
	}
	return &e
}

// withoutURL takes the address out of an error: it may hold a password.
func withoutURL(err error) error {
	var u *url.Error
	if errors.As(err, &u) {
		return u.Err
	}
	return err
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

// retryOrGiveUp is the outcome of a task that the shop has not answered.
func (s *Shop) retryOrGiveUp(t *bot.Task, after time.Duration) bot.Outcome {
	o := shop.RetryOrGiveUp(t, s.cfg.Now(), after)
	if o.Dead != "" {
		s.cfg.Meter.Count("webhooks", "given up", 1)
	}
	return o
}
