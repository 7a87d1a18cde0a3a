package flows

import (
	"strings"
	"time"

	"nevermind/bot"
)

// shippingTerms are what {names} stand for in words about a parcel that leaves meanwhile.
var shippingTerms = map[string]bot.Term{
	"shipped_all_the_same": shippedAllTheSame,
	"changed_for_seller":   changedForSeller,
	"shipping_news":        shippingReport,
	"confirms":             confirms,
	"what_ships":           whatShips,
	"cancelled_since":      cancelledSince,
	"what_to_do":           whatToDo,
	"on_unproved":          onUnproved,
	"shipping_for_seller":  shippingForSeller,
	"receipt_came":         receiptCame,
	"receipt_missing":      receiptMissing,
	"notice_by":            func(v *bot.View, r *bot.Person) string { return formatMoment(v, r, noticeBy(v)) },
	"notice_else": func(v *bot.View, r *bot.Person) string {
		if proofDue.Holds(v) {
			return v.Say(r, "if it has not come by then, {on_unproved}.")
		}
		return v.Say(r, "if it has not come by then, I tell you what you can do.")
	},
}

// shippingReport is who says that the parcel has left, and how sure that is (S46, S47).
func shippingReport(v *bot.View, r *bot.Person) string {
	if v.Fact("shop_says") == "shipped" {
		return v.Say(r, "The shop says that the parcel has left, so the order can no longer be cancelled. ") + trackingTerm(v, r) +
			whoWasFirst(v, r)
	}
	return v.Say(r, "{seller} says that the parcel has left: ") + quoted(v.Fact("dispatch")) +
		v.Say(r, " The tracking code is ") + strings.TrimSpace(bot.Clean(v.Fact("carrier"))+" "+v.Fact("tracking_code")) +
		v.Say(r, ". The shop has not confirmed it yet. If it is so, the order can no longer be cancelled.")
}

// whoWasFirst says which came first, the parcel's leaving or the request, with both times; to the second where the
// minute does not decide. Empty where the shop gives no time, or both are the same (S13, S46).
func whoWasFirst(v *bot.View, r *bot.Person) string {
	left, asked := v.Order.Shipped.Truncate(time.Second), v.Conv.Opened.Truncate(time.Second)
	if left.IsZero() || left.Equal(asked) {
		return ""
	}
	layout := "Monday 2 January, 15:04"
	if left.Truncate(time.Minute).Equal(asked.Truncate(time.Minute)) {
		layout = "Monday 2 January, 15:04:05"
	}
	at := func(t time.Time) string { return formatDate(v, r, t.In(r.Location()), layout) }
	if left.Before(asked) {
		return v.Say(r, " By the shop's clock it left on ") + at(left) + v.Say(r, ", and the request came on ") + at(asked) +
			v.Say(r, ": the parcel was first.")
	}
	return v.Say(r, " The request came on ") + at(asked) + v.Say(r, ", and by the shop's clock it left on ") + at(left) +
		v.Say(r, ": the request was first.")
}

// confirms is what the shop says of a parcel that the seller has spoken of; empty where the shop had said so before.
func confirms(v *bot.View, r *bot.Person) string {
	if v.Fact("confirmed") != "now" {
		return ""
	}
	return v.Say(r, "The shop confirms now that the parcel has left. ") + trackingTerm(v, r)
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

// changedForSeller tells a seller of a change by the shop; empty where they have not been asked yet.
func changedForSeller(v *bot.View, r *bot.Person) string {
	if v.Frame.State == "opening" {
		return ""
	}
	return v.Say(r, "The shop has changed the order: it stands at “{stage}” now. The request of {buyer} stands.")
}

// shippedAllTheSame warns support of a parcel that has left although all of it was to be cancelled; empty where the order,
// or a part of it, was to go on.
func shippedAllTheSame(v *bot.View, r *bot.Person) string {
	if leavesPartToShip(v) || v.Fact("shop_says") == "shipped" {
		return ""
	}
	return v.Say(r, "The shop says that the order of case {case} has shipped, although it was to be cancelled. "+
		"{amount} goes back all the same.")
}

// whatToDo tells a buyer what they can do about a parcel that is said to have left, and what happens if they do nothing.
func whatToDo(v *bot.View, r *bot.Person) string {
	switch {
	case proofDue.Holds(v):
		return v.Say(r, "{seller} has until {shipping_proof} to show the carrier's receipt, unless the shop confirms it before. "+
			"If neither comes, {on_unproved}. You need do nothing until then; you can also keep the order, or have our support team "+
			"look now if you doubt it.")
	case receiptShown.Holds(v) || !sellerReachable.Holds(v):
		return v.Say(r, "You can keep the order, or have our support team look if you doubt it. If you do nothing, they look at it "+
			"on {negotiation}.")
	}
	return v.Say(r, "You can keep the order, ask for the dispatch notice, or have our support team look if you doubt it. "+
		"If you do nothing, they look at it on {negotiation}.")
}

// onUnproved is what follows, for a reader, where nobody shows that the parcel has left (S42, S46).
func onUnproved(v *bot.View, r *bot.Person) string {
	switch {
	case v.Policy.Choices["seller_silence"] != "approve":
		return v.Say(r, "our support team decides")
	case r.Party() == bot.Buyer:
		return v.Say(r, "your request is approved automatically")
	}
	return v.Say(r, "the request is approved automatically")
}

// shippingForSeller tells a seller what is expected of them once somebody has said that the parcel has left.
func shippingForSeller(v *bot.View, r *bot.Person) string {
	if !proofDue.Holds(v) {
		return v.Say(r, "{buyer} has been told that the parcel is on its way, and may ask for the dispatch notice.")
	}
	return v.Say(r, "I have told {buyer} what you say. Please show by {shipping_proof} that the parcel has left: send me the "+
		"carrier's receipt, or have the shop mark the order as shipped. Otherwise it counts as no answer, and {on_silence}.")
}

// receiptCame tells a buyer what a seller's file means for them while the shop has not confirmed the parcel; else empty.
func receiptCame(v *bot.View, r *bot.Person) string {
	if v.Event.By != bot.Seller || len(newFiles(v)) == 0 || !notShipped.Holds(v) {
		return ""
	}
	return v.Say(r, "\nPlease look whether it is the carrier's receipt. If it is, the order can no longer be cancelled, and you "+
		"can keep it. If you doubt it, press “I doubt it: ask support”. If you do nothing, they look at it on {negotiation}.")
}

// receiptMissing tells a seller that the carrier's receipt is still due; else empty.
func receiptMissing(v *bot.View, r *bot.Person) string {
	if v.Event.By != bot.Seller || !proofDue.Holds(v) {
		return ""
	}
	return v.Say(r, " The carrier's receipt is still missing: please send it by {shipping_proof}.")
}
