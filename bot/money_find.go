package bot

import (
	"cmp"
	"regexp"
	"slices"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"
)

// numberIn is a number in words: groups with marks between, and decimals.
var numberIn = regexp.MustCompile(`\d+(?:[.,'٫٬]\d+|\x20\d{3}\b)*`)

// MoneyIn finds the amount that is named among other words, as in "20 dollars off" or "给20块": every amount that it can mean,
// like ReadMoneyAs. There is none where the words have no number or several, or where it stands beside the sign of another
// currency; named says whether it stands beside the sign of any.
func MoneyIn(text, currency string) (all []Money, named bool) {
	s := strings.ToUpper(plainMarks.Replace(strings.Map(plainDigit, text)))
	found := numberIn.FindAllStringIndex(s, 2)
	if len(found) != 1 {
		return nil, false
	}
	before, number, after := s[:found[0][0]], s[found[0][0]:found[0][1]], s[found[0][1]:]
	if strings.HasSuffix(before, "-") || strings.HasPrefix(strings.TrimSpace(after), "%") {
		return nil, false
	}
	own := slices.Concat([]string{currency}, signs[currency], anyCurrency)
	for _, sign := range []string{
		signAt(before, strings.HasSuffix, utf8.DecodeLastRuneInString),
		signAt(after, strings.HasPrefix, utf8.DecodeRuneInString),
	} {
		if sign != "" && !slices.Contains(own, sign) {
			return nil, true
		}
		named = named || sign != ""
	}
	return ReadMoneyAs(number, currency), named
}

// signAt is the sign or name of a currency, of whichever, with which a text ends or begins.
func signAt(text string, at func(text, sign string) bool, next func(string) (rune, int)) string {
	text = strings.TrimSpace(text)
	for _, sign := range allSigns() {
		if !at(text, sign) {
			continue
		}
		edge, _ := next(sign)
		beyond := strings.TrimPrefix(text, sign)
		if len(beyond) == len(text) {
			beyond = strings.TrimSuffix(text, sign)
		}
		if r, _ := next(beyond); !unicode.IsLetter(edge) || !unicode.IsLetter(r) || unicode.Is(unicode.Han, edge) {
			return sign
		}
	}
	return ""
}

// allSigns are the signs, names and codes of all currencies, the longest first.
var allSigns = sync.OnceValue(func() []string {
	all := slices.Clone(anyCurrency)
	for code, some := range signs {
		all = append(append(all, code), some...)
	}
	slices.SortFunc(all, func(a, b string) int { return cmp.Or(len(b)-len(a), strings.Compare(a, b)) })
	return slices.Compact(all)
})
