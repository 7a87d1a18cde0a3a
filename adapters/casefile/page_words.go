package casefile

import (
	"fmt"
	"html/template"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"nevermind/bot"
)

// How the page calls the sides by themselves, and those who have no name.
var (
	partyWords  = map[bot.Party]string{bot.Buyer: "buyer", bot.Seller: "seller", bot.Support: "support"}
	othersWords = map[bot.Party]string{bot.Support: "Support", bot.Clock: "The clock", bot.Shop: "The shop"}
	ownWords    = []string{"made {when} for the buyer", "made {when} for the seller", "made {when} for the support",
		"✓ {proof}, from the buyer", "✓ {proof}, from the seller", "✓ {proof}, from the support",
		"Missing: {proof}, from the buyer", "Missing: {proof}, from the seller", "Missing: {proof}, from the support", pageTime}
)

// pageTime is how the page writes a time, as Go's reference time; a language may order it otherwise.
const pageTime = "Mon 2 Jan 2006, 15:04:05"

// inTemplate is what the page's template says: {{say "Opened"}}.
var inTemplate = regexp.MustCompile(`\bsay ("(?:[^"\\]|\\.)*")`)

// Texts lists every English text that the two pages say themselves, for the catalog of words.
func Texts() []string {
	all := slices.Concat(pageTexts(), checkTexts())
	slices.Sort(all)
	return slices.Compact(all)
}

// pageTexts are those of the page to read.
func pageTexts() []string {
	all := append(slices.Clone(ownWords), "{name} ({party})")
	for _, m := range inTemplate.FindAllStringSubmatch(pageText, -1) {
		if english, err := strconv.Unquote(m[1]); err == nil {
			all = append(all, english)
		}
	}
	for _, table := range []map[bot.Party]string{partyWords, othersWords} {
		for _, words := range table {
			all = append(all, words)
		}
	}
	return all
}

// say gives the page's words in the record's language.
func (r *Record) say(english string) string {
	if words, ok := r.Words[english]; ok {
		return words
	}
	return english
}

// plain is how the page calls a state, an event or a fact: in words of the record's language, else by its own name.
func (r *Record) plain(name string) string {
	if words, ok := r.Words[name]; ok {
		return words
	}
	return strings.ReplaceAll(name, "_", " ")
}

// value is how the page says a fact: in words of the record's language, else as it is.
func (r *Record) value(name, value string) string {
	if words, ok := r.Words[name+"="+value]; ok {
		return words
	}
	return value
}

// time writes a time in UTC.
func (r *Record) time(t time.Time) string {
	t = t.UTC()
	day, month := t.Format("Mon"), t.Format("Jan")
	text := strings.Replace(t.Format(r.say(pageTime)), day, r.say(day), 1)
	text = strings.Replace(text, month, r.say(month), 1) + " UTC"
	if clock := t.Format(time.TimeOnly) + " UTC"; r.mirrored() {
		return strings.Replace(text, clock, bot.Isolate(clock), 1)
	}
	return text
}

// mirrored says whether the page runs from right to left.
func (r *Record) mirrored() bool { return bot.RightToLeft(r.say("Opened")) }

// pageFuncs are what the template calls.
func (r *Record) pageFuncs() template.FuncMap {
	return template.FuncMap{
		"say": func(english string, pairs ...any) string {
			values := bot.Facts{}
			for i := 0; i+1 < len(pairs); i += 2 {
				values[fmt.Sprint(pairs[i])] = fmt.Sprint(pairs[i+1])
			}
			return bot.Fill(r.say(english), values)
		},
		"plain": r.plain,
		"value": r.value,
		"time":  r.time,
		"join":  func(rules []string) string { return strings.Join(rules, " ") },
		"made": func(r *Record) string {
			return bot.Fill(r.say("made {when} for the "+string(r.Viewer)), bot.Facts{"when": r.time(r.Made)})
		},
		"evidence": func(line shown) string {
			words := "Missing: {proof}, from the "
			if line.Has {
				words = "✓ {proof}, from the "
			}
			return bot.Fill(r.say(words+string(line.From)), bot.Facts{"proof": r.say(line.Ask)})
		},
		"photo": func(f enclosed) bool { return strings.HasPrefix(f.Type, "image/") && f.Type != "image/heic" },
	}
}
