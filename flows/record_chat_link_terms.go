package flows

import "nevermind/bot"

// chatLinkTerms are what {names} stand for in words about one-time links.
var chatLinkTerms = map[string]bot.Term{
	"whose":      chatLinkOwnerWords,
	"moves":      chatLinkWarning,
	"link_spent": chatLinkSpent,
	"link_time":  func(v *bot.View, r *bot.Person) string { return formatWindow(v, r, v.Policy.Windows["link"]) },
	"get_link":   getLink,
	"joined":     chatJoinedWords,
}

// chatLinkOwner is whose link it is.
func chatLinkOwner(v *bot.View) *bot.Person {
	for _, p := range []bot.Party{bot.Buyer, bot.Seller} {
		if who := v.People[p]; who != nil {
			return who
		}
	}
	return &bot.Person{}
}

// chatLinkOwnerWords names an account so that nobody takes another's for their own: "Ana (buyer b-1)".
func chatLinkOwnerWords(v *bot.View, r *bot.Person) string {
	who := chatLinkOwner(v)
	_, id := who.ID.Split()
	words := v.Say(r, "buyer ")
	if who.Party() == bot.Seller {
		words = v.Say(r, "seller ")
	}
	if !hasVisible(who.Name) {
		return words + bot.Clean(id)
	}
	return nameOf(v, r, who) + " (" + words + bot.Clean(id) + ")"
}

// chatLinkWarning warns somebody whose chat belongs to another account that it leaves that one.
func chatLinkWarning(v *bot.View, r *bot.Person) string {
	if v.Actor.ID == "" || theirsAlready.Holds(v) {
		return ""
	}
	return v.Say(r, "Until now this chat belongs to the account of {me}; after a yes it leaves that one. ")
}

// chatLinkSpent answers a link that does not work (any more) without saying whose it was.
func chatLinkSpent(v *bot.View, r *bot.Person) string {
	if r.Party() == bot.Support {
		return v.Say(r, "Links connect a private chat of a buyer or seller; support's people and their room stay what they are. "+
			"Nothing has changed, and the link still works for whom it was made.")
	}
	spent := v.Say(r, "That link does not work here: each works once, for {link_time}, in the chat that opens it first. "+
		"Nothing has changed. ")
	if v.Actor.ID != "" {
		return spent + v.Say(r, "This chat is connected already, with the account of {me}.")
	}
	return spent + v.Say(r, "For a fresh one, open this chat from your order page at the shop again, where you are signed in.")
}

// getLink says how to connect a chat.
func getLink(v *bot.View, r *bot.Person) string {
	return v.Say(r, "For that, I need to know your account at the shop. If you have none yet, create one there. "+
		"Then open this chat from your order page, signed in: that connects it.")
}

// chatJoinedWords greets a chat that has just become somebody's.
func chatJoinedWords(v *bot.View, r *bot.Person) string {
	if r.Party() == bot.Seller {
		return v.Say(r, "You are connected: this chat belongs to the account of {me} now. "+
			"Requests of your buyers come here by themselves, with the time you have to answer. To disconnect this chat, write /settings.")
	}
	return v.Say(r, "You are connected: this chat belongs to the account of {me} now. "+
		"What is new about your orders and refunds comes here by itself. To disconnect this chat, write /settings.")
}
