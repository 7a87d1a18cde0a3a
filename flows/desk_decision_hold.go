package flows

import (
	"maps"
	"strconv"
	"strings"

	"nevermind/bot"
)

// A decision of support is held before anything follows from it: until a second person has confirmed it, where more goes
// back than the policy lets one person decide, and then for the few seconds in which it can be undone. What was decided
// is kept apart under names that begin with heldPrefix, and it holds only while the visit lasts in which it was made:
// whatever else moves the case voids it.
const heldPrefix = "held_"

// How a decision stands that is held. The names "held", "held_visit" and "held_second" are stored.
var (
	decisionHeld = cond("a decision is held", func(v *bot.View) bool {
		return v.Fact("held") != "" && v.Fact("held_visit") == strconv.Itoa(v.Frame.Visit)
	})
	awaitsSecondAgent = cond("a second person is wanted", func(v *bot.View) bool {
		return decisionHeld.Holds(v) && v.Fact("held_second") == "wanted"
	})
	decisionGoesOut = cond("a decision is about to go out", func(v *bot.View) bool {
		return decisionHeld.Holds(v) && v.Fact("held_second") != "wanted"
	})
	mayDecide = cond("no money is stuck and no decision is held", func(v *bot.View) bool {
		return undecided.Holds(v) && !decisionHeld.Holds(v)
	})
)

// undoWait is the time in which a decision can be undone. It starts once no second person is wanted any more; then the
// decision goes out.
var undoWait = bot.Wait{Full: "undo", Event: "decision_stood", When: decisionGoesOut}

// The buttons while a decision is held.
var (
	confirmDecision  = bot.Choice{Event: "second_confirmed", Label: "Confirm it", When: awaitsSecondAgent, Style: bot.Primary}
	sendDecisionBack = bot.Choice{
		Event: "second_refused", Label: "Send it back", When: awaitsSecondAgent,
		Form: letter("What needs another look? Only your colleagues read this."),
	}
	undoDecision = bot.Choice{Event: "decision_undone", Label: "Undo", When: decisionHeld, Style: bot.Danger}
)

// holdDecision is the move by which a decision is held: it is kept apart, whoever has decided can undo it right where they
// read that, support is told if a second person is wanted, and nothing is said to buyer or seller. The kind is what a case's
// verdict is; a ruling says itself what it is.
func holdDecision(kind string) bot.Move {
	return bot.Stay().KeepingApart(heldPrefix).ReadingHistory().Learning(alsoWaking(decisionFacts(kind))).
		Saying(bot.To{bot.Support: "{second_wanted}", bot.Here: "{decided_now}"}).Following(undoHere).
		Restarting("undo", "snooze").Dealing(bot.Support).Rules("S56")
}

// undoHere puts Undo below the words that say what was decided.
func undoHere(v *bot.View) []bot.Choice {
	if !decisionGoesOut.Holds(v) || v.Policy.Windows["undo"].IsZero() {
		return nil
	}
	return []bot.Choice{{Event: "decision_undone", Label: "Undo", Style: bot.Danger}}
}

// decisionHoldMoves are what may become of a decision that is held: confirmed by a second person, sent back with a word,
// or undone. Both of the last leave the case as it was.
var decisionHoldMoves = bot.Moves{
	"second_confirmed": bot.Stay().Learning(secondAgentFacts).Saying(bot.To{bot.Here: "{second_said}"}).Following(undoHere).
		Restarting("undo").Dealing(bot.Support).Rules("S56"),
	"second_refused": bot.Stay().Learning(dropDecision).
		Quoting(bot.To{bot.Support: "{agent} sends the decision in case {case} back to {decider}:"}, nil).Restarting("undo").
		Dealing(bot.Support),
	"decision_undone": bot.Stay().Learning(dropDecision).Saying(bot.To{bot.Here: "{undone}"}).Restarting("undo").
		Dealing(bot.Support),
}

// voidingHeldDecision has support told, whatever else leads away from the state, that the decision which was held is not
// carried out.
func voidingHeldDecision(moves bot.Moves) bot.Moves {
	for event, m := range moves {
		if m.Kind != bot.Goes || event == "decision_stood" {
			continue
		}
		says := maps.Clone(m.Says)
		if says == nil {
			says = bot.To{}
		}
		says[bot.Support] += "{decision_void}"
		m.Says = says
		moves[event] = m
	}
	return moves
}

