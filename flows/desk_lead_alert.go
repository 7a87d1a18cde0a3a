package flows

import (
	"slices"
	"strings"
	"time"

	"nevermind/bot"
)

// leadAlert is what one of support's leads is told directly, in a chat of their own: that something has waited for three
// quarters of support's time, how long is left, and who has it (S31). There is one record for each lead; it says nothing
// else, and ends when nothing has waited long for a while. The policy names the leads.
var leadAlert = bot.Flow{
	Name:    "lead",
	About:   "Tells one of support's leads directly what has waited three quarters of support's time to answer, or longer.",
	Title:   "{lead_title}",
	Born:    []string{"lead_called"},
	Without: bothSides,
	First:   "standing_by",
	States: bot.States{
		"standing_by": {
			Card:  bot.To{bot.Support: "I tell you here what has waited long at the desk."},
			After: bot.Waits{{Full: "talk_idle", Event: "fell_silent"}},
			Rules: []string{"S31"},
			Then: bot.Moves{
				"lead_called": bot.Stay().Saying(bot.To{bot.Support: "{lead_told}"}).Asking(leadUnreached).Restarting("talk_idle").
					Rules("S31"),
				"fell_silent": bot.Go("not_needed"),
			},
		},
		"not_needed": {Card: bot.To{bot.Support: "Nothing has waited long since then."}},
	},
}

// mostLeads is how many leads are told.
const mostLeads = 10

// leadsNamed asks whether anybody is to be told.
var leadsNamed = cond("the policy names leads", func(v *bot.View) bool { return len(v.Policy.Leads) > 0 })

// leadAlertWindow is one and a half times support's time to answer: leads are alerted at half of it, which is three
// quarters of that time.
func leadAlertWindow(v *bot.View) bot.Window {
	from, zone := v.Now, time.UTC
	if who := v.People[bot.Seller]; who != nil {
		zone = who.Location()
	}
	return bot.Window{Length: v.Policy.After(v.Policy.Windows["support_answer"], from, zone).Sub(from) * 3 / 2}
}

// alertLeadsWait is when leads are told directly that something waits.
func alertLeadsWait(also ...*bot.Cond) bot.Wait {
	when := leadsNamed
	if len(also) > 0 {
		when = cond(leadsNamed.Name+", and "+also[0].Name, func(v *bot.View) bool { return leadsNamed.Holds(v) && also[0].Holds(v) })
	}
	return bot.Wait{Half: "support_lead", Event: "leads_called", When: when}
}

// leadAlertMoves are heard wherever something waits for support.
var leadAlertMoves = bot.Moves{
	"leads_called":   bot.Stay().Asking(alertEachLead()...).Rules("S31"),
	"lead_unreached": bot.Stay().Saying(bot.To{bot.Support: "{lead_here}"}).Rules("S31"),
}

// alertEachLead tells every lead.
func alertEachLead() []bot.Ask {
	var asks []bot.Ask
	for i := range mostLeads {
		asks = append(asks, func(v *bot.View, _ *bot.Event) (bot.Key, bot.Event) {
			if i >= len(v.Policy.Leads) {
				return "", bot.Event{}
			}
			id := bot.NewPersonID(bot.Support, v.Policy.Leads[i])
			return bot.Key("lead/" + string(id)), bot.Event{Name: "lead_called", By: bot.Support, Actor: id, Facts: leadAlertFacts(v)}
		})
	}
	return asks
}

// leadAlertFacts is what a lead is told of a record. The time is passed on as an instant, so that it is said in their
// own zone.
func leadAlertFacts(v *bot.View) bot.Facts {
	due, _ := supportAnswerDue(v)
	about := v.Conv.ID
	if v.Order != nil {
		about = strings.TrimPrefix(about+" · "+bot.Shorten(orderSummary(v.Order), 60), " · ")
	}
	holder := v.Fact("agent_name")
	if awaitsSecondAgent.Holds(v) {
		holder = v.Fact("decider_name")
	}
	sleeps := ""
	if isSnoozed.Holds(v) {
		sleeps = "yes"
	}
	return bot.Facts{
		"of":       string(v.Conv.Key),
		"of_flow":  v.Conv.Flow,
		"about":    about,
		"asked_by": bot.Clean(askerName(v, v.Actor)),
		"due":      due.UTC().Format(time.RFC3339),
		"held_by":  holder,
		"second":   v.Fact("held_second"),
		"sleeps":   sleeps,
	}
}

// leadUnreached tells the record that a lead has no direct chat, so that it is said where the whole desk reads it.
func leadUnreached(v *bot.View, e *bot.Event) (bot.Key, bot.Event) {
	if v.People[bot.Support].Reachable() {
		return "", bot.Event{}
	}
	return bot.Key(e.Facts["of"]), bot.Event{
		Name: "lead_unreached", By: bot.Shop, Facts: bot.Facts{"lead_name": agentName(v, v.Actor, v.Actor)},
	}
}

// isLead says whether somebody of support is a lead.
func isLead(v *bot.View, id string) bool {
	_, rest := bot.PersonID(id).Split()
	return slices.Contains(v.Policy.Leads, rest)
}

// leadMissing asks of a second person whether one of the two is a lead, where the policy wants that.
func leadMissing(v *bot.View) bool { return noLead(v, v.Fact("decider")) }

// noLead says whether the policy wants a lead, and neither who did something first nor who acts now is one.
func noLead(v *bot.View, first string) bool {
	return v.Policy.Choices["second_person"] == "lead" && !isLead(v, first) && !isLead(v, string(v.Actor.ID))
}
