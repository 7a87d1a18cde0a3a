package flows

import "nevermind/bot"

// caseAsking are the states in which the seller is asked. The order is looked at once more before anybody hears of the
// request; the seller then agrees, refuses, makes an offer, says that it has shipped, or lets their time run out.
var caseAsking = bot.States{
	// Nobody has been asked yet. The shop is asked how the order stands now, since it may have shipped a minute ago (S18).
	// An order that is not paid is cancelled at once (S04); one that has shipped, or whose payment is being confirmed, is
	// not asked about at all (S07, S09). If the shop does not answer, support takes over.
	"opening": {
		Card: bot.To{
			bot.Buyer:   "I'm checking the order once more before I ask {seller}.",
			bot.Seller:  "A request is being prepared.",
			bot.Support: "A request is being prepared.",
		},
		Do:    "check_order",
		After: bot.Waits{{Full: "shop_answer", Event: "check_late"}},
		Rules: []string{"S17", "S18"},
		Then: bot.Moves{
			"order_open": bot.If(byLaw, "cancelling").ElseIf(sellerUnreachable, "seeking_seller").Else("awaiting_seller").
				Learning(amountIfPaidSince).Asking(unlessByLaw(countFor(buyerOf, "asked"))).Asking(unlessByLaw(startOverview)).
				Asking(sealReceipt, showFilesAlong).Saying(lawReceiptOrWord).Rules("S05", "S40"),
			"order_unpaid": bot.Go("cancelling").Learning(setFact("agreed", "unpaid")).Rules("S04", "S11"),
			"order_locked": bot.Go("overtaken").Rules("S09", "Q3"),
			"order_had_shipped": bot.If(byLaw, "with_support").Else("overtaken").Learning(setFact("why", "law_shipped")).
				Asking(sealReceipt).Saying(lawReceipt).Rules("S06", "S07"),
			"order_was_cancelled": bot.Go("overtaken"),
			"check_late": bot.Go("with_support").Learning(setFact("why", "check_late")).Asking(sealReceipt, showFilesAlong).
				Saying(lawReceipt),
		},
	},
	// The seller has no chat with the assistant, so no clock decides against them. Support has the word at once: it reaches the
	// seller another way and answers for them, or decides without waiting; and decides in any case once the time is over in
	// which somebody could have reached them. The shop is told too. A seller who comes back is asked, and their time starts
	// then.
	"seeking_seller": {
		Tell: bot.To{
			bot.Buyer: "Your request to cancel {lines} is in: {amount} would come back to you. I can't reach {seller} by chat. " +
				"Our support team and the shop now try to reach them. Your request number is {case}.",
			bot.Support: "{buyer} asks to cancel {lines}, {amount}, and I can't reach {seller} by chat. Please reach {seller} another " +
				"way, or decide without waiting. Their silence doesn't count against them.\nReason: {reason}.{note_quoted}",
		},
		Card: bot.To{bot.Seller: "{buyer} would like to cancel {lines}. Reason: {reason}."},
		Do:   "tell_shop",
		Desk: true,
		Offer: bot.Offers{
			bot.Buyer:   {withdraw, withdrawByLaw, aPerson, askForecast},
			bot.Support: {confirmCall, dropCall, byPhone, dontWait, toBuyer},
		},
		After: bot.Waits{{Full: "seller_answer", Event: "seller_silent", Kept: true}},
		Rules: []string{"S31", "S41"},
		Then: bot.Moves{
			"shop_told":       bot.Stay(),
			"seller_reached":  bot.Go("awaiting_seller").Restarting("seller_answer").Rules("S41"),
			"went_on":         bot.Go("with_support").Learning(setFact("why", "seller_unreached")).Rules("S31"),
			"seller_accepted": bot.Go("cancelling").Learning(sellerAgreed),
			"seller_rejected": bot.Go("negotiating").Learning(sellerRejected),
			"seller_silent":   bot.Go("with_support").Learning(setFact("why", "seller_unreached")).Rules("S31"),
			"order_shipped":   bot.Go("checking_tracking").Learning(setFact("shop_says", "shipped")),
			"order_cancelled": bot.If(owed, "refunding").Else("cancelled").Learning(shopCancelledAll).Rules("S48"),
			"withdrawn":       bot.Go("withdrawn"),
		},
	},
	// The seller has the word, for as long as the policy says (S41: 24 hours). They are reminded at half of it. Meanwhile
	// the buyer can write, remind them once, show files, or withdraw. The clock is kept when the state is entered again.
	"awaiting_seller": {
		Tell: bot.To{
			bot.Buyer: "I've asked {seller} to cancel {lines}. If they agree, you get {amount} back. Your request number is {case}.",
			bot.Seller: "{buyer} would like to cancel {lines}. If you agree, {amount} goes back to {buyer}.\n" +
				"Reason: {reason}. {fault}{note_quoted}\n{quiet_note}",
		},
		Card: bot.To{bot.Support: "{seller} is asked to cancel: {lines}, {amount}."},
		Offer: bot.Offers{
			bot.Seller:  {accept, reject, offer, alreadyShipped, writeToBuyer, askProofInCase, askForecast},
			bot.Buyer:   {writeSeller, nudge, withdraw, withdrawByLaw, aPerson, nameFile(bot.Buyer), askForecast},
			bot.Support: {confirmCall, dropCall, byPhone, toBuyer, toSeller, askForecast},
		},
		After: bot.Waits{
			{Half: "seller_answer", Event: "seller_reminded", Kept: true},
			{Full: "seller_answer", Event: "seller_silent", Kept: true, Judges: true},
		},
		Rules: []string{"S05", "S19", "S23", "S40", "S41", "S44", "Q1", "Q8", "Q9"},
		Then: bot.Moves{
			"seller_reminded": bot.Stay().Saying(bot.To{bot.Seller: "A reminder: {buyer} is still waiting for your answer. " +
				"{next_says}"}).Rules("S41"),
			"nudged": bot.Stay().Saying(bot.To{
				bot.Seller: "{buyer} asks whether you have seen the request to cancel. {next_says}",
				bot.Here:   "I've reminded {seller}.",
			}).Rules("S31"),
			"seller_accepted": bot.Go("cancelling").Learning(sellerAgreed).Asking(countSellersAnswer("accepted"), countAnswerTime).
				Rules("S40", "S42"),
			"seller_rejected": bot.Go("negotiating").Learning(sellerRejected).Asking(countSellersAnswer("rejected"), countAnswerTime).
				Rules("S40", "S43"),
			"seller_offered": bot.Go("weighing_offer").Learning(offerMade).Asking(countSellersAnswer("offered"), countAnswerTime).
				Rules("S44"),
			"seller_shipped":  bot.Go("checking_tracking").Learning(sellerClaimsShipped).Rules("S46"),
			"seller_silent":   bySilence.Asking(countFor(sellerOf, "silent")),
			"seller_left":     bot.Go("seeking_seller").Rules("S31"),
			"seller_untold":   untold(bot.Seller),
			"order_shipped":   bot.Go("checking_tracking").Learning(setFact("shop_says", "shipped")).Rules("S06", "S13"),
			"order_cancelled": bot.If(owed, "refunding").Else("cancelled").Learning(shopCancelledAll).Rules("S48"),
			"withdrawn":       bot.Go("withdrawn").Asking(countFor(buyerOf, "withdrawn")),
		},
	},
}

// bySilence is where a seller's silence leads, as the policy's choice "seller_silence" says: to the cancellation, or to
// support (S42, Q1).
var bySilence = bot.ByPolicy("seller_silence", "approve", "cancelling").Else("with_support").
	Learning(silenceCounts("silent", "seller_silent")).Rules("S42", "Q1")

// silenceCounts records what silence of the seller means: where the policy approves, how it was agreed; else why support
// has the case, with nothing agreed.
func silenceCounts(agreed, why string) factsOf {
	return func(v *bot.View, _ *bot.Event) bot.Facts {
		if v.Policy.Choices["seller_silence"] != "approve" {
			return bot.Facts{"why": why}
		}
		return bot.Facts{"agreed": agreed, "why": why}
	}
}
