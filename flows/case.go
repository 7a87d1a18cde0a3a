package flows

import "nevermind/bot"

// caseFlow is what buyer, seller and support have with each other about one cancelled order.
var caseFlow = bot.Flow{
	Name:     "case",
	Case:     true,
	Files:    mostFiles,
	About:    "A request to cancel, from the moment it is made until the money is on its way back.",
	Title:    "Order {order} · {item}",
	Footer:   foot,
	Born:     []string{"submitted"},
	First:    "opening",
	Evidence: keepEvidence,
	Filed:    []string{"tracking_code"},
	Hear:     []bot.Hear{hearExhibit, hearReply},
	After:    bot.Waits{standsStill, lastDayNear},
	Always:   caseManners,
	States: bot.States{
		"opening": {
			Card:  bot.To{bot.Buyer: "I am looking at the order once more before I ask {seller}.", bot.Seller: "A request is being prepared.", bot.Support: "A request is being prepared."},
			Do:    "check_order",
			After: bot.Waits{{Full: "shop_answer", Event: "check_late"}},
			Rules: []string{"S17", "S18"},
			Then: bot.Moves{
				"order_open":          bot.If(byLaw, "cancelling").ElseIf(sellerUnreachable, "seeking_seller").Else("awaiting_seller").Learning(reckoned).Asking(unlessByLaw(counting(buyerOf, "asked"))).Asking(unlessByLaw(startDigest)).Asking(sealReceipt, bringAlong).Saying(receipt).Rules("S05", "S40"),
				"order_unpaid":        bot.Go("cancelling").Learning(because("agreed", "unpaid")).Rules("S04", "S11"),
				"order_locked":        bot.Go("overtaken").Rules("S09", "Q3"),
				"order_had_shipped":   bot.If(byLaw, "with_support").Else("overtaken").Learning(because("why", "law_shipped")).Asking(sealReceipt).Saying(receipt).Rules("S06", "S07"),
				"order_was_cancelled": bot.Go("overtaken"),
				"check_late":          bot.Go("with_support").Learning(because("why", "check_late")).Asking(sealReceipt, bringAlong).Saying(receipt),
			},
		},
		"seeking_seller": {
			Tell: bot.To{
				bot.Buyer:   "Your request {case} is in: {lines}, {amount}. {seller} has no chat with me, so I cannot ask them directly. Our support team and the shop have been told. The time to answer runs all the same, until {seller_answer}.",
				bot.Support: "{seller} cannot be reached by chat, and {buyer} asks to cancel: {lines}, {amount}. Reason: {reason}.{note_quoted}\nPlease tell {seller} another way, by {seller_answer}.",
			},
			Card:  bot.To{bot.Seller: "{buyer} would like to cancel {lines}. Reason: {reason}. Please answer by {seller_answer}."},
			Do:    "tell_shop",
			Desk:  true,
			Offer: bot.Offers{bot.Buyer: {withdraw, withdrawByLaw, whatIf, aPerson}, bot.Support: {acceptFor, rejectFor, toBuyer}},
			After: bot.Waits{{Full: "seller_answer", Event: "seller_silent", Kept: true}},
			Rules: []string{"S31", "S41"},
			Then: bot.Moves{
				"shop_told":       bot.Stay(),
				"seller_reached":  bot.Go("awaiting_seller"),
				bot.OutageOver:    moreTime,
				"seller_accepted": bot.Go("cancelling").Learning(agreed),
				"seller_rejected": bot.Go("negotiating").Learning(rejected),
				"seller_silent":   bySilence,
				"order_shipped":   bot.Go("checking_tracking").Learning(because("shop_says", "shipped")),
				"order_cancelled": bot.If(owed, "refunding").Else("cancelled").Learning(shopCancelled).Rules("S48"),
				"withdrawn":       bot.Go("withdrawn"),
			},
		},
		"awaiting_seller": {
			Tell: bot.To{
				bot.Buyer:  "I have asked {seller}. Your request is {case}: {lines}, {amount}. They have until {seller_answer} to answer.",
				bot.Seller: "{buyer} would like to cancel {lines}. Reason: {reason}. {fault}{note_quoted}\nIf you agree, {amount} goes back to {buyer}. Please answer by {seller_answer}.{quiet_note}",
			},
			Card:  bot.To{bot.Support: "{seller} is asked to cancel: {lines}, {amount}."},
			Offer: bot.Offers{bot.Seller: {accept, offer, alreadyShipped, reject, writeToBuyer, whatIf}, bot.Buyer: {writeSeller, nameFile(bot.Buyer), nudge, withdraw, withdrawByLaw, whatIf, aPerson}, bot.Support: {toBuyer, toSeller, whatIf}},
			After: bot.Waits{{Half: "seller_answer", Event: "seller_reminded", Kept: true}, {Full: "seller_answer", Event: "seller_silent", Kept: true}},
			Rules: []string{"S05", "S19", "S23", "S40", "S41", "S44", "Q1", "Q8", "Q9"},
			Then: bot.Moves{
				"seller_reminded": bot.Stay().Saying(bot.To{bot.Seller: "A reminder: {buyer} still waits for your answer, until {seller_answer}. After that {on_silence}."}).Rules("S41"),
				"nudged":          bot.Stay().Saying(bot.To{bot.Seller: "{buyer} asks whether you have seen the request to cancel. Please answer by {seller_answer}.", bot.Here: "I have reminded {seller}."}).Rules("S31"),
				"seller_accepted": bot.Go("cancelling").Learning(agreed).Asking(answering("accepted"), countAnswer).Rules("S40", "S42"),
				"seller_rejected": bot.Go("negotiating").Learning(rejected).Asking(answering("rejected"), countAnswer).Rules("S40", "S43"),
				"seller_offered":  bot.Go("weighing_offer").Learning(offered).Asking(answering("offered"), countAnswer).Rules("S44"),
				"seller_shipped":  bot.Go("checking_tracking").Learning(claimsShipped).Rules("S46"),
				"seller_silent":   bySilence.Asking(counting(sellerOf, "silent")),
				"seller_left":     bot.Go("seeking_seller").Rules("S31"),
				bot.OutageOver:    moreTime,
				"order_shipped":   bot.Go("checking_tracking").Learning(because("shop_says", "shipped")).Rules("S06", "S13"),
				"order_cancelled": bot.If(owed, "refunding").Else("cancelled").Learning(shopCancelled).Rules("S48"),
				"withdrawn":       bot.Go("withdrawn").Asking(counting(buyerOf, "withdrawn")),
			},
		},
		"checking_tracking": {
			Tell: bot.To{
				bot.Buyer:  "{shipping_news} You can keep the order, write to {seller}, ask for the dispatch notice, or, if you doubt it, have our support team look.",
				bot.Seller: "{buyer} has been told that the parcel is on its way, and may ask for the dispatch notice.{evidence_mine}",
			},
			Card:  bot.To{bot.Support: "{shipping_news}"},
			Do:    "check_tracking",
			Offer: bot.Offers{bot.Buyer: {keepIt, askNotice, doubt, writeSeller, addFiles, withdrawByLaw, whatIf, aPerson}, bot.Seller: {acceptUnshipped, addFiles, writeToBuyer, whatIf}, bot.Support: {toBuyer, toSeller, whatIf}},
			After: bot.Waits{{Full: "negotiation", Event: "negotiation_over", Kept: true}},
			Rules: []string{"S06", "S07", "S46", "S47", "Q4"},
			Then: bot.Moves{
				"tracking_checked": codeDoubted,
				"order_kept":       bot.Go("withdrawn"),
				"notice_asked":     bot.Stay().Saying(bot.To{bot.Seller: "{buyer} asks for the dispatch notice: please write when and where the parcel was handed over, or send what the carrier gave you. Support weighs how fast you answer.", bot.Here: "I have asked {seller} for the dispatch notice. Whatever they answer is kept for support to see."}).Rules("S46"),
				"doubted":          bot.Go("with_support").Learning(because("why", "doubted")).Rules("S46", "S47", "S51"),
				"negotiation_over": bot.Go("with_support").Learning(because("why", "negotiation_over")).Rules("S55"),
				"seller_accepted":  bot.Go("cancelling").Learning(agreed),
				"order_shipped":    bot.Stay().Learning(confirmed).Saying(bot.To{bot.Buyer: "{confirms}", bot.Seller: "{confirms}"}).Rules("S46"),
				"order_delivered":  bot.Stay().Saying(bot.To{bot.Buyer: "The shop says that the parcel has been delivered. If that is not so, press “I doubt it: ask support”."}),
				"order_cancelled":  bot.If(owed, "refunding").Else("cancelled").Learning(shopCancelled),
			},
		},
		"negotiating": {
			Tell: bot.To{
				bot.Buyer:  "{so_far} You can make an offer of your own, write to {seller}, keep the order, or have our support team decide now.{evidence_mine}",
				bot.Seller: "{so_far} You can make an offer, agree to cancel after all, or write to {buyer}.",
			},
			Card:  bot.To{bot.Support: "Buyer and seller are talking. {so_far}"},
			Offer: bot.Offers{bot.Buyer: {buyerOffer, askSupport, keepIt, writeSeller, addFiles, withdrawByLaw, whatIf, aPerson}, bot.Seller: {offer, acceptAfterAll, addFiles, writeToBuyer, whatIf}, bot.Support: {acceptForThem, toBuyer, toSeller, whatIf}},
			After: bot.Waits{{Full: "negotiation", Event: "negotiation_over", Kept: true}},
			Rules: []string{"S40", "S43", "S44", "S53", "S54", "S55"},
			Then: with(talkingItOver, bot.Moves{
				"seller_accepted": bot.Go("cancelling").Learning(agreed),
				"order_kept":      bot.Go("withdrawn"),
			}),
		},
		"weighing_offer": {
			Tell: bot.To{
				bot.Buyer:  "{seller} offers: {offer}.{offer_note} You can take it, make another offer, or say no and go on talking.",
				bot.Seller: "Your offer is with {buyer}: {offer}.",
			},
			Card:  bot.To{bot.Support: "{seller} has offered: {offer}.{offer_note}"},
			Offer: bot.Offers{bot.Buyer: {takeOffer, buyerOffer, declineOffer, askSupport, writeSeller, withdrawByLaw, whatIf, aPerson}, bot.Seller: {changeOffer, acceptAfterAll, writeToBuyer, whatIf}, bot.Support: {toBuyer, toSeller, whatIf}},
			After: bot.Waits{{Full: "negotiation", Event: "negotiation_over", Kept: true}},
			Rules: []string{"S44", "S54", "S55"},
			Then: with(talkingItOver, bot.Moves{
				"offer_taken":     bot.If(offerKeepsOrder, "refunding").Else("cancelling").Learning(taken).Rules("S44"),
				"offer_declined":  bot.Go("negotiating").Learning(because("last", "buyer_declined")),
				"seller_accepted": bot.Go("cancelling").Learning(agreed),
			}),
		},
		"weighing_counter": {
			Tell: bot.To{
				bot.Buyer:  "{offer_is_with}",
				bot.Seller: "{buyer} offers: {offer}.{offer_note} You can take it, make another offer, or say no and go on talking.",
			},
			Card:  bot.To{bot.Support: "{buyer} has offered: {offer}.{offer_note}"},
			Offer: bot.Offers{bot.Seller: {takeOffer, offer, declineOffer, writeToBuyer, whatIf}, bot.Buyer: {changeCounter, askSupport, keepIt, writeSeller, withdrawByLaw, whatIf, aPerson}, bot.Support: {takeForThem, declineForThem, toBuyer, toSeller, whatIf}},
			After: bot.Waits{{Full: "negotiation", Event: "negotiation_over", Kept: true}},
			Rules: []string{"S44", "S53", "S54", "S55"},
			Then: with(talkingItOver, bot.Moves{
				"offer_taken":    bot.If(offerKeepsOrder, "refunding").Else("cancelling").Learning(taken),
				"offer_declined": bot.Go("negotiating").Learning(because("last", "seller_declined")),
				"order_kept":     bot.Go("withdrawn"),
			}),
		},
		"with_support": supportDecides,
		"awaiting_evidence": {
			Tell:  bot.To{bot.Buyer: "{evidence_buyer}", bot.Seller: "{evidence_seller}", bot.Support: "Asked the {evidence_of}: {evidence_quoted} They have until {evidence}.{holder}"},
			Offer: bot.Offers{bot.Buyer: {giveEvidence(askedBuyer), nothingMore(askedBuyer), nameFile(bot.Buyer), withdraw, withdrawByLaw, whatIf, aPerson}, bot.Seller: {giveEvidence(askedSeller), nothingMore(askedSeller), nameFile(bot.Seller), acceptAfterAll, whatIf}, bot.Support: {dontWait, takeIt, release, handOver, showFiles, wholeTalk, toBuyer, toSeller, cannedReply, whatIf}},
			After: bot.Waits{{Full: "evidence", Event: "evidence_late"}},
			Rules: []string{"S50", "S52", "S60"},
			Then: bot.Moves{
				"evidence_given":  bot.Go("with_support").Learning(because("why", "evidence_given")).Quoting(bot.To{bot.Support: "{evidence_answer}", bot.Here: "{files_left_out}"}, nil).Rules("S52"),
				"evidence_late":   bot.Go("with_support").Learning(evidenceOver).Rules("S60"),
				"went_on":         bot.Go("with_support").Learning(because("why", "went_on")),
				"seller_accepted": bot.Go("cancelling").Learning(agreed).Rules("S54"),
				"order_shipped":   shippedMeanwhile,
				"order_delivered": bot.Stay().Saying(bot.To{bot.Support: "The shop says that the order of case {case} has been delivered meanwhile.", bot.Buyer: "The shop says that the parcel has been delivered. If that is not so, ask for a person: our support team should know."}),
				"order_cancelled": bot.If(owed, "refunding").Else("cancelled").Learning(shopCancelled),
				"withdrawn":       bot.Go("withdrawn"),
			},
		},
		"cancelling": {
			Card:  bot.To{bot.Buyer: "{agreed} The shop is cancelling {lines} now.", bot.Seller: "{agreed} The shop is cancelling {lines} now. {what_ships}", bot.Support: "{agreed} The shop is cancelling {lines} now."},
			Do:    "cancel_order",
			Firm:  true,
			Offer: bot.Offers{bot.Buyer: {whatIf, aPerson}},
			After: bot.Waits{{Full: "shop_answer", Event: "cancel_late"}},
			Rules: []string{"S42", "S75"},
			Then: bot.Moves{
				"withdrawn_by_law":  notedByLaw,
				"order_cancelled":   bot.If(owed, "refunding").Else("cancelled").Learning(cancelled).Rules("S75"),
				"order_had_shipped": bot.If(decided, "refunding").ElseIf(byLaw, "with_support").Else("checking_tracking").Learning(hadShipped).Rules("S06", "S07"),
				"cancel_failed":     bot.Go("with_support").Learning(stuck("cancel_failed", "cancel")),
				"cancel_late":       bot.Go("with_support").Learning(stuck("cancel_late", "cancel")),
				"shop_unanswered":   bot.Go("with_support").Learning(stuck("cancel_unanswered", "cancel")),
			},
		},
		"refunding": {
			Tell: bot.To{
				bot.Buyer:  "{agreed} {sent_before}I have asked the shop to send {amount} back to {method}: always the way you paid. When the shop has sent it, I will tell you; it then usually shows within {refund_interval}. {coupon}",
				bot.Seller: "{agreed} {amount} goes back to {buyer}; the shop sends it, and you need do nothing for that. {what_ships}",
			},
			Card:  bot.To{bot.Support: "{agreed} The shop is asked to send {amount} back.{decided_by}"},
			Do:    "pay_refund",
			Firm:  true,
			Offer: bot.Offers{bot.Buyer: {whatIf, aPerson}, bot.Support: {toBuyer, toSeller, whatIf}},
			After: bot.Waits{{Full: "refund_overdue", Event: "refund_late"}},
			Rules: []string{"S42", "S48", "S68", "S69", "S70", "S71", "S73", "S75", "S79", "Q2", "Q5"},
			Then: bot.Moves{
				"withdrawn_by_law": notedByLaw,
				"refund_settled":   bot.If(restDue, "refunding").Else("refunded").Learning(sent).Asking(watchArrival).Rules("S75"),
				"refund_failed":    bot.Go("with_support").Learning(stuck("refund_failed", "refund")).Rules("S77"),
				"order_shipped":    bot.Stay().Saying(bot.To{bot.Support: "{shipped_all_the_same}"}),
				"order_cancelled":  bot.Stay().Saying(bot.To{bot.Buyer: "{cancelled_since}", bot.Seller: "{cancelled_since}"}),
				"refund_late":      bot.Go("with_support").Learning(stuck("refund_late", "late")).Rules("S77"),
				"shop_unanswered":  bot.Go("with_support").Learning(stuck("refund_unanswered", "late")).Rules("S77"),
			},
		},
		"refunded": {
			Tell: bot.To{
				bot.Buyer:  "{sent_how} It usually shows within {refund_interval}. You need do nothing; I will ask you then whether it is there. Until it is, you cannot spend it.",
				bot.Seller: "{amount} has been sent back to {buyer}. This case is closed.",
			},
			Card:  bot.To{bot.Support: "Closed: {amount} was sent back.{decided_by}"},
			Rules: []string{"S68", "S69", "S70", "S71", "S73", "S74", "S76", "S78", "Q2"},
		},
		"cancelled": {
			Tell:  bot.To{bot.Buyer: "The order is cancelled. {nothing_owed} Your receipt is {case}.", bot.Seller: "The order is cancelled. {nothing_owed} Please do not ship it."},
			Card:  bot.To{bot.Support: "Closed: the order is cancelled. {nothing_owed}{decided_by}"},
			Rules: []string{"S04", "S11"},
		},
		"withdrawn": {
			Tell: bot.To{bot.Buyer: "{withdrawn_for_buyer}", bot.Seller: "{withdrawn_for_seller}"},
			Card: bot.To{bot.Support: "{withdrawn_for_support}"},
		},
		"refused": {
			Tell:  bot.To{bot.Buyer: "Our support team has decided not to cancel this order: {grounds_quoted} This decision is final, and the order goes on.", bot.Seller: "Support has decided that the order goes on: {grounds_quoted} This decision is final. Please go on as usual."},
			Card:  bot.To{bot.Support: "Closed: refused. {grounds_quoted}{decided_by}"},
			Rules: []string{"S56", "S59"},
		},
		"overtaken": {
			Tell:  bot.To{bot.Buyer: "The order changed just before I could ask {seller}, so nothing was sent. {stage_now}"},
			Card:  bot.To{bot.Seller: "The request was not sent: the order had changed.", bot.Support: "Closed: the order changed before the request was sent."},
			Rules: []string{"S06", "S07", "S09"},
		},
	},
}

