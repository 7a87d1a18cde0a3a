package flows

import (
	"cmp"
	"slices"
	"strconv"
	"time"

	"nevermind/bot"
)

// ofOrder says something of the order at hand; empty where there is none.
func ofOrder(v *bot.View, f func(*bot.Order) string) string {
	if o := orderOf(v); o != nil {
		return f(o)
	}
	return ""
}

// orderTitle heads the messages of a talk about an order.
func orderTitle(v *bot.View, r *bot.Person) string {
	if orderOf(v) == nil {
		return ""
	}
	return v.Say(r, "Order {order} · {item}")
}

// orderSummary is an order in words: its first line, and how many more there are.
func orderSummary(o *bot.Order) string {
	if len(o.Items) == 0 {
		return o.ID
	}
	t := bot.Clean(o.Items[0].Title)
	if n := len(o.Items) - 1; n > 0 {
		t = bot.Shorten(t, 40) + " +" + strconv.Itoa(n)
	}
	return t
}

// allLines is what an order holds.
func allLines(v *bot.View, r *bot.Person, o *bot.Order) string {
	if len(o.Items) == 0 {
		return o.ID
	}
	if open := openLines(o); len(open) > 0 {
		return itemWords(v, r, open)
	}
	return itemWords(v, r, o.Items) // all of it is cancelled
}

// itemWords are lines of an order in words, with their quantities; of more than four, the first three and how many more.
func itemWords(v *bot.View, r *bot.Person, items []bot.Item) string {
	var words []string
	for i, item := range items {
		if i == 3 && len(items) > 4 {
			words = append(words, "+"+strconv.Itoa(len(items)-3))
			break
		}
		w := bot.Clean(bot.Shorten(item.Title, 48))
		if item.Quantity > 1 {
			w = strconv.Itoa(item.Quantity) + " × " + w
		}
		words = append(words, w)
	}
	return v.List(r, words)
}

// partWords are quantities of lines in words. Where a line has more than one piece, how many is said of one piece too.
func partWords(v *bot.View, r *bot.Person, o *bot.Order, parts []bot.Part) string {
	var words []string
	for n, p := range parts {
		if n == 3 && len(parts) > 4 {
			words = append(words, "+"+strconv.Itoa(len(parts)-3))
			break
		}
		w := bot.Clean(bot.Shorten(titleOf(o, p.ID).Title, 48))
		if slices.ContainsFunc(o.Items, func(i bot.Item) bool { return i.ID == p.ID && i.Ordered() > 1 }) {
			w = strconv.Itoa(p.Quantity) + " × " + w
		}
		words = append(words, w)
	}
	return v.List(r, words)
}

// linesTerm is what is to be cancelled: the whole order, or the lines chosen (S20).
func linesTerm(v *bot.View, r *bot.Person) string {
	chosen := markedLines(v)
	o := orderOf(v)
	if len(chosen) == 0 {
		begun := slices.ContainsFunc(o.Items, func(i bot.Item) bool { return i.Gone() > 0 })
		if left := openLines(o); len(left) > 0 && begun {
			return v.Say(r, "the rest of the order") + " (" + itemWords(v, r, left) + ")"
		}
		return v.Say(r, "the whole order ({lines_all})")
	}
	var items []bot.Item
	if v.Fact("parts") != "" {
		return partWords(v, r, o, bot.ReadParts(v.Fact("parts")))
	}
	for _, item := range o.Items {
		for _, id := range chosen {
			if item.ID == id {
				items = append(items, item)
			}
		}
	}
	return itemWords(v, r, items)
}

// amountShown is what goes back: settled in a record, worked out in a talk.
func amountShown(v *bot.View) string {
	if a := v.Fact("amount"); a != "" {
		return a
	}
	if orderOf(v) == nil {
		return ""
	}
	return asked(v).String()
}

// method is how the order was paid; of several payments, the one by which money that is at stake takes longest to go back.
func method(v *bot.View) string {
	if slowest := slowestMethod(v); slowest != "" {
		return slowest
	}
	if o := orderOf(v); o != nil && o.Method != "" {
		return o.Method
	}
	return "other"
}

// slowestMethod is the way of several by which an amount goes back that takes longest; empty where there is one.
func slowestMethod(v *bot.View) (slowest string) {
	amount, err := bot.ReadMoney(amountShown(v))
	if err != nil {
		return ""
	}
	var last time.Time
	for _, s := range sharesOf(v, amount) {
		way := methodOf(orderOf(v), s.ID)
		if at := v.Policy.After(v.Policy.Refund(way).Max, v.Now, time.UTC); slowest == "" || at.After(last) {
			slowest, last = way, at
		}
	}
	return slowest
}

// backTo is where money goes back to: each of several payments with its amount.
func backTo(v *bot.View, r *bot.Person) string {
	amount, err := bot.ReadMoney(amountShown(v))
	if err != nil {
		return v.Say(r, methodWords(method(v)))
	}
	shares := sharesOf(v, amount)
	if len(shares) < 2 {
		return v.Say(r, methodWords(method(v)))
	}
	var words []string
	for _, s := range shares {
		way := v.With(bot.Facts{"way": v.Say(r, methodWords(methodOf(orderOf(v), s.ID))), "share": v.Amount(r, s.Amount)})
		words = append(words, way.Say(r, "{way} ({share})"))
	}
	return together(v, r, words)
}

// methodLabels are ways of paying at the head of a line.
var methodLabels = map[string]string{
	"card": "Card", "bank": "Bank transfer", "wallet": "Wallet", "gift_card": "Gift card", "other": "Any other way",
}

// methodLabel is a way of paying at the head of a line.
func methodLabel(method string) string { return cmp.Or(methodLabels[method], methodLabels["other"]) }

// methodNames are ways of paying inside a sentence: "paid by card".
var methodNames = map[string]string{
	"card": "card", "bank": "bank transfer", "wallet": "wallet", "gift_card": "gift card", "other": "another way",
}

// methodPlain is a way of paying inside a sentence.
func methodPlain(method string) string { return cmp.Or(methodNames[method], methodNames["other"]) }

// methodPlaces are where money goes back to, as the buyer says it: always the way it was paid (S73).
var methodPlaces = map[string]string{
	"card": "your card", "bank": "your bank account", "wallet": "your wallet", "gift_card": "your gift card",
	"other": "where it came from",
}

// methodWords is where money goes back to.
func methodWords(method string) string { return cmp.Or(methodPlaces[method], methodPlaces["other"]) }
