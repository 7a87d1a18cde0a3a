package flows

import (
	"strings"
	"time"

	"nevermind/bot"
)

// dailyOverview is a seller's daily overview: it lives as long as something waits for them, and speaks through their talks.
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

// overviewIn has one of the seller's chats look what waits.
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

func wantsOverview(p *bot.Person) bool { return p.Settings["digest"] == "on" }

// waitsForSeller says in which states a case or a dispute waits for its seller, for what, and until which deadline.
var waitsForSeller = map[string]struct{ what, until string }{
	"case.awaiting_seller":      {"a request to cancel, to be answered by ", "seller_answer"},
	"case.weighing_counter":     {"the buyer's offer, to be weighed by ", "negotiation"},
	"case.negotiating":          {"still to be settled with the buyer, by ", "negotiation"},
	"case.awaiting_evidence":    {"support's question, to be answered by ", "evidence"},
	"dispute.awaiting_seller":   {"the buyer's problem with it, to be answered by ", "dispute_answer"},
	"dispute.negotiating":       {"still to be settled with the buyer, by ", "negotiation"},
	"dispute.awaiting_evidence": {"support's question, to be answered by ", "evidence"},
	"dispute.awaiting_parcel":   {"on its way back to you; please say when you have it, by ", "parcel_back"},
}

// overviewTerm lists what waits for a seller; empty where nothing does, or they want none.
func overviewTerm(v *bot.View, r *bot.Person) string {
	if !wantsOverview(r) {
		return ""
	}
	var lines []string
	for _, c := range openCasesOf(v) {
		w := waitsForSeller[c.Flow+"."+c.State]
		if !WaitsForSeller(&c) {
			continue
		}
		for _, d := range c.Deadlines {
			if d.Name == w.until {
				lines = append(lines, "• "+overviewTitle(v, &c)+": "+v.Say(r, w.what)+formatMoment(v, r, d.At))
			}
		}
	}
	if len(lines) == 0 {
		return ""
	}
	return v.Say(r, "Good morning. This waits for you:") + "\n" + strings.Join(lines, "\n") + "\n" + v.Say(r, "“My requests” shows it, with the buttons to answer. /settings stops this overview.")
}

func overviewTitle(v *bot.View, c *bot.Conversation) string {
	if o, ok := v.Look.OrderByID(c.Order); ok {
		return c.ID + " · " + shorten(orderSummary(o), 40)
	}
	return c.ID
}
