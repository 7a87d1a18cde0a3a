package flows

import "nevermind/bot"

// stakesTerms are what {names} stand for in words about deadlines whose outcome hangs on the policy, or on how far a case
// is. Each is a whole sentence with the deadline in it as {by}.
var stakesTerms = map[string]bot.Term{
	"if_seller_silent":  ifSellerSilent,
	"if_dispute_silent": ifDisputeSilent,
	"if_unproved":       ifUnproved,
	"if_no_evidence":    ifNoEvidence,
	"if_support_late":   ifSupportLate,
	"if_never_decided":  ifNeverDecided,
	"if_not_returned":   ifNotReturned,
	"watch_lost":        watchLost,
}

// sayTo says what is meant for the reader's party: what stands under Here is for any other.
func sayTo(v *bot.View, r *bot.Person, words bot.To) string {
	if own := words[r.Party()]; own != "" {
		return v.Say(r, own)
	}
	return v.Say(r, words[bot.Here])
}

// ifSellerSilent is what follows where a seller does not answer a request to cancel (S42, Q1), or cannot be asked (S31).
func ifSellerSilent(v *bot.View, r *bot.Person) string {
	if v.Conv.State == "seeking_seller" {
		return sayTo(v, r, told("If nobody has reached {seller} by {by}, our support team decides.",
			"If nobody has reached you by {by}, our support team decides.", "If nobody has reached {seller} by {by}, the case comes "+
				"to you."))
	}
	if v.Policy.Choices["seller_silence"] == "approve" {
		return sayTo(v, r, told("If {seller} hasn't answered by {by}, your request is approved automatically.",
			"If you haven't answered by {by}, the request is approved automatically.",
			"If {seller} hasn't answered by {by}, the request is approved automatically."))
	}
	return sayTo(v, r, told("If {seller} hasn't answered by {by}, our support team decides.",
		"If you haven't answered by {by}, our support team decides.", "If {seller} hasn't answered by {by}, the case comes to you."))
}

// ifDisputeSilent is the same for a case about goods.
func ifDisputeSilent(v *bot.View, r *bot.Person) string {
	if v.Policy.Choices["dispute_silence"] == "support" {
		return sayTo(v, r, told("If {seller} hasn't answered by {by}, our support team decides.",
			"If you haven't answered by {by}, our support team decides.", "If {seller} hasn't answered by {by}, the case comes to you."))
	}
	return sayTo(v, r, told("If {seller} hasn't answered by {by}, you get what you ask for.",
		"If you haven't answered by {by}, {buyer} gets what they asked for.",
		"If {seller} hasn't answered by {by}, {buyer} gets what they asked for."))
}

// ifUnproved is what follows where nobody shows that a parcel has left (S42, S46).
func ifUnproved(v *bot.View, r *bot.Person) string {
	if v.Policy.Choices["seller_silence"] == "approve" {
		return sayTo(v, r, told("If nobody has shown by {by} that the parcel has left, your request is approved automatically.",
			"If you haven't shown by {by} that the parcel has left, the request is approved automatically.",
			"If nobody has shown by {by} that the parcel has left, the request is approved automatically."))
	}
	return sayTo(v, r, told("If nobody has shown by {by} that the parcel has left, our support team decides.",
		"If you haven't shown by {by} that the parcel has left, our support team decides.",
		"If nobody has shown by {by} that the parcel has left, the case comes to you."))
}

// ifNoEvidence is what follows where a side does not show what support has asked for.
func ifNoEvidence(v *bot.View, r *bot.Person) string {
	of := bot.Party(v.Fact("evidence_of"))
	side := v.With(bot.Facts{"side": partyName(v, r, of)})
	switch {
	case of == r.Party():
		return v.Say(r, "If you haven't answered by {by}, our support team decides with what there is.")
	case r.Party() == bot.Support:
		return side.Say(r, "If {side} hasn't answered by {by}, the case comes back to you.")
	}
	return side.Say(r, "If {side} hasn't answered by {by}, our support team decides with what there is.")
}

