package flows

import (
	"math/bits"
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

// openLines are the lines of an order that are not cancelled.
func openLines(o *bot.Order) []bot.Item {
	if o == nil {
		return nil
	}
	return slices.DeleteFunc(slices.Clone(o.Items), func(i bot.Item) bool { return i.Cancelled })
}

// markedLines are the ids of the lines chosen; none means the whole order.
func markedLines(v *bot.View) []string {
	if v.Fact("lines") == "" {
		return nil
	}
	return strings.Split(v.Fact("lines"), ",")
}

// asked is what a buyer asks back: all that can still go back, or the chosen lines' share of what the goods cost,
// coupon off and shipping kept (S20).
func asked(v *bot.View) bot.Money {
	o := orderOf(v)
	chosen := markedLines(v)
	if len(chosen) == 0 {
		return o.Refundable()
	}
	goods, part := o.Total.Minus(o.Shipping), bot.Money{Currency: o.Total.Currency}
	for n, line := range lineShares(o, goods.Minor) {
		if slices.Contains(chosen, o.Items[n].ID) {
			part.Minor += line
		}
	}
	if left := o.Refundable(); left.Less(part) {
		return left
	}
	return part
}

// lineShares splits what the goods cost among an order's lines by their prices: each is rounded so that those up to it
// are right to the minor unit, and all of them come to the whole.
func lineShares(o *bot.Order, goods int64) []int64 {
	var all, upTo, before int64
	for _, item := range o.Items {
		all += item.Price.Minor
	}
	shares := make([]int64, len(o.Items))
	for n, item := range o.Items {
		if all == 0 {
			break
		}
		upTo += item.Price.Minor
		now := shareOf(goods, upTo, all)
		shares[n], before = now-before, now
	}
	return shares
}

// fullAmount is what goes back in full: all that was asked for, or all that is left where the whole order is at stake.
func fullAmount(v *bot.View) bot.Money {
	left, wanted := v.Order.Refundable(), amountOf(v, "asked")
	if v.Fact("lines") == "" || left.Less(wanted) {
		return left
	}
	return wanted
}

// shareOf is whole × part ÷ all, rounded down; none of them is negative, and part is no more than all.
func shareOf(whole, part, all int64) int64 {
	high, low := bits.Mul64(uint64(whole), uint64(part))
	quotient, _ := bits.Div64(high, low, uint64(all))
	return int64(quotient)
}
