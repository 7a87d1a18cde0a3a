package flows

import (
	"slices"

	"nevermind/bot"
)

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
	"code_doubts":    codeDoubts,
	"another_parcel": anotherParcel,
	"parcel_news":    parcelNews,
	"parcel_there":   parcelThere,
	"doubts_line":    doubtsLine,
	"tracking":       trackingTerm,
}

// parcelStill tells a buyer that nothing new was heard of the parcel, and what they can do; empty where it has moved.
func parcelStill(v *bot.View, r *bot.Person) string {
	if v.Fact("still_since") == "" {
		return ""
	}
	words := v.Say(r, "That's a reason to ask. It doesn't mean that it's lost.")
	for _, p := range slices.Backward(stillNow(v)) {
		about := withParcel(v, r, &p).With(bot.Facts{"since": formatDay(v, r, lastHeard(v, &p))})
		said := about.Say(r, "The shop has had no news of your parcel for {still_time}, since {since}. {tracking}")
		if ofSeveral(v) {
			said = about.Say(r, "The shop has had no news of parcel {parcel} for {still_time}, since {since}.")
		}
		words = v.Sentences(r, said, words)
	}
	switch v.Conv.Flow {
	case "dispute":
		return v.Sentences(r, words, v.Say(r, "Our support team sees it with your case. You don't need to do anything."))
	case "case":
		return v.Sentences(r, words, v.Say(r, "Our support team sees it with your request. You can ask {seller} where it is, or ask "+
			"for “a person”."))
	}
	return v.Sentences(r, words, v.Say(r, "You can ask {seller} where it is."), mayClaim(v, r))
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
	words := ""
	for _, p := range stillNow(v) {
		about := withParcel(v, r, &p).With(bot.Facts{"since": formatDay(v, r, lastHeard(v, &p))})
		said := about.Say(r, "The parcel of case {case} stands still: the shop has had no news of it for {still_time}, since {since}.")
		if ofSeveral(v) {
			said = about.Say(
				r,
				"Parcel {parcel} of case {case} stands still: the shop has had no news of it for {still_time}, since {since}.",
			)
		}
		words = v.Sentences(r, words, said)
	}
	return words + doubtsLine(v, r)
}

// stillNow are the parcels of which it is told that they stand still.
func stillNow(v *bot.View) []bot.Parcel {
	all := parcelsAtHand(v)
	if !ofSeveral(v) {
		return all
	}
	still := listed(v.Fact("still_parcels"))
	return slices.DeleteFunc(all, func(p bot.Parcel) bool { return !slices.Contains(still, p.ID) })
}

// lastDayWord tells a buyer that the last day for a case comes near; empty where it does not.
func lastDayWord(v *bot.View, r *bot.Person) string {
	if v.Fact("last_day_due") == "" {
		return ""
	}
	words := v.Say(r, "You can open a case about these goods until {dispute_until}, and not after that.")
	if ofSeveral(v) {
		words = ""
		due := listed(v.Fact("last_day_due"))
		for _, p := range parcelsAtHand(v) {
			if last, _ := lastDayOf(v, &p); slices.Contains(due, p.ID) {
				words = v.Sentences(r, words, withParcel(v, r, &p).With(bot.Facts{"until": formatDay(v, r, last)}).
					Say(r, "You can open a case about parcel {parcel} until {until}, and not after that."))
			}
		}
	}
	switch v.Conv.Flow {
	case "case":
		return v.Sentences(r, words, v.Say(r, "Your open request to cancel doesn't change that. If something is wrong with the goods, "+
			"or they haven't come, press “Return it or report a problem” on the request."))
	case "thread":
		return v.Sentences(r, words, v.Say(r, "Your messages to {seller} don't change that. If something is wrong, please don't wait "+
			"for an answer. If all is well, you don't need to do anything."))
	}
	return v.Sentences(r, words,
		v.Say(r, "If something is wrong, please tell me now. If all is well, you don't need to do anything."))
}

// parcelNews says that the shop has news of a parcel; empty where it is another one than the case's.
func parcelNews(v *bot.View, r *bot.Person) string {
	if !ofSeveral(v) {
		return v.Say(r, "The shop has news of the parcel. {tracking}")
	}
	words := ""
	for _, p := range newsParcels(v, v.Event) {
		words = v.Sentences(r, words, withParcel(v, r, &p).Say(r, "The shop has news of a parcel: it's {parcel} now."))
	}
	return words
}

// parcelThere says that one of several parcels is there by what the shop says; empty where it is another one.
func parcelThere(v *bot.View, r *bot.Person) string {
	words := ""
	for _, p := range newsParcels(v, v.Event) {
		words = v.Sentences(r, words, withParcel(v, r, &p).Say(r, "The shop shows parcel {parcel} as delivered."))
	}
	if words == "" {
		return ""
	}
	return v.Sentences(r,
		words,
		v.Say(r, "Please film it while you unpack it, and look at it before you confirm to the shop that you received it."),
		parcelsStillOut(v, r),
	)
}

// parcelsStillOut says which parcels are still on their way.
func parcelsStillOut(v *bot.View, r *bot.Person) string {
	var out []string
	for _, p := range parcelsAtHand(v) {
		if !v.Order.Arrived(&p) {
			out = append(out, parcelName(v, r, &p))
		}
	}
	if len(out) == 0 {
		return ""
	}
	return v.With(bot.Facts{"out": together(v, r, out)}).Say(r, "Still on its way: {out}.")
}

// anotherParcel says of a parcel that was added who carries it and what is in it; empty where it is none of a case's goods.
func anotherParcel(v *bot.View, r *bot.Person) string {
	words := ""
	for _, p := range newsParcels(v, v.Event) {
		about := withParcel(v, r, &p)
		if r.Party() == bot.Support {
			words = v.Sentences(r, words, about.Say(r, "There is another parcel in the order of case {case}: {parcel}."))
		} else {
			words = v.Sentences(r, words, about.Say(r, "There is another parcel: {parcel}."))
		}
	}
	return words
}
