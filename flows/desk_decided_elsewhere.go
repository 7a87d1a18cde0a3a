package flows

import (
	"maps"
	"strconv"
	"strings"

	"nevermind/bot"
)

// An order may have several records at a time: a case of each parcel, and one about what has not left. What one of them has
// decided is not in the order's book before its refund begins, which may be weeks later, so a limit for the order counts what the
// others have decided.

// mostRecords is how many records of an order a turn has read at most: with as many there may be more.
const mostRecords = 100

// decidedElsewhere is how much money the other records about the order have agreed on or hold a decision about, whether the
// order's book has it or not. Where that is not known, because nobody has read them or an amount cannot be read, it is all that
// can still go back.
func decidedElsewhere(v *bot.View) bot.Money {
	all := v.Order.Refundable()
	others, known := recordsOfOrder(v)
	if !known || len(others) >= mostRecords {
		return all
	}
	sum := bot.Money{Currency: all.Currency}
	for i := range others {
		amount, ok := decidedIn(&others[i])
		if !ok || amount.Currency != sum.Currency {
			return all
		}
		sum = sum.Plus(amount)
	}
	return sum
}

// recordsOfOrder are the other records about the order that are open: from their journals where a move has read them, or as they
// stand where one of support's people opens a form. False where neither is there.
func recordsOfOrder(v *bot.View) ([]bot.Conversation, bool) {
	switch {
	case v.Event != nil && v.Event.Facts["past"] != "":
		return recordsFromHistory(v), true
	case v.Others == nil:
		return nil, false
	}
	var open []bot.Conversation
	for _, c := range v.Others() {
		if c.Order == v.Conv.Order && c.Key != v.Conv.Key && c.Closed.IsZero() {
			open = append(open, c)
		}
	}
	return open, true
}

// closedStates are the ends of cases and disputes: what they gave back is in the order's book. Their flows lead here themselves,
// so they are named; a test holds them against the flows.
var closedStates = map[string]bool{"cancelled": true, "charged_back": true, "not_returned": true, "not_shipped": true,
	"overtaken": true, "refunded": true, "refused": true, "withdrawn": true}

// recordsFromHistory makes the other open records about the order again, as far as their facts and places go.
func recordsFromHistory(v *bot.View) (open []bot.Conversation) {
	all := map[bot.Key]*bot.Conversation{}
	var keys []bot.Key
	for i := range v.History {
		e := &v.History[i]
		if e.Conversation == v.Conv.Key || e.Refused != "" {
			continue
		}
		c := all[e.Conversation]
		if c == nil {
			c = &bot.Conversation{Key: e.Conversation, Frame: bot.Frame{Flow: e.Flow, Facts: bot.Facts{}}}
			all[e.Conversation], keys = c, append(keys, e.Conversation)
		}
		if c.State, c.Visit = e.To, e.Visit; e.From == "" { // it has begun, or begun anew
			clear(c.Facts)
		}
		maps.Copy(c.Facts, e.Learned)
	}
	for _, key := range keys {
		if c := all[key]; (c.Flow == "case" || c.Flow == "dispute") && !closedStates[c.State] {
			open = append(open, *c)
		}
	}
	return open
}

// decidedIn is how much goes back by what a record has agreed on, or by a decision or a call that it holds; false where that
// cannot be read.
func decidedIn(c *bot.Conversation) (bot.Money, bool) {
	visit, amount := strconv.Itoa(c.Visit), "0.00 "+currencyOf(c)
	switch {
	case c.Facts["phone_held"] != "" && c.Facts["phone_visit"] == visit:
		amount = "" // all that it is about
	case c.Facts["held"] == "refused" || c.Facts["held"] == "nothing":
	case c.Facts["held"] != "" && c.Facts["held_visit"] == visit:
		amount = c.Facts["held_sum"] + c.Facts["held_amount"] + c.Facts["held_ruled_amount"]
	case c.Facts["agreed"] != "":
		amount = c.Facts["amount"]
	default:
		return bot.Money{Currency: currencyOf(c)}, true
	}
	if amount == "" && c.Facts["parcel"] != "" {
		amount = c.Facts["parcel_all"]
	}
	m, err := bot.ReadMoney(amount)
	return m, err == nil
}

// currencyOf is the currency of what a record is about.
func currencyOf(c *bot.Conversation) string {
	_, currency, _ := strings.Cut(c.Facts["asked"], " ")
	return currency
}

// moreDecided holds where a decision was not carried out, since more was decided about the order meanwhile.
var moreDecided = cond("more was decided about the order meanwhile", func(v *bot.View) bool {
	return v.Fact("why") == moreDecidedFact && v.Fact("agreed") == ""
})

// moreDecidedFact is a value of the fact "why": stored.
const moreDecidedFact = "more_decided"

// unlessMoreDecided makes a decision count that nobody has undone, unless a second person is wanted by now whom nobody has asked:
// two may decide at one moment about two parcels of an order, and the seller may have agreed to the other meanwhile.
func unlessMoreDecided(follows func(v *bot.View, said bot.Facts) bot.Facts) factsOf {
	carryOut := carryOutDecision(follows)
	return func(v *bot.View, e *bot.Event) bot.Facts {
		read := e.Facts["past"] != "" // a look ahead reads nothing
		if read && v.Fact("held_second") == "" && needsSecondAgent(v, decisionAmount(v, v.Frame.Facts)) {
			return overFacts(dropDecision(v, e), bot.Facts{"why": moreDecidedFact, "past": ""})
		}
		return overFacts(carryOut(v, e), bot.Facts{"past": ""})
	}
}
