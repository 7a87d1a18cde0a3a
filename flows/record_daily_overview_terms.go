package flows

import (
	"strings"

	"nevermind/bot"
)

// waitsForSeller says in which states a case or a dispute waits for its seller, for what, and until which deadline.
var waitsForSeller = map[string]struct{ what, until string }{
	"case.awaiting_seller":      {"a request to cancel, to be answered by ", "seller_answer"},
	"case.weighing_counter":     {"the buyer's offer, to be weighed by ", "negotiation"},
	"case.negotiating":          {"still to be settled with the buyer, by ", "negotiation"},
	"case.awaiting_evidence":    {"support's question, to be answered by ", "evidence"},
	"dispute.awaiting_seller":   {"the buyer's problem with it, to be answered by ", "dispute_answer"},
	"dispute.negotiating":       {"still to be settled with the buyer, by ", "negotiation"},
	"dispute.awaiting_evidence": {"support's question, to be answered by ", "evidence"},
	"dispute.awaiting_parcel":   {"on its way back to you; please say when you have it, by ", "parcel_back"},
}

// WaitsForSeller says whether a record waits for its seller to answer.
func WaitsForSeller(c *bot.Conversation) bool {
	_, waits := waitsForSeller[c.Flow+"."+c.State]
	return waits && (c.State != "awaiting_evidence" || c.Facts["evidence_of"] == "seller")
}

// overviewTerm lists what waits for a seller; empty where nothing does, or they want none.
func overviewTerm(v *bot.View, r *bot.Person) string {
	if !wantsOverview(r) {
		return ""
	}
	var lines []string
	for _, c := range openCasesOf(v) {
		w := waitsForSeller[c.Flow+"."+c.State]
		if !WaitsForSeller(&c) {
			continue
		}
		for _, d := range c.Deadlines {
			if d.Window == w.until && !d.Half {
				lines = append(lines, "• "+overviewTitle(v, &c)+": "+v.Say(r, w.what)+formatMoment(v, r, d.At))
			}
		}
	}
	if len(lines) == 0 {
		return ""
	}
	return v.Say(r, "Good morning. This waits for you:") + "\n" + strings.Join(lines, "\n") + "\n" +
		v.Say(r, "“My requests” shows it, with the buttons to answer. /settings stops this overview.")
}

// overviewTitle is a case in a line of the overview: its name and its order.
func overviewTitle(v *bot.View, c *bot.Conversation) string {
	if o, ok := v.Look.OrderByID(c.Order); ok {
		return c.ID + " · " + bot.Shorten(orderSummary(o), 40)
	}
	return c.ID
}
