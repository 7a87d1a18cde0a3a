package flows

import (
	"maps"
	"strconv"
	"time"

	"nevermind/bot"
)

// Snoozed says until when somebody of support has put a record aside, who, and why; false where nobody has. It holds while
// the visit lasts in which it was done; whatever moves the record wakes it.
func Snoozed(c *bot.Conversation) (until time.Time, who, why string, ok bool) {
	f := c.Facts
	until, err := time.Parse(time.RFC3339, f["snooze_until"])
	return until, f["snooze_by"], f["snooze_why"], err == nil && f["snooze_visit"] == strconv.Itoa(c.Visit)
}

// Whether a record is put aside, and whether it wakes by itself.
var (
	isSnoozed  = cond("it is snoozed", func(v *bot.View) bool { _, _, _, ok := Snoozed(v.Conv); return ok })
	notSnoozed = cond("it is not snoozed", func(v *bot.View) bool { return !isSnoozed.Holds(v) })
	// wakesByItself asks whether it wakes by itself: at the latest support's own time to answer wakes it.
	wakesByItself = cond("it wakes before support has to answer", func(v *bot.View) bool {
		until, _, _, ok := Snoozed(v.Conv)
		last, due := supportAnswerDue(v)
		return ok && (!due || until.Before(last))
	})
)

// snoozeOver is when it wakes.
var snoozeOver = bot.Wait{Full: "snooze", Event: "snooze_over", When: wakesByItself}

// snoozeWindow is how long it sleeps still.
func snoozeWindow(v *bot.View) bot.Window {
	until, _, _, _ := Snoozed(v.Conv)
	return bot.Window{Length: until.Sub(v.Now)}
}

// supportAnswerDue is when support has to answer, if that time runs: a snooze never moves it.
func supportAnswerDue(v *bot.View) (time.Time, bool) {
	for _, d := range v.Conv.Deadlines {
		if d.Window == "support_answer" && !d.Half {
			return d.At, true
		}
	}
	return time.Time{}, false
}

// The buttons by which a record is put aside for a while.
var (
	snooze  = bot.Choice{Event: "snoozed", Label: "Snooze…", When: notSnoozed, Form: snoozeForm}
	wakeNow = bot.Choice{Event: "woken_by_hand", Label: "Wake it", When: isSnoozed}
)

// snoozeMoves are heard wherever something waits for support.
var snoozeMoves = bot.Moves{
	"snoozed": bot.Stay().Learning(snoozeFacts).Saying(bot.To{bot.Here: "{snooze_said}"}).Restarting("snooze").
		Dealing(bot.Support).Rules("S31"),
	"woken_by_hand": bot.Stay().Learning(wakeFacts).Restarting("snooze").Dealing(bot.Support),
	"woken":         bot.Stay().Learning(wakeFacts).Saying(bot.To{bot.Support: "{woken}"}).Restarting("snooze").Dealing(bot.Support),
	"snooze_over":   bot.Stay().Learning(wakeFacts).Saying(bot.To{bot.Support: "{slept}"}).Dealing(bot.Support).Rules("S31"),
}

// snoozeForm asks until when, by the agent's own clock, and why. What lies behind the time to answer is not offered.
func snoozeForm(v *bot.View) []bot.Field {
	until := bot.Field{
		Name: "snooze_for", Kind: bot.OneOf,
		Ask: "Until when? It comes back as soon as somebody writes or something happens. {snooze_most}",
	}
	last, due := supportAnswerDue(v)
	for _, o := range snoozeTimes(v) {
		if !due || !o.at.After(last) {
			label := v.Say(v.Actor, o.label)
			if o.name != "hour" {
				label += ", " + inTheirZone(v.Actor, o.at.Format("15:04"))
			}
			until.Options = append(until.Options, bot.Option{Value: o.name, Label: label})
		}
	}
	until.Options = append(until.Options, bot.Option{Value: "typed", Label: "Another time"})
	return []bot.Field{until,
		{
			Name: "snooze_at", Kind: bot.Time, If: "snooze_for=typed",
			Ask: "Which time, by your own clock? For example “14:30”, “tomorrow 9:00”, “Monday” or “in 3 hours”.",
		},
		{Name: "snooze_why", Kind: bot.Text, Limit: 200, Ask: "What are you waiting for? Only your colleagues read this."}}
}

// snoozeTime is one of the times offered.
type snoozeTime struct {
	name, label string
	at          time.Time
}

