package flows_test

import (
	_ "embed"
	"slices"
	"strings"
	"testing"
	"unicode"

	"nevermind/flows/words/source"
)

//go:embed words/phrases.txt
var phrases string

// TestFragments refuses a text that no translator could use: a text is a sentence, a label, or a listed phrase.
func TestFragments(t *testing.T) {
	texts, _, err := source.Texts("..")
	if err != nil {
		t.Fatal(err)
	}
	listed := strings.Split(phrases, "\n")
	var fragments []string
	for _, x := range texts {
		if strings.Count(x.English, "{") != strings.Count(x.English, "}") {
			t.Errorf("%s: a brace is not closed in %q", x.At, x.English)
		}
		first, _, _ := strings.Cut(x.English, "\n") // lines such as "Paid: {total}" may follow a sentence
		if !x.Label && !x.Loose && !isSentence(x.English) && (first == x.English || !isSentence(first)) &&
			!slices.Contains(listed, x.English) {
			fragments = append(fragments, x.At+": "+x.English)
		}
	}
	if len(texts) < 1000 {
		t.Fatalf("only %d texts are seen: the test looks in the wrong place", len(texts))
	}
	t.Logf("%d texts, of which %d are fragments", len(texts), len(fragments))
	if len(fragments) > 0 {
		t.Errorf("%d fragments, which no translator could use:\n%s", len(fragments), strings.Join(fragments, "\n"))
	}
}

// isSentence says whether a text begins and ends as sentences do: neither glued to what stands before it nor to what follows.
func isSentence(english string) bool {
	r := []rune(english)
	begins := strings.ContainsRune("{“⏳✓●•–/", r[0]) || unicode.IsUpper(r[0]) || unicode.IsDigit(r[0])
	return strings.TrimSpace(english) == english && begins && strings.ContainsRune(".?!:}”", r[len(r)-1])
}

func TestIsSentence(t *testing.T) {
	for english, want := range map[string]bool{
		"I have asked {seller}.": true, "{seller} agreed.": true, "• Paid: {total}": true, "Why?": true, "Where you both stand:": true,
		", which is too little by ": false, " It has shipped.": false, "on ": false, "the case closes": false, "Sent to": false,
	} {
		if got := isSentence(english); got != want {
			t.Errorf("%q: got %v, want %v", english, got, want)
		}
	}
}
