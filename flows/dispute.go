package flows

import "nevermind/bot"

// dispute is what buyer, seller and support have with each other about goods that have left: not received, damaged, not
// as described, incomplete, counterfeit, or no longer wanted. Three solutions may lie on the table, the buyer's, the
// seller's and support's; whoever accepts another's ends it.
var dispute = bot.Flow{
	Name:     "dispute",
	Case:     true,
	Files:    mostFiles,
	About:    "Goods that have shipped: what is wrong, who proposes what, sending back, and the money after the goods.",
	Title:    "Order {order} · {item}",
	Footer:   foot,
	Born:     []string{"dispute_opened"},
	First:    "opening",
	Evidence: keepEvidence,
	Filed:    []string{"return_code"},
	Hear:     []bot.Hear{hearExhibit, hearReply},
	After:    bot.Waits{standsStill},
	Always: with(without(caseManners, "submitted", "order_had_shipped", "last_day_neared"), bot.Moves{
		"withdrawn_by_law": returnedByLaw,
		"dispute_opened":   bot.Stay().Saying(bot.To{bot.Here: "You have already opened this, so nothing was sent twice. This is where it stands."}).Showing(),
		"order_delivered": bot.Stay().Saying(bot.To{
			bot.Buyer:  "The shop says that the parcel has been delivered. If that is not so, say so here; if it is, please do not confirm the receipt to the shop while this is open.",
			bot.Seller: "The shop says that the parcel has been delivered.",
		}).Rules("S57"),
		"order_cancelled": bot.Stay().Saying(bot.To{bot.Buyer: "The shop has cancelled the order meanwhile. What you asked for here stays open until the money is settled.", bot.Seller: "The shop has cancelled the order meanwhile. This stays open until the money is settled."}),
		"seller_reached":  bot.Stay().Saying(bot.To{bot.Seller: "{buyer} has opened a case about this order: {problem}. It stands at: {stands}. Say “my requests” to see it, and to answer."}),
	}),
	States: bot.States{
		"opening": {
			Card:  bot.To{bot.Buyer: "I am looking at the order once more before I write to {seller}.", bot.Seller: "A case is being prepared.", bot.Support: "A case is being prepared."},
			Do:    "check_order",
			After: bot.Waits{{Full: "shop_answer", Event: "check_late"}},
			Rules: []string{"S18"},
			Then: bot.Moves{
				"order_had_shipped":   bot.If(byLaw, "returning").ElseIf(sellerUnreachable, "with_support").Else("awaiting_seller").Learning(because("why", "seller_unreachable")).Asking(unlessByLaw(counting(buyerOf, "disputed"))).Asking(startDigest).Asking(sealReceipt, bringAlong, tellLetters, tellWatch).Saying(receipt).Rules("S53"),
				"order_locked":        bot.Go("with_support").Learning(because("why", "on_hold")).Asking(bringAlong, tellLetters, tellWatch),
				"check_late":          bot.If(byLaw, "returning").ElseIf(sellerUnreachable, "with_support").Else("awaiting_seller").Learning(because("why", "seller_unreachable")).Asking(sealReceipt, bringAlong, tellLetters, tellWatch).Saying(receipt),
				"order_open":          bot.Go("not_shipped"),
				"order_unpaid":        bot.Go("not_shipped"),
				"order_was_cancelled": bot.Go("not_shipped"),
			},
		},
		"awaiting_seller": {
			Tell: bot.To{
				bot.Buyer:  "I have told {seller}. Your case is {case}: {problem}. You ask: {claim}. They have until {dispute_answer} to answer.{no_receipt}{evidence_mine}",
				bot.Seller: "{buyer} has opened a case about this order: {problem}. {story_quoted}\nThey ask: {claim}.{way_seller}\nYou can agree, offer another solution, or refuse and say why. Please answer by {dispute_answer}.{evidence_mine}",
			},
			Card:  bot.To{bot.Support: "{problem}. {seller} is asked: {claim}."},
			Do:    "check_tracking",
			Offer: bot.Offers{bot.Seller: {agreeClaim, offerSolution, refuseClaim, addFiles, writeToBuyer, whatIf}, bot.Buyer: {addFiles, nameFile(bot.Buyer), changeClaim, writeSeller, withdrawDispute, withdrawByLaw, whatIf, aPerson}, bot.Support: {toBuyer, toSeller, whatIf}},
			After: bot.Waits{{Half: "dispute_answer", Event: "seller_reminded", Kept: true}, {Full: "dispute_answer", Event: "seller_silent", Kept: true}},
			Rules: []string{"S53", "S54", "S57", "S60", "S62", "S63"},
			Then: bot.Moves{
				"tracking_checked": codeDoubted,
				"seller_reminded":  bot.Stay().Saying(bot.To{bot.Seller: "A reminder: {buyer} still waits for your answer, until {dispute_answer}. After that {on_dispute_silence}."}),
				"solution_taken":   agreedOn,
				"claim_changed":    bot.Go("awaiting_seller").Learning(newClaim).Rules("S53"),
				"solution_offered": bot.Go("negotiating").Learning(laid("solution", "solution_offered")).Rules("S54"),
				"claim_refused":    bot.Go("negotiating").Learning(because("last", "claim_refused")).Rules("S54", "S50"),
				"seller_silent":    bot.If(silenceAsksSupport, "with_support").ElseIf(goodsFirst, "returning").Else("refunding").Learning(silent),
				"withdrawn":        bot.Go("withdrawn"),
			},
		},
		"negotiating": {
			Tell: bot.To{
				bot.Buyer:  "{talks_so_far}\n{table}\nTaking a solution settles it for both. You can also change yours, write to {seller}, or have our support team decide now.{no_receipt}{evidence_mine}",
				bot.Seller: "{talks_so_far}\n{table}\nTaking a solution settles it for both. You can also change yours, or write to {buyer}.{evidence_mine}",
			},
			Card:  bot.To{bot.Support: "Buyer and seller are talking: {problem}.\n{table}"},
			Offer: bot.Offers{bot.Buyer: {takeSolution, takeProposal, changeClaim, askSupport, addFiles, nameFile(bot.Buyer), writeSeller, withdrawDispute, withdrawByLaw, whatIf, aPerson}, bot.Seller: {agreeClaim, takeProposal, offerSolution, addFiles, nameFile(bot.Seller), writeToBuyer, whatIf}, bot.Support: {propose, toBuyer, toSeller, whatIf}},
			After: bot.Waits{{Full: "negotiation", Event: "negotiation_over", Kept: true}},
			Rules: []string{"S44", "S53", "S54", "S55", "S62"},
			Then: with(onTheTable, bot.Moves{
				"claim_changed":    bot.Go("negotiating").Learning(newClaim).Rules("S53"),
				"solution_offered": bot.Go("negotiating").Learning(laid("solution", "solution_offered")).Rules("S54"),
				"proposed":         bot.Go("negotiating").Learning(laid("proposal", "proposed")).Rules("S54"),
				"support_asked":    bot.Go("with_support").Learning(because("why", "asked")).Rules("S51"),
				"negotiation_over": bot.Go("with_support").Learning(because("why", "negotiation_over")).Rules("S55"),
			}),
		},
		"with_support": disputeDecided,
		"awaiting_evidence": {
			Tell:  bot.To{bot.Buyer: "{evidence_buyer}", bot.Seller: "{evidence_seller}", bot.Support: "Asked the {evidence_of}: {evidence_quoted} They have until {evidence}.{holder}"},
			Offer: bot.Offers{bot.Buyer: {giveEvidence(askedBuyer), nothingMore(askedBuyer), nameFile(bot.Buyer), takeSolution, takeProposal, withdrawDispute, withdrawByLaw, whatIf, aPerson}, bot.Seller: {giveEvidence(askedSeller), nothingMore(askedSeller), nameFile(bot.Seller), agreeClaim, takeProposal, whatIf}, bot.Support: {dontWait, takeIt, release, handOver, showFiles, wholeTalk, toBuyer, toSeller, cannedReply, whatIf}},
			After: bot.Waits{{Full: "evidence", Event: "evidence_late"}},
			Rules: []string{"S50", "S52", "S58", "S60"},
			Then: with(onTheTable, bot.Moves{
				"evidence_given": bot.Go("with_support").Learning(because("why", "evidence_given")).Quoting(bot.To{bot.Support: "{evidence_answer}", bot.Here: "{files_left_out}"}, nil).Rules("S52"),
				"evidence_late":  bot.Go("with_support").Learning(evidenceOver).Rules("S60"),
				"went_on":        bot.Go("with_support").Learning(because("why", "went_on")),
			}),
		},
		"awaiting_appeal": {
			Tell: bot.To{
				bot.Buyer:   "Support has decided: {ruling} {grounds_quoted} Each side can ask once that it be looked at again, until {appeal}.",
				bot.Seller:  "Support has decided: {ruling} {grounds_quoted} Each side can ask once that it be looked at again, until {appeal}.",
				bot.Support: "Decided: {ruling} Each side can appeal once.{decided_by}",
			},
			Offer: bot.Offers{bot.Buyer: {appealIt, withdrawByLaw, whatIf, aPerson}, bot.Seller: {appealIt, whatIf}, bot.Support: {toBuyer, toSeller, whatIf}},
			After: bot.Waits{{Full: "appeal", Event: "appeal_over"}},
			Rules: []string{"S56", "S59"},
			Then: bot.Moves{
				"appealed":    bot.Go("with_support").Learning(appealed).Quoting(bot.To{bot.Support: "An appeal:", bot.Here: "I have passed it on to our support team. Their next decision is final."}, nil).Rules("S59"),
				"appeal_over": carriedOut,
			},
		},
		"returning": {
			Tell: bot.To{
				bot.Buyer:  "{settled_how} {return_how} {money_when} Please say so here by {return_by}.",
				bot.Seller: "{settled_how} {return_awaited} {money_when}",
			},
			Card:  bot.To{bot.Support: "{settled_how} The buyer gives it back."},
			Offer: bot.Offers{bot.Buyer: {sentBack, leftIt, writeSeller, withdrawByLaw, whatIf, aPerson}, bot.Seller: {parcelBack, writeToBuyer, whatIf}, bot.Support: {toBuyer, toSeller, whatIf}},
			After: bot.Waits{{Half: "return_by", Event: "return_reminded"}, {Full: "return_by", Event: "return_missed"}},
			Rules: []string{"S06", "S14", "S56", "S63", "S64", "Q12"},
			Then: bot.Moves{
				"return_reminded": bot.Stay().Saying(bot.To{bot.Buyer: "A reminder: {return_how} After {return_by} {else_closed}."}),
				"return_sent":     bot.If(sentIsEnough, "checking_proof").Else("awaiting_parcel").Learning(because("way", "")).Rules("S63"),
				"return_left":     bot.Go("awaiting_parcel").Rules("S64", "S66"),
				"parcel_back":     bot.Go("refunding").Rules("S66"),
				"return_missed":   bot.If(byLaw, "with_support").Else("not_returned").Learning(because("why", "not_sent_back")),
			},
		},
		"awaiting_parcel": {
			Tell: bot.To{
				bot.Buyer:  "{parcel_said} {seller} says so when they have it; then {amount} comes back to {method}.{evidence_mine}",
				bot.Seller: "{parcel_said} When you have it, please say so: then {amount} goes back to {buyer}. If something is wrong with it, say that instead, and support looks. Please answer by {parcel_back}.",
			},
			Card:  bot.To{bot.Support: "{parcel_said}"},
			Do:    "check_tracking",
			Offer: bot.Offers{bot.Buyer: {addFiles, writeSeller, withdrawByLaw, whatIf, aPerson}, bot.Seller: {parcelBack, parcelWrong, addFiles, writeToBuyer, whatIf}, bot.Support: {toBuyer, toSeller, whatIf}},
			After: bot.Waits{{Full: "parcel_back", Event: "parcel_missing"}},
			Rules: []string{"S06", "S14", "S63", "S64", "S66", "Q4", "Q12"},
			Then: bot.Moves{
				"tracking_checked": codeDoubted,
				"parcel_back":      bot.Go("refunding").Rules("S66"),
				"parcel_wrong":     bot.Go("with_support").Learning(because("why", "parcel_wrong")),
				"parcel_missing":   bot.Go("with_support").Learning(because("why", "parcel_missing")),
			},
		},
		"checking_proof": {
			Card:  bot.To{bot.Buyer: "Thank you. I am looking at the tracking code; then {amount} goes back.", bot.Seller: "{buyer} has sent the goods back, tracking code {return_code}. I am looking at the code; then {amount} goes back, as the law has it.", bot.Support: "Withdrawn by law, and sent back with tracking code {return_code}: I am looking at the code."},
			Do:    "check_tracking",
			After: bot.Waits{{Full: "shop_answer", Event: "proof_late"}},
			Rules: []string{"S47", "S63"},
			Then: bot.Moves{
				"tracking_checked": bot.If(codeIsOdd, "with_support").Else("refunding").Learning(because("why", "proof_odd")).Rules("S47"),
				"proof_late":       bot.Go("refunding"),
			},
		},
		"refunding": {
			Tell: bot.To{
				bot.Buyer:  "{settled_how} I have asked the shop to send {amount} back to {method}: always the way you paid. When the shop has sent it, I will tell you; it then usually shows within {refund_interval}.",
				bot.Seller: "{settled_how} {amount} goes back to {buyer}; the shop sends it, and you need do nothing for that.",
			},
			Card:  bot.To{bot.Support: "{settled_how} The shop is asked to send {amount} back.{decided_by}"},
			Do:    "pay_refund",
			Firm:  true,
			Offer: bot.Offers{bot.Buyer: {whatIf, aPerson}, bot.Support: {toBuyer, toSeller, whatIf}},
			After: bot.Waits{{Full: "refund_overdue", Event: "refund_late"}},
			Rules: []string{"S48", "S68", "S73", "S75"},
			Then: bot.Moves{
				"withdrawn_by_law": notedByLaw,
				"refund_settled":   bot.Go("refunded").Asking(watchArrival).Rules("S75"),
				"refund_failed":    bot.Go("with_support").Learning(stuck("refund_failed", "refund")).Rules("S77"),
				"refund_late":      bot.Go("with_support").Learning(stuck("refund_late", "late")).Rules("S77"),
				"shop_unanswered":  bot.Go("with_support").Learning(stuck("refund_unanswered", "late")).Rules("S77"),
			},
		},
		"refunded": {
			Tell: bot.To{
				bot.Buyer:  "{sent_how} It usually shows within {refund_interval}. You need do nothing; I will ask you then whether it is there.",
				bot.Seller: "{amount} has been sent back to {buyer}. This case is closed.{law_parcel}",
			},
			Card:  bot.To{bot.Support: "Closed: {amount} was sent back.{decided_by}"},
			Rules: []string{"S68", "S73", "S78"},
		},
		"withdrawn": {
			Tell:  bot.To{bot.Buyer: "Your case {case} is withdrawn.{open_again}", bot.Seller: "{buyer} has withdrawn the case. Nothing more is asked of you."},
			Card:  bot.To{bot.Support: "Closed: the buyer has withdrawn it."},
			Rules: []string{"S59"},
		},
		"refused": {
			Tell:  bot.To{bot.Buyer: "Our support team has decided that no money goes back: {grounds_quoted} This decision is final, and the case cannot be opened again.", bot.Seller: "Support has decided that no money goes back: {grounds_quoted} This decision is final."},
			Card:  bot.To{bot.Support: "Closed: refused. {grounds_quoted}{decided_by}"},
			Rules: []string{"S56", "S59"},
		},
		"not_returned": {
			Tell:  bot.To{bot.Buyer: "The parcel was not sent back in time, so the case is closed without a refund, as agreed. If you did send it, ask for “a person” and have the carrier's receipt ready.", bot.Seller: "{buyer} has not sent the parcel back in time. The case is closed, and nothing goes back."},
			Card:  bot.To{bot.Support: "Closed: the parcel was not sent back in time."},
			Rules: []string{"S26", "S59", "S63"},
		},
		"not_shipped": {
			Tell:  bot.To{bot.Buyer: "The order has changed just now, so nothing was sent. {stage_now}"},
			Card:  bot.To{bot.Seller: "The case was not sent: the order had changed.", bot.Support: "Closed: the order had changed before the case was sent."},
			Rules: []string{"S18"},
		},
	},
}

// onTheTable is what counts alike wherever a solution can still be taken, and ends the dispute.
var onTheTable = bot.Moves{"solution_taken": agreedOn, "withdrawn": bot.Go("withdrawn")}

// agreedOn leads where the solution that was taken leads: to the goods first, or straight to the money.
var agreedOn = bot.If(goodsFirst, "returning").Else("refunding").Learning(takenUp).Rules("S54")

// carriedOut does what support has decided.
var carriedOut = bot.If(ruledAgainst, "refused").ElseIf(goodsFirst, "returning").Else("refunding").Rules("S56")