// snoozeTimes are in an hour, this afternoon, tomorrow morning and Monday morning, by the clock of whoever presses.
func snoozeTimes(v *bot.View) []snoozeTime {
	now := v.Now.In(v.Actor.Location())
	day := func(days, hour int) time.Time {
		return time.Date(now.Year(), now.Month(), now.Day()+days, hour, 0, 0, 0, now.Location())
	}
	all := []snoozeTime{{"hour", "For an hour", now.Add(time.Hour)}}
	if afternoon := day(0, partsOfDay["afternoon"]); now.Add(time.Hour).Before(afternoon) {
		all = append(all, snoozeTime{"afternoon", "Until this afternoon", afternoon})
	}
	all = append(all, snoozeTime{"tomorrow", "Until tomorrow morning", day(1, morningHour)})
	if days := (int(time.Monday-now.Weekday())+7-1)%7 + 1; days > 1 {
		all = append(all, snoozeTime{"monday", "Until Monday morning", day(days, morningHour)})
	}
	return all
}

// snoozeFacts records until when a record is put aside, by whom and why; never longer than until support has to answer.
// A time that has passed puts nothing aside.
func snoozeFacts(v *bot.View, e *bot.Event) bot.Facts {
	at, ok := parseTime(e.Facts["snooze_at"], v.Now.In(v.Actor.Location()), morningHour)
	for _, o := range snoozeTimes(v) {
		if o.name == e.Facts["snooze_for"] {
			at, ok = o.at, true
		}
	}
	if !ok || !at.After(v.Now) {
		return bot.Facts{"snooze_visit": ""}
	}
	if last, due := supportAnswerDue(v); due && at.After(last) {
		at = last
	}
	return bot.Facts{
		"snooze_until": at.UTC().Format(time.RFC3339),
		"snooze_visit": strconv.Itoa(v.Frame.Visit),
		"snooze_by":    agentName(v, v.Actor, v.Actor),
	}
}

// wakeFacts ends a snooze; the fact "woke" says whether there was one, so that it is told only then.
func wakeFacts(v *bot.View, _ *bot.Event) bot.Facts {
	woke := ""
	if isSnoozed.Holds(v) {
		woke = "yes"
	}
	return bot.Facts{"snooze_visit": "", "woke": woke}
}

// alsoWaking ends a snooze besides what an event teaches.
func alsoWaking(what factsOf) factsOf {
	return func(v *bot.View, e *bot.Event) bot.Facts {
		facts := wakeFacts(v, e)
		maps.Copy(facts, what(v, e))
		return facts
	}
}

// wakingEvents are the events at which a record that is snoozed wakes before its time: somebody writes, the order
// changes, somebody is lost, or support is late.
var wakingEvents = map[string]bool{
	"buyer_wrote": true, "seller_wrote": true, "person_asked": true, "file_added": true, "files_shown": true,
	"proof_named":   true,
	"order_shipped": true, "order_delivered": true, "order_changed": true, "order_unlocked": true, "order_refunded": true,
	"order_had_shipped": true, "tracking_changed": true, "refund_undone": true, "total_changed": true, "price_adjusted": true,
	"chargeback_opened": true, "chargeback_lost": true, "chargeback_won": true, "parcel_added": true, "part_shipped": true,
	"shop_contradicted": true, "shop_unanswered": true, "stood_still": true, "last_day_neared": true, "seller_left": true,
	"buyer_left": true, "not_delivered": true, "support_late": true,
}

// concernsOthers says whether a deadline is anybody's business besides support's own people.
func concernsOthers(d *bot.Deadline) bool {
	return d.Window != "undo" && d.Window != "snooze" && !d.Half
}

// wakingSnoozed has those of the moves that stay in the state wake what is snoozed. A move that leads elsewhere wakes it
// anyhow, since a snooze holds for one visit.
func wakingSnoozed(moves bot.Moves) bot.Moves {
	all := bot.Moves{}
	for event, m := range moves {
		if m.Kind == bot.Stays && wakingEvents[event] {
			m = m.Asking(wake)
		}
		all[event] = m
	}
	return all
}

// wake has a record that is snoozed tell itself that something has happened.
func wake(v *bot.View, e *bot.Event) (bot.Key, bot.Event) {
	if !isSnoozed.Holds(v) {
		return "", bot.Event{}
	}
	return v.Conv.Key, bot.Event{Name: "woken", By: bot.Shop, Facts: bot.Facts{"woken_by": e.Name}}
}
