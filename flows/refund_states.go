package flows

import "nevermind/bot"

// refundStates are the end that a case and a dispute share: the shop is asked to send the money, and has sent it. Each
// says it in its own words and carries its own rules; sent is where it leads once the shop has paid. An outcome counts
// once, for the task that asked, however late it comes. A failure, or no word within the policy's "refund_send", brings in
// support (S75, S77): the shop's part is short, and the time that the money takes to arrive runs from when it is sent. While a
// chargeback is open the hand answers at once that the refund is held, so nobody reads that the shop was asked to send it.
func refundStates(refunding bot.State, sent bot.Move, refunded bot.State) bot.States {
	refunding.Do = "pay_refund"
	refunding.Firm = true // money is moving: nobody can stop it here
	if refunding.Silent == nil {
		refunding.Silent = bankAsks
	}
	refunding.Offer = bot.Offers{bot.Buyer: {askForecast, aPerson}, bot.Support: {toBuyer, toSeller, askForecast}}
	refunding.After = bot.Waits{{Full: "refund_send", Event: "refund_late"}}
	refunding.Then = with(bot.Moves{
		"withdrawn_by_law": notedByLaw,
		"refund_settled":   sent.Rules("S75"),
		"refund_held":      bot.Go("with_support").Learning(heldBecause).Rules("S48"),
		"refund_doubled":   bot.Go("with_support").Learning(stuckBecause("refund_doubled", "late")).Rules("S73"),
		"refund_failed":    bot.Go("with_support").Learning(stuckBecause("refund_failed", "refund")).Rules("S77"),
		"refund_late":      bot.Go("with_support").Learning(stuckBecause("refund_late", "late")).Rules("S77"),
		"shop_unanswered":  bot.Go("with_support").Learning(stuckBecause("refund_unanswered", "late")).Rules("S77"),
	}, refunding.Then)
	refunded.Card = bot.To{bot.Support: "Closed: {amount} was sent back.{decided_by}"}
	return bot.States{"refunding": refunding, "refunded": refunded}
}

// stuckRefundMoves are heard while support sees to a refund that the shop has not made: it is started again, paid another
// way, or the shop answers after all.
func stuckRefundMoves(sent bot.Move) bot.Moves {
	return bot.Moves{
		"refund_retried": bot.Go("refunding").Learning(retryFacts).Rules("S77"),
		"paid_otherwise": sent.Rules("S77"),
		"refund_settled": sent.Rules("S75"),
		"refund_failed":  bot.Go("with_support").Learning(stuckBecause("refund_failed", "refund")),

		"chargeback_lost": afterBankPaid,
		"chargeback_won":  afterBankRefused,
	}
}
