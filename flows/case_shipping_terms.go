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
	"shipping_for_seller":  shippingForSeller,
	"receipt_came":         receiptCame,
	"receipt_missing":      receiptMissing,
	"notice_by":            func(v *bot.View, r *bot.Person) string { return formatMoment(v, r, noticeBy(v)) },
	"notice_else":          noticeElse,
	"who_first":            whoWasFirst,
}

// noticeElse is what follows where a dispatch notice that was asked for does not come.
func noticeElse(v *bot.View, r *bot.Person) string {
	due := v.At(noticeBy(v))
	if proofDue.Holds(v) {
		return ifUnproved(due, r)
	}
	return due.Say(r, "If it hasn't come by {by}, I'll tell you what you can do.")
}

// shippingReport is who says that the parcel has left, and how sure that is (S46, S47).
func shippingReport(v *bot.View, r *bot.Person) string {
	if v.Fact("shop_says") == "shipped" {
		return v.Say(r, "The shop says the parcel has left, so the order can no longer be cancelled. {tracking} {who_first}")
	}
	return v.With(bot.Facts{
		"dispatch": quoted(v, r, v.Fact("dispatch")),
		"code":     strings.TrimSpace(bot.Clean(v.Fact("carrier")) + " " + v.Fact("tracking_code")),
	}).Say(r, "{seller} says the parcel has left: {dispatch} The tracking code is {code}. The shop hasn't confirmed it yet. "+
		"If it's true, the order can no longer be cancelled.")
}

// whoWasFirst says which came first, the parcel's leaving or the request, with both times; to the second where the
// minute does not decide. Empty where the shop gives no time, or both are the same (S13, S46).
func whoWasFirst(v *bot.View, r *bot.Person) string {
	left, asked := v.Order.Shipped.Truncate(time.Second), v.Conv.Opened.Truncate(time.Second)
	if left.IsZero() || left.Equal(asked) {
		return ""
	}
	at := func(t time.Time) string {
		if left.Truncate(time.Minute).Equal(asked.Truncate(time.Minute)) {
			return formatDate(v, r, t.In(r.Location()), "Monday 2 January, 15:04:05")
		}
		return formatDate(v, r, t.In(r.Location()), "Monday 2 January, 15:04")
	}
	v = v.With(bot.Facts{"left": at(left), "came": at(asked)})
	if left.Before(asked) {
		return v.Say(r, "By the shop's clock the parcel was first: it left on {left}, and the request came on {came}.")
	}
	return v.Say(r, "The request was first: it came on {came}, and by the shop's clock the parcel left on {left}.")
}

// confirms is what the shop says of a parcel that the seller has spoken of; empty where the shop had said so before.
func confirms(v *bot.View, r *bot.Person) string {
	if v.Fact("confirmed") != "now" {
		return ""
	}
	return v.Say(r, "The shop now confirms that the parcel has left. {tracking}")
}

// cancelledSince tells that an order which was to go on is cancelled; empty where that was the plan.
func cancelledSince(v *bot.View, r *bot.Person) string {
	switch {
	case v.Fact("cancels") != "no":
		return ""
	case r.Party() == bot.Buyer:
		return v.Say(r, "The shop has now cancelled the whole order. Once {amount} is sent, I'll ask for the rest too.")
	}
	return v.Say(r, "The shop has now cancelled the whole order, so please don't ship it. The rest goes back to {buyer} too.")
}

// whatShips tells a seller what becomes of the parcel.
func whatShips(v *bot.View, r *bot.Person) string {
	switch {
	case v.Order.HasLeft():
		return ""
	case v.Fact("cancels") == "no" && v.Order.Stage != bot.Cancelled:
		return v.Say(r, "Please ship the order as usual.")
	case v.Fact("lines") != "" && v.Order.Stage != bot.Cancelled:
		if v.Order.Stage == bot.PartShipped {
			return v.Say(r, "Please leave out {lines}, and ship what else is still with you.")
		}
		return v.Say(r, "Please leave out {lines} and ship the rest.")
	}
	return v.Say(r, "Please don't ship it.")
}

// changedForSeller tells a seller of a change by the shop; empty where they have not been asked yet.
func changedForSeller(v *bot.View, r *bot.Person) string {
	if v.Frame.State == "opening" {
		return ""
	}
	return v.Say(r, "The shop has changed this order, which is now “{stage}”. The request of {buyer} stays open.")
}

// shippedAllTheSame warns support of a parcel that has left although all of it was to be cancelled; empty where the order,
// or a part of it, was to go on.
func shippedAllTheSame(v *bot.View, r *bot.Person) string {
	if leavesPartToShip(v) || v.Fact("shop_says") == "shipped" {
		return ""
	}
	return v.Say(r, "The shop says the order of case {case} has shipped, although it was to be cancelled. "+
		"{amount} goes back all the same.")
}

// whatToDo tells a buyer what they can do about a parcel that is said to have left, and what happens if they do nothing.
func whatToDo(v *bot.View, r *bot.Person) string {
	switch {
	case !notShipped.Holds(v) && mayReportGoods.Holds(v):
		return v.Say(r, "You can keep the order, or refuse or return the parcel: then your money comes back once {seller} has it. "+
			"If you doubt that it has left, ask our support team to look.")
	case proofDue.Holds(v):
		return v.Say(r, "{seller} now has to show the carrier's receipt, unless the shop confirms it first. "+
			"You don't need to do anything until then. You can also keep the order, or ask our support team to look if you doubt it.")
	case receiptShown.Holds(v) || !sellerReachable.Holds(v):
		return v.Say(r, "You can keep the order, or ask our support team to look if you doubt it.")
	}
	return v.Say(r, "You can keep the order, ask for the carrier's receipt, or ask our support team to look if you doubt it.")
}

// shippingForSeller tells a seller what is expected of them once somebody has said that the parcel has left.
func shippingForSeller(v *bot.View, r *bot.Person) string {
	if !proofDue.Holds(v) {
		return v.Say(r, "{buyer} knows that the parcel is on its way, and may ask for the carrier's receipt.")
	}
	return v.Say(r, "I've told {buyer} what you say. Please show that the parcel has left: send me the carrier's receipt, "+
		"or have the shop mark the order as shipped.")
}

// receiptCame tells a buyer what a seller's file means for them while the shop has not confirmed the parcel; else empty.
func receiptCame(v *bot.View, r *bot.Person) string {
	if v.Event.By != bot.Seller || len(newFiles(v)) == 0 || !notShipped.Holds(v) {
		return ""
	}
	return v.Say(r, "Please check whether it's the carrier's receipt. If it is, the order can no longer be cancelled, and you "+
		"can keep it. If you doubt it, press “I doubt it, ask support”.")
}

// receiptMissing tells a seller that the carrier's receipt is still due; else empty.
func receiptMissing(v *bot.View, r *bot.Person) string {
	if v.Event.By != bot.Seller || !proofDue.Holds(v) {
		return ""
	}
	return v.Say(r, "The carrier's receipt is still missing. Please send it by {shipping_proof}.")
}
