package flows

import (
	"strings"

	"nevermind/bot"
)

// negotiationTerms are what {names} stand for in words while buyer and seller talk it over.
var negotiationTerms = map[string]bot.Term{
	"offer": offerWords,

	"agreed_offer": agreedOffer,
	"offer_note":   offerNote,
	"so_far":       soFar,
	"talked":       negotiationSummary,
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
			return v.Say(r, "You said no to the offer.")
		}
		return v.Say(r, "{buyer} said no to the offer.")
	case "seller_declined":
		switch mine {
		case bot.Seller:
			return v.Say(r, "You said no to the offer.")
		case bot.Support:
			return v.Say(r, "{seller} said no to {buyer}'s offer.")
		}
		return v.Say(r, "{seller} said no to your offer.")
	}
	return sayTo(v.With(bot.Facts{"why": refusalWords(v, r)}), r, bot.To{
		bot.Seller: "You said no: {why}", bot.Here: "{seller} said no: {why}",
	})
}

// negotiationSummary is what support reads of how the two talked: the refusal, the last offer, and their last letters (S52).
func negotiationSummary(v *bot.View, r *bot.Person) string {
	var said strings.Builder
	if v.Fact("rejection") != "" {
		said.WriteString("\n• " + v.With(bot.Facts{"why": refusalWords(v, r)}).Say(r, "{seller} said no: {why}"))
	}
	if v.Fact("offer_kind") != "" {
		by := partyName(v, r, bot.Party(v.Fact("offer_by")))
		said.WriteString("\n• " + v.With(bot.Facts{"who": by}).Say(r, "Last offer, by {who}: {offer}"))
	}
	for letter := range strings.Lines(v.Fact("letters")) {
		by, text, _ := strings.Cut(strings.TrimSpace(letter), " ")
		said.WriteString("\n• " + partyName(v, r, bot.Party(by)) + ": " + quoted(v, r, text))
	}
	return said.String()
}