// shopChanged tells that the shop has put an order on hold, or let it go again.
var shopChanged = bot.Stay().Saying(bot.To{
	bot.Buyer:   "The shop has changed the order: it stands at “{stage}” now. Your request stands.",
	bot.Seller:  "{changed_for_seller}",
	bot.Support: "The shop has changed the order of case {case}: it stands at “{stage}” now.",
})

// moreTime has a seller's time to answer run on for as long as nobody could have heard the answer.
var moreTime = bot.Stay().Prolonging("seller_answer").Saying(bot.To{
	bot.Buyer:   "I could not be reached for a while. So that this does not count against {seller}, they now have until {seller_answer} to answer.",
	bot.Seller:  "I could not be reached for a while. You have that much more time: please answer by {seller_answer}.",
	bot.Support: "I could not be reached for a while, so the seller in case {case} now has until {seller_answer} to answer.",
})

// bySilence leads where the policy says when a seller has not answered (S41, S42, Q1).
var bySilence = bot.ByPolicy("seller_silence", "approve", "cancelling").Else("with_support").Learning(func(v *bot.View, _ *bot.Event) bot.Facts {
	return bot.Facts{"agreed": "silent", "why": "seller_silent"}
}).Rules("S42", "Q1")

// talkingItOver is what counts alike wherever buyer and seller can still agree.
var talkingItOver = bot.Moves{
	"seller_offered":   bot.Go("weighing_offer").Learning(offered).Rules("S54"),
	"buyer_offered":    bot.Go("weighing_counter").Learning(offered).Saying(bot.To{bot.Support: "{offer_passed_on}"}).Rules("S53"),
	"support_asked":    bot.Go("with_support").Learning(because("why", "asked")).Rules("S51"),
	"negotiation_over": bot.Go("with_support").Learning(because("why", "negotiation_over")).Rules("S55"),
	"order_shipped":    bot.Go("checking_tracking").Learning(because("shop_says", "shipped")),
	"order_cancelled":  bot.If(owed, "refunding").Else("cancelled").Learning(shopCancelled),
}
