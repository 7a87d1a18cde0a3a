package flows

import (
	"strings"
	"unicode/utf8"

	"nevermind/bot"
)

// onSilence is what the policy lets follow when a seller does not answer (S42, Q1).
func onSilence(v *bot.View, r *bot.Person) string {
	if v.Policy.Choices["seller_silence"] == "approve" {
		return v.Say(r, "the request counts as approved")
	}
	return v.Say(r, "support decides")
}

func reasonLabel(v *bot.View, r *bot.Person) string {
	reason, ok := v.Policy.Reason(v.Fact("reason"))
	if !ok {
		return v.Say(r, "none given")
	}
	return v.Say(r, reason.Label)
}

// reasonMeans says honestly what a reason leads to, without advising another one (S34, S35, S38, Q10).
func reasonMeans(v *bot.View, r *bot.Person) string {
	reason, _ := v.Policy.Reason(v.Fact("reason"))
	switch {
	case reason.Fine:
		return v.Say(r, "This counts as the seller's fault and they may be fined, so some say no; support looks at the facts then.")
	case reason.Fault == bot.Seller:
		return v.Say(r, "This counts as the seller's fault.")
	}
	return v.Say(r, "This does not count against the seller, and there is no penalty for you.")
}

// faultTerm tells a seller what the reason means for them (S34, S35).
func faultTerm(v *bot.View, r *bot.Person) string {
	reason, _ := v.Policy.Reason(v.Fact("reason"))
	switch {
	case reason.Fine:
		return v.Say(r, "By this marketplace's rules the reason counts as yours, and there may be a fine.")
	case reason.Fault == bot.Seller:
		return v.Say(r, "By this marketplace's rules the reason counts as yours.")
	}
	return v.Say(r, "This does not count against you.")
}

func whenNoted(v *bot.View, r *bot.Person, words string) string {
	if strings.TrimSpace(v.Fact("note")) == "" {
		return ""
	}
	return v.Say(r, words)
}

// offerTerm is the offer on the table (S44, S54).
func offerTerm(v *bot.View, r *bot.Person) string {
	amount := v.Fact("offer_amount")
	switch v.Fact("offer_kind") {
	case "discount":
		return v.Say(r, "the order goes on, and ") + amount + v.Say(r, " comes back")
	case "partial":
		return v.Say(r, "the order is cancelled, and ") + amount + v.Say(r, " comes back")
	case "costs":
		rest := amountOf(v, "asked").Minus(amountOf(v, "offer_amount"))
		return v.Say(r, "the order is cancelled, ") + amount + v.Say(r, " is kept back for costs, and ") + rest.String() + v.Say(r, " comes back")
	}
	return ""
}

// offerNote is the word that came with the offer; empty where none did.
func offerNote(v *bot.View, r *bot.Person) string {
	if v.Fact("offer_note") == "" {
		return ""
	}
	return " " + quoted(v.Fact("offer_note"))
}

// couponTerm says what happens to a coupon (S79, S80, Q5): only money that was paid is sent back.
func couponTerm(v *bot.View, r *bot.Person) string {
	o := orderOf(v)
	if o == nil || o.Coupon.Code == "" {
		return ""
	}
	if o.Coupon.Used {
		return v.Say(r, "Your coupon was used, and only money that was paid is sent back; whether the coupon comes back is the shop's to say.")
	}
	return v.Say(r, "Your coupon was not used and stays yours.")
}

// trackingTerm is what is known of the parcel.
func trackingTerm(v *bot.View, r *bot.Person) string {
	o := orderOf(v)
	if o == nil || o.Tracking == "" {
		return v.Say(r, "I do not have a tracking code for it.")
	}
	return v.Say(r, "Its tracking code is ") + strings.TrimSpace(bot.Clean(o.Carrier)+" "+bot.Clean(o.Tracking)) + "."
}

