package flows

import "nevermind/bot"

// caseTerms are what {names} stand for in words about a request to cancel.
var caseTerms = map[string]bot.Term{
	"answer_time":       func(v *bot.View, r *bot.Person) string { return formatWindow(v, r, v.Policy.Windows["seller_answer"]) },
	"silence_means":     silenceMeans,
	"ask_again":         askAgain,
	"agreed":            agreedTerm,
	"often_word":        oftenWord,
	"order_goes_on":     orderGoesOn,
	"what_is_cancelled": whatIsCancelled,
	"negotiation_time":  func(v *bot.View, r *bot.Person) string { return formatWindow(v, r, v.Policy.Windows["negotiation"]) },
}

// oftenWord is a friendly word to a buyer who asks to cancel very often; empty for anybody else (S61).
func oftenWord(v *bot.View, r *bot.Person) string {
	if v.Fact("asked_before") == "" || byLaw.Holds(v) {
		return ""
	}
	return v.With(bot.Facts{"times": v.Fact("asked_before")}).Say(r, "You have asked to cancel {times} times before. That's "+
		"your right, and it changes nothing here.")
}

// whatIsCancelled says that the order is cancelled, or the lines of it that were asked for.
func whatIsCancelled(v *bot.View, r *bot.Person) string {
	switch {
	case v.Fact("lines") != "" && v.Order.Stage != bot.Cancelled:
		return v.Say(r, "Cancelled: {lines}.")
	case r.Party() == bot.Buyer:
		return v.Say(r, "Your order is cancelled.")
	}
	return v.Say(r, "The order is cancelled.")
}

// agreedTerm is why things go ahead.
func agreedTerm(v *bot.View, r *bot.Person) string {
	switch v.Fact("agreed") {
	case "accepted":
		switch phoned := v.Fact("by_phone") != ""; {
		case phoned && r.Party() == bot.Seller:
			return v.Say(r, "You agreed by phone.")
		case phoned:
			return v.Say(r, "{seller} agreed by phone.")
		case r.Party() == bot.Seller:
			return v.Say(r, "You agreed.")
		}
		return v.Say(r, "{seller} agreed.")
	case "silent":
		return sayTo(v, r, told("{seller} didn't answer in time, so your request is approved.",
			"You didn't answer in time, so the request is approved.", "{seller} didn't answer in time, so the request is approved."))
	case "unproved":
		return sayTo(v, r, told("{seller} didn't show in time that the parcel has left, so your request is approved.",
			"You didn't show in time that the parcel has left, so the request is approved.",
			"{seller} didn't show in time that the parcel has left, so the request is approved."))
	case "offer":
		return sayTo(v, r, told("You and {seller} have agreed. {order_goes_on}", "You and {buyer} have agreed. {order_goes_on}",
			"The two have agreed. {agreed_offer}"))
	case "policy":
		return sayTo(v, r, bot.To{
			bot.Buyer: "Our support team hasn't decided within {support_verdict_time}. By this marketplace's rules your request is " +
				"approved.",
			bot.Here: "Nobody has decided within {support_verdict_time}. By this marketplace's rules {buyer}'s request is approved.",
		})
	case "law":
		return lawTerm(v, r)
	case "shop":
		return v.Say(r, "The shop has cancelled the order by itself.")
	case "verdict":
		return verdictSaid(v, r)
	}
	return v.Say(r, "The order was not paid.")
}

// verdictSaid is what support has decided about a request, and why; whoever it goes against is told so kindly.
func verdictSaid(v *bot.View, r *bot.Person) string {
	sorry := ""
	switch {
	case r.Party() == bot.Seller:
		sorry = v.Say(r, "I know this isn't what you hoped for.")
	case amountOf(v, "amount").Less(amountOf(v, "asked")):
		sorry = v.Say(r, "I know this isn't all you hoped for.")
	}
	return sayTo(v.With(bot.Facts{"sorry": sorry}), r, bot.To{
		bot.Support: "Support has decided: {grounds_quoted} {order_goes_on}",
		bot.Buyer: "{sorry} Our support team has decided that you get {amount} back. The decision is final; here is why: " +
			"{grounds_quoted} {order_goes_on}",
		bot.Here: "{sorry} Our support team has decided. The decision is final; here is why: {grounds_quoted} {order_goes_on}",
	})
}

// orderGoesOn says what becomes of an order that a decision or an offer does not cancel; empty where it does, and for a
// seller who is told what to ship.
func orderGoesOn(v *bot.View, r *bot.Person) string {
	switch {
	case v.Fact("cancels") != "no", v.Order.Stage == bot.Cancelled, byLaw.Holds(v):
		return ""
	case v.Fact("agreed") == "offer" && r.Party() == bot.Buyer:
		return v.Say(r, "You keep the order.")
	case v.Fact("agreed") == "offer":
		return v.Say(r, "{buyer} keeps the order.")
	case v.Fact("shop_says") == "shipped":
		return v.Say(r, "The order had already left, so it isn't cancelled. The money goes back all the same.")
	}
	if r.Party() == bot.Seller && !v.Order.HasLeft() {
		return ""
	}
	return v.Say(r, "The order itself goes ahead.")
}

// What support hears of a shop that says two things, or nothing.
const (
	shopContradicted = "The shop has said two different things about case {case}.\n• First: {said_first}\n• Now: {said_now}\n" +
		"The first one counts, and nothing has changed. Please check in the shop's books which one is true."
	shopUnanswered = "The shop hasn't answered about case {case} for three days, so I've stopped asking. " +
		"It may have done its part all the same: please check there. Its answer still counts when it comes."
)

// silenceMeans is what the policy lets follow when a seller does not answer (S42, Q1).
func silenceMeans(v *bot.View, r *bot.Person) string {
	if v.Policy.Choices["seller_silence"] == "approve" {
		return v.Say(r, "If they don't, the request is approved automatically.")
	}
	return v.Say(r, "If they don't, our support team decides.")
}

// askAgain is empty where it is too late to ask again.
func askAgain(v *bot.View, r *bot.Person) string {
	if v.Order.Stage != bot.Processing {
		return ""
	}
	return v.Say(r, "You can ask again as long as it hasn't shipped.")
}
