package flows

import (
	"maps"
	"slices"
	"strings"

	"nevermind/bot"
)

// To keep the order: nothing is sent, and nothing has changed.
var (
	keepOrder = bot.Choice{Event: "order_kept", Label: "Keep the order"}
	doNothing = bot.Choice{Event: "order_kept", Label: "Do nothing: keep the order"}
)

// openCase sends the request: it opens the order's case, or finds the one that another phone has just opened. What
// support should know of earlier requests goes along (S61).
func openCase(v *bot.View, _ *bot.Event) (bot.Key, bot.Event) {
	o := orderOf(v)
	facts := bot.Facts{
		"order":  o.ID,
		"id":     v.NewID("C"),
		"kind":   "cancellation",
		"amount": asked(v).String(),
		"asked":  asked(v).String(),
	}
	for _, name := range []string{"reason", "note", "lines"} {
		if s := v.Fact(name); s != "" {
			facts[name] = s
		}
	}
	maps.Copy(facts, buyerHistory(v))
	return v.Look.CaseKey("case", o.ID), bot.Event{Name: "submitted", Facts: facts, Files: v.Frame.Files}
}

// askOpenCase has the open case about the order show itself.
func askOpenCase(v *bot.View, _ *bot.Event) (bot.Key, bot.Event) {
	return openCaseKey(v), bot.Event{Name: "card_asked"}
}

// listLines lists the lines of an order, to be marked one by one (S20).
func listLines(v *bot.View) []bot.Choice {
	var choices []bot.Choice
	marked := markedLines(v)
	for _, item := range openLines(orderOf(v)) {
		box := "☐ "
		if slices.Contains(marked, item.ID) {
			box = "☑ "
		}
		choices = append(choices, bot.Choice{Event: "line_marked", Facts: bot.Facts{"line": item.ID},
			Label: box + bot.Clean(bot.Shorten(item.Title, 40)) + " · " + item.Price.String()})
	}
	return choices
}

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

// listReasons lists the policy's reasons in its order (S33).
func listReasons(v *bot.View) []bot.Choice {
	var choices []bot.Choice
	for _, r := range v.Policy.Reasons {
		choices = append(choices, bot.Choice{Event: "reason_chosen", Label: v.Say(v.Actor, r.Label), Facts: bot.Facts{"reason": r.ID}})
	}
	return choices
}

// noteFacts records the buyer's note for the seller.
func noteFacts(_ *bot.View, e *bot.Event) bot.Facts {
	return bot.Facts{"note": strings.TrimSpace(e.Text)}
}
