package flows

import (
	"slices"

	"nevermind/bot"
)

// claimWord says that a case can be opened now; empty where the date has moved.
func claimWord(v *bot.View, r *bot.Person) string {
	if ofSeveral(v) {
		return claimWords(v, r)
	}
	if claimLater.Holds(v) {
		return ""
	}
	if v.Fact("still_since") != "" {
		return v.Say(r, "The shop still shows your parcel as not delivered, and hasn't had any news of it for {still_time}. "+
			"You can open a case now. If it has come, you don't need to do anything.")
	}
	return v.Say(r, "The shop still shows your parcel as not delivered. You can open a case now. "+
		"If it has come, you don't need to do anything.")
}

// watchOver says why a parcel is no longer followed.
func watchOver(v *bot.View, r *bot.Person) string {
	if orderPrepared.Holds(v) {
		return v.Say(r, "I've watched this order for a long time, and it still hasn't shipped, so I'm stopping now. "+
			"You can still ask to cancel it: send me its number.")
	}
	if _, known := lastDay(v); known {
		return v.Say(r, "The last day for a case about this order was {dispute_until}, so I've stopped watching it. "+
			"You can still write to {seller}, and “a person” can look at anything unusual.")
	}
	return v.Say(r, "I've watched this parcel for a long time, and the shop gives no date for it, so I'm stopping now. "+
		"If you are still waiting for it, send me the order's number, or ask for “a person”.")
}

// shipMissed says by when an order should have shipped; empty where the shop gives no date.
func shipMissed(v *bot.View, r *bot.Person) string {
	if orderOf(v).ShipBy.IsZero() {
		return ""
	}
	return shipBy(v, r)
}

// claimWords says it of each of several parcels that should have come; empty where none should.
func claimWords(v *bot.View, r *bot.Person) string {
	words, due := "", listed(v.Fact("claims_due"))
	for _, p := range outstanding(v) {
		if slices.Contains(due, p.ID) {
			words = v.Sentences(r, words, withParcel(v, r, &p).Say(r, "The shop still shows parcel {parcel} as not delivered."))
		}
	}
	if words == "" {
		return ""
	}
	return v.Sentences(r, words, v.Say(r, "You can open a case now. If all of it has come, you don't need to do anything."))
}
