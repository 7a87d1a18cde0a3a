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
	named := hasVisible(who.Name)
	v = v.With(bot.Facts{"name": nameOf(v, r, who), "id": bot.Clean(id)})
	switch seller := who.Party() == bot.Seller; {
	case named && seller:
		return v.Say(r, "{name} (seller {id})")
	case named:
		return v.Say(r, "{name} (buyer {id})")
	case seller:
		return v.Say(r, "seller {id}")
	}
	return v.Say(r, "buyer {id}")
}

// chatLinkWarning warns somebody whose chat belongs to another account that it leaves that one.
func chatLinkWarning(v *bot.View, r *bot.Person) string {
	if v.Actor.ID == "" || theirsAlready.Holds(v) {
		return ""
	}
	return v.Say(r, "This chat belongs to the account of {me} now. If you say yes, it leaves that one.")
}

// chatLinkSpent answers a link that does not work (any more) without saying whose it was.
func chatLinkSpent(v *bot.View, r *bot.Person) string {
	if r.Party() == bot.Support {
		return v.Say(r, "Links are for the private chats of buyers and sellers, not for our support team. "+
			"Nothing has changed, and the link still works for the person it was made for.")
	}
	if v.Actor.ID != "" {
		return v.Say(r, "That link doesn't work here. Each one works once, for {link_time}, in the chat that opens it first. "+
			"Nothing has changed: this chat is connected already, with the account of {me}.")
	}
	return v.Say(r, "That link doesn't work here. Each one works once, for {link_time}, in the chat that opens it first. "+
		"Nothing has changed. For a new link, sign in at the shop and open this chat from your order page again.")
}

// getLink says how to connect a chat.
func getLink(v *bot.View, r *bot.Person) string {
	return v.Say(r, "To connect your account, sign in at the shop and open this chat from your order page. "+
		"If you have no account there yet, create one first.")
}

// chatJoinedWords greets a chat that has just become somebody's.
func chatJoinedWords(v *bot.View, r *bot.Person) string {
	if r.Party() == bot.Seller {
		return v.Say(r, "You're connected: this chat belongs to the account of {me} now. Your buyers' requests come here, "+
			"each with the time you have to answer. To disconnect this chat, write /settings.")
	}
	return v.Say(r, "You're connected: this chat belongs to the account of {me} now. I'll tell you here when something "+
		"changes about your orders and refunds. To disconnect this chat, write /settings.")
}
