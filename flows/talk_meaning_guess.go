package flows

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"nevermind/bot"
	"nevermind/flows/understand"
)

// longestGuessed is how many characters a listener may be asked about; a longer message is no wish in a few words.
const longestGuessed = 500

// guessable are the meanings that a listener may name: what has a button of its own, or is like one that has, and the reasons
// for cancelling.
func guessable() (all []string) {
	for _, i := range understand.Intents {
		if buttonOf(i) != "" {
			all = append(all, string(i))
		}
	}
	return append(all, understand.Reasons[1:]...)
}

// buttonOf is the meaning whose button stands for an intent; none for small talk.
func buttonOf(i understand.Intent) understand.Intent {
	if like, ok := askable[i]; ok {
		i = like
	}
	for _, m := range meanings {
		if m.intent == i {
			return i
		}
	}
	return ""
}

// unclear says whether a listener may be asked what words mean: those of a buyer or a stranger, of which we make no wish, no
// question and no denial; and never while a reason is asked for, where any words may be one.
func unclear(v *bot.View, m *bot.Message) bool {
	text := strings.TrimSpace(m.Text)
	if v.Actor.Party() != bot.Buyer && v.Actor.ID != "" || asksReason(v) || strings.HasPrefix(text, "/") ||
		utf8.RuneCountInString(text) > longestGuessed || !strings.ContainsFunc(text, unicode.IsLetter) {
		return false
	}
	return unsureOf(text, v.Actor.Language)
}

// unsureOf says whether neither a wish, a question nor a denial is made of words.
func unsureOf(text, language string) bool {
	said := understand.Decide(text, language)
	return said.Act == "" && len(said.Ask) == 0 && said.Denied == "" && said.IfOnly == ""
}

// guessed is what a listener's guess has us ask about: its meaning; that a reason is one for cancelling; and of the number of
// an order of theirs, where it stands or that it be cancelled. A guess counts only of words that are still unclear.
func guessed(v *bot.View, m *bot.Message) []string {
	if m.Guess == "" || m.Guess == bot.NotSure || !unclear(v, m) {
		return nil
	}
	if i := buttonOf(understand.Intent(m.Guess)); i != "" {
		return []string{string(i)}
	}
	if slices.Contains(understand.Reasons[1:], m.Guess) {
		return []string{string(understand.CancelOrder)}
	}
	if v.Look == nil {
		return nil
	}
	if _, ok := v.Look.OrderByID(m.Guess); ok {
		return []string{string(understand.OrderStatus), string(understand.CancelOrder)}
	}
	return nil
}
