package understand

import (
	"math/bits"
	"slices"
)

// mean says of each word what it means, and how it is meant. Words of the language that most of the message is in come first;
// for a tie the reader's own is taken.
func (l *lexicon) mean(words []word, prefer string) {
	found := make([][]sense, len(words))
	for i := 0; i < len(words); {
		n, senses := l.longestAt(words[i:])
		found[i] = senses
		i += n
	}
	in := l.language(found, prefer)
	for i, senses := range found {
		for _, s := range senses {
			words[i].in |= s.in
			if s.in&in != 0 {
				words[i].means.add(s.means)
			}
		}
		if words[i].means.none() {
			for _, s := range senses {
				words[i].means.add(s.means)
			}
		}
	}
	flag(words, l.codes[bits.TrailingZeros8(uint8(in))])
}

// longestAt finds the longest entry that the words begin with, and says how many words it has.
func (l *lexicon) longestAt(words []word) (int, []sense) {
	var room [96]byte
	most := min(l.longest[words[0].text], len(words))
	for n := most; n > 1; n-- {
		key := append(room[:0], words[0].text...)
		for _, w := range words[1:n] {
			if w.clause != words[0].clause {
				key = key[:0]
				break
			}
			key = append(append(key, ' '), w.text...)
		}
		if senses, ok := l.words[string(key)]; ok && len(key) > 0 {
			return n, senses
		}
	}
	return 1, l.look(words[0].text)
}

// language is the one language that most words are of.
func (l *lexicon) language(found [][]sense, prefer string) languages {
	var counts [8]int
	for _, senses := range found {
		var in languages
		for _, s := range senses {
			in |= s.in
		}
		if in == 0 {
			continue
		}
		share := 12 / bits.OnesCount8(uint8(in))
		for n := range counts {
			if in&(1<<n) != 0 {
				counts[n] += share
			}
		}
	}
	best := 0
	for n, code := range l.codes {
		if code == prefer {
			counts[n] += 2
		}
		if code == "en" {
			counts[n]++
		}
		if counts[n] > counts[best] {
			best = n
		}
	}
	return 1 << best
}

// How far a word reaches, in words.
const (
	reachNot    = 6
	reachBack   = 7 // German says "stornieren Sie bitte nicht"
	reachPast   = 6
	reachNomore = 4
)

// flag says how each word is meant, clause by clause.
func flag(words []word, code string) {
	for from := 0; from < len(words); {
		to := from
		for to < len(words) && words[to].clause == words[from].clause {
			to++
		}
		for i := from; i < to; i++ {
			flagBy(words, from, i, to, code)
		}
		from = to
	}
	for i := range words {
		if words[i].marked {
			words[i].flags |= quoted
		}
	}
}

// flagBy is what one word does to those around it in its clause.
func flagBy(words []word, from, i, to int, code string) {
	m := words[i].means
	set := func(a, b int, f flags) {
		for j := max(a, from); j < min(b, to); j++ {
			words[j].flags |= f
		}
	}
	if m.has(isNot) && !unsure(words[from:to], i-from) {
		end := i + 1
		for end < min(to, i+1+reachNot) && !subject[words[end].text] && !words[end].means.any(endsNot) {
			end++
		}
		set(i+1, end, negated)
		if code == "de" || deniesBefore(words[i:to]) {
			set(i-reachBack, i, negated)
		}
	}
	if m.has(isNomore) {
		for j := i + 1; j < min(to, i+1+reachNomore); j++ {
			if words[j].means.has(isCancel) && isToDo(words[from:j+1]) {
				words[j].flags |= negated
			}
		}
	}
	if m.has(isIf) {
		set(i+1, to, supposed)
		for j := to; i+1 == to && j < len(words) && words[j].clause <= words[i].clause+1; j++ { // "suppose, I cancel"
			words[j].flags |= supposed
		}
		if code == "zh-Hans" || code == "ar" || code == "ru" {
			set(from, i, supposed)
		}
	}
	if m.has(isPast) {
		set(i-reachPast, i+reachPast, past)
	}
	if m.has(isThird) || somebodyOf(words[i:to]) {
		for j := i + 1; j < to && !subject[words[j].text]; j++ {
			words[j].flags |= third
		}
	}
	if m.has(isSaid) {
		for j := i + 1; j < len(words) && words[j].clause <= words[i].clause+1; j++ {
			words[j].flags |= quoted
		}
	}
}

// isToDo says whether the last of some words is what is wanted, or no longer wanted, and no wish of its own: "I no longer want
// to cancel", but not "I no longer want it, cancel".
func isToDo(words []word) bool {
	last := len(words) - 1
	return (infinitives[words[last].text] || last > 0 && words[last-1].text == "to") &&
		slices.ContainsFunc(words[:last], func(w word) bool { return w.means.has(isWant) || w.text == "quero" || w.text == "quiero" })
}

var infinitives = map[string]bool{
	"cancelling": true, "canceling": true, "cancelar": true, "cancelarlo": true, "anular": true, "annuler": true, "stornieren": true,
	"widerrufen": true, "отменять": true, "отменить": true, "الغي": true, "الغاء": true,
}

// deniesBefore says whether a not denies what was said before it: Russian "нет", Hindi "cancel mat karna", and "to cancel is
// the last thing I want", but not "cancel the last thing I ordered".
func deniesBefore(words []word) bool {
	switch words[0].text {
	case "нет", "mat", "nahi", "nahin", "算了":
		return true
	case "last":
		return len(words) > 3 && subject[words[2].text] &&
			slices.ContainsFunc(words[3:min(len(words), 5)], func(w word) bool { return w.means.any(wantOrNeed) })
	}
	return false
}

var wantOrNeed = setOf(isWant, isNeed)

// mine are the words that come before somebody of one's own.
var mine = map[string]bool{
	"my": true, "mein": true, "meine": true, "mi": true, "meu": true, "minha": true, "mon": true, "ma": true, "мой": true,
	"моя": true,
}

// somebodyOf says whether words begin with somebody who wants something: "my plumber would like", whoever that is.
func somebodyOf(words []word) bool {
	return len(words) > 3 && mine[words[0].text] && words[1].means.none() &&
		(words[2].means.any(wanting) || words[3].means.has(isWant))
}

var wanting = setOf(isWant, isSaid, isPast)

// subject are the words by which somebody speaks of themselves again, after they spoke of somebody else.
var subject = map[string]bool{
	"i": true, "im": true, "id": true, "ive": true, "ich": true, "yo": true, "eu": true, "je": true, "j": true, "я": true,
	"انا": true, "我": true, "we": true, "wir": true, "nous": true,
}

// endsNot is what a not does not reach over.
var endsNot = setOf(isCan, isPlease, isHow)

// unsure says whether it is knowing or being able that is denied, and not what follows: "I do not know how to cancel".
func unsure(clause []word, at int) bool {
	for j := at - 1; j <= at+2; j++ {
		if j >= 0 && j < len(clause) && j != at && (clause[j].means.has(isKnow) || clause[j].means.has(isCan) ||
			clause[j].means.has(isWhy)) {
			return true
		}
	}
	return false
}
