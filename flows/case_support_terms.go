package flows

import "nevermind/bot"

// supportStateTerms are what {names} stand for in words while a case is with support.
var supportStateTerms = map[string]bot.Term{
	"support_now":       supportNow,
	"support_sees":      supportSees,
	"support_late_word": supportLateWord,
	"at_stake":          atStake,
	"why_buyer":         func(v *bot.View, r *bot.Person) string { return v.Say(r, supportReason(v)[0]) },
	"why_seller":        func(v *bot.View, r *bot.Person) string { return v.Say(r, supportReason(v)[1]) },
	"why_support":       func(v *bot.View, r *bot.Person) string { return v.Say(r, supportReason(v)[2]) },
	"parties":           func(v *bot.View, r *bot.Person) string { return v.Say(r, "{buyer} bought it from {seller}.") },
	"grounds_quoted":    func(v *bot.View, r *bot.Person) string { return quoted(v, r, v.Fact("grounds")) },
}

// caseSupportReasons says why a case is with support, by the fact "why": to the buyer, to the seller, to support. The
// first two learn what it means for them, the third what there is to do.
var caseSupportReasons = map[string][3]string{
	"asked": {"", "", "A case for you: {buyer} asks you to decide."},
	"seller_silent": {
		"{seller} didn't answer in time.", "You didn't answer in time.", "A case for you: {seller} did not answer in time.",
	},
	"seller_unreached": {
		"Nobody has reached {seller}.", "Nobody has reached you, so your silence doesn't count against you.",
		"A case for you: {seller} wasn't reached. Their silence doesn't count against them, so please decide.",
	},
	"seller_untold": {
		"I can't reach {seller}, so their silence doesn't count against them.",
		"I couldn't reach you, so your silence doesn't count against you.",
		"A case for you: I can't reach {seller}. {untold_why} Their silence doesn't count: please " +
			"reach them another way, or decide.",
	},
	"buyer_untold": {
		"I couldn't reach you, so your silence doesn't count against you.",
		"I can't reach {buyer}, so their silence doesn't count against them.",
		"A case for you: I can't reach {buyer}. {untold_why} Their silence doesn't count: please " +
			"reach them another way, or decide.",
	},
	"negotiation_over": {
		"The time to agree with {seller} is over.", "The time to agree with {buyer} is over.",
		"A case for you: the two couldn't agree in time.",
	},
	"doubted": {
		"You doubt that the parcel has left.",
		"{buyer} doubts that the parcel has left. Please have the carrier's receipt ready.",
		"A case for you: {buyer} doubts that the parcel has left. {shipping_news}",
	},
	"evidence_given": {
		"The answer is in.", "The answer is in.",
		"{evidence_side} has answered. The case is yours again.",
	},
	"evidence_late": {
		"The time to answer is over.", "The time to answer is over.",
		"{evidence_side} has shown nothing by the date that was set. The case is yours again.",
	},
	"evidence_in": {
		"The time to answer is over, and what was sent counts.", "The time to answer is over, and what was sent counts.",
		"The time to answer is over. {evidence_side} has sent {evidence_files}. The case is yours again.",
	},
	"unproved": {
		"{seller} didn't show in time that the parcel has left.", "You didn't show in time that the parcel has left.",
		"A case for you: {seller} did not show in time that the parcel has left. {shipping_news}",
	},
	"went_on": {
		"There is no need to wait for the answer any more.", "There is no need to wait for the answer any more.",
		"The case is yours again.",
	},
	"law_shipped": {
		"Your withdrawal counts, but the parcel has left by now. Our support team now sees to its way back.",
		"{buyer} has withdrawn from the contract, as the law allows, while the parcel was leaving.",
		"A case for you: {buyer} has withdrawn from the contract by law, but the parcel has left by now. " +
			"It has to come back, and then all the money goes back.",
	},
	"check_late": {
		"The shop isn't answering me right now, so I couldn't ask {seller}.",
		"{buyer} would like to cancel {lines}. The shop isn't answering me right now, so I couldn't check the order before asking you.",
		"A case for you: the shop doesn't answer, so the order couldn't be checked before asking {seller}.",
	},
	"cancel_failed": {
		"The shop couldn't cancel the order.", "The shop couldn't cancel the order.", "The shop couldn't cancel the order: {failure}.",
	},
	"cancel_late": {
		"The shop hasn't confirmed that the order is cancelled.", "The shop hasn't confirmed that the order is cancelled.",
		"The shop hasn't confirmed the cancellation in time. Its answer still counts when it comes.",
	},
	"cancel_unanswered": {
		"The shop hasn't confirmed that the order is cancelled.", "The shop hasn't confirmed that the order is cancelled.",
		"The shop hasn't answered for three days, so I've stopped asking it to cancel. Please check there how the order stands; " +
			"you can try again from here.",
	},
	"refund_unanswered": {
		"The shop hasn't confirmed that it has sent the money. You still get it.", "The shop hasn't confirmed that it has sent " +
			"the money.",
		"The shop hasn't answered for three days, so I've stopped asking it to send {amount}. It may have sent it all the same: " +
			"please check there before paying it another way. Its answer still counts when it comes.",
	},
	"refund_failed": {
		"The shop couldn't send the money yet. You still get it.", "The shop couldn't send the money yet.",
		"The shop couldn't send {amount}: {failure}. You can start the refund again.",
	},
	"refund_late": {
		"The shop hasn't confirmed that it has sent the money. You still get it.", "The shop hasn't confirmed that it has sent " +
			"the money.",
		"The shop hasn't confirmed in time that {amount} was sent. Its answer still counts when it comes, so please don't pay twice.",
	},
}

