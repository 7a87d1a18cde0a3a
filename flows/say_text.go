package flows

import (
	"strings"
	"unicode/utf8"

	"nevermind/bot"
)

// together is what is counted up to its end, as part of a sentence: "a, b and c".
func together(v *bot.View, r *bot.Person, words []string) string {
	last := len(words) - 1
	if last < 1 {
		return strings.Join(words, "")
	}
	return v.With(bot.Facts{"first": v.List(r, words[:last]), "last": words[last]}).Say(r, "{first} and {last}")
}

// endsSentence are the marks that end a sentence in the languages people write.
const endsSentence = ".!?…。！？؟۔।"

// quoted is what somebody wrote, in the reader's own quotation marks, ending with one full stop.
func quoted(v *bot.View, r *bot.Person, s string) string {
	s = strings.TrimSpace(bot.Clean(s))
	v = v.With(bot.Facts{"quotation": s})
	if last, _ := utf8.DecodeLastRuneInString(strings.TrimRight(s, "\u2069")); strings.ContainsRune(endsSentence, last) {
		return v.Say(r, "“{quotation}”")
	}
	return v.Say(r, "“{quotation}”.")
}