// ifSupportLate is what follows where support does not answer: for a buyer, the nearest thing that may happen to them
// meanwhile (S59).
func ifSupportLate(v *bot.View, r *bot.Person) string {
	last, known := lastDay(v)
	open := v.Conv.Flow == "case" && v.Conv.State == "with_support" && v.Order != nil && // else it is looked at from far ahead
		!moneyOut.Holds(v)
	switch {
	case r.Party() == bot.Support:
		return v.Say(r, "If nobody has answered by {by}, I'll remind you.")
	case r.Party() == bot.Seller:
		return v.Say(r, "If our support team hasn't answered by {by}, I'll remind them.")
	case open && stillUnshipped(v):
		return v.Say(r, "If our support team hasn't answered by {by}, I'll remind them. Careful: if the order ships first, it can "+
			"no longer be cancelled. I'll tell you straight away.")
	case open && known && v.Now.Before(last) && v.Order.HasLeft():
		return v.Say(r, "If our support team hasn't answered by {by}, I'll remind them. Careful: {dispute_until} is the last day to "+
			"open a case about the goods themselves.")
	}
	return v.Say(r, "If our support team hasn't answered by {by}, I'll remind them.")
}

// ifNeverDecided is how a case ends that support has never decided, where the policy says so.
func ifNeverDecided(v *bot.View, r *bot.Person) string {
	inCase := v.Conv.Flow == "case"
	switch {
	case inCase && silenceForSeller.Holds(v):
		return v.Say(r, "If nobody has decided by {by}, the order goes on and no money goes back.")
	case inCase:
		return sayTo(v, r, bot.To{
			bot.Buyer: "If nobody has decided by {by}, your request is approved.",
			bot.Here:  "If nobody has decided by {by}, the request is approved.",
		})
	case silenceForSeller.Holds(v) && v.Fact("solution_kind") != "":
		return sayTo(v, r, bot.To{
			bot.Seller: "If nobody has decided by {by}, what you have offered counts.",
			bot.Here:   "If nobody has decided by {by}, what {seller} has offered counts.",
		})
	case silenceForSeller.Holds(v):
		return v.Say(r, "If nobody has decided by {by}, the case closes and no money goes back.")
	case goodsFirst.Holds(v):
		return sayTo(v, r, bot.To{
			bot.Buyer: "If nobody has decided by {by}, you get {amount} back.",
			bot.Here:  "If nobody has decided by {by}, {amount} goes back to {buyer}.",
		})
	}
	return sayTo(v, r, bot.To{
		bot.Buyer: "If nobody has decided by {by}, you get what you ask for.",
		bot.Here:  "If nobody has decided by {by}, {buyer} gets what they asked for.",
	})
}

// ifNotReturned is what follows where the buyer does not send the goods back in time; the law's right is not lost by that.
func ifNotReturned(v *bot.View, r *bot.Person) string {
	switch {
	case byLaw.Holds(v) && v.Fact("way") != "":
		return sayTo(v, r, bot.To{
			bot.Support: "If the parcel isn't back by {by}, the case comes to you.",
			bot.Here:    "If the parcel isn't back by {by}, our support team looks into it.",
		})
	case byLaw.Holds(v), addressMissing.Holds(v):
		return sayTo(v, r, bot.To{
			bot.Buyer:   "If you haven't sent it back by {by}, our support team looks into it.",
			bot.Seller:  "If {buyer} hasn't sent it back by {by}, our support team looks into it.",
			bot.Support: "If {buyer} hasn't sent it back by {by}, the case comes to you.",
		})
	case v.Fact("way") != "":
		return sayTo(v, r, bot.To{
			bot.Buyer: "If I don't hear otherwise by {by}, the parcel counts as on its way back, as you said.",
			bot.Here:  "If {buyer} doesn't say otherwise by {by}, the parcel counts as on its way back.",
		})
	}
	return sayTo(v, r, bot.To{
		bot.Buyer: "If you haven't sent it back by {by}, the case closes and you don't get the {amount}.",
		bot.Here:  "If {buyer} hasn't sent it back by {by}, the case closes and no money goes back.",
	})
}

// watchLost is what ends with a watch over a parcel.
func watchLost(v *bot.View, r *bot.Person) string {
	if orderPrepared.Holds(v) {
		return v.Say(r, "If it hasn't shipped by {by}, I'll stop watching this order.")
	}
	if _, known := lastDay(v); known {
		return v.Say(r, "The last day to open a case about these goods is {dispute_until}.")
	}
	return v.Say(r, "If the shop has said nothing new by {by}, I stop following the parcel.")
}
