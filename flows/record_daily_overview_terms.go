package flows

import (
	"strings"

	"nevermind/bot"
)

// waitsForSeller says in which states a case or a dispute waits for its seller, for what, and until which deadline. {about}
// is the case and its order, {moment} the deadline.
var waitsForSeller = map[string]struct{ what, until string }{
	"case.awaiting_seller":      {"{about}: please answer the request to cancel by {moment}.", "seller_answer"},
	"case.weighing_counter":     {"{about}: please answer the buyer's offer by {moment}.", "negotiation"},
	"case.negotiating":          {"{about}: please settle it with the buyer by {moment}.", "negotiation"},
	"case.awaiting_evidence":    {"{about}: please answer our support team by {moment}.", "evidence"},
	"dispute.awaiting_seller":   {"{about}: please answer the buyer's case by {moment}.", "dispute_answer"},
	"dispute.negotiating":       {"{about}: please settle it with the buyer by {moment}.", "negotiation"},
	"dispute.awaiting_evidence": {"{about}: please answer our support team by {moment}.", "evidence"},
	"dispute.awaiting_parcel":   {"{about}: it's on its way back. Please tell me when you have it, by {moment}.", "parcel_back"},
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
				line := v.With(bot.Facts{"about": overviewTitle(v, &c), "moment": formatMoment(v, r, d.At)})
				lines = append(lines, "• "+line.Say(r, w.what))
			}
		}
	}
	if len(lines) == 0 {
		return ""
	}
	return v.Say(r, "Good morning. This is waiting for you:") + "\n" + strings.Join(lines, "\n") + "\n" +
		v.Say(r, "Type “my requests” to see it, with the buttons to answer. /settings stops this overview.")
}

// overviewTitle is a case in a line of the overview: its name and its order.
func overviewTitle(v *bot.View, c *bot.Conversation) string {
	if o, ok := v.Look.OrderByID(c.Order); ok {
		return c.ID + " · " + bot.Shorten(orderSummary(o), 40)
	}
	return c.ID
}
