package flows

import "nevermind/bot"

// disputeWithSupport are the states in which support has the word: it rules, asks a side for evidence, or sees to money that
// is stuck; and the time in which a ruling can be appealed once.
var disputeWithSupport = bot.States{
	// Support rules: all the money, a part in proportion, the money after a return, or nothing (S56). A solution can still
	// be taken while nothing is stuck. A ruling is held first, so that it can be confirmed and undone.
	"with_support": {
		Tell: bot.To{
			bot.Buyer:   "{why_buyer} {support_now} {dispute_sees} {support_late_word} {no_receipt}{evidence_mine}",
			bot.Seller:  "{why_seller} {support_now} {dispute_sees} {support_late_word}{evidence_mine}",
			bot.Support: deskCard("{problem_said} {story_cut}\n{where_both_stand}", "{dispute_order_line}"),
		},
		Desk: true,
		Offer: bot.Offers{
			bot.Support: onTheDesk(ruleAll, rulePart, ruleReturn, ruleNothing, retryRefund, nameAmount, paidOtherwise, propose),
			bot.Seller: {
				agreeClaim, takeProposal, sayAddress, addSomething("seller_wrote"), nameFile(bot.Seller), askForecast, askCaseFile,
			},
			bot.Buyer: {
				takeSolution, takeProposal, addSomething("buyer_wrote"), changeClaimNow, nameFile(bot.Buyer), withdrawDispute, withdrawByLaw,
				askForecast, askCaseFile, aPerson,
			},
		},
		After: supportWaits,
		Rules: []string{"S46", "S51", "S52", "S55", "S56", "S60", "S61", "S62"},
		Then: voidingHeldDecision(wakingSnoozed(with(disputeSupportMoves, bot.Moves{
			"ruled": holdDecision(""),
			"decision_stood": bot.If(moreDecided, "with_support").ElseIf(appealUntold, "passing_on_ruling").
				ElseIf(mayAppeal, "awaiting_appeal").
				ElseIf(ruledAgainst, "refused").ElseIf(goodsFirst, "returning").Else("refunding").
				Learning(unlessMoreDecided(rulingFacts)).ReadingHistory().Asking(tellLinked()...).Rules("S56"),
			"proposed":      bot.Go("negotiating").Learning(solutionOnTable("proposal", "proposed")).Rules("S54"),
			"claim_changed": bot.Go("with_support").Learning(keepingVerdictDate(claimChangedFacts)).Rules("S53"),
			"support_silent": bot.If(endedForSeller, "refused").ElseIf(goodsFirst, "returning").Else("refunding").
				Learning(disputeEndedBySilence).Saying(bot.To{bot.Support: "{ended_for_support}"}).Rules("S31", "S51"),
			"evidence_asked": bot.Go("awaiting_evidence").Learning(evidenceAskedFacts).Rules("S50", "S52"),
			"buyer_wrote":    buyerAdds.Learning(letterFacts).Rules("S52"),
			"seller_wrote":   sellerAdds.Learning(letterFacts).Rules("S52"),
		}))),
	},
	// One side was asked to show something, as in a case; solutions can still be taken.
	"awaiting_evidence": {
		Tell: evidenceTell,
		Offer: bot.Offers{
			bot.Buyer: {
				giveEvidence(askedBuyer), nothingMore(askedBuyer), nameFile(bot.Buyer), takeSolution, takeProposal, withdrawDispute,
				withdrawByLaw, askForecast, aPerson,
			},
			bot.Seller: {
				giveEvidence(askedSeller), nothingMore(askedSeller), nameFile(bot.Seller), agreeClaim, takeProposal, askForecast,
			},
			bot.Support: whileAsking,
		},
		After: bot.Waits{{Full: "evidence", Event: "evidence_late", Judges: true}},
		Rules: []string{"S50", "S52", "S58", "S60"},
		Then:  with(solutionMoves, evidenceMoves),
	},
	// A ruling waits for the time to appeal. One appeal brings it back to support, whose next ruling is final; else it is
	// carried out.
	"awaiting_appeal": {
		Tell: bot.To{
			bot.Buyer:   "{ruling_open} Each of you can ask once for another look, until {appeal}.",
			bot.Seller:  "{ruling_open} Each of you can ask once for another look, until {appeal}.",
			bot.Support: "{ruling_open} Each side can appeal once, until {appeal}.{decided_by}",
		},
		Offer: bot.Offers{
			bot.Buyer:   {appealIt, withdrawByLaw, askForecast, aPerson},
			bot.Seller:  {appealIt, askForecast},
			bot.Support: {toBuyer, toSeller, askForecast},
		},
		After: bot.Waits{{Full: "appeal", Event: "appeal_over", Judges: true}},
		Rules: []string{"S56", "S59"},
		Then: bot.Moves{
			"appealed":      appealHeard,
			"appeal_over":   rulingCarriedOut,
			"buyer_untold":  rulingUntold(bot.Buyer),
			"seller_untold": rulingUntold(bot.Seller),
		},
	},
}

// appealHeard brings a ruling back to support.
var appealHeard = bot.Go("with_support").Learning(appealFacts).Quoting(bot.To{
	bot.Support: "{asker} asks for another look:",
	bot.Here:    "I've passed it on to our support team. Their next decision is final.",
}, nil).Rules("S59")

// disputeSupportMoves are heard while support has the word, besides what leads on.
var disputeSupportMoves = joined(solutionMoves, decisionHoldMoves, supportMoves, stuckRefundMoves(disputeRefundSent))
