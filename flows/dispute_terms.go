package flows

import "nevermind/bot"

// disputeTerms are what {names} stand for in words about goods that have left.
var disputeTerms = map[string]bot.Term{
	"parcel_fault_quoted": func(v *bot.View, r *bot.Person) string { return quoted(v, r, v.Fact("parcel_fault")) },
	"problem_said":        problemSaid,
	"proof_asked":         proofAsked,
	"time_runs_on":        timeRunsOn,
	"way_conflict":        storageConflict,
	"dispute_answer_time": func(v *bot.View, r *bot.Person) string { return formatWindow(v, r, v.Policy.Windows["dispute_answer"]) },
	"if_seller_waits":     ifSellerWaits,
	"if_no_answer":        ifNoAnswer,
	"dispute_sees":        disputeSees,
	"no_receipt":          noReceipt,
	"open_again":          openAgain,
	"dispute_clock":       disputeClock,
	"dispute_until": func(v *bot.View, r *bot.Person) string {
		last, _ := lastDay(v)
		return formatDay(v, r, last)
	},
	"dispute_from_day": func(v *bot.View, r *bot.Person) string {
		first, _ := firstDay(v)
		return formatDay(v, r, first)
	},
	"shipped_on": func(v *bot.View, r *bot.Person) string {
		if p := parcelOf(v); p != nil {
			return formatDay(v, r, p.Shipped)
		}
		return formatDay(v, r, orderOf(v).Shipped)
	},
}

// problemSaid is what is wrong, as a sentence about the buyer.
func problemSaid(v *bot.View, r *bot.Person) string {
	if p := parcelOf(v); p != nil && parcelSentences[v.Fact("problem")] != "" {
		return withParcel(v, r, p).Say(r, parcelSentences[v.Fact("problem")])
	}
	words, known := problemSentences[v.Fact("problem")]
	if !known {
		words = "{buyer} says that something is wrong with the goods."
	}
	return v.Say(r, words)
}

// problemSentences are what a buyer can say is wrong, by the problem's stored name.
var problemSentences = map[string]string{
	"not_received":     "{buyer} says that the parcel hasn't come.",
	"damaged":          "{buyer} says that it came damaged.",
	"not_as_described": "{buyer} says that it isn't as described.",
	"incomplete":       "{buyer} says that something is missing.",
	"counterfeit":      "{buyer} says that it may be a fake.",
	"unwanted":         "{buyer} no longer wants it.",
}

// parcelSentences are the same of one of several parcels.
var parcelSentences = map[string]string{
	"not_received":     "{buyer} says that parcel {parcel} hasn't come.",
	"damaged":          "{buyer} says that parcel {parcel} came damaged.",
	"not_as_described": "{buyer} says that parcel {parcel} isn't as described.",
	"incomplete":       "{buyer} says that something is missing from parcel {parcel}.",
	"counterfeit":      "{buyer} says that parcel {parcel} may be a fake.",
	"unwanted":         "{buyer} no longer wants parcel {parcel}.",
}

// ifSellerWaits is what follows if the seller's time to answer passes.
func ifSellerWaits(v *bot.View, r *bot.Person) string {
	for _, d := range v.Conv.Deadlines {
		if d.Event == "seller_silent" {
			return ifDisputeSilent(v.At(d.At), r)
		}
	}
	return ""
}

// ifNoAnswer is what follows, before the case is sent, if the seller does not answer, or the two cannot agree.
func ifNoAnswer(v *bot.View, r *bot.Person) string {
	if v.Policy.Choices["dispute_silence"] == "support" {
		return v.Say(r, "If they don't, or if you two can't agree, our support team decides.")
	}
	return v.Say(r, "If they don't, you get what you ask for. If you two can't agree, our support team decides.")
}

// disputeSees says what support can see of a case about goods; empty where there is nothing to decide.
func disputeSees(v *bot.View, r *bot.Person) string {
	if v.Fact("stuck") != "" {
		return ""
	}
	return v.Say(r, "They can see what both of you wrote, and all photos and files.")
}

// noReceipt warns a buyer not to confirm that all is well (S57).
func noReceipt(v *bot.View, r *bot.Person) string {
	if r.Party() != bot.Buyer || v.Fact("stuck") != "" || v.Fact("problem") == "unwanted" && stillOnItsWay.Holds(v) {
		return ""
	}
	return v.Say(r, "Please don't confirm to the shop that you received it while this is open.")
}

// openAgain says until when a case that is withdrawn can be opened anew, or that it cannot (S59).
func openAgain(v *bot.View, r *bot.Person) string {
	last, known := lastDay(v)
	switch {
	case returnOpen.Holds(v):
		return v.Say(r, "Your withdrawal from the contract takes its place.")
	case known && v.Now.After(last):
		return v.Say(r, "It can't be opened again: the last day for that was {dispute_until}.")
	case known:
		return v.Say(r, "You can open it again until {dispute_until}. After that day it's closed for good.")
	}
	return v.Say(r, "You can open it again until you confirm that you received the order. After that it's closed for good.")
}
