package flows

import "nevermind/bot"

// decisionTerms are what {names} stand for in words about a decision that is held.
var decisionTerms = map[string]bot.Term{
	"seconder_name": func(v *bot.View, _ *bot.Person) string { return bot.Clean(v.Fact("seconder_name")) },
	"decider":       func(v *bot.View, _ *bot.Person) string { return bot.Clean(v.Fact("decider_name")) },
	"will_read":     formDecisionPreview,
	"undo_time":     func(v *bot.View, r *bot.Person) string { return formatWindow(v, r, v.Policy.Windows["undo"]) },
	"undo_after":    undoAfter,
	"second_above":  func(v *bot.View, _ *bot.Person) string { return v.Policy.SecondPersonAbove.String() },
	"second_wanted": secondWanted,
	"lead_wanted":   leadWanted,
	"second_said":   secondSaid,
	"decision":      decisionTerm,
	"decided_now":   decidedNow,
	"decided_by":    decidedBy,
	"decision_void": decisionVoid,
	"undone": func(v *bot.View, r *bot.Person) string {
		return v.Say(r, "Undone. Nothing was sent, and the case is open as before.")
	},
}

// heldDecisionTerm says on the card what is held, and what it waits for besides the time to undo it, which is in the footer.
func heldDecisionTerm(v *bot.View, r *bot.Person) string {
	if !decisionHeld.Holds(v) {
		return ""
	}
	words := "{decider} has decided: {decision}"
	switch {
	case awaitsSecondAgent.Holds(v):
		words = "{decider} wants to decide: {decision}\nA second person has to confirm it before anything is sent. {lead_wanted}"
	case v.Fact("seconder") != "":
		words = "{decider} has decided, and {seconder_name} has confirmed it: {decision}"
	}
	return v.Say(r, words)
}

// decisionTerm is what comes of a decision that is held, with its grounds.
func decisionTerm(v *bot.View, r *bot.Person) string {
	sum := decisionAmount(v, v.Frame.Facts).String()
	outcome := saySum(v, r, "outcome", v.Fact("held"), sum)
	if v.Conv.Flow == caseFlow.Name {
		outcome = sayTo(v.With(bot.Facts{"sum": sum}), r, solutionWords["outcome"]["money"])
	}
	if decided := v.Fact("held"); decided == "refused" || decided == "nothing" {
		outcome = v.Say(r, "No money goes back.")
	}
	order := ""
	switch v.Fact("held_cancels") {
	case "yes":
		order = v.Say(r, "The order is cancelled.")
	case "no":
		order = v.Say(r, "The order goes ahead.")
	}
	return v.Sentences(r, outcome, order, quoted(v, r, v.Fact("held_grounds")))
}

// decidedNow tells whoever has just decided that it goes out, and until when they can undo it; empty where it waits for a
// second person, of which all of support are told, or cannot be undone.
func decidedNow(v *bot.View, r *bot.Person) string {
	if undoHere(v) == nil {
		return ""
	}
	return v.Say(r, "{decision}\nNothing has been sent yet. You can undo this for {undo_time}.")
}

// undoAfter says before a decision is made that it can be undone for a while; empty where it cannot.
func undoAfter(v *bot.View, r *bot.Person) string {
	if v.Policy.Windows["undo"].IsZero() {
		return ""
	}
	return v.Say(r, "You can undo it for {undo_time} afterwards.")
}

// secondWanted asks support for a second person, and shows what each side would read; empty where none is needed.
func secondWanted(v *bot.View, r *bot.Person) string {
	if !awaitsSecondAgent.Holds(v) {
		return ""
	}
	words := "More than {second_above} for one order needs a second person. Please confirm it on the card, or send it back. " +
		"{lead_wanted}"
	if decisionAmount(v, v.Frame.Facts).Currency != v.Policy.SecondPersonAbove.Currency {
		words = "One person decides up to {second_above}, and this is in another currency. Please confirm it on the card, or send it " +
			"back. {lead_wanted}"
	}
	return v.Say(r, "{decider} wants to decide case {case}: {decision}") + "\n" + decisionPreview(v, r) + v.Say(r, words)
}

// secondSaid answers whoever confirms a decision: it goes out and can be undone, or somebody else has to confirm it.
func secondSaid(v *bot.View, r *bot.Person) string {
	switch {
	case isDecider(v):
		return v.Say(r, "You have decided this yourself, so somebody else has to confirm it. Nothing was sent.")
	case awaitsSecondAgent.Holds(v) && leadMissing(v):
		return v.Say(r, "One of the two has to be a team lead, and neither {decider} nor you are one. Nothing was sent.")
	}
	return decidedNow(v, r)
}

// decidedBy tells support who of them has decided.
func decidedBy(v *bot.View, r *bot.Person) string {
	switch {
	case v.Fact("decider") == "" || v.Fact("verdict")+v.Fact("ruling") == "":
		return ""
	case v.Fact("seconder") != "":
		return " " + v.Say(r, "Decided by {decider}, confirmed by {seconder_name}.")
	}
	return " " + v.Say(r, "Decided by {decider}.")
}

// overtakenBy is what came before a decision could be carried out, by the event.
var overtakenBy = map[string]string{
	"seller_accepted": "{seller} agreed first.", "solution_taken": "The buyer and the seller agreed first.",
	"withdrawn": "{buyer} withdrew first.", "claim_changed": "{buyer} changed what they ask for first.",
	"order_cancelled": "The shop cancelled the order first.",
}

// decisionVoid tells whoever has decided that what they decided is not carried out, and why; empty where nothing was held.
func decisionVoid(v *bot.View, r *bot.Person) string {
	if !decisionHeld.Holds(v) {
		return ""
	}
	why, known := overtakenBy[v.Event.Name]
	if !known {
		why = "The case moved on first."
	}
	return v.Sentences(r,
		v.Say(r, why),
		v.Say(r, "What {decider} decided in case {case} is not carried out, and nothing of it was sent."),
	)
}

// leadWanted says that the second person has to be a lead, where that is so.
func leadWanted(v *bot.View, r *bot.Person) string {
	if v.Policy.Choices["second_person"] != "lead" || isLead(v, v.Fact("decider")) {
		return ""
	}
	return v.Say(r, "That has to be a team lead.")
}
