package reading

import (
	"regexp"
	"strings"
)

// Syllables counts the syllables of an English word, at least one. It counts groups of vowels, as the usual rules of thumb
// do; the words of ours that these rules get wrong are listed.
func Syllables(word string) int {
	w := strings.ReplaceAll(strings.ToLower(word), "’", "'")
	if n, ok := exceptions[w]; ok {
		return n
	}
	if stem, ok := strings.CutSuffix(w, "'s"); ok {
		w = stem
	}
	if stem, ok := strings.CutSuffix(w, "n't"); ok {
		return Syllables(stem) + 1
	}
	w, _, _ = strings.Cut(w, "'") // you've, they'll
	if n, ok := exceptions[w]; ok {
		return n
	}
	n := len(vowels.FindAllString(w, -1)) + len(split.FindAllString(w, -1))
	n -= len(silent.FindAllString(w, -1)) + len(inner.FindAllString(w, -1))
	return max(1, n)
}

var (
	vowels = regexp.MustCompile(`[aeiouy]+`)
	// split are vowels side by side that belong to two syllables: "video", "usual", "being", "carrier".
	split = regexp.MustCompile(
		`[^cst]ia|[^csgt]io|eo[^u]|eos?$|[^gq]ua[^r]|iu|[aeouy]ing|ayi|ien[ct]|creat|[^p]iers?$|iest$|[aou]yer|quiet`,
	)
	// silent is an e at the end, or before s or d, that is not spoken: "save", "saves", "saved", not "table", "prices", "wanted".
	silent = regexp.MustCompile(
		`[^aeiouyl]e$|[aeiouy]le$|[^aeiouylscgxzh]es$|[^cs]hes$|[aeiouy]les$|[^aeiouydtl]ed$|[aeiouyl]led$|[gq]ue$`,
	)
	// inner is such an e in the middle: "careful", "statement", "something", "safely".
	inner = regexp.MustCompile(`[^aeiouyl]e(?:ful|ment|ly|less|ness|thing|times|one|body|where|place|how|day)`)
)

// exceptions are words that the rules get wrong.
var exceptions = map[string]int{
	"the": 1, "can't": 1, "don't": 1, "won't": 1, "aren't": 1, "weren't": 1, "business": 2, "everything": 3, "every": 2,
	"everybody": 4, "everyone": 3, "everywhere": 3, "people": 2, "wednesday": 2, "argue": 2, "idea": 3, "area": 3,
}
