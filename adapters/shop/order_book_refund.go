package shop

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"

	"nevermind/bot"
)

// Why a refund is not settled.
var (
	// ErrSettled says that a refund has already ended otherwise; the first end counts.
	ErrSettled = errors.New("the refund has already ended otherwise")
	// ErrHeld says that a refund has to wait: a chargeback is open, or with it more would have gone back than was paid.
	ErrHeld = errors.New("the refund is held: a chargeback is open, or more would have gone back than was paid")
)

// detailHeld is the detail of a refund that was not begun since a chargeback is open. It is stored in postings, and
// outcomeOf compares it.
const detailHeld = "a chargeback is open"

// PayRefund posts a refund of the fact "amount" ("24.90 USD"), with the payments that it goes back to: pending until
// SettleRefund, or done at once. All that is pending or done never exceeds what was paid (S73, S75). While a chargeback is
// open no refund begins: the outcome is then "refund_held".
func (b *Book) PayRefund(ctx context.Context, t bot.Task) (bot.Outcome, error) {
	amount, unread := bot.ReadMoney(t.Facts["amount"])
	return b.post(ctx, t, "pay_refund", func(o *bot.Order) bot.Posting {
		p := bot.Posting{Amount: amount, State: "failed", Items: named(o, t.Facts)}
		if n := slices.IndexFunc(o.Parcels, func(x bot.Parcel) bool { return x.ID == t.Facts["parcel"] }); n >= 0 {
			p.Parcel, p.Items = o.Parcels[n].ID, o.Parcels[n].Items
		}
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
		case o.RefundsHeld():
			p.Detail = detailHeld
		case b.AutoSettle:
			p.State = "done"
		default:
			p.State = "pending"
		}
		if p.State != "failed" && len(o.Payments) > 0 {
			p.Payments = o.Spread(amount, b.policy().For(o).RefundOrder)
		}
		return p
	})
}

// SettleRefund ends a pending refund: paid, or failed for a reason. The first end wins: the same again is fine, another
// is ErrSettled; bot.ErrNone where no such refund was asked for. One that has to wait is ErrHeld and stays pending.
func (b *Book) SettleRefund(ctx context.Context, orderID, taskID string, ok bool, why string) (bot.Outcome, error) {
	end := "failed"
	if ok {
		end = "done"
		if held, err := b.Held(ctx, &bot.Task{ID: taskID, Order: orderID}); held || err != nil {
			return bot.Outcome{}, cmp.Or(err, ErrHeld)
		}
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

// Held says whether a refund that is posted as pending has to wait: a chargeback is open, or with it more would have gone
// back than was paid, as where the shop has paid by itself meanwhile.
func (b *Book) Held(ctx context.Context, t *bot.Task) (bool, error) {
	o, err := b.Shelf.Order(ctx, t.Order)
	if errors.Is(err, bot.ErrNone) {
		return false, nil
	} else if err != nil {
		return false, fmt.Errorf("refund: %w", err)
	}
	n := findPosting(&o, t.ID)
	return n >= 0 && o.Book[n].State == "pending" && (o.RefundsHeld() || o.Overpaid()), nil
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
