package flows

import (
	"slices"
	"strings"

	"nevermind/bot"
)

// spokenReasons are words that buyers have for why, and the reasons they mean: the first of these that the policy lists
// counts. What comes first is looked for first.
var spokenReasons = []struct{ said, reasons []string }{
	{
		[]string{
			"cheaper", "better price", "lower price", "better offer", "better deal", "somewhere else", "elsewhere", "another shop",
			"another seller", "other shop", "other seller",
		},
		[]string{"found_cheaper", "not_needed"},
	}, // S90
	{
		[]string{
			"ordered the wrong", "chose the wrong", "picked the wrong", "bought the wrong", "wrong size", "wrong colour", "wrong color",
			"wrong model", "wrong item", "wrong one", "doesn't fit", "does not fit", "too big", "too small", "specification", "specs",
			"not compatible",
		},
		[]string{"wrong_item", "order_mistake", "not_needed"},
	}, // S36; 004: specification mismatch
	{
		[]string{"by mistake", "by accident", "accidentally", "ordered twice", "ordered it twice", "bought it twice",
			"pressed the wrong"},
		[]string{"order_mistake", "not_needed"},
	}, // S36
	{
		[]string{"payment", "paid twice", "charged twice", "wrong card"},
		[]string{"payment_problem", "other"},
	}, // 004: payment problem
	{
		[]string{"supplier", "out of stock", "sold out", "not available", "back order", "backorder"},
		[]string{"out_of_stock", "other"},
	}, // S33; 004: supplier delay
	{
		[]string{"arrive in time", "arrive on time", "come in time", "come on time", "too late", "too long", "too slow", "takes ages"},
		[]string{"late_arrival", "too_slow"},
	}, // S36, S37
	{[]string{"no longer need", "no longer want", "changed my mind", "don't need", "don't want", "do not need", "do not want"},
		[]string{"not_needed"}}, // S36, S37
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
				return withWanted(v, toldReason(id, m.Text), m.Text), true
			}
		}
	}
	return bot.Event{}, false
}

// hearOwnReason hears the buyer's own words where nothing else was meant by them: as the reason where one is asked for, and
// as the note at the last look. Both are shown before anything is sent.
func hearOwnReason(v *bot.View, m *bot.Message) (bot.Event, bool) {
	text := strings.TrimSpace(m.Text)
	if strings.ContainsAny(text, "/") || len(strings.Fields(text)) < 2 || len([]rune(text)) > 1000 {
		return bot.Event{}, false
	}
	switch _, listed := v.Policy.Reason(otherReason); {
	case v.Frame.State == "confirming":
		return bot.Event{Name: "note_written", Text: text}, true
	case v.Frame.State == "choosing_reason" && listed:
		return withWanted(v, toldReason(otherReason, text), text), true
	}
	return bot.Event{}, false
}

// toldReason is a reason with the words in which it was told.
func toldReason(id, words string) bot.Event {
	return bot.Event{Name: "motive_told", Facts: bot.Facts{"reason": id, "note": bot.Shorten(strings.TrimSpace(words), 1000)}}
}
