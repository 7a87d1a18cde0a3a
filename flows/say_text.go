package flows

import (
	"slices"
	"strings"
	"unicode/utf8"

	"nevermind/bot"
)

// sentences joins whole sentences, without those that are empty.
func sentences(all ...string) string {
	return strings.Join(slices.DeleteFunc(all, func(s string) bool { return s == "" }), " ")
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
