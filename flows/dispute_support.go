package flows

import "nevermind/bot"

// disputeWithSupport is the dispute's state in which support has the word: a ruling, or money that is stuck.
var disputeWithSupport = bot.State{
	Tell: bot.To{
		bot.Buyer: "{why_buyer} {support_now} They see what you wrote, the solutions and the last letters, and mean to answer by " +
			"{support_answer}.{no_receipt}{evidence_mine}",
		bot.Seller: "{why_seller} {support_now}{evidence_mine}",
		bot.Support: "{held}{why_support}{holder}\n• {parties}\n• What is wrong: {problem}. {story_quoted}\n" +
			"{table}{talked}{exhibits}{often}{links}\n• Paid: {total} by {method_plain}; at most {refundable} can go back\n" +
			"• The order stands at: {stage}. {tracking}{doubts_line}\n• Please answer by {support_answer}.",
	},
	Desk: true,
	Offer: bot.Offers{
		bot.Support: {
			confirmDecision, sendDecisionBack, undoDecision, takeIt, release, handOver, snooze, wakeNow, ruleAll, rulePart,
			ruleReturn, ruleNothing, propose, askEvidence, showFiles, showConversation, linkOtherCase, askCaseFile, retryRefund,
			paidOtherwise, toBuyer, toSeller, cannedReply,
		},
		bot.Seller: {
			agreeClaim, takeProposal,
			{
				Event: "seller_wrote", Label: "Add something",
				Form: bringFiles("What should support know? Send words, photos, videos, documents or a voice message."),
			},
			nameFile(bot.Seller), askCaseFile, askForecast,
		},
		bot.Buyer: {
			takeSolution, takeProposal, changeClaimNow,
			{
				Event: "buyer_wrote", Label: "Add something",
				Form: bringFiles("What should support know? Send words, photos, videos, documents or a voice message."),
			},
			nameFile(bot.Buyer), withdrawDispute, withdrawByLaw, askCaseFile, askForecast, aPerson,
		},
	},
	After: bot.Waits{
		{Half: "support_answer", Event: "support_reminded"},
		{Full: "support_answer", Event: "support_late", Again: true},
		undoWait,
		snoozeOver,
		alertLeadsWait(),
	},
	Rules: []string{"S46", "S51", "S52", "S55", "S56", "S60", "S61", "S62"},
	Then: voidingHeldDecision(wakingSnoozed(with(with(solutionMoves, decisionHoldMoves), bot.Moves{
		"ruled": holdDecision(""),
		"decision_stood": bot.If(mayAppeal, "awaiting_appeal").ElseIf(ruledAgainst, "refused").ElseIf(goodsFirst, "returning").
			Else("refunding").Learning(carryOutDecision(rulingFacts)).Asking(tellLinked()...).Rules("S56"),
		"proposed":         bot.Go("negotiating").Learning(solutionOnTable("proposal", "proposed")).Rules("S54"),
		"claim_changed":    bot.Go("with_support").Learning(claimChangedFacts).Rules("S53"),
		"evidence_asked":   bot.Go("awaiting_evidence").Learning(evidenceAskedFacts).Rules("S50", "S52"),
		"support_reminded": supportReminded,
		"support_late": bot.Stay().
			Saying(bot.To{
				bot.Support: "This case still waits for you, and the time you gave yourselves is over.{whose_turn} The next " +
					"reminder is {support_answer}.",
				bot.Buyer: "Our support team needs longer than they meant to. I have reminded them; your case is not lost, and nothing " +
					"runs out for you meanwhile.",
			}).Rules("S31"),
		"buyer_wrote": bot.Stay().Quoting(bot.To{
			bot.Support: "{buyer} adds:",
			bot.Here:    "I have passed it on to our support team.{files_left_out}",
		}, answers).Learning(letterFacts).Rules("S52"),
		"seller_wrote": bot.Stay().Quoting(bot.To{
			bot.Support: "{seller} adds:",
			bot.Here:    "I have passed it on to support.{files_left_out}",
		}, answers).Learning(letterFacts).Rules("S52"),
		"person_asked": bot.Stay().Quoting(bot.To{
			bot.Here: "Your case is with our support team already. They mean to answer by {support_answer}; " +
				"I have told them that you asked.",
			bot.Support: "{asker} asks for a person about case {case}.",
		}, answers).Rules("S91"),
		"refund_retried": bot.Go("refunding").Learning(retryFacts).Rules("S77"),
		"paid_otherwise": bot.Go("refunded").Asking(watchArrival).Rules("S77"),
		"refund_settled": bot.Go("refunded").Asking(watchArrival).Rules("S75"),
		"refund_failed":  bot.Go("with_support").Learning(stuckBecause("refund_failed", "refund")),
	}))),
}

// The buttons of support in a dispute.
var (
	ruleAll = bot.Choice{
		Event: "ruled", Facts: bot.Facts{"ruling": "all"}, Label: "All the money back", When: mayDecide, Style: bot.Primary,
		Form: func(*bot.View) []bot.Field {
			return []bot.Field{grounds, confirmRuling("{refundable} goes back, and the goods stay where they are. Decide so?")}
		},
	}
	rulePart = bot.Choice{
		Event: "ruled", Facts: bot.Facts{"ruling": "part"}, Label: "Part of the money", When: mayDecide,
		Form: func(v *bot.View) []bot.Field {
			return []bot.Field{
				{
					Name: "ruled_amount", Kind: bot.Amount,
					Ask: "How much goes back, in proportion to what is wrong? At most {refundable}.", Max: v.Order.Refundable(),
				},
				grounds,
				confirmRuling("The buyer keeps the goods. Decide so?"),
			}
		},
	}
	ruleReturn = bot.Choice{
		Event: "ruled", Facts: bot.Facts{"ruling": "return"}, Label: "Money after the return", When: mayDecide,
		Form: func(*bot.View) []bot.Field {
			return []bot.Field{
				grounds, confirmRuling("The buyer sends it back, and {refundable} goes back once the seller has it. Decide so?"),
			}
		},
	}
	ruleNothing = bot.Choice{
		Event: "ruled", Facts: bot.Facts{"ruling": "nothing"}, Label: "Refuse", When: mayDecide, Style: bot.Danger,
		Form: func(*bot.View) []bot.Field {
			return []bot.Field{grounds, confirmRuling("Nothing goes back. Decide so?")}
		},
	}
	propose = bot.Choice{
		Event: "proposed", Label: "Suggest a solution", When: mayDecide,
		Form: solutionForm("proposal", "What do you suggest? Each side can take it."),
	}
)

// confirmRuling asks once more before a ruling, below what both sides will read.
func confirmRuling(what string) bot.Field {
	return bot.Field{Name: "sure", Kind: bot.Sure, Ask: "{will_read}{others_hold}" + what, Options: yesNo("Yes, decide so")}
}
