package casefile_test

import (
	"encoding/json"
	"html"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode"

	"nevermind/adapters/casefile"
	"nevermind/bot"
	"nevermind/flows"
	"nevermind/flows/words"
)

var (
	inQuotes = regexp.MustCompile(`(?s)<(p|blockquote)[^>]*>.*?</(p|blockquote)>|<(style|script).*?</(style|script)>`)
	inTags   = regexp.MustCompile(`<[^>]*>`)
)

// TestPagesInOtherLanguages: both pages of a case file speak the language they are asked for, with nothing left of the English
// but what people wrote and were told; facts are said in words, and amounts with the language's marks.
func TestPagesInOtherLanguages(t *testing.T) {
	h := open(t)
	key := h.long(1, 100)
	known := map[string]bool{}
	english, err := words.English()
	h.must(err)
	for _, x := range english {
		known[x.English] = true
	}
	for _, l := range words.Languages[1:] {
		file := unpacked(t, h.sealIn(key, bot.Support, l.Code))
		page := inQuotes.ReplaceAllString(file["index.html"], "")
		for _, said := range inTags.Split(page, -1) {
			said = strings.TrimSpace(html.UnescapeString(said))
			own, _ := h.words.Text(l.Code, said)
			if strings.Contains(said, "_") || known[said] && own != said {
				t.Errorf("%s: the page shows %q", l.Code, said)
			}
		}
		if !strings.Contains(file["index.html"], h.words.Amount(l.Code, bot.Money{Minor: 2490, Currency: "USD"})) {
			t.Errorf("%s: the page shows no amount as the language writes it", l.Code)
		}
		for _, said := range casefile.CheckTexts() {
			own, _ := h.words.Text(l.Code, said)
			if strings.ContainsFunc(words.Bare(said), unicode.IsLetter) && !strings.Contains(file["verify.html"], jsonOf(own)) {
				t.Errorf("%s: the page that checks does not know how to say %q", l.Code, said)
			}
		}
		if rtl := strings.Contains(file["index.html"], `dir="rtl"`); rtl != (l.Code == "ar") {
			t.Errorf("%s: from right to left: %t", l.Code, rtl)
		}
	}
	if !slices.Equal([]string{"Agreed", ""}, []string{flows.FactSaid(h.policy, nil, "agreed", "accepted"),
		flows.FactSaid(h.policy, nil, "note", "accepted")}) {
		t.Error("what somebody typed is taken for a short name")
	}
}

// jsonOf is words as they stand in the page's script.
func jsonOf(words string) string {
	text, _ := json.Marshal(words)
	return string(text)
}
