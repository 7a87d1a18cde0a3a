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
		return v.Say(r, "I don't know yet who you are, so I can't bring in a person: they couldn't know whose orders to look at. "+
			"{get_link} Then ask me again.")
	case r.Party() == bot.Support:
		return v.Say(r, "That's you! “My requests” shows what waits for you.")
	}
	return v.Say(r, "I've told our support team that you'd like to talk to a person. They'll write to you in this chat.")
}

// aboutTerm tells support which order somebody was looking at when they asked for a person; empty where none.
func aboutTerm(v *bot.View, r *bot.Person) string {
	if v.Event.Facts["about"] == "" {
		return ""
	}
	return v.With(bot.Facts{"number": bot.Clean(v.Event.Facts["about"])}).Say(r, "They were looking at order {number}.")
}

// helpTerm says what can be said here, by who asks.
func helpTerm(v *bot.View, r *bot.Person) string {
	switch r.Party() {
	case bot.Buyer:
		return v.Say(r, "You can say “my orders”, “cancel an order” or “something is wrong with my order”, or send me "+
			"an order number. "+
			"“My requests” shows what is open, and “how it works” explains the rest. "+
			"“Back” goes a step back, “start again” begins anew, and “a person” brings in our support team.")
	case bot.Seller:
		return v.Say(r, "Your buyers' requests come to you here, with buttons to answer. “My requests” shows what is open. "+
			"To answer a message, press “Answer” below it. “A person” brings in our support team.")
	case bot.Support:
		return v.Say(r, "Cases that need you come to this room. “My requests” shows what waits. "+
			"Only colleagues read what you type here. To write to the buyer or the seller, use the buttons.")
	}
	return v.Say(r, "I don't know yet which orders are yours. {get_link} “How it works” tells you what I can do, "+
		"and /privacy what is kept about you. If you can't sign in, please write to the shop.")
}
