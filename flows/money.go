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
// coupon off and shipping kept (S20), rounded down to the minor unit.
func asked(v *bot.View) bot.Money {
	o := orderOf(v)
	chosen := markedLines(v)
	if len(chosen) == 0 {
		return o.Refundable()
	}
	var part, all int64
	for _, item := range o.Items {
		all += item.Price.Minor
		if slices.Contains(chosen, item.ID) {
			part += item.Price.Minor
		}
	}
	goods := o.Total.Minus(o.Shipping)
	if all == 0 {
		return bot.Money{Currency: goods.Currency}
	}
	share := bot.Money{Minor: share(goods.Minor, part, all), Currency: goods.Currency}
	if left := o.Refundable(); left.Less(share) {
		return left
	}
	return share
}

// fullAmount is what goes back in full: all that was asked for, or all that is left where the whole order is at stake.
func fullAmount(v *bot.View) bot.Money {
	left, wanted := v.Order.Refundable(), amountOf(v, "asked")
	if v.Fact("lines") == "" || left.Less(wanted) {
		return left
	}
	return wanted
}

// share is whole × part ÷ all, rounded down; none of them is negative, and part is no more than all.
func share(whole, part, all int64) int64 {
	high, low := bits.Mul64(uint64(whole), uint64(part))
	quotient, _ := bits.Div64(high, low, uint64(all))
	return int64(quotient)
}
