package flows

import "nevermind/bot"

// usualRefusals are why sellers usually say no to a request to cancel (S43), ready to be pressed. The names are stored;
// the words are the fact "rejection" as if they had been typed.
var usualRefusals = []bot.Option{
	{Value: "packed", Label: "It's packed and about to leave."},
	{Value: "preparing", Label: "We're already preparing it."},
	{Value: "made_to_order", Label: "It was made just for this order."},
	{Value: "keep_sale", Label: "I'd rather keep the sale and find another way."},
}

// refusalForm asks why a seller says no: by a press, or in words of their own.
func refusalForm(*bot.View) []bot.Field {
	options := append(usualRefusals[:len(usualRefusals):len(usualRefusals)], bot.Option{Value: "other", Label: "Something else"})
	return []bot.Field{
		{Name: "refusal", Kind: bot.OneOf, Ask: "Why not? {buyer} will read your answer.", Options: options},
		{
			Name: "rejection", Kind: bot.Text, Limit: 600, If: "refusal=other",
			Ask: "Please say why in a sentence or two. {buyer} reads it exactly as you write it.",
		},
	}
}

// rejection is the form that asks why a seller says no, in a sentence that the buyer gets word for word (S43).
func rejection(*bot.View) []bot.Field {
	return []bot.Field{{
		Name: "rejection", Kind: bot.Text, Ask: "Why not? A sentence or two: {buyer} reads it exactly as you write it.", Limit: 600,
	}}
}

// sellerRejected: the seller has said no, for a usual reason or in their own words.
func sellerRejected(_ *bot.View, e *bot.Event) bot.Facts {
	facts := bot.Facts{"last": "rejected"}
	if usual := usualRefusal(e.Facts["refusal"]); usual != "" {
		facts["rejection"] = usual
	}
	return facts
}

// usualRefusal are the words of a usual reason; empty for any other.
func usualRefusal(name string) string {
	for _, o := range usualRefusals {
		if o.Value == name {
			return o.Label
		}
	}
	return ""
}

// refusalWords is why the seller has said no, as a reader sees it quoted: a usual reason in their language.
func refusalWords(v *bot.View, r *bot.Person) string {
	for _, o := range usualRefusals {
		if o.Label == v.Fact("rejection") {
			return quoted(v, r, v.Say(r, o.Label))
		}
	}
	return quoted(v, r, v.Fact("rejection"))
}
