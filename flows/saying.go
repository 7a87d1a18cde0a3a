package flows

import (
	"strings"

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
		return v.Say(r, "This order is cancelled. If money for it has not come back, ask for a person.")
	case bot.Completed:
		return v.Say(r, "This order is completed, so it can no longer be cancelled. If something is wrong, write to the seller or ask for a person.")
	case bot.Verifying:
		return v.Say(r, "Its payment is being confirmed, and until that is through it cannot be cancelled.")
	case bot.Frozen:
		return v.Say(r, "The shop has put it on hold; our support team can tell you why.")
	case bot.Processing, bot.Unpaid:
		return v.Say(r, "It can be cancelled.")
	}
	return v.Say(r, "It has shipped, so it can no longer be cancelled. ") + insteadTerm(v, r)
}

// shippingNews is who says that the parcel has left, and how sure that is (S46, S47).
func shippingNews(v *bot.View, r *bot.Person) string {
	if v.Fact("shop_says") == "shipped" {
		return v.Say(r, "The shop says that the parcel has left. ") + trackingTerm(v, r)
	}
	return v.Say(r, "{seller} says that the parcel has left: ") + bot.Clean(v.Fact("dispatch")) +
		v.Say(r, " The tracking code is ") + v.Fact("tracking_code") + v.Say(r, ". The shop has not confirmed it yet.")
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
		if mine == bot.Seller {
			return v.Say(r, "You have said no to the offer.")
		}
		return v.Say(r, "{seller} has said no to your offer.")
	}
	if mine == bot.Seller {
		return v.Say(r, "You have said no: “") + bot.Clean(v.Fact("rejection")) + "”."
	}
	return v.Say(r, "{seller} has said no: “") + bot.Clean(v.Fact("rejection")) + "”."
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
		if r.Party() == bot.Seller {
			return v.Say(r, "You did not answer in time, so the request counts as approved.")
		}
		return v.Say(r, "{seller} did not answer in time, so your request counts as approved.")
	case "offer":
		return v.Say(r, "You have agreed with each other: {offer}.")
	case "shop":
		return v.Say(r, "The shop has cancelled the order itself.")
	case "verdict":
		words := v.Say(r, "Support has decided: “") + bot.Clean(v.Fact("grounds")) + "”. " + v.Say(r, "The decision is final.")
		if v.Fact("cancels") == "no" {
			words += v.Say(r, " The order itself goes on.")
		}
		return words
	}
	return v.Say(r, "The order was not paid.")
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
	"check_late":       {"The shop does not answer me just now, so I could not ask {seller}.", "The shop does not answer just now.", "The shop does not answer: the order could not be checked before asking {seller}."},
	"cancel_failed":    {"The shop could not cancel the order. You need do nothing.", "The shop could not cancel the order.", "The shop could not cancel the order: {failure}. Agreed is: {amount} back."},
	"cancel_late":      {"The shop has not confirmed that the order is cancelled. You need do nothing.", "The shop has not confirmed that the order is cancelled.", "The shop has not confirmed the cancellation in time. Its answer still counts when it comes."},
	"refund_failed":    {"The shop could not send the money yet. You need do nothing; what was agreed stands.", "The shop could not send the money yet.", "The shop could not send {amount}: {failure}. You can start the refund again."},
	"refund_late":      {"The shop has not confirmed that the money was sent. You need do nothing; what was agreed stands.", "The shop has not confirmed that the money was sent.", "The shop has not confirmed in time that {amount} was sent. Its answer still counts when it comes, so please do not pay twice."},
}

// evidenceTerm tells a side what support has asked for, or that the other side was asked (S50, S52, S60).
func evidenceTerm(v *bot.View, r *bot.Person, p bot.Party) string {
	if v.Fact("evidence_of") == string(p) {
		return v.Say(r, "Support asks you: “") + bot.Clean(v.Fact("evidence_ask")) + v.Say(r, "” Please answer by {evidence}; after that they decide with what they have.")
	}
	if p == bot.Buyer {
		return v.Say(r, "Support has asked {seller} for more. They have until {evidence}; then support decides.")
	}
	return v.Say(r, "Support has asked {buyer} for more. They have until {evidence}; then support decides.")
}

// letterFate says where a letter went.
func letterFate(v *bot.View, r *bot.Person) string {
	if v.People[bot.Seller].Reachable() {
		return v.Say(r, "Sent to {seller}. If no answer comes, I will tell you.")
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

// unanswered is empty where the seller wrote last (S31).
func unanswered(v *bot.View, r *bot.Person) string {
	if v.Fact("last_writer") != string(bot.Buyer) {
		return ""
	}
	return v.Say(r, "{seller} has not answered yet. You can write again, or ask for a person: our support team can step in.")
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