// insteadTerm is what there is instead of cancelling, once an order has shipped (S06, S07, S63–S66, Q4).
func insteadTerm(v *bot.View, r *bot.Person) string {
	o := orderOf(v)
	if o != nil && o.Stage == bot.Delivered {
		return v.Say(r, "What you can do: write to the seller and ask for a return, or ask our support team. If something is wrong with it, do not confirm that you received it yet.")
	}
	return v.Say(r, "What you can do: ask the seller to take it back or to give a discount, or refuse the parcel when it comes. Money only comes back once the seller has the parcel again, so writing first is quicker.")
}

// stageNow is where the order stands, in a sentence.
func stageNow(v *bot.View, r *bot.Person) string {
	o := orderOf(v)
	if o == nil {
		return ""
	}
	switch o.Stage {
	case bot.Cancelled:
		if o.Paid.IsZero() {
			return v.Say(r, "This order is cancelled. It had not been paid, so no money has to come back.")
		}
		return v.Say(r, "This order is cancelled. If money for it has not come back, ask for a person.")
	case bot.Completed:
		return v.Say(r, "This order is completed, so it can no longer be cancelled. If something is wrong, write to the seller or ask for a person.")
	case bot.Verifying:
		return v.Say(r, "Its payment is being confirmed, and until that is through it cannot be cancelled.")
	case bot.Frozen:
		return v.Say(r, "The shop has put it on hold; our support team can tell you why.")
	case bot.Unpaid:
		return v.Say(r, "It is not paid, so it can be cancelled at once.")
	case bot.Processing:
		return v.Say(r, "It can be cancelled.")
	}
	return v.Say(r, "It has shipped, so it can no longer be cancelled. ") + insteadTerm(v, r)
}

// shippingNews is who says that the parcel has left, and how sure that is (S46, S47).
func shippingNews(v *bot.View, r *bot.Person) string {
	if v.Fact("shop_says") == "shipped" {
		return v.Say(r, "The shop says that the parcel has left, so the order can no longer be cancelled. ") + trackingTerm(v, r)
	}
	return v.Say(r, "{seller} says that the parcel has left: ") + quoted(v.Fact("dispatch")) +
		v.Say(r, " The tracking code is ") + strings.TrimSpace(bot.Clean(v.Fact("carrier"))+" "+v.Fact("tracking_code")) +
		v.Say(r, ". The shop has not confirmed it yet. If it is so, the order can no longer be cancelled.")
}

// confirms is what the shop says of a parcel that the seller has spoken of; empty where it is no news.
func confirms(v *bot.View, r *bot.Person) string {
	if v.Fact("confirmed") != "now" {
		return ""
	}
	return v.Say(r, "The shop confirms now that the parcel has left. ") + trackingTerm(v, r)
}

// goneTerm says of an order that has left, or a part of it, that it cannot be cancelled any more (S06, S07).
func goneTerm(v *bot.View, r *bot.Person) string {
	switch orderOf(v).Stage {
	case bot.Delivered:
		return v.Say(r, "This order has been delivered, so it can no longer be cancelled.")
	case bot.PartShipped:
		return v.Say(r, "A part of this order has left the seller, so it can no longer be cancelled. ") + trackingTerm(v, r)
	}
	return v.Say(r, "This order has left the seller, so it can no longer be cancelled. ") + trackingTerm(v, r)
}

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

