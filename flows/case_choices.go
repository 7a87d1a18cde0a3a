package flows

import "nevermind/bot"

// The buttons of seller and buyer in a case.
var (
	accept          = bot.Choice{Event: "seller_accepted", Label: "Cancel and refund {amount}", Style: bot.Primary}
	acceptAfterAll  = bot.Choice{Event: "seller_accepted", Label: "Cancel and refund {asked}"}
	acceptUnshipped = bot.Choice{Event: "seller_accepted", Label: "It has not left: cancel it", When: notShipped}
	acceptNow       = bot.Choice{Event: "seller_accepted", Label: "Cancel and refund {asked}", When: undecided}
	acceptFor       = bot.Choice{Event: "seller_accepted", Label: "The seller agrees: cancel", Form: sure("You say for {seller} that they agree. The order is cancelled and {amount} goes back. Go on?", "Yes, they agree")}
	reject          = bot.Choice{Event: "seller_rejected", Label: "Say no", Form: rejection("{buyer}")}
	rejectFor       = bot.Choice{Event: "seller_rejected", Label: "The seller says no", Form: rejection("The buyer")}
	changeOffer     = bot.Choice{Event: "seller_offered", Label: "Change my offer", Form: offerForm}
	changeCounter   = bot.Choice{Event: "buyer_offered", Label: "Change my offer", Form: offerForm}
	acceptForThem   = bot.Choice{Event: "seller_accepted", Label: "The seller agrees: cancel", When: sellerUnreachable, Form: sure("You say for {seller} that they agree. The order is cancelled and {asked} goes back. Go on?", "Yes, they agree")}
	takeForThem     = bot.Choice{Event: "offer_taken", Label: "The seller takes the offer", When: sellerUnreachable, Form: sure("You say for {seller} that they take this: {offer}. Go on?", "Yes, they take it")}
	declineForThem  = bot.Choice{Event: "offer_declined", Label: "The seller declines it", When: sellerUnreachable}
	offer           = bot.Choice{Event: "seller_offered", Label: "Make an offer", Form: offerForm}
	buyerOffer      = bot.Choice{Event: "buyer_offered", Label: "Make an offer", Form: offerForm}
	takeOffer       = bot.Choice{Event: "offer_taken", Label: "Take the offer", Style: bot.Primary, Form: sure("You take this: {offer}. That settles it for both sides. Go on?", "Yes, take it")}
	declineOffer    = bot.Choice{Event: "offer_declined", Label: "No, thank you"}
	alreadyShipped  = bot.Choice{Event: "seller_shipped", Label: "It has shipped already", Form: func(*bot.View) []bot.Field {
		return []bot.Field{
			{Name: "tracking_code", Kind: bot.Code, Ask: "Which tracking code did the carrier give you? The buyer and support can check it."},
			{Name: "dispatch", Kind: bot.Text, Ask: "When and where was it handed over? The buyer may ask for the dispatch notice.", Limit: 300},
			{Name: "carrier", Kind: bot.Text, Optional: true, Limit: 60, Ask: "Which carrier has it? Or leave it out."},
		}
	}}
	writeToBuyer      = bot.Choice{Event: "seller_wrote", Label: "Write to the buyer", Form: letter("What shall I tell {buyer}? One message; they will read it as it is.")}
	writeSeller       = bot.Choice{Event: "buyer_wrote", Label: "Write to the seller", Form: letter("What shall I tell {seller}? One message; they will read it as it is. Clear and polite works best.")}
	nudge             = bot.Choice{Event: "nudged", Label: "Remind the seller", Once: true}
	withdraw          = bot.Choice{Event: "withdrawn", Label: "Withdraw my request", Form: sure("Withdraw your request? The order then goes on as before.", "Yes, withdraw it")}
	withdrawUndecided = bot.Choice{Event: "withdrawn", Label: "Withdraw my request", When: undecided, Form: sure("Withdraw your request? The order then goes on as before.", "Yes, withdraw it")}
	keepIt            = bot.Choice{Event: "order_kept", Label: "Keep the order", Form: sure("Keep the order? Your request is then withdrawn.", "Yes, keep it")}
	askNotice         = bot.Choice{Event: "notice_asked", Label: "Ask for the dispatch notice", Once: true, When: sellerReachable}
	doubt             = bot.Choice{Event: "doubted", Label: "I doubt it: ask support"}
	addFiles          = bot.Choice{Event: "file_added", Label: "Add photos or files", Form: bringFiles("Send photos, videos, documents or a voice message, one or several. The other side and support see them, with the time each one came.")}
	askSupport        = bot.Choice{Event: "support_asked", Label: "Let support decide"}
)

