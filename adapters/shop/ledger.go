package shop

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"nevermind/bot"
)

// These keep the book where another system is the shop: what it is asked for is posted here, and so is how it ended.

// Standing is how a cancellation stands that need not be asked for: it was posted before, the order is cancelled, or its
// stage is in the way. False where the shop is to be asked.
func (b *Book) Standing(ctx context.Context, t bot.Task) (bot.Outcome, bool, error) {
	o, err := b.Shelf.Order(ctx, t.Order)
	if err != nil && !errors.Is(err, bot.ErrNone) {
		return bot.Outcome{}, false, fmt.Errorf("cancel_order: %w", err)
	}
	if err == nil && posting(&o, t.ID) < 0 && o.Stage != bot.Cancelled && obstacle(&o, t.Facts["lines"]) == "" {
		return bot.Outcome{}, false, nil
	}
	out, err := b.CancelOrder(ctx, t)
	return out, true, err
}

// End posts how the shop has ended a cancellation or a refund. The first end stands and is what is returned, whatever is
// said now; bot.ErrNone where no such refund was asked for. The time of the shop's own last word stays as it is.
func (b *Book) End(ctx context.Context, t bot.Task, e Ended) (bot.Outcome, error) {
	if t.Do == "pay_refund" {
		return b.endRefund(ctx, t, e)
	}
	return b.post(ctx, t, "cancel_order", func(o *bot.Order) bot.Posting {
		why := e.Detail
		switch {
		case e.Done && !o.HasLeft() && o.Stage != bot.Cancelled:
			o.CancelLines(bot.LineIDs(t.Facts["lines"]))
		case !e.Done && o.HasLeft():
			why = hadShipped
		}
		return bot.Posting{State: e.state(), Detail: why}
	})
}

func (b *Book) endRefund(ctx context.Context, t bot.Task, e Ended) (bot.Outcome, error) {
	var first bot.Posting
	_, err := b.Shelf.ChangeOrder(ctx, t.Order, func(o *bot.Order) error {
		n := posting(o, t.ID)
		if n < 0 {
			return bot.ErrNone
		}
		if first = o.Book[n]; first.State != "pending" {
			return errKept
		}
		first.State, first.Detail, first.At = e.state(), e.Detail, b.Now().UTC()
		o.Book = slices.Clone(o.Book)
		o.Book[n] = first
		return nil
	})
	if err != nil && !errors.Is(err, errKept) {
		return bot.Outcome{}, fmt.Errorf("end refund: %w", err)
	}
	return outcome(first), nil
}

// Done says whether an outcome of a command means that the shop has done it.
func Done(o bot.Outcome) bool { return o.Event == "order_cancelled" || o.Event == "refund_settled" }

// state is the end as it is posted.
func (e Ended) state() string {
	if e.Done {
		return "done"
	}
	return "failed"
}
