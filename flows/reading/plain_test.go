package reading

import (
	_ "embed"
	"regexp"
	"slices"
	"strings"

	"nevermind/flows/transcript"
)

//go:embed statutory.txt
var statutory string

//go:embed never.txt
var never string

// listed are the lines of a list, without its comments.
func listed(list string) (lines []string) {
	for line := range strings.Lines(list) {
		if line = strings.TrimSpace(line); line != "" && !strings.HasPrefix(line, "#") {
			lines = append(lines, line)
		}
	}
	return lines
}

// data is what stands for a {name} in rendered words: it is measured as one short word, "it".
var data = []*regexp.Regexp{
	regexp.MustCompile(`https?://\S*[^\s.,]`),
	regexp.MustCompile(`(?:(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day )?\d{1,2} (?:January|February|March|April|May|June|July|` +
		`August|September|October|November|December)(?: \d{4})?(?:, \d{2}:\d{2}(?::\d{2})?)?(?: \((?:in|for|UTC|CET|[A-Z])[^)]*\))?`),
	regexp.MustCompile(`(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day(?:,? \d{2}:\d{2})(?: \(in[^)]*\))?`),
	regexp.MustCompile(`[\d,]*\d(?:\.\d+)? (?:USD|EUR|JPY|KWD|GBP|CNY)`),
	regexp.MustCompile(`\bC-…`),
	regexp.MustCompile(`\b[A-Z]{2}\d{6,}[A-Z]*\b`),
	regexp.MustCompile(`\b[0-9a-f]{4}(?: [0-9a-f]{4}){2,}|\b[0-9a-f]{32,}\b`), // seals
	regexp.MustCompile(`\b\d{6,}\b`),
	regexp.MustCompile(`\b[A-Z][a-z]+/[A-Z]\w+`), // zones
}

// quotation is what somebody wrote; with its end, where it ends a sentence.
var quotation = regexp.MustCompile(`“[^”]*?([.!?]?)”`)

// entry is an item of a list that is no sentence: "• What: the whole order". It would make a message look easier.
var entry = regexp.MustCompile(`(?m)^[•–].*[^.!?:;\n]$`)

// plainly is a message with one short word for what stands in for a {name}, without what the law words and without the
// entries of lists.
func plainly(text string, names *regexp.Regexp) string {
	text = names.ReplaceAllString(text, "Ann")
	text = quotation.ReplaceAllString(text, "it$1")
	for _, d := range data {
		text = d.ReplaceAllString(text, "it")
	}
	text = entry.ReplaceAllString(text, "")
	for _, s := range Sentences(text) {
		if slices.ContainsFunc(listed(statutory), func(begins string) bool { return strings.HasPrefix(s, begins) }) {
			text = strings.Replace(text, s, "", 1)
		}
	}
	return strings.TrimSpace(text)
}

// item is what an order of a transcript sells: items=Bamboo lamp=20.00,Shade=5.00.
var item = regexp.MustCompile(`(?:items=|,|;)([^=,;]+)=`)

// placeholders finds the names of people, sellers and goods that a transcript's {names} may stand for.
func placeholders(text string) *regexp.Regexp {
	names := []string{"Bamboo lamp", "the whole order", "AliExpress"}
	for _, p := range transcript.Cast {
		if p.Name != "" {
			names = append(names, p.Name)
		}
	}
	for line := range strings.Lines(text) {
		if rest, ok := strings.CutPrefix(line, "order: "); ok {
			for _, m := range item.FindAllStringSubmatch(rest, -1) {
				names = append(names, m[1])
			}
		}
	}
	slices.SortFunc(names, func(a, b string) int { return len(b) - len(a) }) // the longest is meant
	for i, n := range names {
		names[i] = regexp.QuoteMeta(n)
	}
	return regexp.MustCompile(`\b(?:` + strings.Join(names, "|") + `)\b`)
}
