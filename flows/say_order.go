package flows

import (
	"strconv"
	"strings"

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
func allLines(o *bot.Order) string {
	if len(o.Items) == 0 {
		return o.ID
	}
	if open := openLines(o); len(open) > 0 {
		return itemWords(open)
	}
	return itemWords(o.Items) // all of it is cancelled
}

// itemWords are lines of an order in words, with their quantities; of more than four, the first three and how many more.
func itemWords(items []bot.Item) string {
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
	return strings.Join(words, ", ")
}

// linesTerm is what is to be cancelled: the whole order, or the lines chosen (S20).
func linesTerm(v *bot.View, r *bot.Person) string {
	chosen := markedLines(v)
	o := orderOf(v)
	if len(chosen) == 0 {
		if left := openLines(o); len(left) > 0 && len(left) < len(o.Items) {
			return v.Say(r, "the rest of the order") + " (" + itemWords(left) + ")"
		}
		return v.Say(r, "the whole order ({lines_all})")
	}
	var items []bot.Item
	for _, item := range o.Items {
		for _, id := range chosen {
			if item.ID == id {
				items = append(items, item)
			}
		}
	}
	return itemWords(items)
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

// method is how the order was paid.
func method(v *bot.View) string {
	if o := orderOf(v); o != nil && o.Method != "" {
		return o.Method
	}
	return "other"
}

// methodWords is where money goes back to, as the buyer says it: always the way it was paid (S73).
func methodWords(method string) string {
	switch method {
	case "card":
		return "your card"
	case "bank":
		return "your bank account"
	case "wallet":
		return "your wallet"
	}
	return "where it came from"
}
