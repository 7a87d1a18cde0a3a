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
	return r.fill(v, reader, t, len(words))
}

// fill puts what the names stand for in their places. Words that come out empty leave no gap: the space or the line break
// beside them goes too, so that a further sentence, or a line, may be there or not.
func (r *Ruleset) fill(v *bot.View, reader *bot.Person, t template, size int) string {
	said, skip := make([]byte, 0, size+64), 0
	for i, seg := range t {
		if !seg.name {
			said, skip = append(said, seg.text[skip:]...), 0
			continue
		}
		value := r.resolve(v, reader, seg.text)
		if value == "" {
			said, skip = closeGap(said, t[i+1:])
		}
		said = append(said, value...)
	}
	return string(said)
}

// closeGap takes away the space or the line break before a name that has come out empty, where another follows or the words
// end; at the very beginning it says that the space which follows is to be left out.
func closeGap(said []byte, rest template) (left []byte, skip int) {
	next := byte('\n') // the end
	if len(rest) > 0 {
		if rest[0].name {
			return said, 0
		}
		next = rest[0].text[0]
	}
	last := len(said) - 1
	switch {
	case last < 0 && next == ' ':
		return said, 1
	case last < 0:
		return said, 0
	case said[last] == '\n' && next == '\n', said[last] == ' ' && (next == ' ' || next == '\n'):
		return said[:last], 0
	}
	return said, 0
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
