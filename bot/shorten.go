package bot

import (
	"strings"
	"unicode/utf8"
)

// Shorten cuts a text to at most so many characters, the last of them "…": at a space if there is one in its last third. An
// isolate (U+2068, see Clean) that the cut leaves open is closed after it.
func Shorten(s string, most int) string {
	if utf8.RuneCountInString(s) <= most {
		return s
	}
	r := []rune(s)
	cut := most - 1
	for i := cut; i > most*2/3; i-- {
		if r[i] == ' ' {
			cut = i
			break
		}
	}
	short := string(r[:cut]) + "…"
	if open := strings.Count(short, "\u2068") - strings.Count(short, "\u2069"); open > 0 {
		short += strings.Repeat("\u2069", open)
	}
	return short
}
