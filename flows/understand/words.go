package understand

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// word is one word of a message with what is known about it.
type word struct {
	text   string
	clause int // those between two stops or conjunctions have one number
	marked bool
	means  concepts
	in     languages // those in whose lexicon it stands
	flags  flags
}

// flags say how a word is meant.
type flags uint8

const (
	negated  flags = 1 << iota // "do not cancel"
	past                       // "I cancelled yesterday"
	third                      // "my brother wants to cancel"
	quoted                     // "they told me to cancel"
	supposed                   // "what if I cancel"
	asked                      // "how do I cancel?"
)

// mostWords of a message are read.
const mostWords = 120

// split cuts a folded text into words and clauses. Ideographs are cut where the lexicon knows words.
func split(text string, lex *lexicon) []word {
	words := make([]word, 0, 24)
	clause, depth := 0, 0
	for i := 0; i < len(text) && len(words) < mostWords; {
		r, size := utf8.DecodeRuneInString(text[i:])
		switch {
		case isIdeograph(r):
			n := lex.longestRun(text[i:])
			words = append(words, word{text: text[i : i+n], clause: clause, marked: depth > 0})
			i += n
			continue
		case unicode.IsLetter(r) || unicode.IsNumber(r):
			n := wordLength(text[i:])
			words = append(words, word{text: plainWord(text[i : i+n]), clause: clause, marked: depth > 0})
			i += n
			continue
		case strings.ContainsRune("“«„「『", r):
			depth, clause = 1, clause+1
		case strings.ContainsRune("”»」』", r):
			depth, clause = 0, clause+1
		case r == '"':
			depth, clause = 1-depth, clause+1
		case strings.ContainsRune(".,;:!?\n。，；：！？、،؛؟…—()", r):
			clause++
		}
		i += size
	}
	return wholeIsNoQuote(words)
}

// wholeIsNoQuote takes the marks away where everything stands between them.
func wholeIsNoQuote(words []word) []word {
	for i := range words {
		if !words[i].marked {
			return words
		}
	}
	for i := range words {
		words[i].marked = false
	}
	return words
}

// wordLength is how far a word goes: letters, digits, and an apostrophe that ends in "'t", "'s", "'m", "'d", "'re", "'ve", "'ll".
func wordLength(s string) int {
	for i, r := range s {
		switch {
		case unicode.IsLetter(r) && !isIdeograph(r), unicode.IsNumber(r):
		case r == '\'' && i > 0 && contraction(s[i+1:]):
		case (r == '.' || r == ',') && i > 0 && betweenDigits(s, i):
		case r == '-' && i > 0 && betweenDigits(s, i):
		default:
			return i
		}
	}
	return len(s)
}

func betweenDigits(s string, i int) bool {
	return i+1 < len(s) && isDigit(s[i-1]) && isDigit(s[i+1])
}

func isDigit(b byte) bool { return b >= '0' && b <= '9' }

func contraction(rest string) bool {
	n := 0
	for n < len(rest) && rest[n] >= 'a' && rest[n] <= 'z' {
		n++
	}
	switch rest[:n] {
	case "t", "s", "m", "d", "re", "ve", "ll":
		return true
	}
	return false
}

// plainWord is a word without its apostrophe; a number is only how long it is.
func plainWord(s string) string {
	digits := CountDigits(s)
	switch {
	case digits >= fewestDigits:
		return "#"
	case digits > 0 && digits == len(s):
		return "0"
	case strings.IndexByte(s, '\'') >= 0:
		return strings.ReplaceAll(s, "'", "")
	}
	return s
}
