package main

import (
	"flag"
	"fmt"
	"maps"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
	"unicode"

	"nevermind/adapters/casefile"
	"nevermind/adapters/web"
	"nevermind/flows"
	"nevermind/flows/policies"
	"nevermind/flows/words"
	"nevermind/flows/words/source"
)

var updateEnglish = flag.Bool("update-english", false, "write flows/words/english.txt as the product speaks now")

// englishFile lists every English text; `nevermind check` holds the languages against it.
const englishFile = "../../flows/words/english.txt"

// TestEnglish: english.txt lists every text that the product hands to its catalog, wherever it stands.
func TestEnglish(t *testing.T) {
	list := &englishList{limits: map[string]int{}, counted: map[string]bool{}}
	list.flows(t)
	list.policies(t)
	list.adapters(t)
	got := list.String()
	if *updateEnglish {
		if err := os.WriteFile(englishFile, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(englishFile)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Error("flows/words/english.txt lists other texts than the product says: make english, and translate what is new")
		for _, line := range difference(string(want), got) {
			t.Log(line)
		}
	}
}

// englishList collects the texts, with how long each may be (0: as long as it likes) and which are counted.
type englishList struct {
	limits  map[string]int
	counted map[string]bool
}

// How long a text may be where it stands, in characters.
const (
	labelLimit   = words.LabelLimit // Slack's limit for a button and a choice; Telegram shows less and cuts the rest
	modalLimit   = 24               // Slack's for what stands on a modal's own buttons
	commandLimit = 256              // Telegram's for a command in a menu
	profileLimit = 512              // and for its description of a bot
	shortLimit   = 120              // and for the short one
)

// add takes in a text, by the strictest of the places in which it stands.
func (l *englishList) add(english string, limit int) {
	if bare := words.Bare(english); !strings.ContainsFunc(bare, unicode.IsLetter) && !strings.ContainsAny(bare, "“.,;:(") {
		return // no word, and no mark that another language writes otherwise
	}
	if known, ok := l.limits[english]; ok && known != 0 && (limit == 0 || known < limit) {
		limit = known
	}
	l.limits[english] = limit
}

// flows takes in what the flows say: in their source, in the tables that are looked up when they run, and in the menus.
func (l *englishList) flows(t *testing.T) {
	found, _, err := source.Texts("../..")
	if err != nil {
		t.Fatal(err)
	}
	for _, x := range found {
		limit := 0
		if x.Label ||
			x.Loose && len(x.English) < labelLimit && !strings.ContainsAny(x.English[len(x.English)-1:], ".?!:}") &&
				!strings.HasPrefix(x.English, "•") {
			limit = labelLimit
		}
		l.add(x.English, limit)
		l.counted[x.English] = l.counted[x.English] || x.Counted
	}
	all := flows.WithAssistants(flows.All())
	for _, english := range all.Notices {
		l.add(english, 0)
	}
	l.add(all.More, labelLimit)
	l.add(all.Less, labelLimit)
	for _, c := range all.Commands {
		for _, english := range c.About {
			l.add(english, commandLimit)
		}
	}
	pack, err := policies.Default()
	if err != nil {
		t.Fatal(err)
	}
	n := pageNames(pack.Policy)
	for _, names := range []map[string]string{n.States, n.Events, n.Ahead, n.Windows, n.Stages} {
		for _, english := range names {
			l.add(english, 0)
		}
	}
	for _, names := range []map[string]string{flows.FactWords, flows.FactValues, flows.RefusalWords} {
		for _, english := range names {
			l.add(english, 0)
		}
	}
	for _, r := range n.Rules {
		l.add(r.Says, 0)
	}
	for d := time.Sunday; d <= time.Saturday; d++ {
		l.add(d.String(), 0)
		l.add(d.String()[:3], 0)
	}
	for m := time.January; m <= time.December; m++ {
		l.add(m.String(), 0)
		l.add(m.String()[:3], 0)
	}
	for _, spoken := range words.Languages {
		l.add(spoken.English, labelLimit)
	}
}

// policies takes in the labels, requests for proof and canned replies of the policies that come with us.
func (l *englishList) policies(t *testing.T) {
	for _, name := range policies.Bases() {
		text, _ := policies.Base(name)
		pack, err := policies.Load(text, nil)
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range pack.Policy.Reasons {
			l.add(r.Label, labelLimit)
		}
		for _, some := range pack.Policy.Evidence {
			for _, p := range some {
				l.add(p.Label, labelLimit)
				l.add(p.Ask, 0)
			}
		}
		for _, c := range pack.Policy.Claims {
			l.add(c.Says, 0)
		}
		for _, r := range pack.Policy.Replies {
			l.add(r.Label, labelLimit)
			l.add(r.Texts["en"], 0)
		}
	}
}

// adapters takes in what platforms and the demo's page say themselves.
func (l *englishList) adapters(t *testing.T) {
	slack, err := source.Constants("../../adapters/slack/words.go")
	if err != nil {
		t.Fatal(err)
	}
	for name, english := range slack {
		limit := 0
		if slices.Contains([]string{"wordsEvidence", "wordsSend", "wordsContinue", "wordsCancel", "wordsClose"}, name) {
			limit = modalLimit
		}
		l.add(english, limit)
	}
	l.add(profile, profileLimit)
	l.add(shortProfile, shortLimit)
	for _, english := range casefile.Texts() {
		l.add(english, 0)
	}
	said, counted := web.Texts()
	for _, english := range said {
		l.add(english, 0)
	}
	for _, english := range counted {
		l.counted[english] = true
	}
}

// String is the list as the file has it.
func (l *englishList) String() string {
	var out strings.Builder
	out.WriteString(words.EnglishHead)
	for _, english := range slices.Sorted(maps.Keys(l.limits)) {
		kind := "-"
		if n := l.limits[english]; n > 0 {
			kind = strconv.Itoa(n)
		}
		if l.counted[english] {
			kind = "n"
		}
		fmt.Fprintf(&out, "%s %s\n", kind, strconv.Quote(english))
	}
	return out.String()
}

// difference lists the lines that only one of two files has.
func difference(before, after string) (lines []string) {
	old, now := strings.Split(before, "\n"), strings.Split(after, "\n")
	for _, line := range old {
		if !slices.Contains(now, line) {
			lines = append(lines, "gone: "+line)
		}
	}
	for _, line := range now {
		if !slices.Contains(old, line) {
			lines = append(lines, "new: "+line)
		}
	}
	return lines
}
