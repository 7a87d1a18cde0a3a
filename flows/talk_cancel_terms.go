package flows

import (
	"slices"
	"strconv"
	"strings"

	"nevermind/bot"
)

// cancelTerms are what {names} stand for in the talk about cancelling.
var cancelTerms = map[string]bot.Term{
	"count_lines": func(v *bot.View, _ *bot.Person) string { return strconv.Itoa(len(openLines(orderOf(v)))) },
	"before_asking": func(v *bot.View, r *bot.Person) string {
		if o := orderOf(v); o != nil && v.Look != nil && !v.Look.Person(o.Seller).Reachable() {
			return v.Say(r, "Please check before I send your request. {seller} has no chat with me, so our support team and "+
				"the shop are told instead:")
		}
		return v.Say(r, "Please check before I ask {seller}:")
	},
	"costs":        costsTerm,
	"made_up_of":   madeUpOf,
	"what_follows": whatFollows,
	"refusal": func(v *bot.View, _ *bot.Person) string {
		if c := refusal(v); c != nil {
			return quoted(c.Facts["grounds"])
		}
		return ""
	},
	"whole_only": wholeOnly,
}

// costsTerm says what asking costs: nothing before it ships, unless this seller keeps a fee (S81, S82, Q7).
func costsTerm(v *bot.View, r *bot.Person) string {
	o := orderOf(v)
	if o == nil {
		return ""
	}
	for _, f := range v.Policy.Fees {
		if f.Seller == "" || bot.NewPersonID(bot.Seller, f.Seller) == o.Seller {
			return v.Say(r, "Cost: none is certain; {seller} may keep a fee of ") + f.Amount.String() + v.Say(r, ", as their terms say.")
		}
	}
	return v.Say(r, "Cost: none, as long as it has not shipped.")
}

// whatFollows is what else a cancellation leads to, beyond the money, and what can hold it up (S21, S30, S80, S83–S85).
func whatFollows(v *bot.View, r *bot.Person) string {
	words := v.Say(r, "What else follows if the order is cancelled:\n• It may be sold out or dearer if you want it again; "+
		"what is in your basket now is not kept for you.\n• It stays in your purchase history, as cancelled.")
	if len(markedLines(v)) > 0 {
		words += v.Say(r, "\n• The rest of the order goes on, and may ship later than planned.")
	}
	switch o := orderOf(v); {
	case o != nil && o.Coupon.Code != "" && o.Coupon.Used:
		words += v.Say(r, "\n• Your coupon is not paid out in money. Some shops credit it, some do not; the shop decides.")
	case o != nil && o.Coupon.Code != "":
		words += v.Say(r, "\n• Your coupon was not used, and stays yours.")
	}
	return words + v.Say(r, "\n• {seller} may ask you for something first, such as a form or a picture. "+
		"Please answer soon: a request that lacks something may not be considered.") +
		sparing(v, r) + v.Say(r, "\nIf you do nothing, the order goes on as it is.")
}

// sparing says how a seller can be spared the fine that the reason may cost them; empty where it may cost none (S49).
func sparing(v *bot.View, r *bot.Person) string {
	if reason, _ := v.Policy.Reason(v.Fact("reason")); !reason.Fine {
		return ""
	}
	return v.Say(r, "\n• The reason may cost {seller} a fine. To spare them that, you can keep the order for now, write to them, "+
		"explain, and wait for their answer; it may ship meanwhile.")
}

// madeUpOf itemises what would come back: each line's share of what was paid, delivery, the coupon, and what was sent back
// before (S79, S80, Q5, Q7). Empty where that does not come to the amount named.
func madeUpOf(v *bot.View, r *bot.Person) string {
	o, some := orderOf(v), len(markedLines(v)) > 0
	lines, delivery, before, exact := partsOf(v)
	if !exact {
		return ""
	}
	var words strings.Builder
	add := func(label string, amount bot.Money, rest string) {
		if !amount.IsZero() {
			words.WriteString("\n– " + label + amount.String() + rest)
		}
	}
	for _, l := range lines {
		add(itemWords([]bot.Item{l.item})+": ", l.share, "")
	}
	add(v.Say(r, "delivery: "), delivery, "")
	add(v.Say(r, "less what was sent back before: "), before, "")
	if o.Coupon.Used {
		add(v.Say(r, "the coupon of "), o.Coupon.Amount, v.Say(r, " is taken off already"))
	}
	if some {
		add(v.Say(r, "delivery, "), o.Shipping, v.Say(r, ", stays paid: the rest still ships"))
	}
	return words.String()
}

// portion is a line of an order, and its share of what was paid for the goods.
type portion struct {
	item  bot.Item
	share bot.Money
}

// partsOf is what an amount asked back is made up of: lines and delivery, less what was sent back before; false where
// that does not come to the amount, to the last minor unit.
func partsOf(v *bot.View) (lines []portion, delivery, before bot.Money, exact bool) {
	o := orderOf(v)
	if o == nil || asked(v).IsZero() {
		return nil, delivery, before, false
	}
	chosen := markedLines(v)
	sum := bot.Money{Currency: o.Total.Currency}
	for n, share := range lineShares(o, o.Total.Minus(o.Shipping).Minor) {
		if item := o.Items[n]; !item.Cancelled && (len(chosen) == 0 || slices.Contains(chosen, item.ID)) {
			lines = append(lines, portion{item, bot.Money{Minor: share, Currency: sum.Currency}})
			sum.Minor += share
		}
	}
	if len(chosen) == 0 {
		delivery, sum = o.Shipping, sum.Plus(o.Shipping)
	}
	before = sum.Minus(asked(v))
	return lines, delivery, before, !sum.Less(asked(v)) && (before.IsZero() || len(chosen) == 0)
}

// wholeOnly says that this marketplace cancels no single lines, where there are several.
func wholeOnly(v *bot.View, r *bot.Person) string {
	if v.Policy.Choices["lines"] != "whole" || len(openLines(orderOf(v))) < 2 {
		return ""
	}
	return v.Say(r, "This marketplace cancels whole orders only, so this is about all of it: {lines_all}. ")
}
