package flows

import "nevermind/bot"

// helpTerms are what {names} stand for in words about a person of support.
var helpTerms = map[string]bot.Term{
	"help_title":      func(v *bot.View, r *bot.Person) string { return v.Say(r, "A question to support") },
	"person_called":   personCalled,
	"about":           aboutTerm,
	"help":            helpTerm,
	"guest_warning":   guestWarning,
	"asks_for_person": asksForPerson,
	"guest_writes":    guestWrites,
	"guest_sent":      guestSent,
	"sent_to_asker":   sentToAsker,
}

// personCalled says that a person was called, or that this is the person.
func personCalled(v *bot.View, r *bot.Person) string {
	if r.Party() == bot.Support {
		return v.Say(r, "That's you! {waiting}")
	}
	return v.With(bot.Facts{"answer_by": formatBy(v, r, v.Policy.After(v.Policy.Windows["support_answer"], v.Now, r.Location()))}).
		Say(r, "I have told our support team that you would like to talk to a person. They'll write to you in this chat, and mean to "+
			"answer by {answer_by}. You can already tell them here what it is about.")
}

// aboutTerm tells support which order somebody was looking at when they asked for a person; empty where none.
func aboutTerm(v *bot.View, r *bot.Person) string {
	if v.Event.Facts["about"] == "" {
		return ""
	}
	return v.With(bot.Facts{"number": bot.Clean(v.Event.Facts["about"])}).Say(r, "They were looking at order {number}.")
}

// isGuests says whether a question to support is a stranger's.
func isGuests(v *bot.View) bool { return v.Fact("guest") != "" && v.Conv.Flow == "help" }

// guestWarning reminds support that nobody can know whose orders a stranger means; empty for anybody else.
func guestWarning(v *bot.View, r *bot.Person) string {
	if !isGuests(v) {
		return ""
	}
	return v.Say(r, "I don't know whose account this chat belongs to, so please name no orders and no names.")
}

// asksForPerson tells support that somebody asks for a person; of a stranger once, until support has answered.
func asksForPerson(v *bot.View, r *bot.Person) string {
	if intOrZero(v.Fact("guest_asked")) > 1 {
		return ""
	}
	return v.Say(r, "{asker} asks for a person. {about} {guest_warning}")
}

// guestWrites heads a stranger's words for support; empty where many of theirs wait for an answer already.
func guestWrites(v *bot.View, r *bot.Person) string {
	if intOrZero(v.Fact("guest_count")) > mostGuestLetters {
		return ""
	}
	return v.Say(r, "{asker} writes:")
}

// sentToAsker tells support that their answer is on its way.
func sentToAsker(v *bot.View, r *bot.Person) string {
	if isGuests(v) {
		return v.Say(r, "Sent to that chat.")
	}
	return v.Say(r, "Sent to {asker}.")
}

// guestSent tells a stranger what became of their words.
func guestSent(v *bot.View, r *bot.Person) string {
	if intOrZero(v.Fact("guest_count")) > mostGuestLetters {
		return v.Say(r, "Our support team has several messages of yours already. They answer those first, here in this chat.")
	}
	return v.Say(r, "Sent to our support team.")
}

// helpTerm says what can be said here, by who asks.
func helpTerm(v *bot.View, r *bot.Person) string {
	switch r.Party() {
	case bot.Buyer:
		return v.Say(r, "You can write to me as you would to a person, for instance:\n• “cancel an order”, or just its number\n"+
			"• “something is wrong with my order”\n• “where is my parcel?” or “where is my money?”\n• “my orders”, “my requests”\n"+
			"• “how it works”\n• “a person”, for our support team\n\n“Back” goes one step back. “Start again” begins anew.")
	case bot.Seller:
		return v.Say(r, "When a buyer asks to cancel, the request comes here with buttons to answer. “My requests” shows what is "+
			"open. "+
			"To answer a letter, press “Answer” below it. “How it works” explains the rules, and “a person” calls our support team.")
	case bot.Support:
		return v.Say(r, "Cases that need you come to this room. “My requests” shows what waits. "+
			"Only colleagues read what you type here. To write to a buyer or a seller, press a button.")
	}
	return v.Say(r, "{get_link}\n\n“How it works” explains the rules, “a person” calls our support team, and /privacy says what is "+
		"kept about you.")
}
