package flows

import (
	"slices"
	"time"

	"nevermind/bot"
)

// recentFor is how long a closed case still counts as recent.
const recentFor = 90 * 24 * time.Hour

// otherCasesOf are the buyer's other cases that are open or were closed lately, the newest first, the open ones before all.
func otherCasesOf(v *bot.View) []bot.Conversation {
	if v.Others == nil {
		return nil
	}
	others := slices.DeleteFunc(v.Others(), func(c bot.Conversation) bool {
		return c.ID == "" || c.Key == v.Conv.Key || !c.Closed.IsZero() && v.Now.Sub(c.Closed) > recentFor
	})
	slices.SortStableFunc(others, func(a, b bot.Conversation) int {
		if a.Closed.IsZero() != b.Closed.IsZero() {
			return map[bool]int{true: -1, false: 1}[a.Closed.IsZero()]
		}
		return b.Opened.Compare(a.Opened)
	})
	return others[:min(len(others), mostOthers)]
}

// openOf counts the cases that are open.
func openOf(cases []bot.Conversation) (n int) {
	for i := range cases {
		if cases[i].Closed.IsZero() {
			n++
		}
	}
	return n
}

// countOthers says how many other cases a buyer has: a count, and no judgement.
func countOthers(v *bot.View, r *bot.Person, open, closed int) string {
	var counts []string
	if open > 0 {
		counts = append(counts, v.Count(r, open, "One is open.", "{n} are open."))
	}
	if closed > 0 {
		counts = append(counts, v.Count(r, closed, "One was closed in the last 90 days.", "{n} were closed in the last 90 days."))
	}
	return v.Sentences(r, counts...)
}

// otherLine is a case in a line: its name, its order, what it is about, where it stands.
func otherLine(v *bot.View, c *bot.Conversation) string {
	line := c.ID + " · " + c.Order
	if reason, ok := v.Policy.Reason(c.Facts["reason"]); ok {
		line += " · " + v.Say(v.Actor, reason.Label)
	}
	for _, p := range problems {
		if p.id == c.Facts["problem"] {
			line += " · " + v.Say(v.Actor, p.label)
		}
	}
	return line + " · " + v.Say(v.Actor, recordStateWords[c.State])
}
