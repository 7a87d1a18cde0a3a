package bot

import (
	"strings"
	"unicode"
)

// What keeps a piece of text together inside words of another direction (Unicode's first strong isolate, and its end).
const (
	isolate    = '\u2068'
	isolateEnd = '\u2069'
)

// RightToLeft says whether words run from right to left: whether any of them does.
func RightToLeft(words string) bool { return strings.ContainsFunc(words, runsLeft) }

// runsLeft says whether a letter belongs to a writing that runs from right to left.
func runsLeft(r rune) bool {
	return r >= '\u0590' && r <= '\u08ff' || r >= '\ufb1d' && r <= '\ufefc'
}

// Isolate keeps a name, a number or a code in one piece inside words that run from right to left, so that a clock's two halves
// or a name and its number do not change places. What runs from right to left itself, and what is isolated already, stays.
func Isolate(s string) string {
	if strings.Contains(s, "\n") {
		return s // sentences or a list of their own
	}
	depth, digits, others, isolated := 0, false, false, false
	for _, r := range s {
		switch {
		case r == isolate:
			depth, isolated = depth+1, true
		case r == isolateEnd:
			depth--
		case depth > 0:
		case runsLeft(r):
			return s
		case unicode.IsLetter(r):
			return string(isolate) + s + string(isolateEnd)
		case unicode.IsDigit(r):
			digits = true
		default:
			others = true
		}
	}
	if digits && others && !isolated {
		return string(isolate) + s + string(isolateEnd)
	}
	return s
}