// quoted is what somebody wrote, in quotation marks, ending with one full stop.
func quoted(s string) string {
	s = strings.TrimSpace(bot.Clean(s))
	if last, _ := utf8.DecodeLastRuneInString(strings.TrimRight(s, "\u2069")); strings.ContainsRune(".!?…", last) {
		return "“" + s + "”"
	}
	return "“" + s + "”."
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

// whySupport says why a case is with support: to the buyer, to the seller, to support.
var whySupport = map[string][3]string{
	"asked":            {"The case goes to support.", "The case goes to support.", "A case for you: one side asked you to decide."},
	"seller_silent":    {"{seller} has not answered in time.", "You have not answered in time.", "A case for you: {seller} did not answer in time."},
	"negotiation_over": {"The time to agree with {seller} is over.", "The time to agree with {buyer} is over.", "A case for you: the two could not agree in time."},
	"doubted":          {"I have told support that you doubt it.", "{buyer} doubts that the parcel has left. Please have the carrier's receipt ready.", "A case for you: {buyer} doubts that the parcel has left. {shipping_news}"},
	"evidence_given":   {"Support has the answer they asked for.", "Support has the answer they asked for.", "The {evidence_of} has answered; the case is yours again."},
	"evidence_late":    {"The time to answer support is over.", "The time to answer support is over.", "The {evidence_of} has not answered in time; the case is yours again."},
	"went_on":          {"Support goes on without waiting.", "Support goes on without waiting.", "The case is yours again."},
	"check_late":       {"The shop does not answer me just now, so I could not ask {seller}.", "{buyer} would like to cancel {lines}. The shop does not answer me just now, so I could not look at the order before asking you.", "The shop does not answer: the order could not be checked before asking {seller}."},
	"cancel_failed":    {"The shop could not cancel the order. You need do nothing.", "The shop could not cancel the order.", "The shop could not cancel the order: {failure}."},
	"cancel_late":      {"The shop has not confirmed that the order is cancelled. You need do nothing.", "The shop has not confirmed that the order is cancelled.", "The shop has not confirmed the cancellation in time. Its answer still counts when it comes."},
	"refund_failed":    {"The shop could not send the money yet. You need do nothing; what was agreed stands.", "The shop could not send the money yet.", "The shop could not send {amount}: {failure}. You can start the refund again."},
	"refund_late":      {"The shop has not confirmed that the money was sent. You need do nothing; what was agreed stands.", "The shop has not confirmed that the money was sent.", "The shop has not confirmed in time that {amount} was sent. Its answer still counts when it comes, so please do not pay twice."},
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
	return v.Say(r, "Support decides now, and sees everything that was said here.")
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
		return v.Say(r, "Support asks you: ") + quoted(v.Fact("evidence_ask")) + v.Say(r, " Please answer by {evidence}; after that they decide with what they have.")
	}
	if p == bot.Buyer {
		return v.Say(r, "Support has asked {seller} for more. They have until {evidence}; then support decides.")
	}
	return v.Say(r, "Support has asked {buyer} for more. They have until {evidence}; then support decides.")
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

// cancelledSince tells that an order which was to go on is cancelled; empty where that was the plan.
func cancelledSince(v *bot.View, r *bot.Person) string {
	switch {
	case v.Fact("cancels") != "no":
		return ""
	case r.Party() == bot.Buyer:
		return v.Say(r, "The shop has cancelled the order since. Once {amount} is sent, I ask it for the rest as well.")
	}
	return v.Say(r, "The shop has cancelled the order since, so please do not ship it. The rest goes back to {buyer} as well.")
}

// whatShips tells a seller what becomes of the parcel.
func whatShips(v *bot.View, r *bot.Person) string {
	switch {
	case v.Order.HasLeft():
		return ""
	case v.Fact("cancels") == "no" && v.Order.Stage != bot.Cancelled:
		return v.Say(r, "The order itself goes on: please ship it as usual.")
	case v.Fact("lines") != "" && v.Order.Stage != bot.Cancelled:
		return v.Say(r, "Please leave {lines} out and ship the rest.")
	}
	return v.Say(r, "Please do not ship it.")
}

// askAgain is empty where it is too late to ask again.
func askAgain(v *bot.View, r *bot.Person) string {
	if v.Order.Stage != bot.Processing {
		return ""
	}
	return v.Say(r, " You can ask again as long as it has not shipped.")
}

// askNow says whether it is time to ask, or done already.
func askNow(v *bot.View, r *bot.Person) string {
	if caseOpen.Holds(v) {
		return v.Say(r, "Your request to cancel it is open; I can show you where it stands.")
	}
	return v.Say(r, "Now is a good time to ask if you want to cancel: once it has shipped, it is too late. {seller} then has {answer_time} to agree.")
}

// openCaseTerm says whether a request is open about the order at hand.
func openCaseTerm(v *bot.View, r *bot.Person) string {
	if caseOpen.Holds(v) {
		return v.Say(r, "A request to cancel it is open.")
	}
	return v.Say(r, "Nobody has asked to cancel it.")
}

// orderUnknown is said where a number belongs to none of somebody's orders (S25).
func orderUnknown(v *bot.View, r *bot.Person) string {
	if r.ID == "" {
		return v.Say(r, "I do not know yet whose orders are yours. Please open this chat from your order page, where you are signed in; then I can find {number}.")
	}
	return v.Say(r, "I find no order {number} among yours. Please check the number, or choose from “my orders”.")
}

// sentToSeller says whether words for the seller could be sent.
func sentToSeller(v *bot.View, r *bot.Person) string {
	if v.People[bot.Seller].Reachable() {
		return v.Say(r, "Sent to {seller}.")
	}
	return v.Say(r, "{seller} has no chat, so this was not sent. Please reach them another way.")
}

// offerIsWith tells a buyer where their offer is.
func offerIsWith(v *bot.View, r *bot.Person) string {
	if v.People[bot.Seller].Reachable() {
		return v.Say(r, "Your offer is with {seller}: {offer}.")
	}
	return v.Say(r, "{seller} has no chat, so our support team passes your offer on: {offer}.")
}

// offerPassedOn asks support to pass on an offer that the seller cannot see; empty where they can.
func offerPassedOn(v *bot.View, r *bot.Person) string {
	if v.People[bot.Seller].Reachable() {
		return ""
	}
	return v.Say(r, "{buyer} offers: {offer}.{offer_note} {seller} has no chat: please tell them, and press above what they answer.")
}

// letterFate says where a letter went.
func letterFate(v *bot.View, r *bot.Person) string {
	if v.People[bot.Seller].Reachable() && v.Conv.Flow == "thread" {
		return v.Say(r, "Sent to {seller}. If no answer comes, I will tell you.")
	}
	if v.People[bot.Seller].Reachable() {
		return v.Say(r, "Sent to {seller}.")
	}
	return v.Say(r, "{seller} has no chat with me, so I have passed it to our support team instead.")
}

// letterForSupport is empty where the seller reads it himself.
func letterForSupport(v *bot.View, r *bot.Person) string {
	if v.People[bot.Seller].Reachable() {
		return ""
	}
	return v.Say(r, "{buyer} writes to {seller}, who has no chat. Please pass it on:")
}

func personCalled(v *bot.View, r *bot.Person) string {
	switch {
	case r.ID == "":
		return v.Say(r, "I do not know yet who you are. Please open this chat from your order page, where you are signed in; then a person can see your orders and help.")
	case r.Party() == bot.Support:
		return v.Say(r, "You are the person.")
	}
	return v.Say(r, "I have told our support team that you would like to talk to a person. They will write to you in this chat.")
}

func aboutTerm(v *bot.View, r *bot.Person) string {
	if v.Event.Facts["about"] == "" {
		return ""
	}
	return v.Say(r, " They were looking at order ") + bot.Clean(v.Event.Facts["about"]) + "."
}

func helpTerm(v *bot.View, r *bot.Person) string {
	switch r.Party() {
	case bot.Buyer:
		return v.Say(r, "You can say “my orders”, “cancel an order”, “my requests”, or send me an order number. “Back” goes a step back, “start again” begins anew, and “a person” brings in our support team.")
	case bot.Seller:
		return v.Say(r, "Requests to cancel come to you here, with buttons to answer. “My requests” shows what is open. To answer a letter, press “Answer” below it. “A person” brings in support.")
	case bot.Support:
		return v.Say(r, "Cases that need you come to this room. “My requests” shows what waits. What you type here is read by colleagues only; buttons write to buyer or seller.")
	}
	return v.Say(r, "Please open this chat from your order page, where you are signed in, so that I know whose orders are yours.")
}
