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

// quoted is what somebody wrote, in quotation marks, ending with one full stop.
func quoted(s string) string {
	s = strings.TrimSpace(bot.Clean(s))
	if last, _ := utf8.DecodeLastRuneInString(strings.TrimRight(s, "\u2069")); strings.ContainsRune(".!?…", last) {
		return "“" + s + "”"
	}
	return "“" + s + "”."
}
