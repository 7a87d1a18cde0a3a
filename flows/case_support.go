package flows

import "nevermind/bot"

// caseWithSupport is the case's state in which support has the word: a verdict, or money that is stuck.
var caseWithSupport = bot.State{
	Tell: bot.To{
		bot.Buyer: "{why_buyer} {support_now} They see your request, the offers and the last letters, and mean to answer by " +
			"{support_answer}.{evidence_mine}",
		bot.Seller: "{why_seller} {support_now}{evidence_mine}",
		bot.Support: "{held}{why_support}{holder}\n• {parties}\n• {at_stake}\n" +
			"• Reason: {reason}{note_quoted}{talked}{often}{links}{exhibits}\n" +
			"• Paid: {total} by {method_plain}; at most {refundable} can go back\n• The order stands at: {stage}{doubts_line}\n" +
			"• Please answer by {support_answer}.",
	},
	Desk: true,
	Offer: bot.Offers{
		bot.Support: {
			confirmDecision, sendDecisionBack, undoDecision, takeIt, release, handOver, snooze, wakeNow, fullRefund, partialRefund,
			refuse, askEvidence, showFiles, showConversation, linkOtherCase, askCaseFile, retryCancel, refundAnyway, retryRefund,
			paidOtherwise, toBuyer, toSeller, cannedReply,
		},
		bot.Seller: {
			acceptNow,
			{
				Event: "seller_wrote", Label: "Add something",
				Form: bringFiles("What should support know? Send words, photos, videos, documents or a voice message."),
			},
			nameFile(bot.Seller), askCaseFile, askForecast,
		},
		bot.Buyer: {
			withdrawUndecided,
			{
				Event: "buyer_wrote", Label: "Add something",
				Form: bringFiles("What should support know? Send words, photos, videos, documents or a voice message."),
			},
			nameFile(bot.Buyer), withdrawByLaw, askCaseFile, askForecast, aPerson,
		},
	},
	After: bot.Waits{
		{Half: "support_answer", Event: "support_reminded"},
		{Full: "support_answer", Event: "support_late", Again: true},
		undoWait,
		snoozeOver,
		alertLeadsWait(),
	},
	Rules: []string{"S29", "S31", "S51", "S52", "S55", "S56", "S60", "S61", "S77"},
	Then: voidingHeldDecision(wakingSnoozed(with(decisionHoldMoves, bot.Moves{
		"full_decided":    holdDecision("full"),
		"partial_decided": holdDecision("partial"),
		"refused_decided": holdDecision("refused"),
		"decision_stood": bot.If(verdictRefused, "refused").ElseIf(cancelsOrder, "cancelling").Else("refunding").
			Learning(carryOutDecision(verdictFacts)).Asking(tellLinked()...).Rules("S56"),
		"evidence_asked":   bot.Go("awaiting_evidence").Learning(evidenceAskedFacts).Rules("S52", "S60"),
		"seller_accepted":  bot.Go("cancelling").Learning(sellerAgreed).Rules("S54"),
		"withdrawn":        bot.Go("withdrawn"),
		"support_reminded": supportReminded,
		"support_late": bot.Stay().
			Saying(bot.To{
				bot.Support: "This case still waits for you, and the time you gave yourselves is over.{whose_turn} The next " +
					"reminder is {support_answer}.",
				bot.Buyer: "Our support team needs longer than they meant to. I have reminded them; your case is not lost, and nothing " +
					"runs out for you meanwhile.",
			}).Rules("S31"),
		"buyer_wrote": bot.Stay().
			Quoting(bot.To{
				bot.Support: "{buyer} adds:",
				bot.Here:    "I have passed it on to our support team.{files_left_out}",
			}, answers).Rules("S52", "S60"),
		"seller_wrote": bot.Stay().
			Quoting(bot.To{
				bot.Support: "{seller} adds:",
				bot.Here:    "I have passed it on to support.{files_left_out}",
			}, answers).
			Rules("S52", "S60"),
		"person_asked": bot.Stay().
			Quoting(bot.To{
				bot.Here: "Your case is with our support team already. They mean to answer by {support_answer}; " +
					"I have told them that you asked.",
				bot.Support: "{asker} asks for a person about case {case}.",
			}, answers).Rules("S91"),
		"order_shipped":   shippedMeanwhile,
		"order_delivered": deliveredMeanwhile,
		"order_cancelled": bot.If(moneyOut, "with_support").ElseIf(owed, "refunding").Else("cancelled").
			Learning(cancelledWithSupport).Rules("S48"),
		"order_had_shipped": bot.If(decided, "refunding").Else("checking_tracking").Learning(hadShipped),
		"cancel_failed":     bot.Go("with_support").Learning(stuckBecause("cancel_failed", "cancel")),
		"cancel_retried":    bot.Go("cancelling").Learning(retryFacts),
		"refund_ordered":    bot.Go("refunding").Learning(retryFacts),
		"refund_retried":    bot.Go("refunding").Learning(retryFacts).Rules("S77"),
		"paid_otherwise":    bot.If(restDue, "refunding").Else("refunded").Learning(refundSent).Asking(watchArrival).Rules("S77"),
		"refund_settled": bot.If(restDue, "refunding").Else("refunded").Learning(refundSent).Asking(watchArrival).
			Rules("S75", "S78"),
		"refund_failed": bot.Go("with_support").Learning(stuckBecause("refund_failed", "refund")),
	}))),
}

// shippedMeanwhile tells that the parcel has left while support has the word.
var shippedMeanwhile = bot.Stay().Learning(setFact("shop_says", "shipped")).Saying(bot.To{
	bot.Support: "The shop says that the order of case {case} has shipped meanwhile. {tracking}",
	bot.Buyer:   "The shop says that the order has shipped meanwhile. Our support team knows.",
})

// deliveredMeanwhile tells that the parcel is there while support has the word.
var deliveredMeanwhile = bot.Stay().Saying(bot.To{
	bot.Support: "The shop says that the order of case {case} has been delivered meanwhile.",
	bot.Buyer: "The shop says that the parcel has been delivered. If that is not so, press “Add something” or ask for a " +
		"person: our support team should know.",
})
