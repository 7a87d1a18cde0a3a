package understand

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// fold is a text as it is compared: small letters without marks, plain digits, one kind of apostrophe, nothing that cannot
// be seen.
func fold(text string) string {
	if isASCII(text) {
		return strings.ToLower(text)
	}
	text = norm.NFKD.String(Digits(text))
	var out strings.Builder
	out.Grow(len(text))
	for _, r := range text {
		switch {
		case unicode.Is(unicode.Mn, r), unicode.Is(unicode.Cf, r), r == 'ـ':
		case r == '’', r == '‘', r == '`', r == '´', r == 'ʼ':
			out.WriteByte('\'')
		default:
			if plain, ok := letters[r]; ok {
				out.WriteString(plain)
				continue
			}
			out.WriteRune(unicode.ToLower(r))
		}
	}
	return out.String()
}

// letters are those that people type in more than one way, and no decomposition knows of.
var letters = map[rune]string{
	'ß': "ss", 'ẞ': "ss", 'æ': "ae", 'Æ': "ae", 'œ': "oe", 'Œ': "oe", 'ø': "o", 'Ø': "o", 'ł': "l", 'Ł': "l", 'ı': "i",
	'ة': "ه", 'ى': "ي", 'ٱ': "ا", 'ی': "ي", 'ک': "ك", 'گ': "ك", 'پ': "ب", 'چ': "ج", 'ڤ': "ف",
}

func isASCII(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// isIdeograph says whether a letter is written without spaces between words.
func isIdeograph(r rune) bool { return unicode.Is(unicode.Han, r) }
