package flows

import "nevermind/bot"

// dispute is what buyer, seller and support have with each other about goods that have left: not received, damaged, not
// as described, incomplete, counterfeit, or no longer wanted.
//
// Who takes part: the buyer says what is wrong and what would put it right; the seller agrees, offers something else or
// says no; support suggests, and rules where they cannot agree; the shop pays. Three solutions may stand at once, the
// buyer's claim, the seller's solution and support's proposal; whoever takes another's ends it (S53, S54). Goods that
// have to go back go back before the money does (S06). A ruling can be appealed once where the policy allows that. It
// ends refunded, withdrawn, refused, or without a refund because the goods were not sent back in time (S59).
//
// The parts: dispute_asking.go, dispute_support.go, dispute_passing_on.go, dispute_returning.go, dispute_refunding.go,
// dispute_ends.go.
var dispute = bot.Flow{
	Name:     "dispute",
	Case:     true,
	Keeps:    true,
	Files:    mostFiles,
	About:    "Goods that have shipped: what is wrong, who proposes what, sending back, and the money after the goods.",
	Title:    "Order {order} · {item}",
	Footer:   cardFooter,
	Born:     []string{"dispute_opened"},
	First:    "opening",
	Evidence: makeEvidence,
	Filed:    []string{"return_code"},
	Hear:     []bot.Hear{hearExhibit, hearReply},
	After:    bot.Waits{standstillWait},
	Always: with(without(caseAlways, "submitted", "order_had_shipped", "last_day_neared", "part_shipped"), bot.Moves{
		"withdrawn_by_law": returnedByLaw,
		"dispute_opened": bot.Stay().
			Saying(bot.To{bot.Here: "You've already opened this case, so nothing was sent twice. Here's where it stands:"}).Showing(),
		"order_delivered": bot.Stay().Saying(toBoth("{delivered_word}")).Rules("S06", "S57"),
		"parcel_delivered": bot.Stay().Learning(
			parcelMovedFacts,
		).Restarting(
			"standstill",
		).Saying(
			toBoth("{delivered_word}"),
		).Rules(
			"S06",
			"S57",
		),
		"return_left": bot.Stay().Learning(setFact("left", "yes")).Saying(bot.To{
			bot.Seller: "{buyer} has refused the parcel at the door. The carrier brings it back to you.",
			bot.Here:   "Noted: you've refused the parcel. You don't need to do anything more about it.",
		}).Rules("S66"),
		"parcel_came": bot.Stay().Learning(parcelCame).Saying(bot.To{
			bot.Seller: "The parcel has reached {buyer} after all. If it goes back to you, they have to send it.",
			bot.Here:   "{came_word}",
		}).Rules("S06", "S63"),
		"address_given": addressGiven,
		"order_cancelled": bot.Stay().Saying(bot.To{
			bot.Buyer:  "The shop has cancelled the order. Your case stays open until your money is settled.",
			bot.Seller: "The shop has cancelled the order. The case stays open until the money is settled.",
		}),
		"seller_reached": bot.Stay().Saying(
			bot.To{bot.Seller: "There's a case about this order. {problem_said} Type “my requests” to see it and to answer."},
		),
	}),
	States: allStates(disputeAsking, disputeWithSupport, disputePassingOn, disputeReturning, disputeRefunding, disputeEnds,
		bot.States{"charged_back": chargedBack}),
}

// solutionMoves is what counts alike wherever a solution can still be taken, and ends the dispute.
var solutionMoves = bot.Moves{"solution_taken": solutionAgreed, "withdrawn": bot.Go("withdrawn")}

// solutionAgreed leads where the solution that was taken leads: to the goods first, or straight to the money.
var solutionAgreed = bot.If(goodsFirst, "returning").Else("refunding").Learning(solutionTaken).Rules("S54")

// rulingCarriedOut does what support has decided.
var rulingCarriedOut = bot.If(ruledAgainst, "refused").ElseIf(goodsFirst, "returning").Else("refunding").Rules("S56")
