package turn

import (
	"bytes"
	"strconv"
	"strings"
	"sync"
	"unicode/utf8"

	"nevermind/bot"
)

// template is words with {names} in them.
type template struct {
	segments []segment
	rtl      bool // the words run from right to left, so that what the names stand for is kept apart
}

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
	t := template{rtl: bot.RightToLeft(words)}
	for rest := words; rest != ""; {
		before, after, found := strings.Cut(rest, "{")
		name, behind, closed := strings.Cut(after, "}")
		if !found || !closed {
			t.segments = append(t.segments, segment{rest, false})
			break
		}
		if before != "" {
			t.segments = append(t.segments, segment{before, false})
		}
		t.segments = append(t.segments, segment{name, true})
		rest = behind
	}
	templates.Store(words, t)
	return t
}

// names lists the {names} in words.
func (t template) names() []string {
	var names []string
	for _, s := range t.segments {
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
	if r.translates(reader) {
		words = r.translated(reader, words)
	}
	if !strings.Contains(words, "{") {
		return words
	}
	return r.render(v, reader, parse(words))
}

// render writes what the names of a template stand for into it. A name that stands for nothing takes its space along, and its
// line where it had one of its own, so that whole sentences can be left out.
func (r *Ruleset) render(v *bot.View, reader *bot.Person, t template) string {
	var room [1024]byte // most messages fit, so only the string itself is allocated
	s, left := room[:0], false
	tight := r.translates(reader) && r.catalog.Join(reader.Language, bot.FullStop, []string{"", ""}) == ""
	for _, seg := range t.segments {
		text := seg.text
		if seg.name {
			if text = r.resolve(v, reader, text); text == "" {
				left = true
				continue
			}
			text = r.written(reader, text, t.rtl)
		}
		if left {
			s, text = closeGap(s, text)
		}
		if tight {
			s, text = closeUp(s, text)
		}
		s, left = append(s, text...), false
	}
	if left {
		s = bytes.TrimRight(s, " \n")
	}
	return string(s)
}

// closeGap joins what stands before and after a name that stood for nothing.
func closeGap(before []byte, after string) ([]byte, string) {
	if strings.HasPrefix(after, "\n") {
		before = bytes.TrimRight(before, " ")
	}
	switch {
	case len(before) == 0:
		return before, strings.TrimLeft(after, " \n")
	case bytes.HasSuffix(before, []byte("\n")):
		after = strings.TrimPrefix(strings.TrimLeft(after, " "), "\n")
		if bytes.HasSuffix(before, []byte("\n\n")) {
			after = strings.TrimPrefix(after, "\n")
		}
	case bytes.HasSuffix(before, []byte(" ")):
		after = strings.TrimPrefix(after, " ")
	}
	return before, after
}

// fullWidth are marks that bring their own space along.
const fullWidth = "。！？；：，）”"

// closeUp takes out what spaces stand behind a mark that brings its own, where two pieces meet.
func closeUp(before []byte, after string) ([]byte, string) {
	if bare := bytes.TrimRight(before, " "); len(bare) < len(before) && endsIn(bare, fullWidth) {
		before = bare
	}
	if endsIn(before, fullWidth) {
		after = strings.TrimLeft(after, " ")
	}
	return before, after
}

// endsIn says whether text ends with one of the marks.
func endsIn(text []byte, marks string) bool {
	last, _ := utf8.DecodeLastRune(text)
	return strings.ContainsRune(marks, last)
}

// Count renders words for a number {n} of things, in the plural form of the reader's language.
func (r *Ruleset) Count(v *bot.View, reader *bot.Person, n int, one, other string) string {
	words := other
	if n == 1 {
		words = one
	}
	if r.translates(reader) {
		if text, ok := r.catalog.Count(reader.Language, n, other); ok {
			words = text
		}
	}
	return r.render(v.With(bot.Facts{"n": strconv.Itoa(n)}), reader, parse(words))
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
