package hook

import (
	"context"
	"errors"
	"net/http"
	"time"

	"nevermind/adapters/shop"
	"nevermind/bot"
)

// CancelOrder asks the shop to cancel an order or some of its lines, unless the stored order already says how that ends.
func (s *Shop) CancelOrder(ctx context.Context, t bot.Task) (bot.Outcome, error) {
	o, known, err := s.book.KnownCancellation(ctx, t)
	if known || err != nil {
		return o, err
	}
	return s.command(ctx, &t, cancelBody)
}

// PayRefund posts the refund as pending in the order, where it counts against what was paid, and asks the shop for it.
// Refunds of the same order that a crash has left pending are reconciled first, so that none is counted that has failed.
func (s *Shop) PayRefund(ctx context.Context, t bot.Task) (bot.Outcome, error) {
	if err := s.reconcileRefunds(ctx, &t); err != nil {
		return bot.Outcome{}, err
	}
	// Posting first means that a crash here leaves a pending refund, which the next attempt finds and asks for again.
	o, err := s.book.PayRefund(ctx, t)
	if err != nil || !o.Pending {
		return o, err
	}
	// A chargeback may have been opened, or the shop have paid by itself, since an attempt that was not answered.
	if held, err := s.book.Held(ctx, &t); held || err != nil {
		return bot.RetryAfter(time.Hour), err
	}
	return s.command(ctx, &t, refundBody)
}

// command sends a command and takes its outcome, if the answer has one. Anything but 202, or a 200 that says how it ended,
// is no answer and is retried: a command about money is never taken for done.
func (s *Shop) command(
	ctx context.Context, t *bot.Task, write func(*bot.Task, *bot.Order) ([]byte, error),
) (bot.Outcome, error) {
	held, err := s.engine.Order(ctx, t.Order)
	if ignore(err, bot.ErrNone) != nil {
		return bot.Outcome{}, err
	}
	text, err := write(t, &held)
	if err != nil {
		return bot.GivenUp("cannot be written"), nil //nolint:nilerr // it becomes a dead letter for an operator
	}
	a := s.attempt(ctx, t, text)
	switch {
	case a.status == http.StatusAccepted:
		return bot.Pending(), nil
	// No answer, a refusal, or 200 without an outcome.
	case a.ended == nil:
		return s.retryOrGiveUp(t, a.retryAfter), nil
	}
	return s.postOutcome(ctx, t, *a.ended)
}

// postOutcome posts how a command has ended. Where another end was posted first, it returns what the shop says now: the
// engine knows which outcome was first, and tells support.
func (s *Shop) postOutcome(ctx context.Context, t *bot.Task, e shop.Ended) (bot.Outcome, error) {
	first, err := s.book.End(ctx, *t, e)
	if err != nil || shop.Done(first) == e.Done {
		return first, err
	}
	said, _ := e.Outcome(t.Do)
	return said, nil
}

// reconcileRefunds ends the order's refunds that are posted as pending although the shop has said how they ended: a crash
// came between the commits of task and order.
func (s *Shop) reconcileRefunds(ctx context.Context, t *bot.Task) error {
	o, err := s.engine.Order(ctx, t.Order)
	if err != nil {
		return ignore(err, bot.ErrNone)
	}
	for _, p := range o.Book {
		// The task's own posting is rightly pending: the shop is about to be asked for it.
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

// ignore drops an error that is what.
func ignore(err, what error) error {
	if errors.Is(err, what) {
		return nil
	}
	return err
}
