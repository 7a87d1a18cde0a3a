package flows

import "nevermind/bot"

// orderWatch follows an order for one buyer who asked for it: a payment that is being confirmed, until it is through and
// the order can be cancelled (S09, Q3); or a parcel, until it is there and the last day for a case has passed (S47, S57,
// S59). It speaks to the buyer alone, and hands over to a case as soon as there is one.
var orderWatch = bot.Flow{
	Name: "watch",
	About: "Tells a buyer who asked for it when a payment is confirmed and the order can be cancelled (S09, Q3); " +
		"what becomes of a parcel, and before the last day for a case (S47, S57, S59).",
	Title:   "Order {order} · {item}",
	Footer:  cardFooter,
	Born:    []string{"watch_asked"},
	Without: []bot.Party{bot.Seller, bot.Support},
	First:   "watching",
	Starts: []bot.Way{
		{If: orderPrepared, To: "awaiting_shipment"}, {If: stillOnItsWay, To: "following"}, {If: orderDelivered, To: "parcel_there"},
	},
	Hear: []bot.Hear{hearReply},
	Always: with(parcelMoves, bot.Moves{
		"person_asked": bot.Stay().Asking(askHelp).Saying(bot.To{bot.Here: "{person_called}"}),
		"buyer_wrote": bot.Stay().Asking(askHelp).
			Saying(bot.To{bot.Here: "I've passed it on to our support team. They will write to you here."}),
		"order_changed": bot.Stay().Saying(bot.To{bot.Buyer: "You asked me to watch this order. {stage_now} I'll keep watching."}),
	}),
	Rules: []string{"S09", "Q3"},
	States: bot.States{
		// The payment is being confirmed, which locks the order.
		"watching": {
			Card:  bot.To{bot.Buyer: "I'm watching the payment for this order, and tell you when you can cancel it."},
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
		// It is through. The buyer can start the cancellation from here, or let it be.
		"opened": {
			Tell: bot.To{bot.Buyer: "The payment for this order is confirmed, so you can now ask to cancel it. " +
				"Sellers often ship within days, so it's best not to wait."},
			Offer: bot.Offers{bot.Buyer: {
				{Event: "cancel_begun", Label: "Cancel this order", Style: bot.Primary},
				{Event: "let_be", Label: "Keep the order"},
			}},
			After: bot.Waits{{Full: "negotiation", Event: "let_be"}},
			Rules: []string{"S05", "S08"},
			Then: bot.Moves{
				"cancel_begun":    bot.Go("told").Asking(beginCancel),
				"let_be":          bot.Go("told"),
				"order_shipped":   bot.Go("gone"),
				"order_cancelled": bot.Go("gone"),
			},
		},
		// It takes longer than the policy calls usual. It is followed on, and told again after as long.
		"overdue": {
			Tell: bot.To{bot.Buyer: "The payment for this order still isn't confirmed, and that is longer than usual. " +
				"It's worth asking your bank, or our support team. I'll keep watching."},
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
		// The order is being prepared. Its buyer is told when it has left, and when it should have and has not.
		"awaiting_shipment": {
			Card:  bot.To{bot.Buyer: "I'll tell you here when this order ships. {ship_by}"},
			After: bot.Waits{{Full: "shipment", Event: "shipment_late"}},
			Rules: []string{"S03", "S08"},
			Then: bot.Moves{
				"watch_asked":     bot.Stay(),
				"order_shipped":   bot.Go("following").Saying(bot.To{bot.Buyer: hasShipped}).Rules("S08"),
				"order_cancelled": bot.Go("gone"),
				"shipment_late":   bot.If(shipDateAhead, "awaiting_shipment").Else("shipment_overdue").Rules("S13"),
			},
		},
		// It should have left. The buyer can ask to cancel, or wait on.
		"shipment_overdue": {
			Tell: bot.To{bot.Buyer: "This order still hasn't shipped. {ship_missed} You can ask to cancel it now, or write to {seller}. " +
				"If you want to wait, I'll keep watching."},
			Offer: bot.Offers{bot.Buyer: {
				{Event: "cancel_begun", Label: "Cancel this order", Style: bot.Primary},
				{Event: "watch_asked", Label: "Wait longer"},
			}},
			After: bot.Waits{{Full: "talk_idle", Event: "watch_ended"}},
			Rules: []string{"S08", "S13"},
			Then: bot.Moves{
				"cancel_begun":    bot.Stay().Asking(beginCancel),
				"watch_asked":     bot.Go("awaiting_shipment"),
				"order_shipped":   bot.Go("following").Saying(bot.To{bot.Buyer: hasShipped}).Rules("S08"),
				"order_cancelled": bot.Go("gone"),
				"watch_ended":     bot.Go("looked_away"),
			},
		},
		// The parcel is on its way. Its buyer is told when it stands still, when a case can be opened because it has not come,
		// and before the last day for one.
		"following": {
			Card: bot.To{bot.Buyer: "I'm keeping an eye on this parcel for you. {tracking}"},
			After: bot.Waits{
				standstillWait, lastDayWait, {Full: "may_claim", Event: "claim_opened", When: claimLater},
				{Full: "watch_over", Event: "watch_ended"},
			},
			Rules: []string{"S47", "S57", "S59"},
			Then: bot.Moves{
				"watch_asked":      bot.Go("following"),
				"tracking_changed": parcelMoved.Saying(bot.To{bot.Buyer: "{parcel_news}"}),
				"order_shipped":    bot.Go("following"),
				"claim_opened": bot.Stay().Learning(claimFacts).Restarting("may_claim", "standstill").
					Quoting(bot.To{bot.Buyer: "{claim_word}"}, complainButton).Rules("S57"),
				"order_delivered": bot.If(orderOver, "all_well").Else("parcel_there"),
				"order_cancelled": bot.Go("gone"),
				"case_opened":     bot.If(othersToWatch, "following").Else("handed_on").Learning(parcelHasCase),
				"watch_ended":     bot.If(lastDayAhead, "following").Else("looked_away"),
			},
		},
		// The parcel is there by what the shop says. The buyer is asked to look at it before confirming the receipt (S57,
		// S58).
		"parcel_there": {
			Tell: bot.To{bot.Buyer: "The shop says your parcel is there. Please take photos while you unpack it, " +
				"and check it before you confirm the receipt to the shop."},
			Offer: bot.Offers{bot.Buyer: {
				{Event: "problem_begun", Label: returnOrReport},
				{Event: "let_be", Label: "All is well"},
			}},
			After: bot.Waits{lastDayWait, {Full: "watch_over", Event: "watch_ended"}},
			Rules: []string{"S57", "S58", "S59"},
			Then: bot.Moves{
				"watch_asked":     bot.Stay(),
				"let_be":          bot.Go("all_well"),
				"order_delivered": bot.Go("all_well"),
				"order_cancelled": bot.Go("gone"),
				"case_opened":     bot.If(othersToWatch, "parcel_there").Else("handed_on").Learning(parcelHasCase),
				"watch_ended":     bot.Go("looked_away"),
			},
		},
		"all_well":    {Card: bot.To{bot.Buyer: "The parcel is there, and all is well."}},
		"handed_on":   {Card: bot.To{bot.Buyer: "There is now a case about this order, and it follows the parcel."}},
		"looked_away": {Tell: bot.To{bot.Buyer: "{watch_over}"}, Rules: []string{"S59"}},
		"told":        {Card: bot.To{bot.Buyer: "The payment is confirmed."}},
		"gone":        {Tell: bot.To{bot.Buyer: "You asked me to watch this order. {stage_now}"}},
	},
}
