package flows

import "nevermind/bot"

// disputeAsking are the states in which buyer and seller talk about goods: the seller answers what the buyer asks, and each
// can put a solution on the table.
var disputeAsking = bot.States{
	// The order is looked at once more: only what has left can be disputed (S14). If the shop does not answer, the case is
	// put to the seller all the same. A withdrawal by law goes straight to the return; a seller without a chat means
	// support at once.
	"opening": {
		Card: bot.To{
			bot.Buyer:   "I am looking at the order once more before I write to {seller}.",
			bot.Seller:  "A case is being prepared.",
			bot.Support: "A case is being prepared.",
		},
		Do:    "check_order",
		After: bot.Waits{{Full: "shop_answer", Event: "check_late"}},
		Rules: []string{"S18"},
		Then: bot.Moves{
			"order_had_shipped": bot.If(byLaw, "returning").ElseIf(sellerUnreachable, "with_support").Else("awaiting_seller").
				Learning(setFact("why", "seller_unreachable")).Asking(unlessByLaw(countFor(buyerOf, "disputed"))).Asking(startOverview).
				Asking(sealReceipt, showFilesAlong, tellLetters, tellWatch).Saying(lawReceipt).Rules("S53"),
			"order_locked": bot.Go("with_support").Learning(setFact("why", "on_hold")).
				Asking(showFilesAlong, tellLetters, tellWatch),
			"check_late": bot.If(byLaw, "returning").ElseIf(sellerUnreachable, "with_support").Else("awaiting_seller").
				Learning(setFact("why", "seller_unreachable")).Asking(sealReceipt, showFilesAlong, tellLetters, tellWatch).
				Saying(lawReceipt),
			"order_open":          bot.Go("not_shipped"),
			"order_unpaid":        bot.Go("not_shipped"),
			"order_was_cancelled": bot.Go("not_shipped"),
		},
	},
	// The seller has the word, until the policy's "dispute_answer". They take the claim, offer another solution, or refuse
	// and say why. The buyer can change the claim. Silence carries out the claim or brings in support, as the policy says.
	"awaiting_seller": {
		Tell: bot.To{
			bot.Buyer: "I have told {seller}. Your case is {case}: {problem}. You ask: {claim}. " +
				"They have until {dispute_answer} to answer.{until_then}{no_receipt}{evidence_mine}",
			bot.Seller: "{buyer} has opened a case about this order: {problem}. {story_quoted}\nThey ask: {claim}.{way_seller}\n" +
				"You can agree, offer another solution, or refuse and say why. Please answer by {dispute_answer}.{evidence_mine}",
		},
		Card: bot.To{bot.Support: "{problem}. {seller} is asked: {claim}."},
		Do:   "check_tracking",
		Offer: bot.Offers{
			bot.Seller: {agreeClaim, offerSolution, refuseClaim, addFiles, writeToBuyer, askForecast},
			bot.Buyer: {
				addFiles, nameFile(bot.Buyer), refusedIt, haveIt, changeClaim, writeSeller, withdrawDispute, withdrawByLaw, askForecast,
				aPerson,
			},
			bot.Support: {byPhone, toBuyer, toSeller, askForecast},
		},
		After: bot.Waits{
			{Half: "dispute_answer", Event: "seller_reminded", Kept: true},
			{Full: "dispute_answer", Event: "seller_silent", Kept: true, Judges: true},
		},
		Rules: []string{"S53", "S54", "S57", "S60", "S62", "S63"},
		Then: bot.Moves{
			"tracking_checked": codeDoubted,
			"seller_reminded": bot.Stay().
				Saying(bot.To{bot.Seller: "A reminder: {buyer} still waits for your answer, until {dispute_answer}. " +
					"After that {on_dispute_silence}."}),
			"solution_taken":   solutionAgreed,
			"claim_changed":    bot.Go("awaiting_seller").Learning(claimChangedFacts).Rules("S53"),
			"solution_offered": bot.Go("negotiating").Learning(solutionOnTable("solution", "solution_offered")).Rules("S54"),
			"claim_refused":    bot.Go("negotiating").Learning(setFact("last", "claim_refused")).Rules("S54", "S50"),
			"seller_silent": bot.If(silenceAsksSupport, "with_support").ElseIf(goodsFirst, "returning").Else("refunding").
				Learning(sellerSilentFacts),
			"seller_untold": untold(bot.Seller),
			"withdrawn":     bot.Go("withdrawn"),
		},
	},
	// Solutions lie on the table. Each side sees all of them and takes one, or changes its own; support may suggest one
	// too. It ends with a solution, a withdrawal, or with support (S51, S55).
	"negotiating": {
		Tell: bot.To{
			bot.Buyer: "{talks_so_far}\n{table}\nTaking a solution settles it for both. " +
				"You can also change yours, write to {seller}, or have our support team decide now.{no_receipt}{evidence_mine}",
			bot.Seller: "{talks_so_far}\n{table}\nTaking a solution settles it for both. " +
				"You can also change yours, or write to {buyer}.{evidence_mine}",
		},
		Card: bot.To{bot.Support: "Buyer and seller are talking: {problem}.\n{table}"},
		Offer: bot.Offers{
			bot.Buyer: {
				takeSolution, takeProposal, changeClaim, askSupport, refusedIt, haveIt, addFiles, nameFile(bot.Buyer), writeSeller,
				withdrawDispute, withdrawByLaw, askForecast, aPerson,
			},
			bot.Seller:  {agreeClaim, takeProposal, offerSolution, addFiles, nameFile(bot.Seller), writeToBuyer, askForecast},
			bot.Support: {propose, byPhone, toBuyer, toSeller, askForecast},
		},
		After: bot.Waits{{Full: "negotiation", Event: "negotiation_over", Kept: true}},
		Rules: []string{"S44", "S53", "S54", "S55", "S62"},
		Then: with(solutionMoves, bot.Moves{
			"claim_changed":    bot.Go("negotiating").Learning(claimChangedFacts).Rules("S53"),
			"solution_offered": bot.Go("negotiating").Learning(solutionOnTable("solution", "solution_offered")).Rules("S54"),
			"proposed":         bot.Go("negotiating").Learning(solutionOnTable("proposal", "proposed")).Rules("S54"),
			"support_asked":    bot.Go("with_support").Learning(setFact("why", "asked")).Rules("S51"),
			"negotiation_over": bot.Go("with_support").Learning(setFact("why", "negotiation_over")).Rules("S55"),
		}),
	},
}
