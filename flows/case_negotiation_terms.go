package flows

import (
	"strings"

	"nevermind/bot"
)

// negotiationTerms are what {names} stand for in words while buyer and seller talk it over.
var negotiationTerms = map[string]bot.Term{
	"offer":      offerWords,
	"offer_note": offerNote,
	"so_far":     soFar,
	"talked":     negotiationSummary,
	"other_side": func(v *bot.View, r *bot.Person) string {
		if v.Actor.Party() == bot.Seller {
			return partyName(v, r, bot.Buyer)
		}
		return partyName(v, r, bot.Seller)
	},
}

// soFar is how the talks got to where they are.
func soFar(v *bot.View, r *bot.Person) string {
	mine := r.Party()
	switch v.Fact("last") {
	case "buyer_declined":
		if mine == bot.Buyer {
			return v.Say(r, "You have said no to the offer.")
		}
		return v.Say(r, "{buyer} has said no to the offer.")
	case "seller_declined":
		switch mine {
		case bot.Seller:
			return v.Say(r, "You have said no to the offer.")
		case bot.Support:
			return v.Say(r, "{seller} has said no to the offer of {buyer}.")
		}
		return v.Say(r, "{seller} has said no to your offer.")
	}
	if mine == bot.Seller {
		return v.Say(r, "You have said no: ") + quoted(v.Fact("rejection"))
	}
	return v.Say(r, "{seller} has said no: ") + quoted(v.Fact("rejection"))
}

// negotiationSummary is what support reads of how the two talked: the refusal, the last offer, and their last letters (S52).
func negotiationSummary(v *bot.View, r *bot.Person) string {
	var said strings.Builder
	if why := v.Fact("rejection"); why != "" {
		said.WriteString("\n• " + v.Say(r, "{seller} said no: ") + quoted(why))
	}
	if v.Fact("offer_kind") != "" {
		by := bot.Party(v.Fact("offer_by"))
		said.WriteString("\n• " + v.Say(r, "Last offer, by {"+string(by)+"}: {offer}."))
	}
	for letter := range strings.Lines(v.Fact("letters")) {
		by, text, _ := strings.Cut(strings.TrimSpace(letter), " ")
		said.WriteString("\n• " + partyName(v, r, bot.Party(by)) + ": " + quoted(text))
	}
	return said.String()
}

// offerWords is the offer on the table (S44, S54).
func offerWords(v *bot.View, r *bot.Person) string {
	amount := v.Fact("offer_amount")
	switch v.Fact("offer_kind") {
	case "discount":
		return v.Say(r, "the order goes on, and ") + amount + v.Say(r, " comes back")
	case "partial":
		return v.Say(r, "the order is cancelled, and ") + amount + v.Say(r, " comes back")
	case "costs":
		rest := amountOf(v, "asked").Minus(amountOf(v, "offer_amount"))
		return v.Say(r, "the order is cancelled, ") + amount + v.Say(r, " is kept back for costs, and ") + rest.String() +
			v.Say(r, " comes back")
	}
	return ""
}

// offerNote is the word that came with the offer; empty where none did.
func offerNote(v *bot.View, r *bot.Person) string {
	if v.Fact("offer_note") == "" {
		return ""
	}
	return " " + quoted(v.Fact("offer_note"))
}
