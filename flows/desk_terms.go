package flows

import "nevermind/bot"

// deskTerms are what {names} stand for in words among support's people.
var deskTerms = map[string]bot.Term{
	"agent":            func(v *bot.View, r *bot.Person) string { return agentName(v, r, v.Actor) },
	"agent_name":       func(v *bot.View, _ *bot.Person) string { return bot.Clean(v.Fact("agent_name")) },
	"holder":           func(v *bot.View, r *bot.Person) string { return assigneeTerm(v, r) + snoozeLine(v, r) },
	"others_hold":      othersHaveIt,
	"support_reminder": supportReminder,
	"whose_turn":       whoseTurn,
	"often":            oftenTerm,
}

// agentName is what one of support's people is called.
func agentName(v *bot.View, r, who *bot.Person) string {
	if who.WasErased() {
		return nameOf(v, r, who)
	}
	if hasVisible(who.Name) {
		return bot.Shorten(bot.Clean(who.Name), 60)
	}
	_, id := who.ID.Split()
	return v.With(bot.Facts{"id": id}).Say(r, "Agent {id}")
}

// assigneeTerm is who of support's people has it, as a line; nothing where nobody does.
func assigneeTerm(v *bot.View, r *bot.Person) string {
	if v.Fact("agent") == "" {
		return ""
	}
	return "\n• " + v.Say(r, "{agent_name} has it.")
}

// snoozeLine says in a line that somebody has put it aside; empty where nobody has.
func snoozeLine(v *bot.View, r *bot.Person) string {
	if words := snoozedWords(v, r); words != "" {
		return "\n• " + v.Sentences(r, words, v.Say(r, "{answer_still}"))
	}
	return ""
}

// whoseTurn is whom of support's people a reminder is for.
func whoseTurn(v *bot.View, r *bot.Person) string {
	switch {
	case awaitsSecondAgent.Holds(v):
		return v.Say(r, "It waits for a second person besides {decider}.")
	case v.Fact("agent") == "":
		return v.Say(r, "Nobody has taken it yet.")
	}
	return v.Say(r, "{agent_name} has it.")
}

// othersHaveIt reminds whoever is about to decide that a colleague has the case.
func othersHaveIt(v *bot.View, r *bot.Person) string {
	if v.Fact("agent") == "" || v.Fact("agent") == string(r.ID) {
		return ""
	}
	return v.Say(r, "{agent_name} has this case.") + " "
}

// supportReminder reminds support half-way that somebody waits, and whose it is; not while it is snoozed.
func supportReminder(v *bot.View, r *bot.Person) string {
	if isSnoozed.Holds(v) {
		return ""
	}
	switch v.Conv.Flow {
	case "help":
		return v.Say(r, "{asker} is still waiting: half of the time is over. Please answer by {support_answer}. {whose_turn}")
	case "arrival":
		return v.Say(r, "The refund of {amount} is still missing, and half of the time is over. Please answer {buyer} by "+
			"{support_answer}. {whose_turn}")
	}
	return v.Say(r, "Case {case} is still waiting: half of the time is over. Please answer by {support_answer}. {whose_turn}")
}
