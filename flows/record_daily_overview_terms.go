package flows

import (
	"strings"

	"nevermind/bot"
)

// waitsForSeller says until which deadline a case or a dispute waits for its seller, by its state.
var waitsForSeller = map[string]string{
	"case.awaiting_seller":      "seller_answer",
	"case.weighing_counter":     "negotiation",
	"case.negotiating":          "negotiation",
	"case.awaiting_evidence":    "evidence",
	"dispute.awaiting_seller":   "dispute_answer",
	"dispute.negotiating":       "negotiation",
	"dispute.awaiting_evidence": "evidence",
	"dispute.awaiting_parcel":   "parcel_back",
}

// overviewLines say in a line of the overview for what a case waits, by its state.
var overviewLines = map[string]string{
	"case.awaiting_seller":      "• {which}: the buyer asks to cancel. Please answer by {when}.",
	"case.weighing_counter":     "• {which}: the buyer has made an offer. Please answer by {when}.",
	"case.negotiating":          "• {which}: you and the buyer haven't agreed yet. You can until {when}.",
	"case.awaiting_evidence":    "• {which}: our support team has asked you something. Please answer by {when}.",
	"dispute.awaiting_seller":   "• {which}: the buyer has a problem with it. Please answer by {when}.",
	"dispute.negotiating":       "• {which}: you and the buyer haven't agreed yet. You can until {when}.",
	"dispute.awaiting_evidence": "• {which}: our support team has asked you something. Please answer by {when}.",
	"dispute.awaiting_parcel":   "• {which}: it is on its way back. Please say by {when} whether you have it.",
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
		at := c.Flow + "." + c.State
		if !WaitsForSeller(&c) {
			continue
		}
		for _, d := range c.Deadlines {
			if d.Window == waitsForSeller[at] && !d.Half {
				line := v.With(bot.Facts{"which": overviewTitle(v, &c), "when": formatMoment(v, r, d.At)})
				lines = append(lines, line.Say(r, overviewLines[at]))
			}
		}
	}
	if len(lines) == 0 {
		return ""
	}
	return v.Say(r, "Good morning. These wait for you:") + "\n" + strings.Join(lines, "\n") + "\n" +
		v.Say(r, "“My requests” shows them, with the buttons to answer. You can stop this overview in /settings.")
}

// overviewTitle is a case in a line of the overview: its name and its order.
func overviewTitle(v *bot.View, c *bot.Conversation) string {
	if o, ok := v.Look.OrderByID(c.Order); ok {
		return c.ID + " · " + bot.Shorten(orderSummary(o), 40)
	}
	return c.ID
}
