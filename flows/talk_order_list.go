package flows

import (
	"slices"
	"strconv"
	"strings"

	"nevermind/bot"
)

// pageSize is how many orders are shown at once.
const pageSize = 5

// more turns the page of a list; it is offered while there is another.
var more = bot.Choice{
	Event: "page_turned", Label: "More orders", When: cond("there are more", func(v *bot.View) bool { return nextPageOf(v) != "" }),
}

// anyOrder lists them all.
func anyOrder(*bot.Order) bool { return true }

// mayCancel lists the orders for which a cancellation can still be talked about.
func mayCancel(o *bot.Order) bool {
	return !slices.Contains([]bot.Stage{bot.Cancelled, bot.Completed, bot.Delivered}, o.Stage)
}

// listOrders lists those of a buyer's orders that it is asked for, newest first, a page at a time. The labels need no
// picture. The fact "next_page" holds where the next page begins, while there is one. Where several were named, they alone are
// listed, whatever can be done with each: the talk says so of the one that is chosen.
func listOrders(which func(*bot.Order) bool) bot.List {
	return func(v *bot.View) []bot.Choice {
		skip, _ := strconv.Atoi(v.Fact("page"))
		if named := v.Fact("named"); named != "" {
			return listNamed(v, strings.Split(named, "\n"), skip)
		}
		var choices []bot.Choice
		for {
			found := v.Look.Orders(skip, pageSize*2)
			for i := range found {
				skip++
				if !which(&found[i]) {
					continue
				}
				if len(choices) == pageSize {
					v.Frame.Facts["next_page"] = strconv.Itoa(skip - 1)
					return choices
				}
				choices = append(choices, orderChoice(v, &found[i]))
			}
			if len(found) < pageSize*2 {
				delete(v.Frame.Facts, "next_page")
				return choices
			}
		}
	}
}

// listNamed lists the orders that were named, as they were, a page at a time.
func listNamed(v *bot.View, ids []string, skip int) (choices []bot.Choice) {
	delete(v.Frame.Facts, "next_page")
	if len(ids) > skip+pageSize {
		v.Frame.Facts["next_page"] = strconv.Itoa(skip + pageSize)
	}
	for _, id := range ids[min(skip, len(ids)):min(skip+pageSize, len(ids))] {
		if o, ok := v.Look.OrderByID(id); ok {
			choices = append(choices, orderChoice(v, o))
		}
	}
	return choices
}

// orderChoice names an order.
func orderChoice(v *bot.View, o *bot.Order) bot.Choice {
	return bot.Choice{Event: "order_named", Label: orderLabel(v, o), Facts: bot.Facts{"order": o.ID}}
}

// nextPageOf is how many orders come before the next page; empty on the last one.
func nextPageOf(v *bot.View) string { return v.Frame.Facts["next_page"] }

// orderLabel is an order in a few words: "Bamboo lamp · 24.90 USD · being prepared".
func orderLabel(v *bot.View, o *bot.Order) string {
	return bot.Shorten(orderSummary(o), 28) + " · " + v.Amount(v.Actor, o.Total) + " · " + v.Say(v.Actor, orderStageWords[o.Stage])
}

// nextPage turns a page of a list.
func nextPage(v *bot.View, _ *bot.Event) bot.Facts { return bot.Facts{"page": nextPageOf(v)} }
