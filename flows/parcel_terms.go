package flows

import "nevermind/bot"

// parcelTerms are what {names} stand for in words about a parcel that is followed.
var parcelTerms = map[string]bot.Term{
	"parcel_still":         parcelStill,
	"parcel_still_support": parcelStillSupport,
	"last_day_word":        lastDayWord,
	"claim_word":           claimWord,
	"watch_over":           watchOver,
	"still_time": func(v *bot.View, r *bot.Person) string {
		return formatWindow(v, r, v.Policy.Windows["tracking_still"])
	},
	"code_doubts": codeDoubts,
	"doubts_line": doubtsLine,
	"tracking":    trackingTerm,
}

// parcelStill tells a buyer that nothing new was heard of the parcel, and what they can do; empty where it has moved.
func parcelStill(v *bot.View, r *bot.Person) string {
	if v.Fact("still_since") == "" {
		return ""
	}
	words := v.Say(r, "For {still_time} the shop has had nothing new of your parcel, since ") + formatDay(v, r, lastHeard(v)) +
		v.Say(r, ". {tracking} That is a reason to ask, not a proof that it is lost.")
	switch v.Conv.Flow {
	case "dispute":
		return words + v.Say(r, " Support sees it with your case; you need do nothing.")
	case "case":
		return words + v.Say(r, " Support sees it with your request. You can ask {seller} where it is, or ask for “a person”.")
	}
	return words + v.Say(r, " You can ask {seller} where it is.") + mayClaim(v, r)
}

// mayClaim says from when and until when a case can be opened because a parcel has not come.
func mayClaim(v *bot.View, r *bot.Person) string {
	words := ""
	if first, known := firstDay(v); known && v.Now.Before(first) {
		words = v.Say(r, " A case because it has not come can be opened from ") + formatDay(v, r, first) + "."
	}
	if _, known := lastDay(v); known {
		return words + v.Say(r, " The last day for a case is {dispute_until}.")
	}
	return words
}

// parcelStillSupport gives support the same as a reason beside the others: a score, never a verdict.
func parcelStillSupport(v *bot.View, r *bot.Person) string {
	if v.Fact("still_since") == "" {
		return ""
	}
	return v.Say(r, "The parcel of case {case} stands still: for {still_time} the shop has had nothing new of it, since ") +
		formatDay(v, r, lastHeard(v)) + "." + doubtsLine(v, r)
}

// lastDayWord tells a buyer that the last day for a case comes near; empty where it does not.
func lastDayWord(v *bot.View, r *bot.Person) string {
	if v.Fact("last_day_due") == "" {
		return ""
	}
	words := v.Say(r, "Please note a date: until {dispute_until} a case about these goods can be opened, and not after "+
		"that, whatever happened. ")
	switch v.Conv.Flow {
	case "case":
		return words + v.Say(r, "Your request to cancel, which is still open, does not hold that day up. "+
			"If something is wrong with the goods, or they have not come, end the request and open the case; "+
			"if you are not sure, ask for “a person”.")
	case "thread":
		return words + v.Say(r, "Letters do not hold that day up. If something is wrong, please do not wait for an answer; "+
			"if all is well, you need do nothing.")
	}
	return words + v.Say(r, "If something is wrong, please say so now; if all is well, you need do nothing.")
}
