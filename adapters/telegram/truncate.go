package telegram

import (
	"strings"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"
)

// utf16Len is the length of a text as Telegram counts it: in UTF-16 units.
func utf16Len(s string) (n int) {
	for _, r := range s {
		n += utf16.RuneLen(r)
	}
	return n
}

// truncateRunes keeps at most so many runes of a text, and no half of a character.
func truncateRunes(s string, most int) string {
	n := 0
	for i := range s {
		if n == most {
			return s[:graphemeStart(s, i)]
		}
		n++
	}
	return s
}

// truncateUnits keeps at most so many UTF-16 units of a text; the last of them is an ellipsis where anything is cut off.
func truncateUnits(s string, most int) string {
	if utf16Len(s) <= most {
		return s
	}
	n := 0
	for i, r := range s {
		if n += utf16.RuneLen(r); n > most-1 {
			return s[:graphemeStart(s, i)] + "…"
		}
	}
	return s
}

// graphemeStart goes back from a place, in bytes, to where the character around it begins, as people see characters: with its
// accents, and an emoji with all its parts.
func graphemeStart(s string, end int) int {
	for at := end; at > max(0, end-maxGrapheme); {
		next, _ := utf8.DecodeRuneInString(s[at:])
		before, size := utf8.DecodeLastRuneInString(s[:at])
		if !extendsGrapheme(next) && before != '\u200d' && before != wordJoiner {
			return at
		}
		at -= size
	}
	return end
}

// maxGrapheme is how many bytes graphemeStart goes back: more than a character has that means anything.
const maxGrapheme = 64

// extendsGrapheme says whether a rune belongs to the character before it: a mark, a joiner, a skin tone or a variation
// selector.
func extendsGrapheme(r rune) bool {
	return unicode.Is(unicode.M, r) || r == '\u200d' || r == wordJoiner ||
		r >= 0x1F3FB && r <= 0x1F3FF || r >= '\ufe00' && r <= '\ufe0f'
}

// oneLine makes a line of a text, with single spaces in it.
func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }
