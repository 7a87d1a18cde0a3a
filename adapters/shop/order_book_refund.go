package shop

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"nevermind/bot"
)

// ErrSettled says that a refund has already ended otherwise; the first end counts.
var ErrSettled = errors.New("the refund has already ended otherwise")

// PayRefund posts a refund of the fact "amount" ("24.90 USD"): pending until SettleRefund, or done at once. All that is
// pending or done never exceeds what was paid (S73, S75).
func (b *Book) PayRefund(ctx context.Context, t bot.Task) (bot.Outcome, error) {
	amount, unread := bot.ReadMoney(t.Facts["amount"])
	return b.post(ctx, t, "pay_refund", func(o *bot.Order) bot.Posting {
		p := bot.Posting{Amount: amount, State: "failed"}
		switch {
		case unread != nil || amount.IsZero():
			p.Detail = "no amount to pay"
		case amount.Currency != o.Total.Currency:
			p.Detail = "the order was paid in " + o.Total.Currency
		case !o.WasPaid():
			p.Detail = "nothing was paid"
		// Refundable leaves out what is pending, paid or paid back by the shop itself.
		case o.Refundable().Less(amount):
			p.Detail = "more than was paid"
		case b.AutoSettle:
			p.State = "done"
		default:
			p.State = "pending"
		}
		return p
	})
}

// SettleRefund ends a pending refund: paid, or failed for a reason. The first end wins: the same again is fine, another
// is ErrSettled; bot.ErrNone where no such refund was asked for.
func (b *Book) SettleRefund(ctx context.Context, orderID, taskID string, ok bool, why string) (bot.Outcome, error) {
	end := "failed"
	if ok {
		end = "done"
	}
	settled, err := b.endPosting(ctx, orderID, taskID, end, why)
	if err == nil && settled.State != end {
		err = ErrSettled
	}
	if err != nil {
		return bot.Outcome{}, fmt.Errorf("settle refund: %w", err)
	}
	return outcomeOf(settled), nil
}

// endPosting ends a refund that is posted as pending and returns its posting. One that has ended already is returned as it
// is: the first end stands. bot.ErrNone where no such refund was asked for.
func (b *Book) endPosting(ctx context.Context, orderID, taskID, state, detail string) (bot.Posting, error) {
	var posted bot.Posting
	_, err := b.Shelf.ChangeOrder(ctx, orderID, func(o *bot.Order) error {
		n := findPosting(o, taskID)
		if n < 0 || o.Book[n].Do != "pay_refund" {
			return bot.ErrNone
		}
		if posted = o.Book[n]; posted.State != "pending" {
			return errUnchanged
		}
		posted.State, posted.Detail, posted.At = state, detail, b.Now().UTC()
		o.Book = slices.Clone(o.Book)
		o.Book[n] = posted
		return nil
	})
	if errors.Is(err, errUnchanged) {
		err = nil
	}
	return posted, err
}
