package flows

import "nevermind/bot"

// lettersTerms are what {names} stand for in words about letters that are passed on.
var lettersTerms = map[string]bot.Term{
	"sent_to_seller":     sentToSeller,
	"offer_passed_on":    offerPassedOn,
	"offer_is_with":      offerIsWith,
	"letter_fate":        letterFate,
	"letter_for_support": letterForSupport,
}

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
		return v.Say(r, "Your offer is with {seller}. {offer}")
	}
	return v.Say(r, "I can't reach {seller} by chat, so our support team passes your offer on. {offer}")
}

// offerPassedOn asks support to pass on an offer that the seller cannot see; empty where they can.
func offerPassedOn(v *bot.View, r *bot.Person) string {
	if v.People[bot.Seller].Reachable() {
		return ""
	}
	return v.Say(r, "{buyer} has made an offer. {offer} {offer_note} I can't reach {seller} by chat: please tell them, and "+
		"press above what they answer.")
}

// letterFate says where a letter went, and that a letter alone is no request to cancel.
func letterFate(v *bot.View, r *bot.Person) string {
	went := letterWent(v, r)
	if v.Conv.Flow == "thread" && letterAsksToCancel.Holds(v) {
		return v.Sentences(r, went,
			v.Say(r, "But a letter starts no clock. Make this a real request, so that their {answer_time} start?"))
	}
	return went
}

// letterWent says where it went.
func letterWent(v *bot.View, r *bot.Person) string {
	if v.People[bot.Seller].Reachable() && v.Conv.Flow == "thread" {
		return v.Say(r, "Sent to {seller}. If no answer comes, I'll tell you.")
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
