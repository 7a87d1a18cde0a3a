package flows

import (
	"time"

	"nevermind/bot"
)

// watch keeps an eye on an order for one buyer who asked for it: on a locked payment until it is confirmed (Q3), on a
// parcel until it is there and the last day for a case has passed (S47, S57, S59).
var watch = bot.Flow{
	Name:    "watch",
	About:   "Tells a buyer who asked for it when a payment is confirmed and the order can be cancelled (S09, Q3); what becomes of a parcel, and before the last day for a case (S47, S57, S59).",
	Title:   "Order {order} · {item}",
	Footer:  foot,
	Born:    []string{"watch_asked"},
	Without: []bot.Party{bot.Seller, bot.Support},
	First:   "watching",
	Starts:  []bot.Way{{If: stillOnItsWay, To: "following"}, {If: orderDelivered, To: "parcel_there"}},
	Hear:    []bot.Hear{hearReply},
	Always: with(parcelMoves, bot.Moves{
		"person_asked":  bot.Stay().Asking(askHelp).Saying(bot.To{bot.Here: "{person_called}"}),
		"buyer_wrote":   bot.Stay().Asking(askHelp).Saying(bot.To{bot.Here: "I have passed it on to our support team. They will write to you in this chat."}),
		"order_changed": bot.Stay().Saying(bot.To{bot.Buyer: "You asked me to watch this order. {stage_now} I go on watching."}),
	}),
	Rules: []string{"S09", "Q3"},
	States: bot.States{
		"watching": {
			Card:  bot.To{bot.Buyer: "I am watching the payment for this order."},
			After: bot.Waits{{Full: "payment_verification", Event: "payment_late"}},
			Rules: []string{"S09", "Q3"},
			Then: bot.Moves{
				"watch_asked":     bot.Stay(),
				"order_unlocked":  bot.Go("opened").Rules("S09"),
				"order_cancelled": bot.Go("gone"),
				"order_shipped":   bot.Go("gone"),
				"payment_late":    bot.Go("overdue"),
			},
		},
		"opened": {
			Tell:  bot.To{bot.Buyer: "The payment for this order is confirmed, so you can ask to cancel it now. Sellers often ship soon, so it is best not to wait."},
			Offer: bot.Offers{bot.Buyer: {{Event: "cancel_begun", Label: "Cancel this order", Style: bot.Primary}, {Event: "let_be", Label: "Keep the order"}}},
			After: bot.Waits{{Full: "negotiation", Event: "let_be"}},
			Rules: []string{"S05", "S08"},
			Then: bot.Moves{
				"cancel_begun":    bot.Go("told").Asking(beginCancel),
				"let_be":          bot.Go("told"),
				"order_shipped":   bot.Go("gone"),
				"order_cancelled": bot.Go("gone"),
			},
		},
		"overdue": {
			Tell:  bot.To{bot.Buyer: "The payment for this order is still not confirmed, which is longer than usual. Nothing is lost, but it is worth asking your bank or our support team. I go on watching."},
			Offer: bot.Offers{bot.Buyer: {aPerson}},
			After: bot.Waits{{Full: "payment_verification", Event: "payment_late"}},
			Rules: []string{"S02", "S09"},
			Then: bot.Moves{
				"order_unlocked":  bot.Go("opened"),
				"order_cancelled": bot.Go("gone"),
				"order_shipped":   bot.Go("gone"),
				"payment_late":    bot.Go("overdue"),
			},
		},
		"following": {
			Card:  bot.To{bot.Buyer: "I keep an eye on the parcel of this order. {tracking}"},
			After: bot.Waits{standsStill, lastDayNear, {Full: "may_claim", Event: "claim_opened", When: claimLater}, {Full: "watch_over", Event: "watch_ended"}},
			Rules: []string{"S47", "S57", "S59"},
			Then: bot.Moves{
				"watch_asked":      bot.Go("following"),
				"tracking_changed": movedOn.Saying(bot.To{bot.Buyer: "There is news of the parcel from the shop. {tracking}"}),
				"order_shipped":    bot.Go("following"),
				"claim_opened":     bot.Stay().Learning(foundStill).Restarting("may_claim", "standstill").Quoting(bot.To{bot.Buyer: "{claim_word}"}, complain).Rules("S57"),
				"order_delivered":  bot.If(orderOver, "all_well").Else("parcel_there"),
				"order_cancelled":  bot.Go("gone"),
				"case_opened":      bot.Go("handed_on"),
				"watch_ended":      bot.If(lastDayAhead, "following").Else("looked_away"),
			},
		},
		"parcel_there": {
			Tell:  bot.To{bot.Buyer: "The shop says that the parcel of this order is there. Please take photos while you unpack it, and look at it before you confirm the receipt to the shop. {dispute_clock}"},
			Offer: bot.Offers{bot.Buyer: {{Event: "problem_begun", Label: "Something is wrong with it"}, {Event: "let_be", Label: "All is well"}}},
			After: bot.Waits{lastDayNear, {Full: "watch_over", Event: "watch_ended"}},
			Rules: []string{"S57", "S58", "S59"},
			Then: bot.Moves{
				"watch_asked":     bot.Stay(),
				"let_be":          bot.Go("all_well"),
				"order_delivered": bot.Go("all_well"),
				"order_cancelled": bot.Go("gone"),
				"case_opened":     bot.Go("handed_on"),
				"watch_ended":     bot.Go("looked_away"),
			},
		},
		"all_well":    {Card: bot.To{bot.Buyer: "The parcel is there, and all is well with it."}},
		"handed_on":   {Card: bot.To{bot.Buyer: "There is a case about this order now, and it follows the parcel."}},
		"looked_away": {Tell: bot.To{bot.Buyer: "{watch_over}"}, Rules: []string{"S59"}},
		"told":        {Card: bot.To{bot.Buyer: "The payment is confirmed."}},
		"gone":        {Tell: bot.To{bot.Buyer: "You asked me to watch this order. {stage_now}"}},
	},
}

