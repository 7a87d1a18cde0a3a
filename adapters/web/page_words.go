package web

import (
	"io/fs"
	"maps"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// Names are how people call what is named shortly in flows and policies: a state "awaiting_seller", an event, a deadline.
type Names struct {
	States  map[string]string `json:"states"`
	Events  map[string]string `json:"events"`
	Ahead   map[string]string `json:"ahead"` // the event of a deadline that has not passed
	Windows map[string]string `json:"windows"`
	Stages  map[string]string `json:"stages"`
	Rules   []Rule            `json:"rules"`
}

// texts are all the names.
func (n *Names) texts() (all []string) {
	for _, names := range []map[string]string{n.States, n.Events, n.Ahead, n.Windows, n.Stages} {
		all = slices.AppendSeq(all, maps.Values(names))
	}
	for _, r := range n.Rules {
		all = append(all, r.Says)
	}
	return all
}

// Rule is a rule of the field, by its number, in a sentence.
type Rule struct {
	Rule string `json:"rule"`
	Says string `json:"says"`
}

// pageWords answers with the names, and the page's own words in the reader's language, where the catalog has them, by their
// English.
func (d *Demo) pageWords(w http.ResponseWriter, r *http.Request) error {
	own := map[string]any{}
	if language := r.FormValue("language"); d.cfg.Words != nil && language != "en" {
		for _, english := range slices.Concat(Texts(), d.cfg.Names.texts()) {
			if words, ok := d.cfg.Words.Text(language, english); ok {
				own[english] = words
			}
			if strings.Contains(english, "{n}") {
				own[english] = d.counted(language, english)
			}
		}
	}
	return writeJSON(w, map[string]any{"names": d.cfg.Names, "own": own})
}

// plurals is how many numbers a plural is said for: no language's forms depend on more than the last two digits.
const plurals = 200

// counted are the words for 0, 1, 2 … things.
func (d *Demo) counted(language, english string) (forms []string) {
	for n := range plurals {
		words, ok := d.cfg.Words.Count(language, n, english)
		if !ok {
			words = english
		}
		forms = append(forms, words)
	}
	return forms
}

var (
	// saidInScript is what a script of the page says: t("All deadlines"), parts("{who} wrote"), count(n, "one", "{n} of them").
	saidInScript = regexp.MustCompile(
		`\b(?:t|parts|count|text|words)\((?:\w+(?:\.\w+)*, )?("(?:[^"\\]|\\.)*")(?:, ("(?:[^"\\]|\\.)*"))?`,
	)
	// saidInPage is one between the tags of the page itself, or in a label that is read aloud.
	saidInPage = regexp.MustCompile(`>([^<>{}]*\p{L}[^<>{}]*)<|(?:aria-label|placeholder)="([^"]+)"`)
)

// Texts lists every English text that the page itself says, for the catalog of words.
func Texts() []string {
	var all []string
	files, _ := fs.Glob(assets, "assets/*") // it is in the binary
	for _, name := range files {
		text, _ := assets.ReadFile(name)
		switch {
		case strings.HasSuffix(name, ".js"):
			for _, m := range saidInScript.FindAllStringSubmatch(string(text), -1) {
				for _, quoted := range m[1:] {
					if english, err := strconv.Unquote(quoted); err == nil {
						all = append(all, english)
					}
				}
			}
		case strings.HasSuffix(name, ".html"):
			for _, m := range saidInPage.FindAllStringSubmatch(string(text), -1) {
				all = append(all, strings.TrimSpace(m[1]+m[2]))
			}
		}
	}
	all = append(all, faultWords...)
	for _, s := range situations {
		all = append(all, s.Title, s.About)
	}
	for _, menu := range usualMenu {
		for _, c := range menu {
			all = append(all, c.Label)
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}
