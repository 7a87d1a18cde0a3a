package flows

import "nevermind/bot"

// The buttons of seller and buyer in a case. A few events have several buttons, since the label says what it means at
// that point: to agree when asked, or after all.
var (
	accept          = bot.Choice{Event: "seller_accepted", Label: "Cancel and refund {amount}", Style: bot.Primary}
	acceptAfterAll  = bot.Choice{Event: "seller_accepted", Label: "Cancel and refund {asked}"}
	acceptUnshipped = bot.Choice{Event: "seller_accepted", Label: "It hasn't left, cancel it", When: notShipped}
	acceptNow       = bot.Choice{Event: "seller_accepted", Label: "Cancel and refund {asked}", When: undecided}
	reject          = bot.Choice{Event: "seller_rejected", Label: "Say no", Form: refusalForm}
	changeOffer     = bot.Choice{Event: "seller_offered", Label: "Change my offer", Form: offerForm}
	changeCounter   = bot.Choice{Event: "buyer_offered", Label: "Change my offer", Form: offerForm}
	offer           = bot.Choice{Event: "seller_offered", Label: "Make an offer", Form: offerForm}
	buyerOffer      = bot.Choice{Event: "buyer_offered", Label: "Make an offer", Form: offerForm}
	takeOffer       = bot.Choice{
		Event: "offer_taken", Label: "Take the offer", Style: bot.Primary, When: offerPays,
		Form: sure("{offer} That settles it for both of you. Take the offer?", "Yes, take it"),
	}
	declineOffer   = bot.Choice{Event: "offer_declined", Label: "No, thank you"}
	alreadyShipped = bot.Choice{Event: "seller_shipped", Label: "It has shipped already", Form: func(*bot.View) []bot.Field {
		return []bot.Field{
			{
				Name: "tracking_code", Kind: bot.Code,
				Ask: "Which tracking code did the carrier give you? The buyer and support can check it.",
			},
			{
				Name: "dispatch", Kind: bot.Text,
				Ask: "When and where was it handed over? The buyer may ask for the carrier's receipt.", Limit: 300,
			},
			{Name: "carrier", Kind: bot.Text, Optional: true, Limit: 60, Ask: "Which carrier has it? You can leave this out."},
		}
	}}
	writeToBuyer = bot.Choice{
		Event: "seller_wrote", Label: "Write to the buyer",
		Form: letter("What would you like to tell {buyer}? They'll read it exactly as you write it."),
	}
	writeSeller = bot.Choice{
		Event: "buyer_wrote", Label: "Write to the seller",
		Form: letter("What would you like to tell {seller}? They'll read it exactly as you write it. Clear and polite works best."),
	}
	nudge    = bot.Choice{Event: "nudged", Label: "Remind the seller", Once: true}
	withdraw = bot.Choice{
		Event: "withdrawn", Label: "Withdraw my request",
		Form: sure("Withdraw your request? The order then goes ahead as before.", "Yes, withdraw it"),
	}
	withdrawUndecided = bot.Choice{
		Event: "withdrawn", Label: "Withdraw my request", When: undecided,
		Form: sure("Withdraw your request? The order then goes ahead as before.", "Yes, withdraw it"),
	}
	keepIt = bot.Choice{
		Event: "order_kept", Label: "Keep the order",
		Form: sure("Keep the order? That ends your request to cancel.", "Yes, keep it"),
	}
	askNotice = bot.Choice{Event: "notice_asked", Label: "Ask for the receipt", Once: true, When: mayAskNotice}
	doubt     = bot.Choice{Event: "doubted", Label: "I doubt it, ask support"}
	addFiles  = bot.Choice{
		Event: "file_added", Label: "Add photos or files",
		Form: bringFiles("Send photos, videos, documents or voice messages. The other side and our support team will see them, " +
			"and when each one came."),
	}
	askSupport = bot.Choice{Event: "support_asked", Label: "Let support decide"}
)

// answers are the buttons below a letter that is quoted in a case: the one who reads it answers with a press.
var answers = map[bot.Party][]bot.Choice{
	bot.Buyer: {{
		Event: "buyer_wrote", Label: "Answer", Form: letter("What's your answer? I pass it on exactly as you write it."),
	}},
	bot.Seller: {{
		Event: "seller_wrote", Label: "Answer", Form: letter("What's your answer? I pass it on exactly as you write it."),
	}},
	bot.Support: {toBuyer, toSeller},
}
