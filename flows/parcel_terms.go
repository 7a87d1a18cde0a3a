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
	words := v.With(bot.Facts{"since": formatDay(v, r, lastHeard(v))}).Say(r, "The shop has had no news of your parcel for "+
		"{still_time}, since {since}. {tracking} That's a reason to ask. It doesn't mean that it's lost.")
	switch v.Conv.Flow {
	case "dispute":
		return sentences(words, v.Say(r, "Our support team sees it with your case. You don't need to do anything."))
	case "case":
		return sentences(words, v.Say(r, "Our support team sees it with your request. You can ask {seller} where it is, or ask for “a person”."))
	}
	return sentences(words, v.Say(r, "You can ask {seller} where it is."), mayClaim(v, r))
}

// mayClaim says from when and until when a case can be opened because a parcel has not come.
func mayClaim(v *bot.View, r *bot.Person) string {
	first, known := firstDay(v)
	_, ends := lastDay(v)
	v = v.With(bot.Facts{"first": formatDay(v, r, first)})
	switch early := known && v.Now.Before(first); {
	case early && ends:
		return v.Say(r, "If it doesn't come, you can open a case from {first} until {dispute_until}.")
	case early:
		return v.Say(r, "If it doesn't come, you can open a case from {first}.")
	case ends:
		return v.Say(r, "If it doesn't come, you can open a case until {dispute_until}.")
	}
	return ""
}

// parcelStillSupport gives support the same as a reason beside the others: a score, never a verdict.
func parcelStillSupport(v *bot.View, r *bot.Person) string {
	if v.Fact("still_since") == "" {
		return ""
	}
	return v.With(bot.Facts{"since": formatDay(v, r, lastHeard(v))}).Say(r, "The parcel of case {case} stands still: the shop has had "+
		"no news of it for {still_time}, since {since}.") + doubtsLine(v, r)
}

// lastDayWord tells a buyer that the last day for a case comes near; empty where it does not.
func lastDayWord(v *bot.View, r *bot.Person) string {
	if v.Fact("last_day_due") == "" {
		return ""
	}
	words := v.Say(r, "You can open a case about these goods until {dispute_until}, and not after that.")
	switch v.Conv.Flow {
	case "case":
		return sentences(words, v.Say(r, "Your open request to cancel doesn't change that. If something is wrong with the goods, or they "+
			"haven't come, press “Return it or report a problem” on the request."))
	case "thread":
		return sentences(words, v.Say(r, "Your messages to {seller} don't change that. If something is wrong, please don't wait for an "+
			"answer. If all is well, you don't need to do anything."))
	}
	return sentences(words, v.Say(r, "If something is wrong, please tell me now. If all is well, you don't need to do anything."))
}
