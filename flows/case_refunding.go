package flows

import "nevermind/bot"

// caseCancelling is the state in which the shop cancels what was agreed or decided, before any money goes back.
var caseCancelling = bot.States{
	// The shop is asked to cancel the order or the chosen lines. It reads the stage again just before it acts, so it may
	// answer that the parcel has left (S06). Money is about to move, so nobody can stop it here. If the shop fails or stays
	// silent, support takes over; its answer still counts when it comes.
	"cancelling": {
		Card: bot.To{
			bot.Buyer:   "{agreed} The shop is cancelling {lines} now.",
			bot.Seller:  "{agreed} The shop is cancelling {lines} now. {what_ships}",
			bot.Support: "{agreed} The shop is cancelling {lines} now.",
		},
		Do:    "cancel_order",
		Firm:  true,
		Offer: bot.Offers{bot.Buyer: {askForecast, aPerson}},
		After: bot.Waits{{Full: "shop_answer", Event: "cancel_late"}},
		Rules: []string{"S42", "S75"},
		Then: bot.Moves{
			"withdrawn_by_law": notedByLaw,
			"order_cancelled":  bot.If(owed, "refunding").Else("cancelled").Learning(shopHasCancelled).Rules("S75"),
			"order_had_shipped": bot.If(decided, "refunding").ElseIf(byLaw, "with_support").Else("checking_tracking").
				Learning(hadShipped).Rules("S06", "S07"),
			"cancel_failed":   bot.Go("with_support").Learning(stuckBecause("cancel_failed", "cancel")),
			"cancel_late":     bot.Go("with_support").Learning(stuckBecause("cancel_late", "cancel")),
			"shop_unanswered": bot.Go("with_support").Learning(stuckBecause("cancel_unanswered", "cancel")),
		},
	},
}

// caseRefunding are the states in which the shop sends the money. Where the order was to go on and the shop has cancelled it
// since, the rest is due as well: it is sent in a second visit.
var caseRefunding = refundStates(bot.State{
	Tell: bot.To{
		bot.Buyer: "{agreed} {sent_before} I've asked the shop to send {amount} to {method}, the way you paid. " +
			"It should be there by {refund_by}. {coupon}",
		bot.Seller: "{agreed} The shop sends {amount} back to {buyer}. {what_ships}",
	},
	Card:  bot.To{bot.Support: "{agreed} The shop is asked to send {amount} back.{decided_by}"},
	Rules: []string{"S42", "S48", "S68", "S69", "S70", "S71", "S73", "S75", "S79", "Q2", "Q5"},
	Then: bot.Moves{
		"order_shipped":   bot.Stay().Saying(bot.To{bot.Support: "{shipped_all_the_same}"}),
		"order_cancelled": bot.Stay().Saying(bot.To{bot.Buyer: "{cancelled_since}", bot.Seller: "{cancelled_since}"}),
	},
}, caseRefundSent, bot.State{
	Tell: bot.To{
		bot.Buyer: "{sent_how} It should be there by {refund_by}, and you can use it once it's booked. " +
			"{account_word} On {refund_half} I'll ask you a first time whether it has come.",
		bot.Seller: "{amount} has been sent back to {buyer}. This case is closed.",
	},
	Rules: []string{"S68", "S69", "S70", "S71", "S73", "S74", "S76", "S78", "Q2"},
})

// caseRefundSent leads on once the shop has sent the money: to the rest, where one is due, or to the end.
var caseRefundSent = bot.If(restDue, "refunding").Else("refunded").Learning(refundSent).Asking(watchArrival)
