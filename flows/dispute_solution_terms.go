package flows

import (
	"strings"

	"nevermind/bot"
)

// solutionTerms are what {names} stand for in words about the solutions on the table.
var solutionTerms = map[string]bot.Term{
	"claim":          func(v *bot.View, r *bot.Person) string { return solutionWords(v, r, "claim") },
	"solution":       func(v *bot.View, r *bot.Person) string { return solutionWords(v, r, "solution") },
	"proposal":       func(v *bot.View, r *bot.Person) string { return solutionWords(v, r, "proposal") },
	"claim_short":    func(v *bot.View, r *bot.Person) string { return solutionShort(v, r, "claim") },
	"solution_short": func(v *bot.View, r *bot.Person) string { return solutionShort(v, r, "solution") },
	"proposal_short": func(v *bot.View, r *bot.Person) string { return solutionShort(v, r, "proposal") },
	"table":          tableTerm,
	"talks_so_far":   talksSoFar,
	"ruling":         rulingTerm,
	"settled_how":    settledHow,
}

// solutionWords is one of the three solutions in full.
func solutionWords(v *bot.View, r *bot.Person, which string) string {
	amount := amountLaid(v, which)
	if v.Fact(which+"_kind") == "return" {
		return v.Say(r, "the goods go back, and then ") + amount + v.Say(r, " comes back")
	}
	if v.Fact("problem") == "not_received" {
		return amount + v.Say(r, " comes back")
	}
	return amount + v.Say(r, " comes back, and ") + nothingSentBack(v, r)
}

// nothingSentBack is that nothing is sent back, as each side says it.
func nothingSentBack(v *bot.View, r *bot.Person) string {
	if r.Party() == bot.Buyer {
		return v.Say(r, "you keep the goods")
	}
	return v.Say(r, "the goods stay with the buyer")
}

// amountLaid is how much a solution names; in the buyer's talk, before it is sent, all that can go back where it names none.
func amountLaid(v *bot.View, which string) string {
	if s := v.Fact(which + "_amount"); s != "" {
		return s
	}
	return solutionAmount(v, which).String()
}

// solutionShort is one of them on a button.
func solutionShort(v *bot.View, r *bot.Person, which string) string {
	if v.Fact(which+"_kind") == "return" {
		return v.Say(r, "return, then ") + amountLaid(v, which)
	}
	return amountLaid(v, which) + v.Say(r, " back")
}

// tableTerm lists what lies on the table, whoever put it there, with the most that can go back.
func tableTerm(v *bot.View, r *bot.Person) string {
	var lines strings.Builder
	for _, s := range []struct{ which, who, mine string }{
		{"claim", "{buyer} asks: ", "You ask: "},
		{"solution", "{seller} offers: ", "You offer: "},
		{"proposal", "Support suggests: ", "Support suggests: "},
	} {
		if v.Fact(s.which+"_kind") == "" {
			continue
		}
		who := s.who
		if s.which == "claim" && r.Party() == bot.Buyer || s.which == "solution" && r.Party() == bot.Seller {
			who = s.mine
		}
		lines.WriteString("• " + v.Say(r, who) + solutionWords(v, r, s.which) + ".")
		if note := v.Fact(s.which + "_note"); note != "" {
			lines.WriteString(" " + quoted(note))
		}
		lines.WriteString("\n")
	}
	return strings.TrimSuffix(lines.String(), "\n")
}

// talksSoFar is how the talks got to where they are.
func talksSoFar(v *bot.View, r *bot.Person) string {
	mine := r.Party()
	switch v.Fact("last") {
	case "claim_refused":
		if mine == bot.Seller {
			return v.Say(r, "You have refused: ") + quoted(v.Fact("rejection"))
		}
		return v.Say(r, "{seller} has refused: ") + quoted(v.Fact("rejection"))
	case "proposed":
		return v.Say(r, "Support suggests a solution. This lies on the table:")
	}
	return v.Say(r, "This lies on the table:")
}

// rulingTerm is what support has decided, in a sentence.
func rulingTerm(v *bot.View, r *bot.Person) string {
	switch {
	case v.Fact("ruling") == "nothing":
		return v.Say(r, "no money goes back.")
	case v.Fact("agreed_kind") == "return":
		return v.Say(r, "the goods go back, and then {amount}.")
	}
	if v.Fact("problem") == "not_received" {
		return v.Say(r, "{amount} goes back.")
	}
	return v.Say(r, "{amount} goes back, and ") + nothingSentBack(v, r) + "."
}

// settledHow is why things go ahead as they do.
func settledHow(v *bot.View, r *bot.Person) string {
	switch v.Fact("agreed") {
	case "claim":
		switch phoned := v.Fact("by_phone") != ""; {
		case phoned && r.Party() == bot.Seller:
			return v.Say(r, "You have agreed by phone: {claim}.")
		case phoned:
			return v.Say(r, "{seller} has agreed by phone: {claim}.")
		case r.Party() == bot.Seller:
			return v.Say(r, "You have agreed: {claim}.")
		}
		return v.Say(r, "{seller} has agreed: {claim}.")
	case "silent":
		if r.Party() == bot.Seller {
			return v.Say(r, "You did not answer in time, so it goes as {buyer} asked: {claim}.")
		}
		return v.Say(r, "{seller} did not answer in time, so it goes as the buyer asked: {claim}.")
	case "solution":
		return v.Say(r, "What {seller} offered is agreed: {solution}.")
	case "policy":
		if r.Party() == bot.Buyer {
			return v.Say(r, "Our support team has not decided within {support_verdict_time}, so by this marketplace's rules it goes as "+
				"you ask: {claim}.")
		}
		return v.Say(r, "Support has not decided within {support_verdict_time}, so by this marketplace's rules it goes as {buyer} "+
			"asks: {claim}.")
	case "policy_offer":
		return v.Say(r, "Support has not decided within {support_verdict_time}, so by this marketplace's rules it goes as {seller} "+
			"has offered: {solution}.")
	case "policy_back":
		return v.Say(r, "Support has not decided within {support_verdict_time}, so by this marketplace's rules the money goes back.")
	case "law":
		return lawTerm(v, r)
	case "proposal":
		return v.Say(r, "What support suggested is agreed: {proposal}.")
	}
	return v.Say(r, "Support has decided: {ruling} {grounds_quoted} The decision is final.")
}
