package flows

import (
	"strconv"

	"nevermind/bot"
)

// A yes by phone by which more goes back than one person may decide is held as a decision is: it counts once a second person
// has confirmed it, and only while the visit lasts in which it was noted. Buyer and seller read nothing of it until then.

// callHeld: the names "phone_held" and "phone_visit" are stored.
var callHeld = cond("a phone call waits for a second person", func(v *bot.View) bool {
	return v.Fact("phone_held") == "wanted" && v.Fact("phone_visit") == strconv.Itoa(v.Frame.Visit)
})

// The buttons while a phone call is held.
var (
	confirmCall = bot.Choice{Event: "call_confirmed", Label: "Confirm the call", When: callHeld, Style: bot.Primary, Form: callForm}
	dropCall    = bot.Choice{Event: "call_dropped", Label: "Drop the call", When: callHeld}
)

// callForm shows a second person what they confirm.
func callForm(*bot.View) []bot.Field {
	return []bot.Field{{Name: "sure", Kind: bot.Sure, Options: yesNo("Confirm it"), Ask: "{call_confirmation}"}}
}

// callHoldMoves are what may become of a phone call that is held.
var callHoldMoves = bot.Moves{
	"call_confirmed": bot.Stay().Learning(secondForCall).
		Saying(bot.To{bot.Buyer: "{phoned}", bot.Seller: "{phoned}", bot.Support: "{phoned}", bot.Here: "{call_said}"}).
		Asking(passOnCall).Dealing(bot.Support).Rules("S56", "S91"),
	"call_dropped": bot.Stay().Learning(setFact("phone_held", "")).
		Saying(bot.To{bot.Support: "{agent} has dropped the phone call in case {case}. It counts for nothing, and nothing was sent."}).
		Dealing(bot.Support),
}

// wantsSecond says whether a second person has to confirm the answer.
func (a *phoneAnswer) wantsSecond(v *bot.View) bool {
	return a.pays && needsSecondAgent(v, mostBack(v))
}

// callFacts keeps a phone call apart that a second person has to confirm; nothing is learned of any other.
func callFacts(v *bot.View, e *bot.Event) bot.Facts {
	a := answerByPhone(v, e)
	if a == nil || !a.wantsSecond(v) {
		return nil
	}
	return bot.Facts{
		"phone_held": "wanted", "phone_visit": strconv.Itoa(v.Frame.Visit), "phone_said": a.value,
		"phone_caller": e.Facts["caller"], "phone_note": e.Facts["call_note"],
		"noted_by": string(v.Actor.ID), "noter_name": agentName(v, v.Actor, v.Actor),
		"said": "", "caller": "", "call_note": "", // both sides may read these
	}
}

// secondForCall records that a second person has confirmed a call: never whoever has noted it, and a lead where the policy wants
// one of the two to be.
func secondForCall(v *bot.View, e *bot.Event) bot.Facts {
	if answerByPhone(v, e) == nil || string(v.Actor.ID) == v.Fact("noted_by") || noLead(v, v.Fact("noted_by")) {
		return nil
	}
	return bot.Facts{"phone_held": "given"}
}

// callWanted asks support for a second person; empty where none is needed.
func callWanted(v *bot.View, r *bot.Person) string {
	a := answerByPhone(v, v.Event)
	if a == nil || !callHeld.Holds(v) {
		return ""
	}
	call := withCall(v, r, a, callOf(v, v.Event))
	words := v.Say(r, "This counts once a second person has confirmed it on the card: by it up to {call_most} goes back, and one "+
		"person decides up to {second_above} for one order. Nothing was sent yet. If the case moves on first, it counts for nothing.")
	return call.Say(r, "{noter} notes a phone call in case {case}. {caller} phoned for {side}: {note}") + "\n" +
		v.Sentences(r, v.Say(r, a.said), words, callLeadWanted(v, r))
}

// callConfirmation is what a second person reads before they confirm.
func callConfirmation(v *bot.View, r *bot.Person) string {
	for _, a := range phoneAnswersNow(v) {
		if a.value == v.Fact("phone_said") {
			call := withCall(v, r, &a, bot.Facts{"caller": v.Fact("phone_caller"), "call_note": v.Fact("phone_note")})
			noted := call.Say(r, "{noter} notes a phone call in case {case}. {caller} phoned for {side}: {note}")
			return noted + "\n" + v.Sentences(r, v.Say(r, a.said),
				v.Say(r, "If you confirm it, it counts as their own answer, and up to {call_most} goes back. Confirm it?"))
		}
	}
	return v.Say(r, "What was said by phone fits no longer, so nothing was sent.")
}

// callSaid answers whoever may not confirm; empty where it counts.
func callSaid(v *bot.View, r *bot.Person) string {
	switch {
	case v.Fact("phone_held") == "given":
		return ""
	case string(v.Actor.ID) == v.Fact("noted_by"):
		return v.Say(r, "You have noted this call yourself, so somebody else has to confirm it. Nothing was sent.")
	case noLead(v, v.Fact("noted_by")):
		first := v.With(bot.Facts{"decider": bot.Clean(v.Fact("noter_name"))})
		return first.Say(r, "One of the two has to be a team lead, and neither {decider} nor you are one. Nothing was sent.")
	}
	return v.Say(r, "What was said by phone fits no longer, so nothing was sent.")
}

// callLeadWanted says that the second person has to be a lead, where that is so.
func callLeadWanted(v *bot.View, r *bot.Person) string {
	if v.Policy.Choices["second_person"] != "lead" || isLead(v, v.Fact("noted_by")) {
		return ""
	}
	return v.Say(r, "That has to be a team lead.")
}
