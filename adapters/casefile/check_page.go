package casefile

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"regexp"
	"strconv"
)

// checkText is the page that checks an archive. It speaks its reader's language, whoever had the archive made, so it carries all
// of them.
//
//go:embed verify.html
var checkText []byte

// wordsPlace is where the words of all languages go.
var wordsPlace = []byte("/* words */ {}")

var (
	// inScript is what the page's script says: t("Line {n} was changed.", { n }).
	inScript = regexp.MustCompile(`\bt\(("(?:[^"\\]|\\.)*")`)
	// inTags is what stands in the page itself.
	inTags = regexp.MustCompile(`data-say>([^<]+)<`)
)

// checkTexts are the English texts of the page.
func checkTexts() (all []string) {
	for _, m := range inTags.FindAllSubmatch(checkText, -1) {
		all = append(all, string(m[1]))
	}
	for _, m := range inScript.FindAllSubmatch(checkText, -1) {
		if english, err := strconv.Unquote(string(m[1])); err == nil {
			all = append(all, english)
		}
	}
	for _, viewer := range partyWords {
		all = append(all, "made {when} for the "+viewer)
	}
	return all
}

// checkPage is the page with its words in every language.
func (m *Maker) checkPage() []byte {
	words := map[string]map[string]string{}
	for language := range m.cfg.Languages {
		own := map[string]string{}
		for _, english := range checkTexts() {
			if text, ok := m.cfg.Words.Text(language, english); ok {
				own[english] = text
			}
		}
		if len(own) > 0 {
			words[language] = own
		}
	}
	text, err := json.Marshal(words) // with < and > escaped, so that no word ends the script
	if err != nil {
		panic(err) // plain values only
	}
	return bytes.Replace(checkText, wordsPlace, text, 1)
}
