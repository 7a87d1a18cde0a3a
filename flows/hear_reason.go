package flows

import (
	"slices"
	"strings"

	"nevermind/bot"
)

// spokenReasons are words that buyers have for why, and the reasons they mean: the first of these that the policy lists counts.
var spokenReasons = []struct{ said, reasons []string }{
	{
		[]string{
			"cheaper", "better price", "lower price", "better offer", "better deal", "somewhere else", "elsewhere", "another shop",
			"another seller", "other shop", "other seller",
		},
		[]string{"found_cheaper", "not_needed"},
	}, // S90
	{
		[]string{"ordered the wrong", "chose the wrong", "ordered it by mistake", "ordered by mistake"},
		[]string{"order_mistake", "not_needed"},
	}, // S36
	{[]string{"no longer need", "no longer want"}, []string{"not_needed"}},                                               // S36, S37
	{[]string{"arrive in time", "arrive on time", "come in time", "come on time"}, []string{"late_arrival", "too_slow"}}, // S37
}

// hearReason hears in a buyer's own words why they cancel: a better offer elsewhere, the wrong thing ordered, too late. The
// reason is what comes nearest, which they see before anything is sent; their words go along, so that the true motive is
// what the seller reads.
func hearReason(v *bot.View, m *bot.Message) (bot.Event, bool) {
	text := plainWords(m.Text)
	for _, motive := range spokenReasons {
		if !slices.ContainsFunc(motive.said, func(words string) bool { return strings.Contains(text, words) }) {
			continue
		}
		for _, id := range motive.reasons {
			if _, listed := v.Policy.Reason(id); listed {
				facts := bot.Facts{"reason": id, "note": bot.Shorten(strings.TrimSpace(m.Text), 1000)}
				return bot.Event{Name: "motive_told", Facts: facts}, true
			}
		}
	}
	return bot.Event{}, false
}
