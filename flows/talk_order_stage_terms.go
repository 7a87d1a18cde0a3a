package flows

import (
	"strings"
	"time"

	"nevermind/bot"
)

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

// shippingReport is who says that the parcel has left, and how sure that is (S46, S47).
func shippingReport(v *bot.View, r *bot.Person) string {
	if v.Fact("shop_says") == "shipped" {
		return v.Say(r, "The shop says that the parcel has left, so the order can no longer be cancelled. ") + trackingTerm(v, r) + whoWasFirst(v, r)
	}
	return v.Say(r, "{seller} says that the parcel has left: ") + quoted(v.Fact("dispatch")) +
		v.Say(r, " The tracking code is ") + strings.TrimSpace(bot.Clean(v.Fact("carrier"))+" "+v.Fact("tracking_code")) +
		v.Say(r, ". The shop has not confirmed it yet. If it is so, the order can no longer be cancelled.")
}

// whoWasFirst says what came first, the parcel's leaving or the request, with both times, to the second where that is
// what decides; empty where the shop gives no time, or the same (S13, S46).
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
		return v.Say(r, " By the shop's clock it left on ") + at(left) + v.Say(r, ", and the request came on ") + at(asked) + v.Say(r, ": the parcel was first.")
	}
	return v.Say(r, " The request came on ") + at(asked) + v.Say(r, ", and by the shop's clock it left on ") + at(left) + v.Say(r, ": the request was first.")
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

// askNow says whether it is time to ask, or done already: the earlier the better, as long as it is early (S45).
func askNow(v *bot.View, r *bot.Person) string {
	if caseOpen.Holds(v) {
		return v.Say(r, "Your request to cancel it is open; I can show you where it stands.")
	}
	early := ""
	if by := orderOf(v).ShipBy; by.IsZero() || v.Now.Before(by) {
		early = v.Say(r, "sellers agree more readily soon after an order, and ")
	}
	return v.Say(r, "Now is a good time to ask if you want to cancel: ") + early + v.Say(r, "once it has shipped, it is too late. {seller} then has {answer_time} to agree.")
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
		return v.Say(r, "I do not know yet whose orders are yours, so I cannot look for {number}. {get_link}")
	}
	return v.Say(r, "I find no order {number} among yours. Please check the number, or choose from “my orders”.")
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
	return v.Say(r, "The shop says that the order of case {case} has shipped, although it was to be cancelled. {amount} goes back all the same.")
}
