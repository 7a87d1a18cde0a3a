package flows

import "nevermind/bot"

// decisionTerms are what {names} stand for in words about a decision that is held.
var decisionTerms = map[string]bot.Term{
	"seconder_name": func(v *bot.View, _ *bot.Person) string { return bot.Clean(v.Fact("seconder_name")) },
	"decider":       func(v *bot.View, _ *bot.Person) string { return bot.Clean(v.Fact("decider_name")) },
	"will_read":     formDecisionPreview,
	"held":          heldDecisionTerm,
	"undo_time":     func(v *bot.View, r *bot.Person) string { return formatWindow(v, r, v.Policy.Windows["undo"]) },
	"second_above":  func(v *bot.View, _ *bot.Person) string { return v.Policy.SecondPersonAbove.String() },
	"second_wanted": secondWanted,
	"lead_wanted":   leadWanted,
	"second_unfit":  secondUnfit,
	"decision":      decisionTerm,
	"decided_by":    decidedBy,
	"decision_void": decisionVoid,
	"undone": func(v *bot.View, r *bot.Person) string {
		return v.Say(r, "Undone: nothing was sent, and the case is open as before.")
	},
}

// heldDecisionTerm says what is held, what it waits for, and what each side will read.
func heldDecisionTerm(v *bot.View, r *bot.Person) string {
	if !decisionHeld.Holds(v) {
		return ""
	}
	words := "{decider} has decided: {decision} It goes out in {undo_time}; until then it can be undone."
	switch {
	case awaitsSecondAgent.Holds(v):
		words = "{decider} wants to decide: {decision} A second person has to confirm it before anything is sent.{lead_wanted}"
	case v.Fact("seconder") != "":
		words = "{decider} has decided, and {seconder_name} has confirmed: {decision} It goes out in {undo_time}; " +
			"until then it can be undone."
	}
	return v.Say(r, words) + "\n" + decisionPreview(v, r)
}

// decisionTerm is a decision that is held, in a sentence, with its grounds.
func decisionTerm(v *bot.View, r *bot.Person) string {
	amount := decisionAmount(v, v.Frame.Facts)
	words := amount.String() + v.Say(r, " goes back")
	switch v.Fact("held") {
	case "refused", "nothing":
		words = v.Say(r, "nothing goes back")
	case "return":
		words = v.Say(r, "the goods go back, and then ") + amount.String()
	}
	switch v.Fact("held_cancels") {
	case "yes":
		words += v.Say(r, ", and the order is cancelled")
	case "no":
		words += v.Say(r, ", and the order goes on")
	}
	return words + ". " + quoted(v.Fact("held_grounds"))
}

// secondWanted asks support for a second person; empty where none is needed.
func secondWanted(v *bot.View, r *bot.Person) string {
	if !awaitsSecondAgent.Holds(v) {
		return ""
	}
	words := v.Say(r, "{decider} wants to decide case {case}: {decision} More than {second_above} needs a second person: "+
		"please confirm it on the card, or send it back.")
	if decisionAmount(v, v.Frame.Facts).Currency != v.Policy.SecondPersonAbove.Currency {
		words = v.Say(r, "{decider} wants to decide case {case}: {decision} One person decides up to {second_above}, and this is in "+
			"another currency: please confirm it on the card, or send it back.")
	}
	return words + leadWanted(v, r)
}

// secondUnfit tells whoever has decided that somebody else has to confirm it.
func secondUnfit(v *bot.View, r *bot.Person) string {
	if isDecider(v) {
		return v.Say(r, "You have decided this yourself, so somebody else has to confirm it. Nothing was sent.")
	}
	if awaitsSecondAgent.Holds(v) && leadMissing(v) {
		return v.Say(r, "One of the two has to be a lead here, and neither {decider} nor you are one. Nothing was sent.")
	}
	return ""
}

// decidedBy tells support who of them has decided.
func decidedBy(v *bot.View, r *bot.Person) string {
	switch {
	case v.Fact("decider") == "" || v.Fact("verdict")+v.Fact("ruling") == "":
		return ""
	case v.Fact("seconder") != "":
		return v.Say(r, " Decided by {decider}, confirmed by {seconder_name}.")
	}
	return v.Say(r, " Decided by {decider}.")
}

// overtakenBy is what came before a decision could be carried out, by the event.
var overtakenBy = map[string]string{
	"seller_accepted": "{seller} has agreed first", "solution_taken": "buyer and seller have agreed first",
	"withdrawn":     "{buyer} has withdrawn first",
	"claim_changed": "{buyer} has changed what they ask first", "order_cancelled": "the shop has cancelled the order first",
}

// decisionVoid tells whoever has decided that what they decided is not carried out, and why; empty where nothing was held.
func decisionVoid(v *bot.View, r *bot.Person) string {
	if !decisionHeld.Holds(v) {
		return ""
	}
	why, known := overtakenBy[v.Event.Name]
	if !known {
		why = "the case has moved on first"
	}
	return v.Say(r, "What {decider} had decided in case {case} is not carried out: ") + v.Say(r, why) +
		v.Say(r, ". Nothing of it was sent to anybody.")
}

// leadWanted says that the second person has to be a lead, where that is so.
func leadWanted(v *bot.View, r *bot.Person) string {
	if v.Policy.Choices["second_person"] != "lead" || isLead(v, v.Fact("decider")) {
		return ""
	}
	return v.Say(r, " That has to be a lead.")
}
