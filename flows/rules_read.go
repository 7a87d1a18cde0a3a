package flows

import (
	"fmt"
	"io/fs"
	"regexp"
	"slices"
	"strings"

	"nevermind/bot"
	"nevermind/flows/transcript"
)

// RuleReading is a phrase by which somebody reads a rule of the field.
type RuleReading struct {
	Who    string // "buyer", "seller", "support", or "stranger" for somebody who is nobody's yet
	Press  bool   // it stands on a button
	Phrase string // "…" is anything
	At     string // where a transcript shows it first: "case/accepted.chat:31"; empty is nowhere
}

// String is a reading as it stands in rules.txt.
func (r RuleReading) String() string {
	verb := "reads"
	if r.Press {
		verb = "can press"
	}
	return fmt.Sprintf("%s %s “%s”", r.Who, verb, r.Phrase)
}

// readingLine is a line of rules.txt below a rule: who reads what, or what they can press.
var readingLine = regexp.MustCompile(`^(buyer|seller|support|stranger) (reads|can press) “(.+)”$`)

// parseRules reads rules.txt: a rule a line, and indented below it the phrases by which it is read. A line that is neither
// is a fault.
func parseRules(text string) (rules []RulePlaces, fault error) {
	for line := range strings.Lines(text) {
		line = strings.TrimRight(line, "\n")
		indented := strings.HasPrefix(line, " ")
		m := readingLine.FindStringSubmatch(strings.TrimSpace(line))
		switch {
		case line == "" || strings.HasPrefix(line, "#"):
		case !indented:
			rule, says, _ := strings.Cut(line, " ")
			rules = append(rules, RulePlaces{Rule: rule, Says: says})
		case m == nil || len(rules) == 0:
			return rules, fmt.Errorf("rules.txt: %q is not who reads or can press what", strings.TrimSpace(line))
		default:
			last := &rules[len(rules)-1]
			last.Read = append(last.Read, RuleReading{Who: m[1], Press: m[2] == "can press", Phrase: m[3]})
		}
	}
	return rules, nil
}

// shown is what transcripts show to one kind of reader: each distinct message with where it stands first.
type shown struct{ at, text, buttons string }

// showings gathers what every transcript shows, by who reads it.
func showings() map[string][]shown {
	all, seen := map[string][]shown{}, map[shown]bool{}
	files, _ := fs.Glob(played, "testdata/*/*.chat")
	for _, path := range files {
		text, _ := played.ReadFile(path) // it is in the binary
		for _, b := range transcript.Said(string(text)) {
			words := strings.Join(strings.Fields(b.Title+"\n"+b.Text+"\n"+b.Quote), " ")
			s := shown{"", words, strings.Join(b.Buttons, "\n")}
			if who := b.Party(); !seen[shown{who, s.text, s.buttons}] {
				seen[shown{who, s.text, s.buttons}] = true
				s.at = fmt.Sprintf("%s:%d", strings.TrimPrefix(path, "testdata/"), b.Line)
				all[who] = append(all[who], s)
			}
		}
	}
	return all
}

// find says where a phrase is read first.
func (r RuleReading) find(all []shown) string {
	i := slices.IndexFunc(all, func(s shown) bool {
		if r.Press {
			return slices.ContainsFunc(strings.Split(s.buttons, "\n"), func(label string) bool { return holds(label, r.Phrase) })
		}
		return holds(s.text, r.Phrase)
	})
	if i < 0 {
		return ""
	}
	return all[i].at
}

// holds says whether the parts of a phrase, between its "…", stand in a text in their order.
func holds(text, phrase string) bool {
	for _, part := range strings.Split(phrase, "…") {
		i := strings.Index(text, part)
		if i < 0 {
			return false
		}
		text = text[i+len(part):]
	}
	return true
}

// Rules says where each rule of the field stands, and by which words it is read. A rule stands where a policy entry names it
// as its source, where a state or move that a transcript reaches carries it, or where a test is named for it.
func Rules(p *bot.Policy) ([]RulePlaces, error) {
	rules, err := parseRules(ruleLines)
	where, all := standing(p), showings()
	for i := range rules {
		r := &rules[i]
		r.Where = where[r.Rule]
		slices.Sort(r.Where)
		for j := range r.Read {
			r.Read[j].At = r.Read[j].find(all[r.Read[j].Who])
		}
	}
	return rules, err
}
