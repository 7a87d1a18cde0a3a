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
			bot.Buyer:   "I am looking at the order once more before I ask {seller}.",
			bot.Seller:  "A request is being prepared.",
			bot.Support: "A request is being prepared.",
		},
		Do:    "check_order",
		After: bot.Waits{{Full: "shop_answer", Event: "check_late"}},
		Rules: []string{"S17", "S18"},
		Then: bot.Moves{
			"order_open": bot.If(byLaw, "cancelling").ElseIf(sellerUnreachable, "seeking_seller").Else("awaiting_seller").
				Learning(amountIfPaidSince).Asking(unlessByLaw(countFor(buyerOf, "asked"))).Asking(unlessByLaw(startOverview)).
				Asking(sealReceipt, showFilesAlong).Saying(lawReceipt).Rules("S05", "S40"),
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
			bot.Buyer: "Your request {case} is in: {lines}, {amount}. {seller} has no chat with me, so I can't ask them. Our support " +
				"team and the shop have been told, and try to reach them.",
			bot.Support: "{seller} cannot be reached by chat, and {buyer} asks to cancel: {lines}, {amount}. " +
				"Reason: {reason}.{note_quoted}\nPlease reach {seller} another way, or decide without waiting. Their silence doesn't count " +
				"against them.",
		},
		Card:  bot.To{bot.Seller: "{buyer} would like to cancel {lines}. Reason: {reason}. Please answer by {seller_answer}."},
		Do:    "tell_shop",
		Desk:  true,
		Offer: bot.Offers{bot.Buyer: {withdraw, withdrawByLaw, askForecast, aPerson}, bot.Support: {byPhone, dontWait, toBuyer}},
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
			bot.Buyer: "I have asked {seller}. Your request is {case}: {lines}, {amount}. They have until {seller_answer} to answer.",
			bot.Seller: "{buyer} would like to cancel {lines}. Reason: {reason}. {fault}{note_quoted}\n" +
				"If you agree, {amount} goes back to {buyer}. Please answer by {seller_answer}.{quiet_note}",
		},
		Card: bot.To{bot.Support: "{seller} is asked to cancel: {lines}, {amount}."},
		Offer: bot.Offers{
			bot.Seller:  {accept, offer, alreadyShipped, reject, writeToBuyer, askForecast},
			bot.Buyer:   {writeSeller, nameFile(bot.Buyer), nudge, withdraw, withdrawByLaw, askForecast, aPerson},
			bot.Support: {byPhone, toBuyer, toSeller, askForecast},
		},
		After: bot.Waits{
			{Half: "seller_answer", Event: "seller_reminded", Kept: true},
			{Full: "seller_answer", Event: "seller_silent", Kept: true, Judges: true},
		},
		Rules: []string{"S05", "S19", "S23", "S40", "S41", "S44", "Q1", "Q8", "Q9"},
		Then: bot.Moves{
			"seller_reminded": bot.Stay().Saying(bot.To{bot.Seller: "A reminder: {buyer} still waits for your answer, " +
				"until {seller_answer}. After that {on_silence}."}).Rules("S41"),
			"nudged": bot.Stay().Saying(bot.To{
				bot.Seller: "{buyer} asks whether you have seen the request to cancel. Please answer by {seller_answer}.",
				bot.Here:   "I have reminded {seller}.",
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
