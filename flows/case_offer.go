package flows

import "nevermind/bot"

// mostOffered is the most that an offer can name: one minor unit less than what was asked for, since all of it would be
// to agree; never more than can still go back.
func mostOffered(v *bot.View) bot.Money {
	most := amountOf(v, "asked")
	if left := v.Order.Refundable(); left.Less(most) {
		most = left
	}
	return most.Minus(bot.Money{Minor: 1, Currency: most.Currency})
}

// offerForm asks for an offer in parts, so that it can be weighed and carried out (S44, S54): what becomes of the order,
// how much comes back or is kept, and why.
func offerForm(v *bot.View) []bot.Field {
	most, ask := mostOffered(v), "How much goes back to {buyer}, in {currency}? It has to be less than {asked}."
	if v.Actor.Party() == bot.Buyer {
		ask = "How much should come back to you, in {currency}? It has to be less than {asked}."
	}
	kept := "How much do you keep for your costs, in {currency}? It has to be less than {asked}."
	if v.Actor.Party() == bot.Buyer {
		kept = "How much may {seller} keep for their costs, in {currency}? It has to be less than {asked}."
	}
	why := "Please write an amount in {currency} that is less than {asked}."
	return []bot.Field{
		{Name: "offer_kind", Kind: bot.OneOf, Ask: "What do you offer?", Options: []bot.Option{
			{Value: "discount", Label: "Keep the order, money off"},
			{Value: "partial", Label: "Cancel, part of the money back"},
			{Value: "costs", Label: "Cancel, minus the seller's costs"},
		}},
		{Name: "offer_amount", Kind: bot.Amount, Max: most, If: "offer_kind=discount|partial", Ask: ask, Why: why},
		{
			Name: "offer_kept", Kind: bot.Amount, Max: most, If: "offer_kind=costs", Ask: kept, Why: why,
		},
		{
			Name: "offer_note", Kind: bot.Text, Optional: true, Limit: 300,
			Ask: "Add a short reason? It helps them say yes.",
		}, // S53
		{Name: "sure", Kind: bot.Sure, Ask: "If {other_side} takes this, it's settled. Send it?", Options: yesNo("Yes, send it")},
	}
}

// offerMade: an offer is on the table, with who made it; it takes the place of the one before. Costs that are kept are an
// amount of the offer like any other.
func offerMade(_ *bot.View, e *bot.Event) bot.Facts {
	facts := bot.Facts{"offer_by": string(e.By)}
	if kept := e.Facts["offer_kept"]; kept != "" {
		facts["offer_amount"] = kept
	}
	return facts
}

// offerTaken works out what goes back by the offer that was taken. A discount leaves the order as it is.
func offerTaken(v *bot.View, _ *bot.Event) bot.Facts {
	amount, cancels := offerBack(v), "yes"
	if v.Fact("offer_kind") == "discount" {
		cancels = "no"
	}
	return bot.Facts{"agreed": "offer", "amount": amount.String(), "cancels": cancels}
}

// offerBack is what goes back by the offer at hand: while it can be taken never more than can still go back, since the shop may
// have paid some of it by itself meanwhile.
func offerBack(v *bot.View) bot.Money {
	back := amountOf(v, "offer_amount")
	if v.Fact("offer_kind") == "costs" {
		back = amountOf(v, "asked").Minus(back)
	}
	if left := v.Order.Refundable(); v.Fact("agreed") == "" && left.Less(back) {
		return left
	}
	return back
}

// offerWords is what would follow if the offer at hand were taken, and agreedOffer what follows once it is, each in a sentence of
// whoever reads it, by the kind of offer (S44, S54).
var (
	offerWords = offerSaid(map[string]bot.To{
		"discount": {
			bot.Buyer: "You would keep the order and get {back} back.", bot.Here: "{buyer} would keep the order and get {back} back.",
		},
		"partial": {
			bot.Buyer: "The order would be cancelled, and you would get {back} back.",
			bot.Here:  "The order would be cancelled, and {buyer} would get {back} back.",
		},
		"costs": told(
			"The order would be cancelled, {seller} would keep {kept} for their costs, and you would get {back} back.",
			"The order would be cancelled, you would keep {kept} for your costs, and {buyer} would get {back} back.",
			"The order would be cancelled, {seller} would keep {kept} for their costs, and {buyer} would get {back} back.",
		),
	})
	agreedOffer = offerSaid(map[string]bot.To{
		"discount": {
			bot.Buyer: "You keep the order and get {back} back.", bot.Here: "{buyer} keeps the order and gets {back} back.",
		},
		"partial": {
			bot.Buyer: "The order is cancelled and you get {back} back.", bot.Here: "The order is cancelled and {buyer} gets {back} back.",
		},
		"costs": told("The order is cancelled, {seller} keeps {kept} for their costs, and you get {back} back.",
			"The order is cancelled, you keep {kept} for your costs, and {buyer} gets {back} back.",
			"The order is cancelled, {seller} keeps {kept} for their costs, and {buyer} gets {back} back."),
	})
)

// offerSaid says the offer at hand in the words for its kind.
func offerSaid(words map[string]bot.To) bot.Term {
	return func(v *bot.View, r *bot.Person) string {
		said, ok := words[v.Fact("offer_kind")]
		if !ok {
			return ""
		}
		return sayTo(v.With(bot.Facts{"back": offerBack(v).String(), "kept": v.Fact("offer_amount")}), r, said)
	}
}

// offerNote is the word that came with the offer; empty where none did.
func offerNote(v *bot.View, r *bot.Person) string {
	if v.Fact("offer_note") == "" {
		return ""
	}
	v = v.With(bot.Facts{"note": quoted(v, r, v.Fact("offer_note"))})
	if v.Fact("offer_by") == string(bot.Seller) {
		return v.Say(r, "{seller} adds: {note}")
	}
	return v.Say(r, "{buyer} adds: {note}")
}
