package flows

import (
	"strings"

	"nevermind/bot"
)

// returnAddress is where goods go back to, in lines: what the seller has said in the case, else what the shop says of the
// order; empty where nobody has said.
func returnAddress(v *bot.View) string {
	if said := strings.TrimSpace(v.Fact("return_address")); said != "" {
		return said
	}
	return strings.TrimSpace(ofOrder(v, func(o *bot.Order) string { return o.ReturnAddress }))
}

// addressForm asks a seller where goods go back to.
func addressForm(*bot.View) []bot.Field {
	return []bot.Field{{
		Name: "return_address", Kind: bot.Text, Limit: 300,
		Ask: "Where should {buyer} send it? Name, street, town and country, please. They'll read it exactly as you write it.",
	}}
}

// addressGiven tells the buyer where to send the goods.
var addressGiven = bot.Stay().Saying(bot.To{
	bot.Buyer: "{seller} has told me where it goes.\n{return_to}",
	bot.Here:  "I've told {buyer}.",
}).Dealing(bot.Seller).Rules("S06", "S63")

// returnTo tells where goods go back to; or that it is asked for.
func returnTo(v *bot.View, r *bot.Person) string {
	address := returnAddress(v)
	if address == "" {
		return v.Say(r, "I don't have the address yet. I've asked {seller} for it, and I'll tell you straight away.")
	}
	words := v.Say(r, "Please send it to:")
	for line := range strings.Lines(address) {
		if line = strings.TrimSpace(line); line != "" {
			words += "\n" + bot.Clean(bot.Shorten(line, 120))
		}
	}
	return words
}

// addressWanted asks a seller for the address; empty where it is known, or the parcel comes back by itself.
func addressWanted(v *bot.View, r *bot.Person) string {
	if !addressMissing.Holds(v) {
		return ""
	}
	return v.Say(
		r,
		"I don't know where it goes back to: please press “Give the return address”. Until you do, {buyer} can't send it, "+
			"and loses nothing by that.",
	)
}
