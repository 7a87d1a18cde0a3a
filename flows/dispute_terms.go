package flows

import "nevermind/bot"

// disputeTerms are what {names} stand for in words about goods that have left.
var disputeTerms = map[string]bot.Term{
	"parcel_fault_quoted": func(v *bot.View, _ *bot.Person) string { return quoted(v.Fact("parcel_fault")) },
	"way_conflict":        storageConflict,
	"dispute_answer_time": func(v *bot.View, r *bot.Person) string { return formatWindow(v, r, v.Policy.Windows["dispute_answer"]) },
	"on_dispute_silence":  onDisputeSilence,
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
	"shipped_on": func(v *bot.View, r *bot.Person) string { return v.Say(r, "on ") + formatDay(v, r, orderOf(v).Shipped) },
}

// onDisputeSilence is what the policy lets follow when a seller does not answer.
func onDisputeSilence(v *bot.View, r *bot.Person) string {
	if v.Policy.Choices["dispute_silence"] == "support" {
		return v.Say(r, "support decides")
	}
	if r.Party() == bot.Buyer {
		return v.Say(r, "it goes as you ask")
	}
	return v.Say(r, "it goes as the buyer asks")
}

// noReceipt warns a buyer, in a further sentence, not to confirm that all is well (S57).
func noReceipt(v *bot.View, r *bot.Person) string {
	if r.Party() != bot.Buyer || v.Fact("stuck") != "" || v.Fact("problem") == "unwanted" && stillOnItsWay.Holds(v) {
		return ""
	}
	return v.Say(r, " Please do not confirm the receipt to the shop while this is open.")
}

// openAgain says until when a case that is withdrawn can be opened anew; empty where it cannot.
func openAgain(v *bot.View, r *bot.Person) string {
	last, known := lastDay(v)
	switch {
	case known && v.Now.After(last):
		return v.Say(r, " It cannot be opened again: the last day for that was {dispute_until}.")
	case known:
		return v.Say(r, " You can open it again until {dispute_until}, and not after that.")
	}
	return v.Say(r, " You can open it again while the receipt is not confirmed.")
}
