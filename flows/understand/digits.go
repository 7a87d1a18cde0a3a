package understand

import (
	"strconv"
	"strings"
	"unicode"
)

// Digits writes every digit of any script as 0–9, also keycaps and circled ones, and drops what cannot be seen.
func Digits(s string) string {
	plain := true
	for i := 0; i < len(s); i++ {
		plain = plain && s[i] < 0x80
	}
	if plain {
		return s
	}
	var out strings.Builder
	for _, r := range s {
		switch n, ok := numberOf(r); {
		case ok:
			out.WriteString(strconv.Itoa(n))
		case unicode.Is(unicode.Cf, r), r == '\ufe0f', r == '\u20e3': // a keycap is a digit and two that cannot be seen
		default:
			out.WriteRune(r)
		}
	}
	return out.String()
}

// circled are numbers in one character, each range with what its first one stands for.
var circled = []struct {
	lo, hi rune
	first  int
}{
	{'①', '⑳', 1}, {'⑴', '⒇', 1}, {'⒈', '⒛', 1}, {'⓪', '⓪', 0}, {'❶', '❿', 1}, {'➀', '➉', 1}, {'➊', '➓', 1},
	{'⁴', '⁹', 4}, {'₀', '₉', 0}, {'²', '³', 2}, {'¹', '¹', 1}, {'⁰', '⁰', 0}, {'🔟', '🔟', 10},
}

// numberOf is the number that one character stands for: a digit of some script, or a circled one.
func numberOf(r rune) (int, bool) {
	if r < 0x80 {
		return 0, false
	}
	for _, c := range circled {
		if r >= c.lo && r <= c.hi {
			return c.first + int(r-c.lo), true
		}
	}
	if !unicode.Is(unicode.Nd, r) {
		return 0, false
	}
	// Each script's ten digits stand in a row, and a range of them begins with a nought.
	for _, d := range unicode.Nd.R16 {
		if rune(d.Lo) <= r && r <= rune(d.Hi) {
			return int(r-rune(d.Lo)) % 10, true
		}
	}
	for _, d := range unicode.Nd.R32 {
		if rune(d.Lo) <= r && r <= rune(d.Hi) {
			return int(r-rune(d.Lo)) % 10, true
		}
	}
	return 0, false
}

// CountDigits counts the digits 0 to 9.
func CountDigits(s string) int {
	n := 0
	for _, r := range s {
		if r >= '0' && r <= '9' {
			n++
		}
	}
	return n
}
