package flows

import (
	"maps"
	"strconv"

	"nevermind/bot"
)

// buyerHistory is all that support reads of what a buyer has asked before: counts, and no judgement.
func buyerHistory(v *bot.View) bot.Facts {
	facts := bot.Facts{}
	maps.Copy(facts, requestHistory(v))
	maps.Copy(facts, otherCasesCount(v))
	return facts
}

// otherCasesCount is what support reads of a buyer's other cases when one is opened: counts; nothing where there is none.
func otherCasesCount(v *bot.View) bot.Facts {
	open, closed := 0, 0
	for _, flow := range []string{"case", "dispute"} {
		for _, c := range v.Look.Cases(string(v.Actor.ID), flow, 50) {
			switch {
			case c.ID == "":
			case c.Closed.IsZero():
				open++
			case v.Now.Sub(c.Closed) <= recentFor:
				closed++
			}
		}
	}
	if open+closed == 0 {
		return nil
	}
	return bot.Facts{"others_open": strconv.Itoa(open), "others_closed": strconv.Itoa(closed)}
}

// requestHistory is what support reads of somebody who asks very often; what to make of it is theirs to say (S61).
func requestHistory(v *bot.View) bot.Facts {
	t := statisticsOf(v, string(v.Actor.ID))
	asked, withdrawn, opened := intOrZero(t["n_asked"]), intOrZero(t["n_withdrawn"]), intOrZero(t["n_disputed"])
	if asked+opened < oftenFrom {
		return nil
	}
	return bot.Facts{
		"asked_before":     strconv.Itoa(asked),
		"withdrawn_before": strconv.Itoa(withdrawn),
		"disputed_before":  strconv.Itoa(opened),
	}
}

// oftenFrom is how many requests of one buyer support is told of.
const oftenFrom = 8

// oftenTerm tells support, in a line, of a buyer who asks very often; empty where that is not so (S61).
func oftenTerm(v *bot.View, r *bot.Person) string {
	if v.Fact("asked_before")+v.Fact("disputed_before") == "" {
		return ""
	}
	counts := bot.Facts{}
	for name, fact := range map[string]string{"asked": "asked_before", "withdrew": "withdrawn_before", "opened": "disputed_before"} {
		counts[name] = strconv.Itoa(intOrZero(v.Fact(fact)))
	}
	return "\n• " + v.With(
		counts,
	).Say(
		r,
		"Before this, {buyer} made {asked} requests to cancel, withdrew {withdrew} of them, and opened "+
			"{opened} cases about goods. That is a count, not a judgement.",
	)
}
