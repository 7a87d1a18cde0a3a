package flows

import (
	"slices"
	"strings"

	"nevermind/bot"
	"nevermind/flows/understand"
)

// troubleBegun begins the talk about goods with what is wrong, where words say it, and with the order that they fit, where it is
// one alone; of several it is asked which.
func troubleBegun(v *bot.View, text string) bot.Event {
	kind := understand.TroubleIn(text, v.Actor.Language)
	facts := bot.Facts{"problem": string(kind), "claim_kind": ""}
	if kind == understand.NotReceived {
		facts["claim_kind"] = "keep"
	}
	e := bot.Event{Name: "problem_begun", Facts: facts}
	if v.Look == nil || v.Actor.Party() != bot.Buyer {
		return e
	}
	switch fit := ordersInTrouble(v, text, kind); {
	case len(fit) == 1:
		facts["order"] = fit[0].ID
	case len(fit) > 1 && orderOf(v) == nil && len(v.Look.Orders(mostLookedAt, 1)) == 0:
		facts["order"], facts["named"] = "", ids(fit)
	}
	return e
}

// ordersInTrouble are the orders that something may be wrong with: those of which the words name a thing; also of one
// that has not left; else the one at hand; else those where it can be so.
func ordersInTrouble(v *bot.View, text string, kind understand.Trouble) (fit []bot.Order) {
	var left, named []bot.Order
	for _, o := range v.Look.Orders(0, mostLookedAt) {
		if hasLeft(&o) {
			left = append(left, o)
		}
		switch {
		case !namesGoods(&o, text, v.Actor.Language):
		case hasLeft(&o):
			fit = append(fit, o)
		default:
			named = append(named, o)
		}
	}
	switch {
	case len(fit) > 0 || kind == understand.NoTrouble:
		return fit
	case len(named) == 1: // it has not left, or is over: the talk says so
		return named
	}
	if o := orderOf(v); o != nil {
		return []bot.Order{*o}
	}
	if kind == understand.NotReceived {
		return left
	}
	come := slices.DeleteFunc(slices.Clone(left), func(o bot.Order) bool { return o.Stage != bot.Delivered })
	if len(come) == 0 {
		return left
	}
	return come
}

// namesGoods says whether words name a thing that was ordered.
func namesGoods(o *bot.Order, text, language string) bool {
	titles := make([]string, len(o.Items))
	for i := range o.Items {
		titles[i] = o.Items[i].Title
	}
	return understand.Names(text, language, titles)
}

// ids are the numbers of some orders, one a line.
func ids(orders []bot.Order) string {
	all := make([]string, len(orders))
	for i := range orders {
		all[i] = orders[i].ID
	}
	return strings.Join(all, "\n")
}

// neverCame says whether goods are sought in words that say they never came, and the shop says that the one order of theirs is
// delivered: that is what is wrong with it. One on its way is only sought.
func neverCame(v *bot.View, m *bot.Message, verdict *understand.Verdict) bool {
	if v.Look == nil || v.Actor.Party() != bot.Buyer || understand.TroubleIn(m.Text, v.Actor.Language) != understand.NotReceived ||
		strings.ContainsAny(m.Text, "?？؟") {
		return false
	}
	sought := func(i understand.Intent) bool {
		return i == understand.OrderStatus || i == understand.Late || i == understand.OpenDispute
	}
	switch {
	case verdict.Act != "" && !sought(verdict.Act), verdict.Denied != "", verdict.IfOnly != "",
		slices.ContainsFunc(verdict.Ask, func(i understand.Intent) bool { return !sought(i) }):
		return false
	case understand.Mentions(m.Text, v.Actor.Language, "where", "when", "howlong"):
		return false
	}
	fit := ordersInTrouble(v, m.Text, understand.NotReceived)
	return len(fit) == 1 && fit[0].Stage == bot.Delivered
}

// likelyTrouble says whether words most likely complain, and say freely of what: that settles it.
func likelyTrouble(v *bot.View, m *bot.Message, verdict *understand.Verdict) bool {
	return verdict.Act == "" && len(verdict.Ask) > 0 && verdict.Ask[0] == understand.OpenDispute && v.Actor.Party() == bot.Buyer &&
		understand.TroubleIn(m.Text, v.Actor.Language) != understand.NoTrouble && !asksBack(m.Text)
}
