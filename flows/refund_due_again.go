package flows

import (
	"slices"

	"nevermind/bot"
)

// dueAgain is what a closed case is owed after all: where it ended without a payment, since all of its money had gone back by
// the bank or by the shop itself, as much of that as can go back now.
func dueAgain(o *bot.Order, c *bot.Conversation) bot.Money {
	left, none := o.Refundable(), bot.Money{Currency: o.Total.Currency}
	worth := left
	switch {
	case !o.WasPaid():
		return none
	case c.State == "charged_back":
		worth, _ = bot.ReadMoney(c.Facts["by_bank"])
	case c.State == "cancelled" && c.Facts["lines"] != "":
		worth = worthOf(o, c.Facts)
	case c.State != "cancelled":
		return none
	}
	if left.Less(worth) {
		return left
	}
	return worth
}

// worthOf is what the quantities that facts name brought back by themselves, before they were cancelled.
func worthOf(o *bot.Order, f bot.Facts) bot.Money {
	all := o.Clone()
	all.Book, all.Adjustments, all.Refunded, all.Stage = nil, nil, bot.Money{}, bot.Processing
	parts := bot.ReadParts(f["parts"])
	for n := range all.Items {
		i := &all.Items[n]
		back := i.Gone()
		if k := slices.IndexFunc(parts, func(p bot.Part) bool { return p.ID == i.ID }); k >= 0 {
			back = min(back, parts[k].Quantity)
		}
		if slices.Contains(bot.LineIDs(f["lines"]), i.ID) {
			i.CancelledQuantity, i.Cancelled = i.Gone()-back, false
		}
	}
	named, _ := all.Named(f)
	return all.RefundOf(named, bot.RefundTerms{}).Amount
}