// supportNow is what support does now: decide, or see to money that is stuck.
func supportNow(v *bot.View, r *bot.Person) string {
	switch {
	case v.Fact("stuck") != "":
		return v.Say(r, "Our support team is taking care of it. You don't need to do anything.")
	case v.Fact("why") == "law_shipped":
		return ""
	}
	return v.Say(r, "Our support team now decides.")
}

// supportSees says what support can see of a request to cancel; empty where there is nothing to decide.
func supportSees(v *bot.View, r *bot.Person) string {
	if v.Fact("stuck") != "" || v.Fact("why") == "law_shipped" {
		return ""
	}
	return sayTo(v, r, bot.To{
		bot.Buyer: "They can see your request, the offers and the messages.",
		bot.Here:  "They can see the request, the offers and the messages.",
	})
}

// supportLateWord tells buyer and seller that support is late, and what its silence leads to; empty while it is not.
func supportLateWord(v *bot.View, r *bot.Person) string {
	if !supportLateNow.Holds(v) {
		return ""
	}
	return v.Say(r, "They are later than they meant to be, and I've reminded them.")
}

// atStake is what a case is about: what was asked, or what was agreed or decided since, and how (Q1).
func atStake(v *bot.View, r *bot.Person) string {
	switch v.Fact("agreed") {
	case "":
		return v.Say(r, "Asked: {lines}, {amount}")
	case "accepted":
		return v.Say(r, "{seller} agreed: {lines}, {amount} back.")
	case "offer":
		return v.Say(r, "Agreed: {agreed_offer}")
	case "verdict":
		return v.Say(r, "Decided: {amount} back. {grounds_quoted}")
	case "silent":
		return v.Say(r, "{seller} didn't answer, so it is approved: {lines}, {amount} back.")
	case "unproved":
		return v.Say(r, "{seller} didn't show that it has left, so it is approved: {lines}, {amount} back.")
	case "policy":
		return v.Say(r, "Nobody decided in time, so it is approved: {lines}, {amount} back.")
	case "law":
		return v.Say(r, "{buyer} has withdrawn by law: {lines}, {amount} back.")
	case "shop":
		return v.Say(r, "The shop has cancelled the order: {amount} back.")
	}
	return v.Say(r, "Due: {lines}, {amount} back.")
}
