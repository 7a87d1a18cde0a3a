package flows

import "nevermind/bot"

// caseNegotiating are the states in which buyer and seller look for an agreement. It ends when one takes an offer, when the
// buyer keeps the order, or with support: once either asks for it, or the policy's time to negotiate is over (S55).
var caseNegotiating = bot.States{
	// Nothing is on offer: the seller has refused, or an offer was declined. Both see how it got here. Either can make an
	// offer, the seller can still agree, and the buyer can keep the order.
	"negotiating": {
		Tell: bot.To{
			bot.Buyer: "{so_far} You can make an offer, write to {seller}, keep the order, or let our support team " +
				"decide.{evidence_mine}",
			bot.Seller: "{so_far} You can make an offer, write to {buyer}, or agree to cancel after all.",
		},
		Card: bot.To{bot.Support: "The two are talking it over. {so_far}"},
		Offer: bot.Offers{
			bot.Buyer:   {buyerOffer, askSupport, keepIt, withdrawByLaw, writeSeller, addFiles, aPerson, askForecast},
			bot.Seller:  {offer, acceptAfterAll, writeToBuyer, addFiles, askProofInCase, askForecast},
			bot.Support: {confirmCall, dropCall, byPhone, toBuyer, toSeller, askForecast},
		},
		After: bot.Waits{{Full: "negotiation", Event: "negotiation_over", Kept: true}},
		Rules: []string{"S40", "S43", "S44", "S53", "S54", "S55"},
		Then: with(talkingItOver, bot.Moves{
			"seller_accepted": bot.Go("cancelling").Learning(sellerAgreed),
			"order_kept":      bot.Go("withdrawn"),
		}),
	},
	// The seller has offered something (S44): a discount with the order kept, a partial refund, or costs kept back. The
	// buyer takes it, declines it or makes an offer in turn. A new offer of the seller takes the place of this one.
	"weighing_offer": {
		Tell: bot.To{
			bot.Buyer: "{seller} makes you an offer. {offer} {offer_note}\n" +
				"You can take it, make an offer of your own, or say no and keep talking.",
			bot.Seller: "Your offer is with {buyer}. {offer}",
		},
		Card: bot.To{bot.Support: "{seller} has made an offer. {offer} {offer_note}"},
		Offer: bot.Offers{
			bot.Buyer:   {takeOffer, buyerOffer, declineOffer, withdrawByLaw, askSupport, writeSeller, aPerson, askForecast},
			bot.Seller:  {changeOffer, acceptAfterAll, writeToBuyer, askForecast},
			bot.Support: {confirmCall, dropCall, byPhone, toBuyer, toSeller, askForecast},
		},
		After: bot.Waits{{Full: "negotiation", Event: "negotiation_over", Kept: true}},
		Rules: []string{"S44", "S54", "S55"},
		Then: with(talkingItOver, bot.Moves{
			"offer_taken":     bot.If(offerKeepsOrder, "refunding").Else("cancelling").Learning(offerTaken).Rules("S44"),
			"offer_declined":  bot.Go("negotiating").Learning(setFact("last", "buyer_declined")),
			"seller_accepted": bot.Go("cancelling").Learning(sellerAgreed),
		}),
	},
	// The buyer has offered something, and the seller takes it or not. If the seller has no chat, support passes the offer
	// on and presses what they answer.
	"weighing_counter": {
		Tell: bot.To{
			bot.Buyer: "{offer_is_with}",
			bot.Seller: "{buyer} makes you an offer. {offer} {offer_note}\n" +
				"You can take it, make an offer of your own, or say no and keep talking.",
		},
		Card: bot.To{bot.Support: "{buyer} has made an offer. {offer} {offer_note}"},
		Offer: bot.Offers{
			bot.Seller:  {takeOffer, offer, declineOffer, writeToBuyer, askForecast},
			bot.Buyer:   {changeCounter, askSupport, keepIt, withdrawByLaw, writeSeller, aPerson, askForecast},
			bot.Support: {confirmCall, dropCall, byPhone, toBuyer, toSeller, askForecast},
		},
		After: bot.Waits{{Full: "negotiation", Event: "negotiation_over", Kept: true}},
		Rules: []string{"S44", "S53", "S54", "S55"},
		Then: with(talkingItOver, bot.Moves{
			"offer_taken":    bot.If(offerKeepsOrder, "refunding").Else("cancelling").Learning(offerTaken),
			"offer_declined": bot.Go("negotiating").Learning(setFact("last", "seller_declined")),
			"order_kept":     bot.Go("withdrawn"),
		}),
	},
}

// talkingItOver are the moves of all three states in which buyer and seller can still agree. The time to negotiate is
// counted from the first of them and runs on through offers and counter-offers.
var talkingItOver = bot.Moves{
	"seller_offered":   bot.Go("weighing_offer").Learning(offerMade).Rules("S54"),
	"buyer_offered":    bot.Go("weighing_counter").Learning(offerMade).Saying(bot.To{bot.Support: "{offer_passed_on}"}).Rules("S53"),
	"support_asked":    bot.Go("with_support").Learning(setFact("why", "asked")).Rules("S51"),
	"negotiation_over": bot.Go("with_support").Learning(setFact("why", "negotiation_over")).Rules("S55"),
	"order_shipped":    bot.Go("checking_tracking").Learning(setFact("shop_says", "shipped")),
	"order_cancelled":  bot.If(owed, "refunding").Else("cancelled").Learning(shopCancelledAll),
}
