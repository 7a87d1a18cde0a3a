package shop

import (
	"context"
	"errors"
	"fmt"
	"time"

	"nevermind/bot"
)

// Engine is what the order book needs of the engine: where it finds and stores orders. An Engine may also find cases
// (Filed) and know the policy in force (Policy); where it does not, CheckTracking asks less of a code.
type Engine interface {
	// Order loads one order; bot.ErrNone where there is none.
	Order(ctx context.Context, id string) (bot.Order, error)
	// ChangeOrder loads an order, applies the change and stores what it left; where another commit was quicker it does so
	// again from the start, so change may be called several times. An error of change is returned, for errors.Is to see,
	// and nothing is stored.
	ChangeOrder(ctx context.Context, id string, change func(*bot.Order) error) (bot.Order, error)
}

// Book is the embedded order book: the shop where no other system is. Its methods are hands: the engine calls each for a
// task, again after a crash or a lost answer, from several goroutines at once.
//
// Every act is posted in the order under its task's id, in the same commit as what it changes. A repeat finds its posting
// and answers as before, so a task is idempotent and money never moves twice.
//
// A Book without its Shelf is good for Hands only; nothing else in it changes while it runs.
type Book struct {
	Shelf      Engine           // where orders are stored
	AutoSettle bool             // refunds are settled at once, rather than by SettleRefund
	Now        func() time.Time // the engine's clock, which tests and the demo move
}

// errUnchanged is how a change leaves an order as it is: ChangeOrder then stores nothing.
var errUnchanged = errors.New("nothing to change")

// Hands are the tasks that the order book can do, by name. The names are stored in journals and queues and never change.
func (b *Book) Hands() map[string]bot.Hand {
	return map[string]bot.Hand{
		"cancel_order": b.CancelOrder, "pay_refund": b.PayRefund, "tell_shop": b.TellShop,
		"check_order": b.CheckOrder, "check_tracking": b.CheckTracking,
	}
}

// detailShipped is the detail of a cancellation that came too late. It is stored in postings, and outcomeOf compares it.
const detailShipped = "the order had shipped"

// CancelOrder cancels an order, or what the facts "lines" and "parts" name (see bot.Order.Named), if that can still be done:
// it looks at the order as it is now, in the commit that changes it (S04, S06, S20). The shop's own time of the order stays,
// so that a put that the shop made before it heard of this is not lost.
func (b *Book) CancelOrder(ctx context.Context, t bot.Task) (bot.Outcome, error) {
	return b.post(ctx, t, "cancel_order", func(o *bot.Order) bot.Posting {
		parts := named(o, t.Facts)
		// An order that is cancelled already is done, whatever was asked: two cases may have asked for the same.
		if detail := cancelDetail(o.Stage, o.CancelNamed(t.Facts, o.Updated)); detail != "" {
			return bot.Posting{State: "failed", Detail: detail}
		}
		return bot.Posting{State: "done", Items: parts}
	})
}

// cancelObstacle says why what the facts name cannot be cancelled as the order stands; it is empty where it can be, or is
// already.
func cancelObstacle(o *bot.Order, f bot.Facts) string {
	all := o.Clone()
	return cancelDetail(o.Stage, all.CancelNamed(f, o.Updated))
}

// cancelDetail writes why a cancellation is not possible as the detail of its posting; empty for none.
func cancelDetail(stage bot.Stage, why error) string {
	switch {
	case why == nil:
		return ""
	case errors.Is(why, bot.ErrLeft):
		return detailShipped
	case stage == bot.Verifying:
		return "the payment is still being confirmed" // S09, Q3
	case errors.Is(why, bot.ErrOrderLocked):
		return "the order is frozen"
	}
	return why.Error()
}

// CheckOrder says where an order stands now. It changes nothing and posts nothing, so a repeat may answer otherwise.
func (b *Book) CheckOrder(ctx context.Context, t bot.Task) (bot.Outcome, error) {
	o, err := b.Shelf.Order(ctx, t.Order)
	if errors.Is(err, bot.ErrNone) {
		return bot.GivenUp("no such order"), nil
	}
	if err != nil {
		return bot.Outcome{}, fmt.Errorf("check order: %w", err)
	}
	return bot.Done(o.CheckOutcome(t.Facts), nil), nil
}

// TellShop posts in the order that its seller could not be reached, where the shop's people see it.
func (b *Book) TellShop(ctx context.Context, t bot.Task) (bot.Outcome, error) {
	return b.post(ctx, t, "tell_shop", func(*bot.Order) bot.Posting {
		return bot.Posting{State: "done", Detail: "the seller cannot be reached by chat"}
	})
}
