package flows

import (
	"slices"
	"strings"
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
	tellWhenOpen  = bot.Choice{Event: "watch_asked", Label: "Tell me when it's paid", Style: bot.Primary}
	tellWhenShips = bot.Choice{Event: "watch_asked", Label: "Tell me when it ships", When: noCaseOpen}
)

// shipDateAhead holds where the shop's date for sending an order is still to come.
var shipDateAhead = cond("it need not have shipped yet", func(v *bot.View) bool { return v.Now.Before(v.Order.ShipBy) })

// shipmentWindow is how long an order is watched before its buyer is told that it still has not left: up to the shop's date;
// where there is none, or it has passed, as long as it takes at most (Q6).
func shipmentWindow(v *bot.View) bot.Window {
	if shipDateAhead.Holds(v) {
		return windowUntil(v, v.Order.ShipBy)
	}
	return v.Policy.Windows["preparing"]
}

// hasShipped tells a buyer who wanted to know that their order has left.
const hasShipped = "{seller} has shipped this order. {deliver_by} " +
	"I'll keep an eye on the parcel for you. {tracking}"

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
const followingSaid = "I'll tell you here when the shop has news of the parcel, when it stands still, and before the last " +
	"day to open a case. You don't need to do anything until then."

// watchingPayment promises what a locked order is watched for.
const watchingPayment = "I'll tell you here as soon as the payment is confirmed. Then you can ask to cancel the order."

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

	othersToWatch = cond("there are other parcels to follow", func(v *bot.View) bool {
		return v.Fact("with_case") != "" && len(parcelsAtHand(v)) > 0
	})
)

// claimAt is when the next of the parcels that are followed should have come, and a case can be opened because it has not.
// Zero where that is not known, or past.
func claimAt(v *bot.View) time.Time {
	return earliest(slices.DeleteFunc(outstanding(v), func(p bot.Parcel) bool { return !v.Now.Before(claimAtOf(v, &p)) }),
		func(p *bot.Parcel) time.Time { return claimAtOf(v, p) })
}

// outstanding are the parcels at hand that have not come.
func outstanding(v *bot.View) []bot.Parcel {
	o := orderOf(v)
	return slices.DeleteFunc(parcelsAtHand(v), func(p bot.Parcel) bool { return o.Arrived(&p) })
}

// claimAtOf is the same of one parcel: by the shop's date; or, where the buyer has asked for it, from the first day on which
// a case can be, if it is earlier. Zero where neither is known.
func claimAtOf(v *bot.View, p *bot.Parcel) time.Time {
	at := p.DeliverBy
	if first, known := firstDayOf(v, p); known && v.Fact("claim") != "" && (at.IsZero() || first.Before(at)) {
		at = first
	}
	return at
}

// claimFacts records of which parcels it is told that a case can be opened because they have not come, once of each.
func claimFacts(v *bot.View, e *bot.Event) bot.Facts {
	facts := standstillFacts(v, e)
	if !ofSeveral(v) {
		return facts
	}
	told := listed(v.Fact("claims_told"))
	due := slices.DeleteFunc(outstanding(v), func(p bot.Parcel) bool {
		at := claimAtOf(v, &p)
		return at.IsZero() || v.Now.Before(at) || slices.Contains(told, p.ID)
	})
	facts["claims_due"], facts["claims_told"] = strings.Join(idsOf(due), ","), addListed(v.Fact("claims_told"), idsOf(due)...)
	return facts
}

// parcelHasCase records which of the parcels has a case of its own now; a case about the whole order has all of them.
func parcelHasCase(v *bot.View, e *bot.Event) bot.Facts {
	if e.Facts["parcels"] == "" {
		return bot.Facts{"with_case": ""}
	}
	return bot.Facts{"with_case": addListed(v.Fact("with_case"), listed(e.Facts["parcels"])...)}
}

// lettersHaveCase is the same for letters, which have met the last day of those parcels with it.
func lettersHaveCase(v *bot.View, e *bot.Event) bot.Facts {
	if e.Facts["parcels"] == "" {
		return bot.Facts{"last_day_told": "case"}
	}
	return parcelHasCase(v, e)
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
