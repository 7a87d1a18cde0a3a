package bot

import (
	"strings"
	"unicode"
)

// Quotable sanitizes a longer text that is quoted below ours: it keeps a person's words as they are, less what could disturb
// the words around them.
func Quotable(s string) string {
	return strings.TrimSpace(strings.Map(func(r rune) rune {
		if r != '\n' && (unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r)) {
			return -1
		}
		return r
	}, s))
}

// Clean sanitizes words of people for use inside ours: no control or direction-overriding characters, no line breaks, and
// right-to-left writing isolated from the rest. So is what could be taken for a command ("/stop"): ours never are.
func Clean(s string) string {
	plain := true
	for i := 0; i < len(s); i++ {
		if s[i] < ' ' || s[i] >= 0x7f || s[i] == '/' {
			plain = false
			break
		}
	}
	if plain {
		return s
	}
	apart, before := false, ' '
	s = strings.Map(func(r rune) rune {
		apart = apart || r == '/' && !unicode.IsLetter(before) && !unicode.IsDigit(before)
		before = r
		switch {
		case r == '\n' || r == '\t' || r == '\u2028' || r == '\u2029':
			return ' '
		case unicode.IsControl(r), unicode.Is(unicode.Bidi_Control, r), r == '\ufeff':
			return -1
		case runsLeft(r):
			apart = true
		}
		return r
	}, s)
	if apart {
		return string(isolate) + s + string(isolateEnd)
	}
	return s
}
