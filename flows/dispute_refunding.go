package flows

import "nevermind/bot"

// disputeRefunding are the states in which the shop sends the money, once the goods are back where they have to be first.
var disputeRefunding = refundStates(bot.State{
	Tell: bot.To{
		bot.Buyer: "{settled_how} I have asked the shop to send {amount} back to {method}: always the way you paid. " +
			"The shop has {refund_send_time} to send it, and I tell you when it has. It should be there by {refund_by}.",
		bot.Seller: "{settled_how} {amount} goes back to {buyer}; the shop sends it, and you need do nothing for that.",
	},
	Card:  bot.To{bot.Support: "{settled_how} The shop is asked to send {amount} back.{decided_by}"},
	Rules: []string{"S48", "S68", "S73", "S75"},
}, disputeRefundSent, bot.State{
	Tell: bot.To{
		bot.Buyer: "{sent_how} It should be there by {refund_by}; that usually takes {refund_interval}. " +
			"I will ask you half-way, on {refund_half}, whether it is there; please look at your account statement then.",
		bot.Seller: "{amount} has been sent back to {buyer}. This case is closed.{law_parcel}",
	},
	Rules: []string{"S68", "S73", "S78"},
})

// disputeRefundSent leads to the end once the shop has sent the money.
var disputeRefundSent = bot.Go("refunded").Asking(watchArrival)
