package shop

import (
	"context"
	"errors"
	"fmt"

	"nevermind/bot"
)

// Where another system is the shop (package hook), the order book only records: what the shop is asked for is posted in
// the order, and so is how it ended. That keeps refunds within what was paid whoever pays them, and answers a repeat.

// KnownCancellation is the outcome of a cancellation for which the shop need not be asked: it was posted before, the order
// is cancelled, or its stage is in the way. It is false where the shop has to be asked.
func (b *Book) KnownCancellation(ctx context.Context, t bot.Task) (bot.Outcome, bool, error) {
	o, err := b.Shelf.Order(ctx, t.Order)
	if err != nil && !errors.Is(err, bot.ErrNone) {
		return bot.Outcome{}, false, fmt.Errorf("cancel_order: %w", err)
	}
	if err == nil && findPosting(&o, t.ID) < 0 && o.Stage != bot.Cancelled && cancelObstacle(&o, t.Facts) == "" {
		return bot.Outcome{}, false, nil
	}
	out, err := b.CancelOrder(ctx, t)
	return out, true, err
}

// End posts how the shop has ended a cancellation or a refund. The first end stands and is returned, whatever is said now;
// bot.ErrNone where no such refund was asked for. The time of the shop's own last update stays as it is, so that an order
// put later is not taken for an old one.
func (b *Book) End(ctx context.Context, t bot.Task, e Ended) (bot.Outcome, error) {
	if t.Do == "pay_refund" {
		return b.endRefund(ctx, t, e)
	}
	return b.post(ctx, t, "cancel_order", func(o *bot.Order) bot.Posting {
		why, parts := e.Detail, named(o, t.Facts)
		switch {
		// The shop has cancelled what had not left, in a locked order too; its own next update of the order will say the same.
		case e.Done:
			shopCancelled(o, t.Facts)
		// Whatever reason the shop gives, the case goes on as for an order that has shipped.
		case !e.Done && o.HasLeft():
			why = detailShipped
		}
		return bot.Posting{State: e.state(), Detail: why, Items: parts}
	})
}

// shopCancelled marks what the shop says that it has cancelled. What has left by the order as it is held stays as it is.
func shopCancelled(o *bot.Order, f bot.Facts) {
	open := o.Clone()
	if open.Stage == bot.Verifying || open.Stage == bot.Frozen {
		open.Stage = bot.Processing
	}
	if open.CancelNamed(f, o.Updated) == nil {
		if open.Stage != bot.Cancelled {
			open.Stage = o.Stage
		}
		*o = open
	}
}

// endRefund ends a refund that PayRefund has posted as pending; one that has ended stays as it is.
func (b *Book) endRefund(ctx context.Context, t bot.Task, e Ended) (bot.Outcome, error) {
	first, err := b.endPosting(ctx, t.Order, t.ID, e.state(), e.Detail)
	if err != nil {
		return bot.Outcome{}, fmt.Errorf("end refund: %w", err)
	}
	return outcomeOf(first), nil
}

// Done says whether an outcome of a command means that the shop has done it.
func Done(o bot.Outcome) bool { return o.Event == "order_cancelled" || o.Event == "refund_settled" }

// state is the end as a posting stores it.
func (e Ended) state() string {
	if e.Done {
		return "done"
	}
	return "failed"
}

// named are the quantities that a task's facts name; none is the whole order.
func named(o *bot.Order, f bot.Facts) []bot.Part {
	parts, _ := o.Named(f)
	return parts
}