// decisionFacts records who decides what in which visit, and whether a second person is wanted; nothing is left of a
// decision before.
func decisionFacts(kind string) factsOf {
	return func(v *bot.View, e *bot.Event) bot.Facts {
		facts := dropDecision(v, e)
		for name, value := range e.Facts {
			facts[heldPrefix+name] = value
		}
		facts["past"], facts[heldPrefix+"past"] = "", ""
		facts["held"] = kind
		if kind == "full" { // an order that grows meanwhile was not what was decided on
			facts[heldPrefix+"sum"] = fullAmount(v).String()
		}
		if kind == "" {
			facts["held"] = e.Facts["ruling"]
		}
		facts["held_visit"] = strconv.Itoa(v.Frame.Visit)
		facts["decider"], facts["decider_name"] = string(v.Actor.ID), agentName(v, v.Actor, v.Actor)
		facts["seconder"], facts["seconder_name"] = "", ""
		if needsSecondAgent(v, decisionAmount(v, facts)) {
			facts["held_second"] = "wanted"
		}
		return facts
	}
}

// decisionAmount is how much goes back by a decision that is held.
func decisionAmount(v *bot.View, facts bot.Facts) bot.Money {
	none := bot.Money{Currency: v.Order.Total.Currency}
	switch facts["held"] {
	case "refused", "nothing":
		return none
	case "full":
		if m, err := bot.ReadMoney(facts["held_sum"]); err == nil && m.Less(fullAmount(v)) {
			return m
		}
		return fullAmount(v)
	case "partial", "part":
		if m, err := bot.ReadMoney(facts["held_amount"] + facts["held_ruled_amount"]); err == nil {
			return m
		}
	}
	return mostBack(v) // also of an amount that cannot be read, which goes out as no more than that
}

// needsSecondAgent says whether a second person has to confirm a decision by which so much goes back. What has gone back of
// the order before counts along, and what its other records have decided, so that nobody gives in parts what they may not give
// at once. An amount in another currency than the policy's limit cannot be compared, so it needs one too.
func needsSecondAgent(v *bot.View, amount bot.Money) bool {
	limit := v.Policy.SecondPersonAbove
	switch {
	case limit.IsZero() || amount.IsZero():
		return false
	case limit.Currency != amount.Currency || v.Order.Total.Currency != amount.Currency:
		return true
	}
	if left := v.Order.Refundable(); v.Order.WasPaid() {
		if sum := amount.Plus(decidedElsewhere(v)); sum.Less(left) {
			amount = sum
		} else if amount.Less(left) {
			amount = left
		}
		amount = amount.Plus(v.Order.Total.Minus(left))
	}
	return limit.Less(amount)
}

// dropDecision forgets a decision that was held.
func dropDecision(v *bot.View, _ *bot.Event) bot.Facts {
	facts := bot.Facts{"held": ""}
	for name := range v.Frame.Facts {
		if strings.HasPrefix(name, heldPrefix) {
			facts[name] = ""
		}
	}
	return facts
}

// secondAgentFacts records the second person. It is never whoever has decided, and one of the two has to be a lead where
// the policy wants that.
func secondAgentFacts(v *bot.View, _ *bot.Event) bot.Facts {
	if isDecider(v) || leadMissing(v) {
		return nil
	}
	return bot.Facts{"held_second": "given", "seconder": string(v.Actor.ID), "seconder_name": agentName(v, v.Actor, v.Actor)}
}

// isDecider says whether whoever presses has made the decision themselves: nobody confirms their own.
func isDecider(v *bot.View) bool { return string(v.Actor.ID) == v.Fact("decider") }

// carryOutDecision makes a decision count that nobody has undone: what was kept apart becomes the facts of the case,
// together with what follows from it.
func carryOutDecision(follows func(v *bot.View, said bot.Facts) bot.Facts) factsOf {
	return func(v *bot.View, e *bot.Event) bot.Facts {
		facts, said := dropDecision(v, e), bot.Facts{}
		for name, value := range v.Frame.Facts {
			if own, ok := strings.CutPrefix(name, heldPrefix); ok && own != "visit" && own != "second" {
				said[own], facts[own] = value, value
			}
		}
		for name, value := range follows(v, said) {
			facts[name] = value
		}
		return facts
	}
}

// cappedAmount reads an amount, and caps it at what can still go back.
func cappedAmount(most bot.Money, amount string) string {
	if m, err := bot.ReadMoney(amount); err == nil && m.Less(most) {
		return m.String()
	}
	return most.String()
}
