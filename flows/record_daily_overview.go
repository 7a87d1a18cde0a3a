package flows

import (
	"time"

	"nevermind/bot"
)

// dailyOverview is a seller's overview of what waits for them, each morning in their own zone. It begins with the first
// request that waits, speaks through each of their chats, and ends when nothing waits or the seller wants none. Quiet
// hours that last longer than the night put it off.
var dailyOverview = bot.Flow{
	Name:    "digest",
	About:   "Each morning in the seller's own zone, has their chats told what waits for them; ends when nothing does.",
	Born:    []string{"digest_due"},
	First:   "awaiting_morning",
	Without: []bot.Party{bot.Buyer, bot.Seller, bot.Support}, // their talks do
	States: bot.States{
		"awaiting_morning": {
			After: bot.Waits{{Full: "next_morning", Event: "morning_came", Again: true}},
			Then: bot.Moves{
				"digest_due":    bot.Stay(),
				"morning_came":  bot.Stay().Asking(overviewIn(0), overviewIn(1), overviewIn(2), overviewIn(3)),
				"nothing_waits": bot.Go("resting"),
			},
		},
		"resting": {},
	},
}

// morningHour is the hour at which an overview comes, and at which a day begins for whoever names no time of day.
const morningHour = 9

// nextMorning is how long it is to the seller's next morning, or to the end of quiet hours that last longer.
func nextMorning(v *bot.View) bot.Window {
	who := v.People[bot.Seller]
	if who == nil {
		return bot.Window{Length: 24 * time.Hour}
	}
	now := v.Now.In(who.Location())
	at := time.Date(now.Year(), now.Month(), now.Day(), morningHour, 0, 0, 0, now.Location())
	if !at.After(now) {
		at = time.Date(now.Year(), now.Month(), now.Day()+1, morningHour, 0, 0, 0, now.Location())
	}
	if until, quiet := who.QuietUntil(at); quiet {
		at = until
	}
	return bot.Window{Length: at.Sub(now)}
}

// overviewIn asks the talk in one of the seller's chats to say what waits; a talk sees the orders and cases that this
// record does not.
func overviewIn(n int) bot.Ask {
	return func(v *bot.View, _ *bot.Event) (bot.Key, bot.Event) {
		who := v.People[bot.Seller]
		if n >= len(who.Rooms) {
			return "", bot.Event{}
		}
		return bot.TalkKey(who.Rooms[n], who), bot.Event{Name: "overview_due", By: bot.Seller, Actor: who.ID, Room: who.Rooms[n]}
	}
}

// startOverview begins a seller's overview once something waits for them.
func startOverview(v *bot.View, _ *bot.Event) (bot.Key, bot.Event) {
	who := v.People[bot.Seller]
	if who == nil { // it is their talk
		who = v.Actor
	}
	if who.Party() != bot.Seller || !wantsOverview(who) {
		return "", bot.Event{}
	}
	return bot.Key("digest/" + string(who.ID)), bot.Event{Name: "digest_due", By: bot.Seller, Actor: who.ID}
}

// endOverview ends it where nothing waits, or it is no longer wanted.
func endOverview(v *bot.View, _ *bot.Event) (bot.Key, bot.Event) {
	if overviewTerm(v, v.Actor) != "" {
		return "", bot.Event{}
	}
	return bot.Key("digest/" + string(v.Actor.ID)), bot.Event{Name: "nothing_waits", By: bot.Clock}
}

// overviewForNewSeller gives a seller whose chat is new a daily overview, unless they have chosen before.
func overviewForNewSeller(v *bot.View, _ *bot.Event) (bot.Key, bot.Event) {
	if v.Actor.Party() != bot.Seller || v.Actor.Settings["digest"] != "" {
		return "", bot.Event{}
	}
	return bot.PersonKey(v.Actor.ID), bot.Event{Name: "digest_begun", Facts: bot.Facts{"digest": "on"}}
}

// wantsOverview says whether a seller has the overview switched on. The setting's name "digest" is stored.
func wantsOverview(p *bot.Person) bool { return p.Settings["digest"] == "on" }