// answers are the buttons below a quoted letter.
var answers = map[bot.Party][]bot.Choice{
	bot.Buyer:   {{Event: "buyer_wrote", Label: "Answer", Form: letter("What is your answer? One message; it is passed on as it is.")}},
	bot.Seller:  {{Event: "seller_wrote", Label: "Answer", Form: letter("What is your answer? One message; it is passed on as it is.")}},
	bot.Support: {toBuyer, toSeller},
}

// giveEvidence lets the party that was asked answer support.
func giveEvidence(c *bot.Cond) bot.Choice {
	return bot.Choice{Event: "evidence_given", Label: "Answer support", When: c, Style: bot.Primary,
		Form: bringFiles("What can you show? Send photos, videos, documents or a voice message, one or several, or describe it in words. The time each one comes is kept.")}
}

// nothingMore lets the party that was asked say so, rather than let the time run out.
func nothingMore(c *bot.Cond) bot.Choice {
	return bot.Choice{Event: "evidence_given", Label: "I have nothing more", When: c}
}

// bringFiles is a form that takes files, each passed on as it comes, and words to end with.
func bringFiles(ask string) bot.Form {
	return func(*bot.View) []bot.Field {
		return []bot.Field{{Name: "text", Kind: bot.Files, Ask: ask, Limit: 2000}}
	}
}

// letter is a form of one text.
func letter(ask string) bot.Form {
	return func(*bot.View) []bot.Field { return []bot.Field{{Name: "text", Kind: bot.Text, Ask: ask, Limit: 2000}} }
}

// sure is a form that only asks whether it is meant.
func sure(ask, yes string) bot.Form {
	return func(*bot.View) []bot.Field {
		return []bot.Field{{Name: "sure", Kind: bot.Sure, Ask: ask, Options: yesNo(yes)}}
	}
}

func yesNo(yes string) []bot.Option {
	return []bot.Option{{Value: "yes", Label: yes}, {Value: "no", Label: "No, go back"}}
}

// mostOffered is a little less than what was asked for: all of it would be agreeing.
func mostOffered(v *bot.View) bot.Money {
	most := amountOf(v, "asked")
	if left := v.Order.Refundable(); left.Less(most) {
		most = left
	}
	return most.Minus(bot.Money{Minor: 1, Currency: most.Currency})
}

// rejection asks why a seller says no (S43).
func rejection(reader string) bot.Form {
	return func(*bot.View) []bot.Field {
		return []bot.Field{{Name: "rejection", Kind: bot.Text, Ask: "Why not? A sentence or two: " + reader + " reads it as you write it.", Limit: 600}}
	}
}

// offerForm asks for a structured offer (S44, S54).
func offerForm(v *bot.View) []bot.Field {
	return []bot.Field{
		{Name: "offer_kind", Kind: bot.OneOf, Ask: "What do you offer?", Options: []bot.Option{
			{Value: "discount", Label: "Keep the order, part comes back"},
			{Value: "partial", Label: "Cancel it, part comes back"},
			{Value: "costs", Label: "Cancel it, costs are kept back"},
		}},
		{Name: "offer_amount", Kind: bot.Amount, Max: mostOffered(v), Ask: "How much comes back? Or, if costs are kept back: how much is kept? In {currency}, less than {asked}.",
			Why: "Please write an amount in {currency} that is less than {asked}."},
		{Name: "offer_note", Kind: bot.Text, Optional: true, Limit: 300, Ask: "Why that much? A word helps the other side to say yes; they read it as it is. Or leave it out."}, // S53
		{Name: "sure", Kind: bot.Sure, Ask: "{other_side} can take this as it stands. Send it?", Options: yesNo("Yes, send it")},
	}
}
