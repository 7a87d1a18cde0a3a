package flows

import (
	"slices"
	"strings"

	"nevermind/bot"
)

// orderOf is the order at hand: a record's own, or the one a talk has named.
func orderOf(v *bot.View) *bot.Order {
	if v.Look == nil {
		return v.Order
	}
	switch id := v.Fact("order"); {
	case id == "":
		v.Order = nil
	case v.Order == nil || v.Order.ID != id: // another talk's, set aside or come back in this very turn
		v.Order, _ = v.Look.OrderByID(id)
	}
	return v.Order
}

// amountOf reads a fact as money; nothing in the order's currency where it is none.
func amountOf(v *bot.View, name string) bot.Money {
	m, err := bot.ReadMoney(v.Fact(name))
	if err != nil && v.Order != nil {
		return bot.Money{Currency: v.Order.Total.Currency}
	}
	return m
}

// openLines are the lines of an order that are not cancelled, each with the quantity that is left of it.
func openLines(o *bot.Order) []bot.Item {
	if o == nil {
		return nil
	}
	var open []bot.Item
	for _, i := range o.Items {
		if left := i.Ordered() - i.Gone(); left > 0 {
			if i.Counted {
				i.Quantity = left
			}
			open = append(open, i)
		}
	}
	return open
}

// markedLines are the ids of the lines chosen; none means the whole order.
func markedLines(v *bot.View) []string {
	if v.Fact("lines") == "" {
		return nil
	}
	return strings.Split(v.Fact("lines"), ",")
}

// refundOf works out what a request brings back, of all that is left of the order or of what was chosen: the one place in
// which flows ask for it (S20).
func refundOf(v *bot.View) bot.Refund {
	o := orderOf(v)
	parts, _ := o.Named(v.Frame.Facts)
	if parts == nil && v.Fact("lines") != "" {
		// All that was chosen is cancelled already.
		return bot.Refund{Amount: bot.Money{Currency: o.Total.Currency}}
	}
	return o.RefundOf(parts, bot.RefundTerms{Methods: v.Policy.RefundOrder})
}

// asked is what a buyer asks back.
func asked(v *bot.View) bot.Money { return refundOf(v).Amount }

// fullAmount is what goes back in full: all that was asked for, or all that is left where the whole order is at stake.
func fullAmount(v *bot.View) bot.Money {
	left, wanted := v.Order.Refundable(), amountOf(v, "asked")
	if v.Fact("lines") == "" || left.Less(wanted) {
		return left
	}
	return wanted
}

// sharesOf is where an amount goes back to, payment by payment, where the shop has listed several: as it was asked for, or
// else as it would be now. Nil where there is one payment.
func sharesOf(v *bot.View, amount bot.Money) []bot.PaymentShare {
	o := orderOf(v)
	if o == nil || len(o.Payments) < 2 {
		return nil
	}
	for _, p := range slices.Backward(o.Book) {
		ours := v.Look == nil && (v.Conv.Flow == "arrival" || !p.At.Before(v.Conv.Opened))
		stands := p.Do == "pay_refund" && (p.State == "pending" || p.State == "done")
		if ours && stands && p.Amount == amount && len(p.Payments) > 0 {
			return p.Payments
		}
	}
	return o.Spread(amount, v.Policy.RefundOrder)
}

// methodOf is how a payment of the order was made.
func methodOf(o *bot.Order, payment string) string {
	n := slices.IndexFunc(o.Payments, func(p bot.Payment) bool { return p.ID == payment })
	if n < 0 {
		return "other"
	}
	return o.Payments[n].Method
}
