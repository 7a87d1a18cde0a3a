package shop

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"nevermind/bot"
)

// Shelf is where the book finds and keeps orders.
type Shelf interface {
	// Order loads one order; bot.ErrNone where there is none.
	Order(ctx context.Context, id string) (bot.Order, error)
	// ChangeOrder loads an order, applies the change and keeps what it left, again from the start where another was
	// quicker. An error of change is returned, for errors.Is to see, and nothing is kept.
	ChangeOrder(ctx context.Context, id string, change func(*bot.Order) error) (bot.Order, error)
}

// Book is the embedded order book: the shop where no other system is. Every act is posted in the order under its task's
// id, in the same commit as what it changes, so that a repeat finds its posting and answers as before: money never moves
// twice.
type Book struct {
	Shelf      Shelf
	AutoSettle bool             // refunds are settled at once, rather than by SettleRefund
	Now        func() time.Time // the house's clock
}

// errKept is a change's way of leaving an order as it is.
var errKept = errors.New("nothing to change")

// Hands are the tasks that the book can do, by name.
func (b *Book) Hands() map[string]bot.Hand {
	return map[string]bot.Hand{"cancel_order": b.CancelOrder, "pay_refund": b.PayRefund, "check_order": b.CheckOrder, "tell_shop": b.TellShop, "check_tracking": b.CheckTracking}
}

// hadShipped is the detail of a cancellation that came too late.
const hadShipped = "the order had shipped"

// CancelOrder cancels an order, or the lines named by the fact "lines" (ids, commas between), if that can still be done:
// it looks at the stage as it is now, in the commit that changes it (S04, S06, S20).
func (b *Book) CancelOrder(ctx context.Context, t bot.Task) (bot.Outcome, error) {
	return b.post(ctx, t, "cancel_order", func(o *bot.Order) bot.Posting {
		if detail := obstacle(o, t.Facts["lines"]); detail != "" {
			return bot.Posting{State: "failed", Detail: detail}
		}
		if o.Stage != bot.Cancelled {
			cancel(o, t.Facts["lines"])
			o.Updated = latest(o.Updated, b.Now().UTC())
		}
		return bot.Posting{State: "done"}
	})
}

// obstacle says why an order, or the lines named, cannot be cancelled as it stands; nothing where they can be, or are.
func obstacle(o *bot.Order, lines string) string {
	switch o.Stage {
	case bot.Cancelled:
		return ""
	case bot.Unpaid, bot.Processing:
		for _, id := range named(lines) {
			if !slices.ContainsFunc(o.Items, func(i bot.Item) bool { return i.ID == id }) {
				return fmt.Sprintf("the order has no line %.64q", id)
			}
		}
		return ""
	case bot.PartShipped, bot.Shipped, bot.Delivered, bot.Completed: // which lines have left is not known
		return hadShipped
	case bot.Verifying:
		return "the payment is still being confirmed" // S09, Q3
	}
	return "the order is frozen"
}

// cancel marks the lines, all where none is named, and the order once no line is left.
func cancel(o *bot.Order, lines string) {
	items, ids, left := slices.Clone(o.Items), named(lines), len(o.Items)
	for n := range items {
		if len(ids) == 0 || slices.Contains(ids, items[n].ID) {
			items[n].Cancelled = true
		}
		if items[n].Cancelled {
			left--
		}
	}
	o.Items = items
	if left == 0 {
		o.Cancel(o.Updated)
	}
}

// named takes a list of line ids apart; none is the whole order.
func named(lines string) []string {
	ids := []string{}
	for id := range strings.SplitSeq(lines, ",") {
		if lines != "" {
			ids = append(ids, strings.TrimSpace(id))
		}
	}
	return ids
}

// CheckOrder says where an order stands now.
func (b *Book) CheckOrder(ctx context.Context, t bot.Task) (bot.Outcome, error) {
	o, err := b.Shelf.Order(ctx, t.Order)
	if errors.Is(err, bot.ErrNone) {
		return bot.GivenUp("no such order"), nil
	}
	if err != nil {
		return bot.Outcome{}, fmt.Errorf("check order: %w", err)
	}
	switch o.Stage {
	case bot.Unpaid:
		return bot.Done("order_unpaid", nil), nil
	case bot.Processing:
		return bot.Done("order_open", nil), nil
	case bot.PartShipped, bot.Shipped, bot.Delivered, bot.Completed:
		return bot.Done("order_had_shipped", nil), nil
	case bot.Cancelled:
		return bot.Done("order_was_cancelled", nil), nil
	}
	return bot.Done("order_locked", nil), nil // verifying, frozen (S09)
}
