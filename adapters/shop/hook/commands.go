package hook

import (
	"context"
	"errors"
	"net/http"

	"nevermind/adapters/shop"
	"nevermind/bot"
)

// CancelOrder asks the shop to cancel an order or some of its lines, unless the order says already how that ends.
func (s *Shop) CancelOrder(ctx context.Context, t bot.Task) (bot.Outcome, error) {
	o, known, err := s.book.KnownCancellation(ctx, t)
	if known || err != nil {
		return o, err
	}
	return s.command(ctx, &t, cancelBody)
}

// PayRefund posts the refund as pending in the order, where it counts against what was paid, and asks the shop for it.
func (s *Shop) PayRefund(ctx context.Context, t bot.Task) (bot.Outcome, error) {
	if err := s.reconcileRefunds(ctx, &t); err != nil {
		return bot.Outcome{}, err
	}
	o, err := s.book.PayRefund(ctx, t)
	if err != nil || !o.Pending {
		return o, err
	}
	return s.command(ctx, &t, refundBody)
}

// SendCaseWebhook tells the shop what has become of a case; any answer of the two hundreds is a good one.
func (s *Shop) SendCaseWebhook(ctx context.Context, t bot.Task) (bot.Outcome, error) {
	text, err := caseWebhookBody(&t)
	if err != nil {
		return bot.Outcome{Dead: "cannot be written"}, nil //nolint:nilerr // it is set aside for an operator
	}
	if a := s.attempt(ctx, &t, text); !a.accepted() {
		return s.retryOrGiveUp(&t, a.retryAfter), nil
	}
	return bot.Outcome{}, nil
}

// command sends a command and takes its outcome, if the answer has one. Anything but 202 or a 200 that says how it
// ended is no answer, and is tried again: a command about money is never taken for done.
func (s *Shop) command(ctx context.Context, t *bot.Task, write func(*bot.Task) ([]byte, error)) (bot.Outcome, error) {
	text, err := write(t)
	if err != nil {
		return bot.Outcome{Dead: "cannot be written"}, nil //nolint:nilerr // it is set aside for an operator
	}
	a := s.attempt(ctx, t, text)
	switch {
	case a.status == http.StatusAccepted:
		return bot.Outcome{Pending: true}, nil
	case a.ended == nil:
		return s.retryOrGiveUp(t, a.retryAfter), nil
	}
	return s.postOutcome(ctx, t, *a.ended)
}

// postOutcome posts how a command has ended. Where another end was posted first, what the shop says now is returned: the
// engine knows which of them came first, and tells support.
func (s *Shop) postOutcome(ctx context.Context, t *bot.Task, e shop.Ended) (bot.Outcome, error) {
	first, err := s.book.End(ctx, *t, e)
	if err != nil || shop.Done(first) == e.Done {
		return first, err
	}
	said, _ := e.Outcome(t.Do)
	return said, nil
}

// reconcileRefunds ends the order's refunds that are pending in the book although the shop has said how they ended: a crash came
// between.
func (s *Shop) reconcileRefunds(ctx context.Context, t *bot.Task) error {
	o, err := s.engine.Order(ctx, t.Order)
	if err != nil {
		return ignore(err, bot.ErrNone)
	}
	for _, p := range o.Book {
		if p.Do != "pay_refund" || p.State != "pending" || p.Task == t.ID {
			continue
		}
		r, err := s.engine.Task(ctx, p.Task)
		if err == nil && r.State == bot.TaskDone {
			_, err = s.book.End(ctx, r.Task, firstOutcome(&r))
		}
		if ignore(err, bot.ErrNone) != nil {
			return err
		}
	}
	return nil
}

// firstOutcome is how the case was told that a task has ended.
func firstOutcome(r *bot.TaskRecord) shop.Ended {
	return shop.Ended{Done: shop.Done(r.Outcome), Detail: r.Outcome.Facts["failure"]}
}

func ignore(err, what error) error {
	if errors.Is(err, what) {
		return nil
	}
	return err
}
