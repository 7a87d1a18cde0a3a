package flows

import (
	"maps"
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
	for _, name := range []string{"reason", "note", "lines", "parts"} {
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
