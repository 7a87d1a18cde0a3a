package flows

import (
	"maps"
	"strings"

	"nevermind/bot"
)

// keepOrder keeps the order: nothing is sent, and nothing has changed.
var keepOrder = bot.Choice{Event: "order_kept", Label: "Keep the order"}

// What is known of a request that is being made, and whom it goes to.
var (
	reasonKnown  = cond("a reason was given", func(v *bot.View) bool { return v.Fact("reason") != "" })
	wordsMissing = cond("the reason needs words, and there are none", func(v *bot.View) bool {
		return v.Fact("reason") == otherReason && strings.TrimSpace(v.Fact("note")) == ""
	})
	sellerHasChat = cond("the seller can be asked", func(v *bot.View) bool {
		o := orderOf(v)
		return o != nil && v.Look != nil && v.Look.Person(o.Seller).Reachable()
	})
	sellerHasNoChat = cond("the seller has no chat", func(v *bot.View) bool { return !sellerHasChat.Holds(v) })
	mayChooseParts  = cond("some of the order can be chosen", func(v *bot.View) bool {
		return severalLines.Holds(v) ||
			partOpen.Holds(v)
	})
)

// otherReason is the reason that says nothing without words.
const otherReason = "other"

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
	if c := inTheWay(v); c != nil {
		return c.Key, bot.Event{Name: "card_asked"}
	}
	return openCaseKey(v), bot.Event{Name: "card_asked"}
}

// listReasons lists the policy's reasons in its order (S33); those for which the seller may be fined carry a star (S35).
func listReasons(v *bot.View) []bot.Choice {
	var choices []bot.Choice
	for _, r := range v.Policy.Reasons {
		label := v.Say(v.Actor, r.Label)
		if r.Fine {
			label += " *"
		}
		choices = append(choices, bot.Choice{Event: "reason_chosen", Label: label, Facts: bot.Facts{"reason": r.ID}})
	}
	return choices
}

// restFacts chooses what the buyer's words have named, or what has not left where a part of the order has, unless they have
// chosen already.
func restFacts(v *bot.View, e *bot.Event) bot.Facts {
	parts, _ := wantedParts(v)
	switch {
	case v.Fact("lines") != "":
		return nil
	case len(parts) > 0:
		return takeWanted(v, e)
	case !partOpen.Holds(v):
		return nil
	}
	return chooseAll(v, e)
}

// unmarkAll begins the choice of some with nothing marked, unless some were chosen before.
func unmarkAll(v *bot.View, _ *bot.Event) bot.Facts {
	if linesMarked.Holds(v) {
		return nil
	}
	return bot.Facts{"lines": "", "parts": "", "wanted": ""}
}

// noteFacts records the buyer's note for the seller.
func noteFacts(_ *bot.View, e *bot.Event) bot.Facts {
	return bot.Facts{"note": strings.TrimSpace(e.Text)}
}
