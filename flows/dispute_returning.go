package flows

import "nevermind/bot"

// disputeReturning are the states in which the goods go back, before the money does.
var disputeReturning = bot.States{
	// The buyer has to give the goods back: sent with a tracking code, refused at the door, or left uncollected (S63, S64,
	// S66). They are reminded at half of the time. What they have said already counts without a button: a parcel that they
	// refuse or leave is waited for then. Goods that were to be sent and were not close the case without a refund; support
	// looks into it where nobody has said where to send them, and for a withdrawal by law, whose right is not lost.
	"returning": {
		Tell: bot.To{
			bot.Buyer:  "{settled_how} {return_how}\n{money_when} {say_so}",
			bot.Seller: "{settled_how} {return_awaited} {money_when} {address_wanted}",
		},
		Card: bot.To{bot.Support: "{settled_how} {return_awaited_desk}"},
		Offer: bot.Offers{
			bot.Buyer:   {sentBack, leftIt, haveIt, writeSeller, withdrawByLaw, aPerson, askForecast},
			bot.Seller:  {parcelBack, parcelWrong, sayAddress, writeToBuyer, askForecast},
			bot.Support: {confirmCall, dropCall, byPhone, toBuyer, toSeller, askForecast},
		},
		After: bot.Waits{
			{Half: "return_by", Event: "return_reminded"},
			{Full: "return_by", Event: "return_missed", Judges: true},
		},
		Rules: []string{"S06", "S14", "S56", "S63", "S64", "Q12"},
		Then: bot.Moves{
			"return_reminded": bot.Stay().Saying(bot.To{bot.Buyer: "{return_reminder}", bot.Seller: "{address_wanted}"}),
			"return_sent":     bot.If(sentIsEnough, "checking_proof").Else("awaiting_parcel").Learning(setFact("way", "")).Rules("S63"),
			"return_left":     bot.Go("awaiting_parcel").Learning(setFact("left", "yes")).Rules("S64", "S66"),
			"parcel_came":     bot.Go("returning").Learning(parcelCame).Rules("S06", "S63"),
			"parcel_back":     bot.Go("refunding").Rules("S66"),
			"parcel_wrong":    bot.Go("with_support").Learning(setFact("why", "parcel_wrong")),
			"buyer_untold":    untold(bot.Buyer),
			"return_missed": bot.If(byLaw, "with_support").ElseIf(comesBackItself, "awaiting_parcel").
				ElseIf(addressMissing, "with_support").Else("not_returned").Learning(returnMissed).Rules("S26", "S64", "S66"),
		},
	},
	// The parcel is on its way back. The seller says that it is back and in order, which pays, or what is wrong with it,
	// which brings in support. A seller who says nothing does not win by that: support looks where the parcel is.
	"awaiting_parcel": {
		Tell: bot.To{
			bot.Buyer: "{parcel_said} Once {seller} has it, you get {amount} back to {method}.{evidence_mine}",
			bot.Seller: "{parcel_said} When you have it, please press “The parcel is back” by {parcel_back}. Then {amount} goes back to " +
				"{buyer}. If something is wrong with it, press “It's back, but not right”, and our support team looks at it.",
		},
		Card: bot.To{bot.Support: "{parcel_said}"},
		Do:   "check_tracking",
		Offer: bot.Offers{
			bot.Buyer:   {addFiles, haveIt, writeSeller, withdrawByLaw, askForecast, aPerson},
			bot.Seller:  {parcelBack, parcelWrong, addFiles, writeToBuyer, askForecast},
			bot.Support: {confirmCall, dropCall, byPhone, toBuyer, toSeller, askForecast},
		},
		After: bot.Waits{{Full: "parcel_back", Event: "parcel_missing"}},
		Rules: []string{"S06", "S14", "S63", "S64", "S66", "Q4", "Q12"},
		Then: bot.Moves{
			"tracking_checked": codeDoubted,
			"parcel_back":      bot.Go("refunding").Rules("S66"),
			"parcel_wrong":     bot.Go("with_support").Learning(setFact("why", "parcel_wrong")),
			"parcel_came":      bot.Go("returning").Learning(parcelCame).Rules("S06", "S63"),
			"parcel_missing":   bot.Go("with_support").Learning(setFact("why", "parcel_missing")),
		},
	},
	// By law the proof of sending is enough, where the policy follows it. The tracking code is checked first; one that
	// looks odd goes to support.
	"checking_proof": {
		Card: bot.To{
			bot.Buyer: "Thank you. I'm checking the tracking code, and then you get {amount} back.",
			bot.Seller: "{buyer} has sent the goods back. The tracking code is {return_code}. I'm checking it, and then {amount} " +
				"goes back, " +
				"as the law says.",
			bot.Support: "Withdrawn by law, and sent back with tracking code {return_code}. I'm checking the code.",
		},
		Do:    "check_tracking",
		After: bot.Waits{{Full: "shop_answer", Event: "proof_late"}},
		Rules: []string{"S47", "S63"},
		Then: bot.Moves{
			"tracking_checked": bot.If(codeIsOdd, "with_support").Else("refunding").Learning(setFact("why", "proof_odd")).Rules("S47"),
			"proof_late":       bot.Go("refunding"),
		},
	},
}
