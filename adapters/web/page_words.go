package web

import (
	"fmt"
	"io/fs"
	"maps"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"nevermind/bot"
)

// Names are how people call what is named shortly in flows and policies: a state "awaiting_seller", an event, a deadline.
type Names struct {
	States  map[string]string `json:"states"`
	Events  map[string]string `json:"events"`
	Ahead   map[string]string `json:"ahead"` // the event of a deadline that has not passed
	Windows map[string]string `json:"windows"`
	Stages  map[string]string `json:"stages"`
	Reasons map[string]string `json:"reasons"` // for which people cancel or complain
	Methods map[string]string `json:"methods"` // of paying
	Rules   []Rule            `json:"rules"`
}

// texts are all the names.
func (n *Names) texts() (all []string) {
	for _, names := range []map[string]string{n.States, n.Events, n.Ahead, n.Windows, n.Stages, n.Reasons, n.Methods} {
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
	language := ""
	if d.cfg.Words != nil {
		language = d.cfg.Words.Speaks(r.FormValue("language")) // "en-GB" is "en", which needs no words
	}
	if language != "" && language != "en" {
		said, counted := Texts()
		for _, english := range slices.Concat(said, d.cfg.Names.texts()) {
			if words, ok := d.cfg.Words.Text(language, english); ok {
				own[english] = words
			}
			if slices.Contains(counted, english) {
				own[english] = d.counted(language, english)
			}
		}
	}
	about := map[string]any{"names": d.cfg.Names, "own": own}
	if len(own) > 0 {
		about["language"], about["rtl"] = language, bot.RightToLeft(fmt.Sprint(own["Send"]))
	}
	return writeJSON(w, about)
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
		`\b(t|parts|count|text|words)\((?:\w+(?:\.\w+)*, )?("(?:[^"\\]|\\.)*")(?:, ("(?:[^"\\]|\\.)*"))?`,
	)
	// saidInPage is one between the tags of the page itself, or in a label that is read aloud.
	saidInPage = regexp.MustCompile(`>([^<>{}]*\p{L}[^<>{}]*)<|(?:aria-label|placeholder)="([^"]+)"`)
)

// Texts lists every English text that the page itself says, for the catalog of words, and those of them that are counted.
func Texts() (all, counted []string) {
	files, _ := fs.Glob(assets, "assets/*") // it is in the binary
	for _, name := range files {
		text, _ := assets.ReadFile(name)
		switch {
		case strings.HasSuffix(name, ".js"):
			for _, m := range saidInScript.FindAllStringSubmatch(string(text), -1) {
				said := m[2:]
				if m[1] == "count" {
					said = m[3:] // the singular is English's own
					counted = append(counted, unquoted(m[3]))
				}
				for _, quoted := range said {
					all = append(all, unquoted(quoted))
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
	for _, menu := range UsualMenu {
		for _, c := range menu {
			all = append(all, c.Label)
		}
	}
	all = slices.DeleteFunc(all, func(english string) bool { return english == "" })
	slices.Sort(all)
	return slices.Compact(all), counted
}

// unquoted is a string of a script; empty where it is none.
func unquoted(quoted string) string {
	english, err := strconv.Unquote(quoted)
	if err != nil {
		return ""
	}
	return english
}
