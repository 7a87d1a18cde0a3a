package flows

import "nevermind/bot"

// helpTerms are what {names} stand for in words about a person of support.
var helpTerms = map[string]bot.Term{
	"help_title":    func(v *bot.View, r *bot.Person) string { return v.Say(r, "A question to support") },
	"person_called": personCalled,
	"about":         aboutTerm,
	"help":          helpTerm,
}

// personCalled says that a person was called, or why that cannot be.
func personCalled(v *bot.View, r *bot.Person) string {
	switch {
	case r.ID == "":
		return v.Say(r, "I do not know yet who you are, so I cannot bring in a person: they could not know whose orders to look at. "+
			"{get_link} Then ask me again.")
	case r.Party() == bot.Support:
		return v.Say(r, "You are the person.")
	}
	return v.Say(r, "I have told our support team that you would like to talk to a person. They will write to you in this chat.")
}

// aboutTerm tells support which order somebody was looking at when they asked for a person; empty where none.
func aboutTerm(v *bot.View, r *bot.Person) string {
	if v.Event.Facts["about"] == "" {
		return ""
	}
	return v.Say(r, " They were looking at order ") + bot.Clean(v.Event.Facts["about"]) + "."
}

// helpTerm says what can be said here, by who asks.
func helpTerm(v *bot.View, r *bot.Person) string {
	switch r.Party() {
	case bot.Buyer:
		return v.Say(r, "You can say “my orders”, “cancel an order”, “my requests”, or send me an order number. "+
			"“Back” goes a step back, “start again” begins anew, and “a person” brings in our support team.")
	case bot.Seller:
		return v.Say(r, "Requests to cancel come to you here, with buttons to answer. “My requests” shows what is open. "+
			"To answer a letter, press “Answer” below it. “A person” brings in support.")
	case bot.Support:
		return v.Say(r, "Cases that need you come to this room. “My requests” shows what waits. "+
			"What you type here is read by colleagues only; buttons write to buyer or seller.")
	}
	return v.Say(r, "I do not know yet whose orders are yours. {get_link} “How it works” tells you what there "+
		"is, /privacy what is kept.")
}
