package flows

import (
	"slices"
	"strings"

	"nevermind/bot"
)

// forecastTerms are what {names} stand for in words about the deadlines that run.
var forecastTerms = map[string]bot.Term{
	"ahead":          forecastTerm,
	"next":           nextDeadlineTerm,
	"evidence_loser": evidenceLoser,
	"return_lost":    returnLost,
}

// askForecast asks what happens if nobody moves.
var askForecast = bot.Choice{Event: "ahead_asked", Label: "What if nobody moves?"}

// tellForecast answers it.
var tellForecast = bot.Stay().Saying(bot.To{bot.Here: "{ahead}"}).Rules("S41", "S55")

// cardFooter is the last line of every open card: what happens next if nobody moves, when, and who loses what. The
// engine edits a card whose footer has changed.
const cardFooter = "{next}"

// nextDeadlineTerm is the deadline that passes first for a reader, by the wall's time: "in two hours" on a card would be
// untrue an hour later.
func nextDeadlineTerm(v *bot.View, r *bot.Person) string {
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
	stake := stakeOf(v.Frame.Flow, next.Event)
	return "⏳ " + formatInstant(v, r, next.At) + v.Say(r, ", if nobody moves: ") + v.Say(r, stake.Said(r.Party()))
}

// shownOnCard says whether a reader's card may name a deadline: something hangs on it for them, and it is no mere
// reminder.
func shownOnCard(v *bot.View, r *bot.Person, d *bot.Deadline) bool {
	stake := stakeOf(v.Frame.Flow, d.Event)
	return stake.Loses != "" && !stake.Words && !d.Half && mayKnow(&stake, r)
}

// mostForecastSteps is how many steps of what comes are told.
const mostForecastSteps = 8

// forecastTerm answers "What if nobody moves?": each deadline that would pass, with its time and what it costs whom, and
// where the case then stands. The steps are played by the same moves that a turn would make, so they are true as long as
// nobody moves.
func forecastTerm(v *bot.View, r *bot.Person) string {
	var lines strings.Builder
	told := map[string]bool{}
	steps := viewForReader(v, r).Forecast(mostForecastSteps)
	for _, s := range steps {
		if s.By != bot.Clock || told[s.From+s.Event] {
			continue // what the shop does at once is not waited for, and what comes again is told once
		}
		told[s.From+s.Event] = true
		stake := stakeOf(v.Frame.Flow, s.Event)
		lines.WriteString("\n• " + formatMoment(v, r, s.At) + ": " + v.Say(r, stake.Said(r.Party())))
	}
	if lines.Len() == 0 {
		return v.Say(r, "No clock is running here; it waits for people.")
	}
	last := steps[len(steps)-1].To
	return v.Say(r, "If nobody moves (the shop included):") + lines.String() + "\n" + v.Say(r, "It then stands at: ") +
		v.Say(r, recordStateWords[last]) + "."
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
