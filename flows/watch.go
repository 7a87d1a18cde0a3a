package flows

import "nevermind/bot"

// watch waits for a locked payment to be confirmed, for one buyer who asked to be told (Q3).
var watch = bot.Flow{
	Name:    "watch",
	About:   "Tells a buyer when a payment is confirmed and the order can be cancelled (S09, Q3).",
	Title:   "Order {order} · {item}",
	Foot:    foot,
	Born:    []string{"watch_asked"},
	Without: []bot.Party{bot.Seller, bot.Support},
	First:   "watching",
	Hear:    []bot.Hear{hearReply},
	Always: bot.Moves{
		"person_asked":  bot.Stay().Asking(askHelp).Saying(bot.To{bot.Here: "{person_called}"}),
		"buyer_wrote":   bot.Stay().Asking(askHelp).Saying(bot.To{bot.Here: "I have passed it on to our support team. They will write to you in this chat."}),
		"order_changed": bot.Stay().Saying(bot.To{bot.Buyer: "You asked me to watch this order. {stage_now} I go on watching."}),
	},
	Rules: []string{"S09", "Q3"},
	States: bot.States{
		"watching": {
			Card:  bot.To{bot.Buyer: "I am watching the payment for this order."},
			After: bot.Waits{{Full: "payment_verification", Event: "payment_late"}},
			Rules: []string{"S02", "S09", "Q3"},
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
			Rules: []string{"S09"},
			Then: bot.Moves{
				"order_unlocked":  bot.Go("opened"),
				"order_cancelled": bot.Go("gone"),
				"order_shipped":   bot.Go("gone"),
				"payment_late":    bot.Go("overdue"),
			},
		},
		"told": {Card: bot.To{bot.Buyer: "The payment is confirmed."}},
		"gone": {Tell: bot.To{bot.Buyer: "You asked me to watch this order. {stage_now}"}},
	},
}

// beginCancel starts the talk about cancelling in the room of the press.
func beginCancel(v *bot.View, e *bot.Event) (bot.Key, bot.Event) {
	return bot.TalkKey(e.Room, v.Actor), bot.Event{Name: "cancel_asked", Facts: bot.Facts{"order": v.Conv.Order}}
}
