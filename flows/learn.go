package flows

import (
	"strconv"
	"strings"

	"nevermind/bot"
)

// learn works out facts from an event.
type learn = func(v *bot.View, e *bot.Event) bot.Facts

// because keeps one fact.
func because(name, value string) learn {
	return func(*bot.View, *bot.Event) bot.Facts { return bot.Facts{name: value} }
}

// stuck keeps that the shop has not done what it was asked.
func stuck(why, what string) learn {
	return func(*bot.View, *bot.Event) bot.Facts { return bot.Facts{"why": why, "stuck": what} }
}

// agreed: the seller says yes to what was asked, whatever was offered meanwhile.
func agreed(v *bot.View, _ *bot.Event) bot.Facts {
	return bot.Facts{"agreed": "accepted", "amount": v.Fact("asked"), "offer_kind": "", "cancels": "yes"}
}

// shopCancelled: the shop has cancelled the whole order, so all of it goes back.
func shopCancelled(v *bot.View, _ *bot.Event) bot.Facts {
	return bot.Facts{"agreed": "shop", "amount": v.Order.Refundable().String(), "lines": "", "stuck": ""}
}

// rejected: the seller has said no.
func rejected(*bot.View, *bot.Event) bot.Facts { return bot.Facts{"last": "rejected"} }

// offered: an offer is on the table; the one before is off it.
func offered(_ *bot.View, e *bot.Event) bot.Facts { return bot.Facts{"offer_by": string(e.By)} }

// taken turns an offer that was taken into what goes back.
func taken(v *bot.View, _ *bot.Event) bot.Facts {
	amount, cancels := amountOf(v, "offer_amount"), "yes"
	switch v.Fact("offer_kind") {
	case "discount":
		cancels = "no"
	case "costs":
		amount = amountOf(v, "asked").Minus(amount)
	}
	return bot.Facts{"agreed": "offer", "amount": amount.String(), "cancels": cancels}
}

// claimsShipped: the seller says so, the shop has not.
func claimsShipped(*bot.View, *bot.Event) bot.Facts { return bot.Facts{"shop_says": ""} }

// verdict keeps what support has decided; it is never changed.
func verdict(kind string) learn {
	return func(v *bot.View, e *bot.Event) bot.Facts {
		facts := bot.Facts{"verdict": kind, "agreed": "verdict"}
		if kind == "full" {
			facts["amount"] = v.Order.Refundable().String()
		}
		if e.Facts["cancels"] == "" {
			facts["cancels"] = "no"
		}
		return facts
	}
}

// again starts another task only where the last one has failed; one that is merely late keeps its id.
func again(v *bot.View, _ *bot.Event) bot.Facts {
	facts := bot.Facts{"stuck": ""}
	if strings.HasSuffix(v.Fact("why"), "_failed") {
		n, _ := strconv.Atoi(v.Fact("attempt"))
		facts["attempt"] = strconv.Itoa(n + 1)
	}
	return facts
}

// wrote keeps who wrote last.
func wrote(_ *bot.View, e *bot.Event) bot.Facts { return bot.Facts{"last_writer": string(e.By)} }

// keepNote keeps what the buyer wrote for the seller.
func keepNote(_ *bot.View, e *bot.Event) bot.Facts {
	return bot.Facts{"note": strings.TrimSpace(e.Text)}
}

// nextPage turns a page of a list; after the last one comes the first.
func nextPage(v *bot.View, e *bot.Event) bot.Facts { return bot.Facts{"page": e.Facts["page"]} }

// markLine marks a line of the order, or takes the mark away.
func markLine(v *bot.View, e *bot.Event) bot.Facts {
	marked := map[string]bool{}
	for _, id := range markedLines(v) {
		marked[id] = true
	}
	marked[e.Facts["line"]] = !marked[e.Facts["line"]]
	var ids []string
	for _, item := range openLines(orderOf(v)) {
		if marked[item.ID] {
			ids = append(ids, item.ID)
		}
	}
	return bot.Facts{"lines": strings.Join(ids, ","), "line": ""}
}
