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

// rejection is the form that asks why a seller says no, in a sentence that the reader named gets word for word (S43).
func rejection(reader string) bot.Form {
	return func(*bot.View) []bot.Field {
		return []bot.Field{{
			Name: "rejection", Kind: bot.Text, Ask: "Why not? A sentence or two: " + reader + " reads it as you write it.",
			Limit: 600,
		}}
	}
}

// offerForm asks for an offer in parts, so that it can be weighed and carried out (S44, S54): what becomes of the order,
// how much comes back or is kept, and why.
func offerForm(v *bot.View) []bot.Field {
	return []bot.Field{
		{Name: "offer_kind", Kind: bot.OneOf, Ask: "What do you offer?", Options: []bot.Option{
			{Value: "discount", Label: "Keep the order, part comes back"},
			{Value: "partial", Label: "Cancel it, part comes back"},
			{Value: "costs", Label: "Cancel it, costs are kept back"},
		}},
		{
			Name: "offer_amount", Kind: bot.Amount, Max: mostOffered(v),
			Ask: "How much comes back? Or, if costs are kept back: how much is kept? In {currency}, less than {asked}.",
			Why: "Please write an amount in {currency} that is less than {asked}.",
		},
		{
			Name: "offer_note", Kind: bot.Text, Optional: true, Limit: 300,
			Ask: "Why that much? A word helps the other side to say yes; they read it as it is. Or leave it out.",
		}, // S53
		{Name: "sure", Kind: bot.Sure, Ask: "{other_side} can take this as it stands. Send it?", Options: yesNo("Yes, send it")},
	}
}
