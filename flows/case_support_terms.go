package flows

import "nevermind/bot"

// supportStateTerms are what {names} stand for in words while a case is with support.
var supportStateTerms = map[string]bot.Term{
	"support_now":    supportNow,
	"at_stake":       atStake,
	"why_buyer":      func(v *bot.View, r *bot.Person) string { return v.Say(r, supportReason(v)[0]) },
	"why_seller":     func(v *bot.View, r *bot.Person) string { return v.Say(r, supportReason(v)[1]) },
	"why_support":    func(v *bot.View, r *bot.Person) string { return v.Say(r, supportReason(v)[2]) },
	"parties":        func(v *bot.View, r *bot.Person) string { return v.Say(r, "{buyer} bought it from {seller}.") },
	"grounds_quoted": func(v *bot.View, _ *bot.Person) string { return quoted(v.Fact("grounds")) },
}

// caseSupportReasons says why a case is with support, by the fact "why": to the buyer, to the seller, to support. The
// first two learn what it means for them, the third what there is to do.
var caseSupportReasons = map[string][3]string{
	"asked": {"The case goes to support.", "The case goes to support.", "A case for you: one side asked you to decide."},
	"seller_silent": {
		"{seller} has not answered in time.", "You have not answered in time.",
		"A case for you: {seller} did not answer in time.",
	},
	"seller_unreached": {
		"Nobody has reached {seller}.", "Nobody has reached you, so your silence doesn't count against you.",
		"A case for you: {seller} wasn't reached. Their silence doesn't count against them, so please decide.",
	},
	"seller_untold": {
		"I can't reach {seller}, so their silence doesn't count against them.",
		"I couldn't reach you, so your silence doesn't count against you.",
		"A case for you: I can't reach {seller}, because {untold_why}. Their silence doesn't count: please " +
			"reach them another way, or decide.",
	},
	"buyer_untold": {
		"I couldn't reach you, so your silence doesn't count against you.",
		"I can't reach {buyer}, so their silence doesn't count against them.",
		"A case for you: I can't reach {buyer}, because {untold_why}. Their silence doesn't count: please " +
			"reach them another way, or decide.",
	},
	"negotiation_over": {
		"The time to agree with {seller} is over.", "The time to agree with {buyer} is over.",
		"A case for you: the two could not agree in time.",
	},
	"doubted": {
		"I have told support that you doubt it.",
		"{buyer} doubts that the parcel has left. Please have the carrier's receipt ready.",
		"A case for you: {buyer} doubts that the parcel has left. {shipping_news}",
	},
	"evidence_given": {
		"Support has the answer they asked for.", "Support has the answer they asked for.",
		"The {evidence_of} has answered; the case is yours again.",
	},
	"evidence_late": {
		"The time to answer support is over.", "The time to answer support is over.",
		"Nothing has come from {evidence_side} by the date that was set; the case is yours again.",
	},
	"evidence_in": {
		"The time to answer support is over. They go by what was sent.",
		"The time to answer support is over. They go by what was sent.",
		"The time to answer is over, and the {evidence_of} has sent {evidence_files}; the case is yours again.",
	},
	"unproved": {
		"{seller} has not shown in time that the parcel has left.", "You have not shown in time that the parcel has left.",
		"A case for you: {seller} did not show in time that the parcel has left. {shipping_news}",
	},
	"went_on": {"Support goes on without waiting.", "Support goes on without waiting.", "The case is yours again."},
	"law_shipped": {
		"Your withdrawal counts, but the parcel has left meanwhile. Our support team sees to its way back.",
		"{buyer} has withdrawn from the contract, as the law allows, while the parcel was leaving.",
		"A case for you: {buyer} has withdrawn from the contract by law, but the parcel has left meanwhile. " +
			"It has to come back, and then all the money goes back.",
	},
	"check_late": {
		"The shop does not answer me just now, so I could not ask {seller}.",
		"{buyer} would like to cancel {lines}. The shop does not answer me just now, so I could not look at the " +
			"order before asking you.",
		"The shop does not answer: the order could not be checked before asking {seller}.",
	},
	"cancel_failed": {
		"The shop could not cancel the order. You need do nothing.", "The shop could not cancel the order.",
		"The shop could not cancel the order: {failure}.",
	},
	"cancel_late": {
		"The shop has not confirmed that the order is cancelled. You need do nothing.",
		"The shop has not confirmed that the order is cancelled.",
		"The shop has not confirmed the cancellation in time. Its answer still counts when it comes.",
	},
	"cancel_unanswered": {
		"The shop has not confirmed that the order is cancelled. You need do nothing.",
		"The shop has not confirmed that the order is cancelled.",
		"The shop has not answered for three days, so I have stopped asking it to cancel. Please look there how the order stands; " +
			"you can try again from here.",
	},
	"refund_unanswered": {
		"The shop has not confirmed that the money was sent. You need do nothing; what was agreed stands.",
		"The shop has not confirmed that the money was sent.",
		"The shop has not answered for three days, so I have stopped asking it to send {amount}. It may have sent it all the same: " +
			"please look there before paying it another way. Its answer still counts when it comes.",
	},
	"refund_failed": {
		"The shop could not send the money yet. You need do nothing; what was agreed stands.",
		"The shop could not send the money yet.",
		"The shop could not send {amount}: {failure}. You can start the refund again.",
	},
	"refund_late": {
		"The shop has not confirmed that the money was sent. You need do nothing; what was agreed stands.",
		"The shop has not confirmed that the money was sent.",
		"The shop has not confirmed in time that {amount} was sent. Its answer still counts when it comes, so please do not pay twice.",
	},
}

// supportNow is what support does now: decide, or see to money that is stuck.
func supportNow(v *bot.View, r *bot.Person) string {
	mine := r.Party() == bot.Buyer
	switch {
	case v.Fact("stuck") != "" && mine:
		return v.Say(r, "Our support team sees to it now.")
	case v.Fact("stuck") != "":
		return v.Say(r, "Support sees to it; there is nothing for you to do.")
	case mine:
		return v.Say(r, "Our support team decides now.")
	}
	return v.Say(r, "Support decides now, and sees the request, the offers and the last letters.")
}

// atStake is what a case is about: what was asked, or what was agreed or decided since.
func atStake(v *bot.View, r *bot.Person) string {
	switch v.Fact("agreed") {
	case "":
		return v.Say(r, "Asked: {lines}, {amount}")
	case "offer":
		return v.Say(r, "Agreed: {offer}")
	case "verdict":
		return v.Say(r, "Decided: {amount} back. {grounds_quoted}")
	}
	return v.Say(r, "Agreed: {lines}, {amount} back")
}
