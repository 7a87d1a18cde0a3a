package flows

import (
	"time"

	"nevermind/bot"
)

// followParcel has a parcel followed, or the last day for a case kept in mind.
var followParcel = bot.Choice{Event: "watch_asked", Label: "Keep an eye on it for me", When: mayFollowParcel}

// mayFollowParcel holds while a case can still come of an order and none is open.
var mayFollowParcel = cond("a case can still come of it, and none is open", func(v *bot.View) bool {
	return noCaseOpen.Holds(v) && !disputeTooLate.Holds(v) && endedDispute(v) == nil
})

var (
	tellWhenOpen = bot.Choice{Event: "watch_asked", Label: "Tell me when it opens", Style: bot.Primary}
)

// askWatch has an order watched for this person.
func askWatch(v *bot.View, _ *bot.Event) (bot.Key, bot.Event) {
	id := v.Fact("order")
	return bot.Key("watch/" + id + "/" + string(v.Actor.ID)), bot.Event{Name: "watch_asked", Facts: bot.Facts{"order": id}}
}

// askClaimWatch has it followed too, with a word when a case can be opened because it has not come.
func askClaimWatch(v *bot.View, e *bot.Event) (bot.Key, bot.Event) {
	key, ev := askWatch(v, e)
	ev.Facts["claim"] = "asked"
	return key, ev
}

// followingSaid promises what a followed parcel is watched for.
const followingSaid = "I will tell you here when the shop has news of the parcel, when it stands still, and before the last " +
	"day for a case comes. You need do nothing meanwhile."

// watchingPayment promises what a locked order is watched for.
const watchingPayment = "I'll tell you here as soon as the payment is confirmed. Then you can cancel the order."

// beginCancel starts the talk about cancelling in the room of the press.
func beginCancel(v *bot.View, e *bot.Event) (bot.Key, bot.Event) {
	return bot.TalkKey(e.Room, v.Actor), bot.Event{Name: "cancel_asked", Facts: bot.Facts{"order": v.Conv.Order}}
}

var (
	orderDelivered = stageIs("the order is there", bot.Delivered)
	lastDayAhead   = cond("the last day for a case has moved", func(v *bot.View) bool {
		last, known := lastDay(v)
		return known && v.Now.Before(last)
	})
	claimLater = cond("it is too early to say that it has not come", func(v *bot.View) bool { return v.Now.Before(claimAt(v)) })
)

// claimAt is when a parcel that is followed should have come, and a case can be opened because it has not: by the shop's
// date; or, where the buyer has asked for it, from the first day on which that can be, if it is earlier. Zero where
// neither is known.
func claimAt(v *bot.View) time.Time {
	at := orderOf(v).DeliverBy
	if first, known := firstDay(v); known && v.Fact("claim") != "" && (at.IsZero() || first.Before(at)) {
		at = first
	}
	return at
}

// mayClaimWindow is how long it is until a case can be opened because the parcel has not come.
func mayClaimWindow(v *bot.View) bot.Window {
	return windowUntil(v, claimAt(v))
}

// watchWindow is how long a parcel is followed: up to the last day for a case, or as long as a talk is kept.
func watchWindow(v *bot.View) bot.Window {
	if last, known := lastDay(v); known {
		return windowUntil(v, last)
	}
	return v.Policy.Windows["talk_idle"]
}
