package flows

import (
	"embed"
	"io/fs"
	"regexp"
	"slices"
	"strings"

	"nevermind/bot"
)

//go:embed rules.txt
var ruleLines string

//go:embed testdata
var played embed.FS

//go:embed *_test.go
var tests embed.FS

// RulePlaces says where a rule of the field stands in the product.
type RulePlaces struct {
	Rule  string // "S41"
	Says  string // the rule in a line
	Read  []RuleReading
	Where []string // policy entries, states and moves that a transcript reaches, tests named for it; empty is nowhere yet
}

// RuleList lists the rules of the field, without looking for where they stand.
func RuleList() []RulePlaces {
	rules, _ := parseRules(ruleLines) // a test reads it
	return rules
}

// Empty says whether nobody reads the rule: it has no phrase, or one that no transcript shows.
func (r *RulePlaces) Empty() bool {
	return len(r.Read) == 0 || slices.ContainsFunc(r.Read, func(p RuleReading) bool { return p.At == "" })
}

// standing lists the places of each rule.
func standing(p *bot.Policy) map[string][]string {
	where := map[string][]string{}
	add := func(rule, place string) {
		if !slices.Contains(where[rule], place) {
			where[rule] = append(where[rule], place)
		}
	}
	for entry, sources := range p.Sources {
		for _, rule := range sources {
			add(rule, "policy "+entry)
		}
	}
	reach := reached()
	for _, f := range All().All {
		carried(f, reach, add)
	}
	for rule, test := range named() {
		for _, t := range test {
			add(rule, "test "+t)
		}
	}
	return where
}

// carried adds the rules of a flow's states and moves, as far as transcripts reach them.
func carried(f *bot.Flow, reach map[string]bool, add func(rule, place string)) {
	for name, s := range f.States {
		at := f.Name + "." + name
		if !reach[at] {
			continue
		}
		for _, rule := range slices.Concat(s.Rules, f.Rules) {
			add(rule, "state "+at)
		}
	}
	for _, e := range f.Edges() {
		at := f.Name + "." + e.From + " on " + e.Event
		if reach[at] {
			for _, rule := range e.Rules {
				add(rule, "move "+at)
			}
		}
	}
}

// step is a line that the transcripts' runner has written: what moved, on what, and where to.
var step = regexp.MustCompile(`(?m)^    · (\w+)\.?(\w*) (?:begins in (\w+) )?on (\w+)(?: to ([\w.]+))?$`)

// reached lists the states and moves that appear in a transcript: "case.awaiting_seller", "case.opening on order_open".
func reached() map[string]bool {
	reach := map[string]bool{}
	files, _ := fs.Glob(played, "testdata/*/*.chat")
	for _, path := range files {
		text, _ := played.ReadFile(path) // it is in the binary
		for _, m := range step.FindAllStringSubmatch(string(text), -1) {
			flow, from, born, event, to := m[1], m[2], m[3], m[4], m[5]
			reach[flow+"."+from], reach[flow+"."+born] = true, true
			reach[flow+"."+from+" on "+event], reach[flow+"."+born+" on "+event] = true, true
			if !strings.Contains(to, ".") {
				to = flow + "." + to
			}
			reach[to] = true
		}
	}
	return reach
}

// testName is a test named for rules: TestS68S72…
var testName = regexp.MustCompile(`(?m)^func (Test(?:[SQ]\d+)+\w*)\(`)

var ruleName = regexp.MustCompile(`[SQ]\d+`)

// named lists the tests named for each rule.
func named() map[string][]string {
	names := map[string][]string{}
	files, _ := fs.Glob(tests, "*_test.go")
	for _, file := range files {
		text, _ := tests.ReadFile(file)
		for _, m := range testName.FindAllStringSubmatch(string(text), -1) {
			for _, rule := range ruleName.FindAllString(m[1], -1) {
				names[rule] = append(names[rule], m[1])
			}
		}
	}
	return names
}
