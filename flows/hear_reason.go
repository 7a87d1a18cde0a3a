package flows

import (
	"strings"
	"unicode"

	"nevermind/bot"
	"nevermind/flows/understand"
)

// nearReasons are what a reason counts as where the policy does not list it: the first of these that it lists.
var nearReasons = map[string][]string{
	"found_cheaper":   {"not_needed"},                  // S90
	"wrong_item":      {"order_mistake", "not_needed"}, // S36; 004: specification mismatch
	"order_mistake":   {"not_needed"},                  // S36
	"payment_problem": {"other"},                       // 004: payment problem
	"out_of_stock":    {"other"},                       // S33; 004: supplier delay
	"too_slow":        {"late_arrival"},                // S36, S37
}

// hearReason hears in a buyer's own words, in any of the languages, why they cancel: a better offer elsewhere, the wrong thing
// ordered, too late. The reason is what comes nearest, which they see before anything is sent; their words go along, so that
// the true motive is what the seller reads. Words that surely are something else are left to be heard as that, and so are those
// with the number of an order.
func hearReason(v *bot.View, m *bot.Message) (bot.Event, bool) {
	if understand.Decide(m.Text, v.Actor.Language).LeavesReason() || namesOrder(v, m.Text) {
		return bot.Event{}, false
	}
	_, parts := hearParts(v, m)
	for _, heard := range understand.ReasonsIn(m.Text, v.Actor.Language, !parts) {
		for _, id := range append([]string{heard}, nearReasons[heard]...) {
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
	if strings.ContainsAny(text, "/") || fewWords(text) || len([]rune(text)) > 1000 {
		return bot.Event{}, false
	}
	switch _, listed := v.Policy.Reason(otherReason); {
	case v.Frame.State == "confirming":
		return bot.Event{Name: "note_written", Text: text}, true
	case v.Frame.State == "choosing_reason" && onlyWishes(text, v.Actor.Language):
		return bot.Event{Name: "cancel_asked", Facts: bot.Facts{"order": v.Fact("order")}}, true
	case v.Frame.State == "choosing_reason" && listed:
		return withWanted(v, toldReason(otherReason, text), text), true
	}
	return bot.Event{}, false
}

// toldReason is a reason with the words in which it was told.
func toldReason(id, words string) bot.Event {
	return bot.Event{Name: "motive_told", Facts: bot.Facts{"reason": id, "note": bot.Shorten(strings.TrimSpace(words), 1000)}}
}

// fewWords says whether a text is a single word, or about as short in Chinese, which has no spaces.
func fewWords(text string) bool {
	han := 0
	for _, r := range text {
		if unicode.Is(unicode.Han, r) {
			han++
		}
	}
	return len(strings.Fields(text)) < 2 && han < 4
}

// onlyWishes says whether words say once more that an order is to be cancelled, and no more: that is no reason for it.
func onlyWishes(text, language string) bool {
	const mostWords = 6
	return len(strings.Fields(text)) <= mostWords && understand.Decide(text, language).Act == understand.CancelOrder &&
		len(understand.ReasonsIn(text, language, false)) == 0
}
