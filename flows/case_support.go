package flows

import "nevermind/bot"

// shippedMeanwhile tells support and the buyer that the parcel has left while support has the word. What support may
// decide changes by that: the order can no longer be cancelled, but money can still go back.
var shippedMeanwhile = bot.Stay().Learning(setFact("shop_says", "shipped")).Saying(bot.To{
	bot.Support: "The shop says the order of case {case} has now shipped. {tracking}",
	bot.Buyer: "The shop says your order has now shipped, so it can no longer be cancelled. Our support team knows, and can " +
		"still decide about the money.",
})

// deliveredMeanwhile tells support and the buyer that, by what the shop says, the parcel is there.
var deliveredMeanwhile = bot.Stay().Saying(bot.To{
	bot.Support: "The shop says the order of case {case} has now been delivered.",
	bot.Buyer:   "The shop says the parcel has been delivered. If it hasn't, please tell our support team: press “Add something”.",
})

// caseWithSupport are the states in which support has the word: it decides, asks a side for evidence, or sees to money that
// is stuck. A decision is held first (see decisionHoldMoves), so that it can be confirmed and undone.
var caseWithSupport = bot.States{
	// Support decides, or sees to a task of the shop that is stuck: a cancellation or a refund that has failed or was never
	// confirmed (the fact "stuck" says which). While money is stuck nothing else can be decided. Buyer and seller can still
	// settle it between them, add words and files, or withdraw; that voids a decision which is still held.
	"with_support": {
		Tell: bot.To{
			bot.Buyer:   "{why_buyer} {support_now} {support_sees} {support_late_word}{evidence_mine}",
			bot.Seller:  "{why_seller} {support_now} {support_sees} {support_late_word}{evidence_mine}",
			bot.Support: deskCard("{case_about}", "{case_order_line}"),
		},
		Desk: true,
		Offer: bot.Offers{
			bot.Support: onTheDesk(fullRefund, partialRefund, refuse, retryCancel, refundAnyway, retryRefund, nameAmount, paidOtherwise),
			bot.Seller:  {acceptNow, addSomething("seller_wrote"), nameFile(bot.Seller), askCaseFile, askForecast},
			bot.Buyer: {
				goodsWrong, addSomething("buyer_wrote"), withdrawUndecided, withdrawByLaw, aPerson, nameFile(bot.Buyer), askCaseFile,
				askForecast,
			},
		},
		After: supportWaits,
		Rules: []string{"S29", "S31", "S51", "S52", "S55", "S56", "S60", "S61", "S77"},
		Then: voidingHeldDecision(wakingSnoozed(with(caseSupportMoves, bot.Moves{
			"full_decided":    holdDecision("full"),
			"partial_decided": holdDecision("partial"),
			"refused_decided": holdDecision("refused"),
			"decision_stood": bot.If(moreDecided, "with_support").ElseIf(verdictRefused, "refused").
				ElseIf(cancelsOrder, "cancelling").Else("refunding").
				Learning(unlessMoreDecided(verdictFacts)).ReadingHistory().Asking(tellLinked()...).Rules("S56"),
			"support_silent": bot.If(endedForSeller, "refused").ElseIf(cancelsOrder, "cancelling").Else("refunding").
				Learning(caseEndedBySilence).Saying(bot.To{bot.Support: "{ended_for_support}"}).Rules("S31", "S51"),
			"evidence_asked":  bot.Go("awaiting_evidence").Learning(evidenceAskedFacts).Rules("S52", "S60"),
			"seller_accepted": bot.Go("cancelling").Learning(sellerAgreed).Rules("S54"),
			"withdrawn":       bot.Go("withdrawn"),
			"goods_wrong":     reportInstead,
			"buyer_wrote":     buyerAdds.Rules("S52", "S60"),
			"seller_wrote":    sellerAdds.Rules("S52", "S60"),
			"order_shipped":   shippedMeanwhile,
			"order_delivered": deliveredMeanwhile,
			"order_cancelled": bot.If(moneyOut, "with_support").ElseIf(owed, "refunding").Else("cancelled").
				Learning(cancelledWithSupport).Rules("S48"),
			"order_had_shipped": bot.If(moneyOut, "with_support").ElseIf(decided, "refunding").Else("checking_tracking").
				Learning(unlessMoneyOut(hadShipped)),
			"cancel_failed":  bot.Go("with_support").Learning(unlessMoneyOut(stuckBecause("cancel_failed", "cancel"))),
			"cancel_retried": bot.Go("cancelling").Learning(retryFacts),
			"refund_ordered": bot.Go("refunding").Learning(retryFacts),
			"refund_settled": caseRefundSent.Rules("S75", "S78"),
		}))),
	},
	// Support has asked one side to show something, with a date (S50, S60). An answer leads back to support, and so does
	// the date; or support goes on without waiting. The seller can still agree, and the buyer can still withdraw.
	"awaiting_evidence": {
		Tell: evidenceTell,
		Offer: bot.Offers{
			bot.Buyer: {
				giveEvidence(askedBuyer), nothingMore(askedBuyer), withdraw, withdrawByLaw, goodsWrong, nameFile(bot.Buyer), aPerson,
				askForecast,
			},
			bot.Seller:  {giveEvidence(askedSeller), nothingMore(askedSeller), nameFile(bot.Seller), acceptAfterAll, askForecast},
			bot.Support: whileAsking,
		},
		After: bot.Waits{{Full: "evidence", Event: "evidence_late", Judges: true}},
		Rules: []string{"S50", "S52", "S60"},
		Then: with(evidenceMoves, bot.Moves{
			"seller_accepted": bot.Go("cancelling").Learning(sellerAgreed).Rules("S54"),
			"order_shipped":   shippedMeanwhile,
			"order_delivered": bot.Stay().Saying(bot.To{
				bot.Support: "The shop says the order of case {case} has now been delivered.",
				bot.Buyer:   "The shop says the parcel has been delivered. If it hasn't, ask for “a person” and tell our support team.",
			}),
			"order_cancelled": bot.If(owed, "refunding").Else("cancelled").Learning(shopCancelledAll),
			"withdrawn":       bot.Go("withdrawn"),
			"goods_wrong":     reportInstead,
		}),
	},
}

// caseSupportMoves are what a case hears besides while support has the word: what becomes of a decision that is held,
// what it shares with a dispute, and a refund that is stuck.
var caseSupportMoves = joined(decisionHoldMoves, supportMoves, stuckRefundMoves(caseRefundSent))
