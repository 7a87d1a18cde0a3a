package flows

import (
	"strings"
	"unicode/utf8"

	"nevermind/bot"
)

// quoted is what somebody wrote, in quotation marks, ending with one full stop.
func quoted(s string) string {
	s = strings.TrimSpace(bot.Clean(s))
	if last, _ := utf8.DecodeLastRuneInString(strings.TrimRight(s, "\u2069")); strings.ContainsRune(".!?…", last) {
		return "“" + s + "”"
	}
	return "“" + s + "”."
}

// sayCount renders words for a number {n} of things, in the plural form of the reader's language, with what their other {names}
// stand for.
func sayCount(v *bot.View, r *bot.Person, n int, one, other string) string {
	return v.Say(r, v.Count(r, n, one, other))
}