// beginCancel starts the talk about cancelling in the room of the press.
func beginCancel(v *bot.View, e *bot.Event) (bot.Key, bot.Event) {
	return bot.TalkKey(e.Room, v.Actor), bot.Event{Name: "cancel_asked", Facts: bot.Facts{"order": v.Conv.Order}}
}

var (
	orderDelivered = stageIs("the order is there", bot.Delivered)
	lastDayAhead   = cond("the last day for a case has moved", func(v *bot.View) bool {
		last, known := lastDay(v)
		return known && v.Now.Before(last)
	})
	claimLater = cond("it is too early to say that it has not come", func(v *bot.View) bool { return v.Now.Before(claimAt(v)) })
)

// claimAt is when a parcel that is followed should have come: by the shop's date, or where the buyer has asked when a
// case can be opened because it has not, from that day on if it is earlier. Zero where neither is known.
func claimAt(v *bot.View) time.Time {
	at := orderOf(v).DeliverBy
	if first, known := firstDay(v); known && v.Fact("claim") != "" && (at.IsZero() || first.Before(at)) {
		at = first
	}
	return at
}

// claimWord says that a case can be opened now; empty where the date has moved.
func claimWord(v *bot.View, r *bot.Person) string {
	if claimLater.Holds(v) {
		return ""
	}
	words := v.Say(r, "By what the shop says your parcel has not come")
	if v.Fact("still_since") != "" {
		words += v.Say(r, ", and for {still_time} it has had nothing new of it")
	}
	return words + v.Say(r, ". From now on a case can be opened because of that. If it has come meanwhile, you need do nothing.")
}

// mayClaimWindow is how long it is until then.
func mayClaimWindow(v *bot.View) bot.Window {
	return until(v, claimAt(v))
}

// watchWindow is how long a parcel is followed: up to the last day for a case, or as long as a talk is kept.
func watchWindow(v *bot.View) bot.Window {
	if last, known := lastDay(v); known {
		return until(v, last)
	}
	return v.Policy.Windows["talk_idle"]
}
