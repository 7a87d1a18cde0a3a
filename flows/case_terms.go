package flows

import "nevermind/bot"

// caseTerms are what {names} stand for in words about a request to cancel.
var caseTerms = map[string]bot.Term{
	"answer_time":      func(v *bot.View, r *bot.Person) string { return formatWindow(v, r, v.Policy.Windows["seller_answer"]) },
	"on_silence":       onSilence,
	"ask_again":        askAgain,
	"agreed":           agreedTerm,
	"negotiation_time": func(v *bot.View, r *bot.Person) string { return formatWindow(v, r, v.Policy.Windows["negotiation"]) },
}

// agreedTerm is why things go ahead.
func agreedTerm(v *bot.View, r *bot.Person) string {
	switch v.Fact("agreed") {
	case "accepted":
		switch phoned := v.Fact("by_phone") != ""; {
		case phoned && r.Party() == bot.Seller:
			return v.Say(r, "You have agreed by phone.")
		case phoned:
			return v.Say(r, "{seller} has agreed by phone.")
		case r.Party() == bot.Seller:
			return v.Say(r, "You have agreed.")
		}
		return v.Say(r, "{seller} has agreed.")
	case "silent":
		switch r.Party() {
		case bot.Seller:
			return v.Say(r, "You did not answer in time, so the request counts as approved.")
		case bot.Support:
			return v.Say(r, "{seller} did not answer in time, so the request counts as approved.")
		}
		return v.Say(r, "{seller} did not answer in time, so your request counts as approved.")
	case "unproved":
		switch r.Party() {
		case bot.Seller:
			return v.Say(r, "You did not show in time that the parcel has left, so the request is approved.")
		case bot.Support:
			return v.Say(r, "{seller} did not show in time that the parcel has left, so the request is approved.")
		}
		return v.Say(r, "{seller} did not show in time that the parcel has left, so your request is approved.")
	case "offer":
		if r.Party() == bot.Support {
			return v.Say(r, "Buyer and seller have agreed: {offer}.")
		}
		return v.Say(r, "You have agreed with each other: {offer}.")
	case "policy":
		if r.Party() == bot.Buyer {
			return v.Say(r, "Our support team has not decided within {support_verdict_time}, so by this marketplace's rules your request "+
				"is granted.")
		}
		return v.Say(r, "Support has not decided within {support_verdict_time}, so by this marketplace's rules the request of {buyer} "+
			"is granted.")
	case "law":
		return lawTerm(v, r)
	case "shop":
		return v.Say(r, "The shop has cancelled the order itself.")
	case "verdict":
		words := v.Say(r, "Support has decided: ") + quoted(v.Fact("grounds")) + v.Say(r, " The decision is final.")
		switch {
		case v.Fact("cancels") != "no", v.Order.Stage == bot.Cancelled:
		case v.Fact("shop_says") == "shipped":
			words += v.Say(r, " The order had left already, so it is not cancelled; the money goes back all the same.")
		default:
			words += v.Say(r, " The order itself goes on.")
		}
		return words
	}
	return v.Say(r, "The order was not paid.")
}

// What support hears of a shop that says two things, or nothing.
const (
	shopContradicted = "The shop has said two different things about case {case}: first that {said_first}, and now that " +
		"{said_now}. The first counts, and nothing has changed by the second. Please look in the shop's books which is true."
	shopUnanswered = "The shop has not answered for three days about case {case}, so I have stopped asking. " +
		"It may have done what it was asked all the same: please look there. Its answer still counts when it comes."
)

// onSilence is what the policy lets follow when a seller does not answer (S42, Q1).
func onSilence(v *bot.View, r *bot.Person) string {
	if v.Policy.Choices["seller_silence"] == "approve" {
		return v.Say(r, "the request counts as approved")
	}
	return v.Say(r, "support decides")
}

// askAgain is empty where it is too late to ask again.
func askAgain(v *bot.View, r *bot.Person) string {
	if v.Order.Stage != bot.Processing {
		return ""
	}
	return v.Say(r, " You can ask again as long as it has not shipped.")
}
