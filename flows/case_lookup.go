package flows

import (
	"slices"

	"nevermind/bot"
)

// refusal finds the case in which support has refused to cancel the order that a talk is about; nil where there is none.
// Such a decision is final (S59). A request that ended because support never decided is none.
func refusal(v *bot.View) *bot.Conversation {
	cases := v.Look.Cases("order:"+v.Fact("order"), "case", 50)
	for i := range cases {
		if cases[i].State == "refused" && cases[i].Facts["ended_for"] == "" {
			return &cases[i]
		}
	}
	return nil
}

// openCases are the open cases about the order at hand.
func openCases(v *bot.View) []bot.Conversation {
	term := "open:order:" + v.Fact("order")
	return slices.Concat(v.Look.Cases(term, "case", 10), v.Look.Cases(term, "dispute", 10))
}

// openNow is what is open about the order of a talk, of whatever kind; nil where nothing is.
func openNow(v *bot.View) *bot.Conversation {
	if open := openCases(v); len(open) > 0 {
		return &open[0]
	}
	return nil
}

// openCaseKey is the key of what is open about the order of a talk; empty where nothing is.
func openCaseKey(v *bot.View) bot.Key {
	if c := openNow(v); c != nil {
		return c.Key
	}
	return ""
}

// inTheWay is the open case because of which another cannot be opened about what a talk is about; nil where none is. Where the
// parcels of an order are told apart, a case about one of them is in the way of no other, and neither is a request to cancel
// what has not left.
func inTheWay(v *bot.View) *bot.Conversation {
	open, o, cancels := openCases(v), orderOf(v), v.Frame.Flow == "cancel" || v.Frame.Flow == "proposal"
	if len(open) == 0 || !apart(o) {
		return openNow(v)
	}
	own, named := v.Fact("parcel"), map[string]bool{}
	if p := parcelOf(v); p != nil {
		own = p.ID
	}
	for i := range open {
		c := &open[i]
		parcel := c.Facts["parcel"]
		if c.Flow == "dispute" {
			named[parcel] = true
		}
		switch {
		case c.Flow == "case" && (cancels || c.Facts["lines"] == ""), c.Flow == "dispute" && parcel == "":
			return c
		case c.Flow == "dispute" && !cancels && (own == parcel || own == allParcels):
			return c
		}
	}
	free := slices.ContainsFunc(o.Sent(), func(p bot.Parcel) bool { return !named[p.ID] })
	if cancels || own != "" || free {
		return nil
	}
	return &open[0]
}

// lastCase is the newest case about the order at hand that whoever speaks takes part in; nil where there is none.
func lastCase(v *bot.View) *bot.Conversation {
	var last *bot.Conversation
	for _, flow := range []string{"case", "dispute"} {
		for _, c := range v.Look.Cases("order:"+v.Fact("order"), flow, 50) {
			mine := v.Actor.Party() == bot.Support || c.Parties[v.Actor.Party()] == v.Actor.ID && v.Actor.ID != ""
			if mine && c.ID != "" && (last == nil || c.Opened.After(last.Opened)) {
				last = &c
			}
		}
	}
	return last
}

// hadCase asks about the order at hand.
var hadCase = cond("there was a case", func(v *bot.View) bool { return lastCase(v) != nil })

// endedDispute is a case about the goods at hand that ended with a decision: it is not opened again (S59). Where the parcels of
// an order are told apart, one that was about another parcel is none; about the order as a whole it takes all of them.
func endedDispute(v *bot.View) *bot.Conversation {
	var last *bot.Conversation
	ended, own := map[string]bool{}, v.Fact("parcel")
	if p := parcelOf(v); p != nil {
		own = p.ID
	}
	cases := goodsCases(v)
	for i := range cases {
		c := &cases[i]
		switch parcel := c.Facts["parcel"]; c.State {
		case "refused", "refunded", "not_returned":
			if parcel == "" || parcel == own || own == allParcels {
				return c
			}
			ended[parcel], last = true, c
		}
	}
	if o := orderOf(v); own != "" || o == nil || slices.ContainsFunc(o.Sent(), func(p bot.Parcel) bool { return !ended[p.ID] }) {
		return nil
	}
	return last
}

// openCasesOf are the open cases of whoever speaks.
func openCasesOf(v *bot.View) []bot.Conversation {
	term := "open:" + string(v.Actor.ID)
	return slices.Concat(v.Look.Cases(term, "case", 20), v.Look.Cases(term, "dispute", 20))
}

// openRecords are what a person may look at again.
func openRecords(v *bot.View) []bot.Conversation {
	if v.Actor.Party() == bot.Support {
		return mineFirst(v,
			slices.Concat(v.Look.Cases("desk", "case", 20), v.Look.Cases("desk", "dispute", 20), v.Look.Cases("desk", "help", 20),
				v.Look.Cases("desk", "arrival", 20), v.Look.Cases("desk", "refund", 20)))
	}
	term := "open:" + string(v.Actor.ID)
	if v.Actor.Party() == bot.Seller { // whether the money arrives is not theirs to act on
		return slices.Concat(v.Look.Cases(term, "case", 20), v.Look.Cases(term, "dispute", 20))
	}
	return slices.Concat(v.Look.Cases(term, "case", 20), v.Look.Cases(term, "dispute", 20), v.Look.Cases(term, "arrival", 20),
		v.Look.Cases(term, "refund", 20))
}
