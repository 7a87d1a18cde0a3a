package flows

import (
	"slices"
	"strings"
	"time"

	"nevermind/bot"
)

// forecastTerms are what {names} stand for in words about the deadlines that run.
var forecastTerms = map[string]bot.Term{
	"ahead":     forecastTerm,
	"next":      nextDeadlineTerm,
	"next_says": nextDeadlineSays,
	"by":        func(v *bot.View, r *bot.Person) string { return formatBy(v, r, v.Instant) },
	"on":        func(v *bot.View, r *bot.Person) string { return formatDay(v, r, v.Instant) },
}

// askForecast asks what happens if nobody does anything.
var askForecast = bot.Choice{Event: "ahead_asked", Label: "What happens next?"}

// tellForecast answers it.
var tellForecast = bot.Stay().Saying(bot.To{bot.Here: "{ahead}"}).Rules("S41", "S55")

// cardFooter is the last line of every open card: what happens next, and by when. The engine edits a card whose footer
// has changed.
const cardFooter = "{next}"

// nextDeadlineTerm is what a reader is told of the deadline that passes first, as the last line of a card.
func nextDeadlineTerm(v *bot.View, r *bot.Person) string {
	if said := nextDeadlineSays(v, r); said != "" {
		return "⏳ " + said
	}
	return ""
}

// nextDeadlineSays is the same sentence, for words that end with it.
func nextDeadlineSays(v *bot.View, r *bot.Person) string {
	var next *bot.Deadline
	for i := range v.Conv.Deadlines {
		d := &v.Conv.Deadlines[i]
		if shownOnCard(v, r, d) && (next == nil || d.At.Before(next.At)) {
			next = d
		}
	}
	if next == nil {
		return ""
	}
	return stakeSaid(v, r, next.Event, next.At)
}

// stakeSaid is what a reader is told of a deadline.
func stakeSaid(v *bot.View, r *bot.Person, event string, at time.Time) string {
	stake := stakeOf(v.Frame.Flow, event)
	return v.At(at).Say(r, stake.Said(r.Party()))
}

// shownOnCard says whether a reader's card may name a deadline: something hangs on it for them, and it is no mere
// reminder.
func shownOnCard(v *bot.View, r *bot.Person, d *bot.Deadline) bool {
	stake := stakeOf(v.Frame.Flow, d.Event)
	return stake.Said(r.Party()) != "" && !stake.Reminder && !d.Half && mayKnow(&stake, r)
}

// mostForecastSteps is how many steps of what comes are told.
const mostForecastSteps = 8

// forecastTerm answers "What happens next?": each deadline that would pass, in a sentence. The steps are played by the
// same moves that a turn would make, so they are true as long as nobody does anything.
func forecastTerm(v *bot.View, r *bot.Person) string {
	var lines strings.Builder
	told := map[string]bool{}
	for _, s := range viewForReader(v, r).Forecast(mostForecastSteps) {
		if s.By != bot.Clock || s.Half || told[s.From+s.Event] {
			continue // the shop is not waited for, a reminder changes nothing, and what comes again is told once
		}
		told[s.From+s.Event] = true
		if said := stakeSaid(v, r, s.Event, s.At); said != "" {
			lines.WriteString("\n• " + said)
		}
	}
	if lines.Len() == 0 {
		return v.Say(r, "Nothing happens here by itself: this waits for people.")
	}
	return v.Say(r, "This is what happens if nobody does anything, the shop included:") + lines.String()
}

// viewForReader is the view without the deadlines that a reader may not know of, such as the seconds in which support
// can still undo a decision.
func viewForReader(v *bot.View, r *bot.Person) *bot.View {
	seen, c := *v, *v.Conv
	c.Deadlines = slices.DeleteFunc(slices.Clone(c.Deadlines), func(d bot.Deadline) bool {
		stake := stakeOf(c.Flow, d.Event)
		return !mayKnow(&stake, r)
	})
	seen.Conv, seen.Frame = &c, &c.Frame
	return &seen
}
