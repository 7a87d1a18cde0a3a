// Package understand hears what people mean by what they write, in eight languages. It is pure: text and context in, candidates
// out. It knows no flow, no order and no platform.
package understand

import (
	"cmp"
	"slices"
	"strings"
)

// message is a text as it is read.
type message struct {
	words    []word
	question bool
}

func read(text, language string) message {
	lex := theLexicon()
	folded := fold(text)
	words := split(folded, lex)
	if len(words) > 0 {
		lex.mean(words, language)
	}
	return message{words, strings.ContainsAny(folded, "?？؟")}
}

// Candidate is one thing that may be meant, and how sure that is, from 0 to 1.
type Candidate struct {
	Intent Intent
	Share  float64
	Barred bool // the rules do not let it be acted on
	Unsaid bool // no word of it is there
}

// rank says what may be meant, the likeliest first.
func (m *message) rank() []Candidate {
	if len(m.words) == 0 {
		return nil
	}
	scores := intentScores(features(m.words, m.question))
	shares(scores)
	all := make([]Candidate, len(Intents))
	for i, s := range scores {
		all[i] = Candidate{Intent: Intents[i], Share: float64(s) / unit}
	}
	slices.SortStableFunc(all, func(a, b Candidate) int { return cmp.Compare(b.Share, a.Share) })
	return all
}

// Mentions says whether a text speaks of one of the concepts, by their names in the lexicon, whatever it says of it.
func Mentions(text, language string, names ...string) bool {
	m := read(text, language)
	var of concepts
	for _, name := range names {
		of.add(conceptNamed(name))
	}
	return m.means(of)
}

// Said says whether a text says one of the concepts freely at least once, as what is so, and whether it denies one.
func Said(text, language string, names ...string) (freely, denied bool) {
	m := read(text, language)
	var of concepts
	for _, name := range names {
		of.add(conceptNamed(name))
	}
	for i := range m.words {
		if w := &m.words[i]; w.means.any(of) {
			freely = freely || w.flags&(negated|third|quoted|supposed) == 0
			denied = denied || w.flags&negated != 0
		}
	}
	return freely, denied
}
