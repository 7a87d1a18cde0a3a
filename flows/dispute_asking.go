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
			bot.Buyer:   "I'm checking the order once more before I write to {seller}.",
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
	// The seller has the word, until the policy's "dispute_answer". They take the claim, offer another solution, ask for
	// proof first (S50), or say no and why. The buyer can change the claim. Silence carries out the claim or brings in support,
	// as the policy says.
	"awaiting_seller": {
		Tell: bot.To{
			bot.Buyer: "I've sent your case {case} to {seller}. They have until {dispute_answer} to answer. {claim}\n" +
				"{until_then} {no_receipt}{evidence_mine}",
			bot.Seller: "{problem_said} {story_quoted}\n{claim} {way_seller}\nPlease answer by {dispute_answer}. " +
				"You can agree, make another offer, ask for proof, or say no and why.{evidence_mine}",
		},
		Card: bot.To{bot.Support: "{problem_said} {claim} {seller} has until {dispute_answer} to answer."},
		Do:   "check_tracking",
		Offer: bot.Offers{
			bot.Seller: {agreeClaim, offerSolution, refuseClaim, askProof, addFiles, writeToBuyer, askForecast},
			bot.Buyer: {
				refusedIt, haveIt, addFiles, nameFile(bot.Buyer), writeSeller, changeClaim, withdrawDispute, withdrawByLaw, askForecast,
				aPerson,
			},
			bot.Support: {confirmCall, dropCall, byPhone, toBuyer, toSeller, askForecast},
		},
		After: bot.Waits{
			{Half: "dispute_answer", Event: "seller_reminded", Kept: true},
			{Full: "dispute_answer", Event: "seller_silent", Kept: true, Judges: true},
		},
		Rules: []string{"S53", "S54", "S57", "S60", "S62", "S63"},
		Then: bot.Moves{
			"tracking_checked": codeDoubted,
			"seller_reminded": bot.Stay().
				Saying(bot.To{bot.Seller: "A reminder: {buyer} is waiting for your answer. {if_seller_waits}"}),
			"proof_asked":      proofAskedFor,
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
	// Each side sees what the other asks or offers, and takes it, or changes its own; support may suggest something too. It ends
	// with a solution, a withdrawal, or with support (S51, S55).
	"negotiating": {
		Tell: bot.To{
			bot.Buyer: "{talks_so_far}\n{where_both_stand}\n{taking_settles} You can change what you ask for, write to {seller}, or let " +
				"our support team decide now. {no_receipt}{evidence_mine}",
			bot.Seller: "{talks_so_far}\n{where_both_stand}\n{taking_settles} You can also make another offer, ask for proof, or write " +
				"to {buyer}.{evidence_mine}",
		},
		Card: bot.To{bot.Support: "Buyer and seller are talking. {problem_said}\n{where_both_stand}"},
		Offer: bot.Offers{
			bot.Buyer: {
				takeSolution, takeProposal, changeClaim, askSupport, writeSeller, refusedIt, haveIt, addFiles, nameFile(bot.Buyer),
				withdrawDispute, withdrawByLaw, askForecast, aPerson,
			},
			bot.Seller: {
				agreeClaim, takeProposal, offerSolution, writeToBuyer, askProof, addFiles, nameFile(bot.Seller), askForecast,
			},
			bot.Support: {confirmCall, dropCall, propose, byPhone, toBuyer, toSeller, askForecast},
		},
		After: bot.Waits{{Full: "negotiation", Event: "negotiation_over", Kept: true}},
		Rules: []string{"S44", "S53", "S54", "S55", "S62"},
		Then: with(solutionMoves, bot.Moves{
			"claim_changed":    bot.Go("negotiating").Learning(claimChangedFacts).Rules("S53"),
			"solution_offered": bot.Go("negotiating").Learning(solutionOnTable("solution", "solution_offered")).Rules("S54"),
			"proposed":         bot.Go("negotiating").Learning(solutionOnTable("proposal", "proposed")).Rules("S54"),
			"proof_asked":      proofAskedFor,
			"support_asked":    bot.Go("with_support").Learning(setFact("why", "asked")).Rules("S51"),
			"negotiation_over": bot.Go("with_support").Learning(setFact("why", "negotiation_over")).Rules("S55"),
		}),
	},
}
