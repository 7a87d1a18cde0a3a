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

// openCaseKey is the open case about the order that a talk is about, of whatever kind; empty where none is open.
func openCaseKey(v *bot.View) bot.Key {
	for _, flow := range []string{"case", "dispute"} {
		if open := v.Look.Cases("open:order:"+v.Fact("order"), flow, 1); len(open) > 0 {
			return open[0].Key
		}
	}
	return ""
}

// openNow is what is open about the order of a talk; nil where nothing is.
func openNow(v *bot.View) *bot.Conversation {
	for _, flow := range []string{"case", "dispute"} {
		if open := v.Look.Cases("open:order:"+v.Fact("order"), flow, 1); len(open) > 0 {
			return &open[0]
		}
	}
	return nil
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

// endedDispute is a case about the order's goods that ended with a decision: it is not opened again (S59).
func endedDispute(v *bot.View) *bot.Conversation {
	cases := v.Look.Cases("order:"+v.Fact("order"), "dispute", 50)
	for i := range cases {
		switch cases[i].State {
		case "refused", "refunded", "not_returned":
			return &cases[i]
		}
	}
	return nil
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
