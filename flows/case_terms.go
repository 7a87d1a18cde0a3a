package flows

import (
	"strings"

	"nevermind/bot"
)

// soFar is how the talks got to where they are.
func soFar(v *bot.View, r *bot.Person) string {
	mine := r.Party()
	switch v.Fact("last") {
	case "buyer_declined":
		if mine == bot.Buyer {
			return v.Say(r, "You have said no to the offer.")
		}
		return v.Say(r, "{buyer} has said no to the offer.")
	case "seller_declined":
		switch mine {
		case bot.Seller:
			return v.Say(r, "You have said no to the offer.")
		case bot.Support:
			return v.Say(r, "{seller} has said no to the offer of {buyer}.")
		}
		return v.Say(r, "{seller} has said no to your offer.")
	}
	if mine == bot.Seller {
		return v.Say(r, "You have said no: ") + quoted(v.Fact("rejection"))
	}
	return v.Say(r, "{seller} has said no: ") + quoted(v.Fact("rejection"))
}

// agreedTerm is why things go ahead.
func agreedTerm(v *bot.View, r *bot.Person) string {
	switch v.Fact("agreed") {
	case "accepted":
		if r.Party() == bot.Seller {
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
	case "offer":
		if r.Party() == bot.Support {
			return v.Say(r, "Buyer and seller have agreed: {offer}.")
		}
		return v.Say(r, "You have agreed with each other: {offer}.")
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

// backWhere is where money shows once it is back.
func backWhere(v *bot.View, r *bot.Person) string {
	if ref := v.Fact("reference"); ref != "" {
		return v.Say(r, "the way our support team has paid it: ") + "“" + bot.Clean(ref) + "”"
	}
	mine := r.Party() == bot.Buyer
	switch method(v) {
	case "card":
		return v.Say(r, map[bool]string{true: "on your card", false: "on the card"}[mine])
	case "bank":
		return v.Say(r, map[bool]string{true: "in your bank account", false: "in the bank account"}[mine])
	case "wallet":
		return v.Say(r, map[bool]string{true: "in your wallet", false: "in the wallet"}[mine])
	}
	return v.Say(r, "the way it was paid")
}

// sentHow is who has sent the money, and how.
func sentHow(v *bot.View, r *bot.Person) string {
	if ref := v.Fact("reference"); ref != "" {
		return v.Say(r, "Our support team has paid {amount} back to you: ") + quoted(ref)
	}
	return v.Say(r, "The shop has sent {amount} to {method}.")
}

// caseSupportReasons says why a case is with support: to the buyer, to the seller, to support.
var caseSupportReasons = map[string][3]string{
	"asked":             {"The case goes to support.", "The case goes to support.", "A case for you: one side asked you to decide."},
	"seller_silent":     {"{seller} has not answered in time.", "You have not answered in time.", "A case for you: {seller} did not answer in time."},
	"negotiation_over":  {"The time to agree with {seller} is over.", "The time to agree with {buyer} is over.", "A case for you: the two could not agree in time."},
	"doubted":           {"I have told support that you doubt it.", "{buyer} doubts that the parcel has left. Please have the carrier's receipt ready.", "A case for you: {buyer} doubts that the parcel has left. {shipping_news}"},
	"evidence_given":    {"Support has the answer they asked for.", "Support has the answer they asked for.", "The {evidence_of} has answered; the case is yours again."},
	"evidence_late":     {"The time to answer support is over.", "The time to answer support is over.", "Nothing has come from {evidence_side} by the date that was set; the case is yours again."},
	"evidence_in":       {"The time to answer support is over. They go by what was sent.", "The time to answer support is over. They go by what was sent.", "The time to answer is over, and the {evidence_of} has sent {evidence_files}; the case is yours again."},
	"went_on":           {"Support goes on without waiting.", "Support goes on without waiting.", "The case is yours again."},
	"law_shipped":       {"Your withdrawal counts, but the parcel has left meanwhile. Our support team sees to its way back.", "{buyer} has withdrawn from the contract, as the law allows, while the parcel was leaving.", "A case for you: {buyer} has withdrawn from the contract by law, but the parcel has left meanwhile. It has to come back, and then all the money goes back."},
	"check_late":        {"The shop does not answer me just now, so I could not ask {seller}.", "{buyer} would like to cancel {lines}. The shop does not answer me just now, so I could not look at the order before asking you.", "The shop does not answer: the order could not be checked before asking {seller}."},
	"cancel_failed":     {"The shop could not cancel the order. You need do nothing.", "The shop could not cancel the order.", "The shop could not cancel the order: {failure}."},
	"cancel_late":       {"The shop has not confirmed that the order is cancelled. You need do nothing.", "The shop has not confirmed that the order is cancelled.", "The shop has not confirmed the cancellation in time. Its answer still counts when it comes."},
	"cancel_unanswered": {"The shop has not confirmed that the order is cancelled. You need do nothing.", "The shop has not confirmed that the order is cancelled.", "The shop has not answered for three days, so I have stopped asking it to cancel. Please look there how the order stands; you can try again from here."},
	"refund_unanswered": {"The shop has not confirmed that the money was sent. You need do nothing; what was agreed stands.", "The shop has not confirmed that the money was sent.", "The shop has not answered for three days, so I have stopped asking it to send {amount}. It may have sent it all the same: please look there before paying it another way. Its answer still counts when it comes."},
	"refund_failed":     {"The shop could not send the money yet. You need do nothing; what was agreed stands.", "The shop could not send the money yet.", "The shop could not send {amount}: {failure}. You can start the refund again."},
	"refund_late":       {"The shop has not confirmed that the money was sent. You need do nothing; what was agreed stands.", "The shop has not confirmed that the money was sent.", "The shop has not confirmed in time that {amount} was sent. Its answer still counts when it comes, so please do not pay twice."},
}

// What support hears of a shop that says two things, or nothing.
const (
	shopContradicted = "The shop has said two different things about case {case}: first that {said_first}, and now that {said_now}. The first counts, and nothing has changed by the second. Please look in the shop's books which is true."
	shopUnanswered   = "The shop has not answered for three days about case {case}, so I have stopped asking. It may have done what it was asked all the same: please look there. Its answer still counts when it comes."
)

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

// evidenceTerm tells a side what support has asked for, or that the other side was asked (S50, S52, S60).
func evidenceTerm(v *bot.View, r *bot.Person, p bot.Party) string {
	if v.Fact("evidence_of") == string(p) {
		return v.Say(r, "Support asks you: {evidence_quoted} Please answer by {evidence}.{evidence_mine}")
	}
	if p == bot.Buyer {
		return v.Say(r, "Support has asked {seller} for more. They have until {evidence}.")
	}
	return v.Say(r, "Support has asked {buyer} for more. They have until {evidence}.")
}

// nothingOwed says why no money comes back.
func nothingOwed(v *bot.View, r *bot.Person) string {
	if v.Order.WasPaid() {
		return v.Say(r, "All that was paid has gone back already, so nothing more is due.")
	}
	if r.Party() == bot.Buyer {
		return v.Say(r, "Nothing had been paid, so no money has to come back. There is no penalty.")
	}
	return v.Say(r, "Nothing had been paid.")
}

// negotiationSummary is what support reads of how the two talked: the refusal, the last offer, and their last letters (S52).
func negotiationSummary(v *bot.View, r *bot.Person) string {
	var said strings.Builder
	if why := v.Fact("rejection"); why != "" {
		said.WriteString("\n• " + v.Say(r, "{seller} said no: ") + quoted(why))
	}
	if v.Fact("offer_kind") != "" {
		by := bot.Party(v.Fact("offer_by"))
		said.WriteString("\n• " + v.Say(r, "Last offer, by {"+string(by)+"}: {offer}."))
	}
	for letter := range strings.Lines(v.Fact("letters")) {
		by, text, _ := strings.Cut(strings.TrimSpace(letter), " ")
		said.WriteString("\n• " + partyName(v, r, bot.Party(by)) + ": " + quoted(text))
	}
	return said.String()
}
