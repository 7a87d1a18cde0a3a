package flows

import "nevermind/bot"

// sentToSeller says whether words for the seller could be sent.
func sentToSeller(v *bot.View, r *bot.Person) string {
	if v.People[bot.Seller].Reachable() {
		return v.Say(r, "Sent to {seller}.")
	}
	return v.Say(r, "{seller} has no chat, so this was not sent. Please reach them another way.")
}

// offerIsWith tells a buyer where their offer is.
func offerIsWith(v *bot.View, r *bot.Person) string {
	if v.People[bot.Seller].Reachable() {
		return v.Say(r, "Your offer is with {seller}: {offer}.")
	}
	return v.Say(r, "{seller} has no chat, so our support team passes your offer on: {offer}.")
}

// offerPassedOn asks support to pass on an offer that the seller cannot see; empty where they can.
func offerPassedOn(v *bot.View, r *bot.Person) string {
	if v.People[bot.Seller].Reachable() {
		return ""
	}
	return v.Say(r, "{buyer} offers: {offer}.{offer_note} {seller} has no chat: please tell them, and press above what they answer.")
}

// letterFate says where a letter went.
func letterFate(v *bot.View, r *bot.Person) string {
	if v.People[bot.Seller].Reachable() && v.Conv.Flow == "thread" {
		return v.Say(r, "Sent to {seller}. If no answer comes, I will tell you.")
	}
	if v.People[bot.Seller].Reachable() {
		return v.Say(r, "Sent to {seller}.")
	}
	return v.Say(r, "{seller} has no chat with me, so I have passed it to our support team instead.")
}

// letterForSupport is empty where the seller reads it himself.
func letterForSupport(v *bot.View, r *bot.Person) string {
	if v.People[bot.Seller].Reachable() {
		return ""
	}
	return v.Say(r, "{buyer} writes to {seller}, who has no chat. Please pass it on:")
}

func personCalled(v *bot.View, r *bot.Person) string {
	switch {
	case r.ID == "":
		return v.Say(r, "I do not know yet who you are, so I cannot bring in a person: they could not know whose orders to look at. {get_link} Then ask me again.")
	case r.Party() == bot.Support:
		return v.Say(r, "You are the person.")
	}
	return v.Say(r, "I have told our support team that you would like to talk to a person. They will write to you in this chat.")
}

func aboutTerm(v *bot.View, r *bot.Person) string {
	if v.Event.Facts["about"] == "" {
		return ""
	}
	return v.Say(r, " They were looking at order ") + bot.Clean(v.Event.Facts["about"]) + "."
}

func helpTerm(v *bot.View, r *bot.Person) string {
	switch r.Party() {
	case bot.Buyer:
		return v.Say(r, "You can say “my orders”, “cancel an order”, “my requests”, or send me an order number. “Back” goes a step back, “start again” begins anew, and “a person” brings in our support team.")
	case bot.Seller:
		return v.Say(r, "Requests to cancel come to you here, with buttons to answer. “My requests” shows what is open. To answer a letter, press “Answer” below it. “A person” brings in support.")
	case bot.Support:
		return v.Say(r, "Cases that need you come to this room. “My requests” shows what waits. What you type here is read by colleagues only; buttons write to buyer or seller.")
	}
	return v.Say(r, "I do not know yet whose orders are yours. {get_link} “How it works” tells you what there is, /privacy what is kept.")
}
