package turn

import (
	"strconv"
	"strings"
	"sync"

	"nevermind/bot"
)

// template is words with {names} in them.
type template []segment

type segment struct {
	text string
	name bool // text is the name of a fact, term or deadline
}

var templates sync.Map // English or translated words to template

// parse takes words apart once; a brace that is not closed is plain text.
func parse(words string) template {
	if t, ok := templates.Load(words); ok {
		return t.(template)
	}
	var t template
	for rest := words; rest != ""; {
		before, after, found := strings.Cut(rest, "{")
		name, behind, closed := strings.Cut(after, "}")
		if !found || !closed {
			t = append(t, segment{rest, false})
			break
		}
		if before != "" {
			t = append(t, segment{before, false})
		}
		t = append(t, segment{name, true})
		rest = behind
	}
	templates.Store(words, t)
	return t
}

// names lists the {names} in words.
func (t template) names() []string {
	var names []string
	for _, s := range t {
		if s.name {
			names = append(names, s.text)
		}
	}
	return names
}

// Say renders English words for a reader: in their language, with what the names stand for.
func (r *Ruleset) Say(v *bot.View, reader *bot.Person, words string) string {
	if words == "" {
		return ""
	}
	if r.catalog != nil && reader.Language != "" && reader.Language != "en" {
		if text, ok := r.catalog.Text(reader.Language, words); ok {
			words = text
		}
	}
	t := parse(words)
	if len(t) == 1 && !t[0].name {
		return words
	}
	var s strings.Builder
	s.Grow(len(words) + 64)
	for _, seg := range t {
		if seg.name {
			s.WriteString(r.resolve(v, reader, seg.text))
		} else {
			s.WriteString(seg.text)
		}
	}
	return s.String()
}

// Count renders words for a number {n} of things, in the plural form of the reader's language.
func (r *Ruleset) Count(reader *bot.Person, n int, one, other string) string {
	words := other
	if n == 1 {
		words = one
	}
	if r.catalog != nil && reader.Language != "" && reader.Language != "en" {
		if text, ok := r.catalog.Count(reader.Language, n, other); ok {
			words = text
		}
	}
	return strings.ReplaceAll(words, "{n}", strconv.Itoa(n))
}

// resolve finds what a name stands for: a value of the words at hand, a term, a deadline that is running, or a fact.
func (r *Ruleset) resolve(v *bot.View, reader *bot.Person, name string) string {
	if value, ok := v.Values[name]; ok {
		return value
	}
	if term, ok := r.Terms[name]; ok {
		return term(v, reader)
	}
	for _, d := range v.Conv.Deadlines {
		if d.Name() == name {
			return r.Moment(v, reader, d.At)
		}
	}
	return bot.Clean(v.Frame.Facts[name])
}
