package understand

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Naming says how words speak of one of several things.
type Naming uint8

// How a thing may be spoken of.
const (
	Unnamed Naming = iota
	Meant          // the wish is about it
	Kept           // it is to stay: "keep the lamp", "all but the lamp", "not the lamp"
)

// Things is what words say of several things.
type Things struct {
	How   []Naming // of each
	Vague bool     // what they name fits several alike, or may be wanted as well as not
	Only  bool     // they say that it is only some of it
	Some  bool     // they speak of a part, and need not name it: "only one of them"
}

// Count is how many things are spoken of in some way.
func (t *Things) Count(how Naming) (n int) {
	for _, h := range t.How {
		if h == how {
			n++
		}
	}
	return n
}

// ThingsIn reads of which of several things words speak, by their titles, in a wish to cancel some of them.
func ThingsIn(text, language string, titles []string) Things {
	m := read(text, language)
	said := Things{How: make([]Naming, len(titles)), Some: ofSome(text)}
	parts := m.phrases()
	for i := range m.words {
		said.Only = said.Only || m.words[i].means.has(isOnly)
	}
	for _, g := range m.groups(titles, parts) {
		switch how, sure := m.naming(g, parts); {
		case m.namesOrder(g, said.Only):
		case len(g.titles) > 1 || !sure:
			said.Vague = true
		case said.How[g.titles[0]] != Unnamed && said.How[g.titles[0]] != how:
			said.Vague = true
		default:
			said.How[g.titles[0]] = how
		}
	}
	return said
}

// Names says whether words name one of several things at all.
func Names(text, language string, titles []string) bool {
	m := read(text, language)
	return len(m.groups(titles, m.phrases())) > 0
}

// group is some words that name a thing together, with the titles that have as many of them.
type group struct {
	from, to int
	titles   []int
}

// phrases numbers the parts of a message between stops and words such as "and".
func (m *message) phrases() []int {
	parts, n := make([]int, len(m.words)), 0
	for i := range m.words {
		if i > 0 && (joins[m.words[i].text] || m.words[i].clause != m.words[i-1].clause) {
			n++
		}
		parts[i] = n
	}
	return parts
}

var joins = setOfWords(`and but y e pero sino mas mais et und aber sondern и а но و لكن 和 但 而`)

func setOfWords(words string) map[string]bool {
	all := map[string]bool{}
	for _, w := range strings.Fields(words) {
		all[w] = true
	}
	return all
}

// mostBetween is how many words may stand between two that name one thing together.
const mostBetween = 2

// groups finds the words that name things, side by side.
func (m *message) groups(titles []string, parts []int) (all []group) {
	fits := m.fits(titles)
	for i := 0; i < len(fits); i++ {
		if len(fits[i]) == 0 {
			continue
		}
		g, counts := group{from: i, to: i + 1}, map[int]int{}
		for j := i; j < len(fits) && j < g.to+mostBetween+1 && parts[j] == parts[i]; j++ {
			for title, n := range fits[j] {
				counts[title], g.to = counts[title]+n, j+1
			}
		}
		most := 0
		for _, n := range counts {
			most = max(most, n)
		}
		for title := range titles {
			if counts[title] == most {
				g.titles = append(g.titles, title)
			}
		}
		all, i = append(all, g), g.to-1
	}
	return all
}

// fits says of each word which titles it names, and by how much.
func (m *message) fits(titles []string) []map[int]int {
	fits := make([]map[int]int, len(m.words))
	add := func(word, title, n int) {
		if fits[word] == nil {
			fits[word] = map[int]int{}
		}
		fits[word][title] = max(fits[word][title], n)
	}
	for t, title := range titles {
		for _, w := range strings.FieldsFunc(fold(title), func(r rune) bool { return !unicode.IsLetter(r) }) {
			if r, _ := utf8.DecodeRuneInString(w); isIdeograph(r) {
				m.fitsRun(w, func(word, n int) { add(word, t, n) })
				continue
			}
			for i := range m.words {
				if SameThing(m.words[i].text, w) {
					add(i, t, 1)
				}
			}
		}
	}
	return fits
}

// fitsRun finds the longest piece of a title without spaces that stands in the message: two letters and more, or the last one,
// which says what it is.
func (m *message) fitsRun(title string, add func(word, n int)) {
	runes := []rune(title)
	for n := len(runes); n > 0; n-- {
		found := false
		for at := 0; at+n <= len(runes); at++ {
			if n == 1 && (at < len(runes)-1 || !names(runes[at])) {
				continue
			}
			for i := range m.words {
				if m.beginsAt(i, string(runes[at:at+n])) {
					add(i, n)
					found = true
				}
			}
		}
		if found {
			return
		}
	}
}

// names says whether one ideograph says what a thing is; those that end many titles do not.
func names(r rune) bool {
	return isIdeograph(r) && !strings.ContainsRune("子件个品套款色装盒包号的单", r)
}

// beginsAt says whether the words from one on, without the spaces that they do not have, begin with a piece of text.
func (m *message) beginsAt(i int, piece string) bool {
	for ; i < len(m.words) && piece != ""; i++ {
		w := m.words[i].text
		if len(w) >= len(piece) {
			return strings.HasPrefix(w, piece)
		}
		rest, ok := strings.CutPrefix(piece, w)
		if !ok {
			return false
		}
		piece = rest
	}
	return piece == ""
}

// naming says how a group is meant: by the verb of its phrase, or of the phrase beside it, and by what denies or excepts it. It
// is not sure where the thing is wanted, and nobody can tell what for.
func (m *message) naming(g group, parts []int) (how Naming, sure bool) {
	w, at := &m.words[g.from], parts[g.from]
	if m.excepted(g, parts) {
		return Kept, true
	}
	verb := m.verb(g, parts, at)
	own := verb >= 0
	for _, beside := range []int{at - 1, at + 1} {
		if verb < 0 && m.sameClause(parts, at, beside) {
			verb = m.verb(g, parts, beside)
		}
	}
	denied := w.flags&negated != 0
	switch wants := m.wants(g, parts); {
	case verb < 0 && wants >= 0 && m.words[wants].flags&negated == 0:
		return Kept, m.onlyElsewhere(at, parts) // "I want the lamp" alone may be a wish to keep it or to have it cancelled
	case verb < 0 && wants < 0 && denied:
		return Kept, true
	case verb < 0:
		return Meant, !m.onlyElsewhere(at, parts)
	default:
		v := &m.words[verb]
		stays := v.means.has(isKeep) != (v.flags&negated != 0)
		if denied && (!own || v.flags&negated == 0) {
			return Kept, !v.means.has(isKeep)
		}
		if stays {
			return Kept, true
		}
		return Meant, true
	}
}

var cancelOrKeep = setOf(isCancel, isCancelled, isKeep, isStop, isReturn)

// verb is the word of a phrase that says what is to be done with a group: the last one before it, or else the first behind it.
func (m *message) verb(g group, parts []int, phrase int) int {
	verb := -1
	for i := range m.words {
		if parts[i] != phrase || !m.words[i].means.any(cancelOrKeep) || i >= g.from && i < g.to {
			continue
		}
		if i < g.from {
			verb = i
		} else if verb < 0 || verb > g.from && i < verb {
			verb = i
		}
	}
	return verb
}

// wants is the word of a group's phrase that says that something is wanted or needed.
func (m *message) wants(g group, parts []int) int {
	for i := range m.words {
		if parts[i] == parts[g.from] && m.words[i].means.any(wantOrNeed) {
			return i
		}
	}
	return -1
}

// onlyElsewhere says whether "only" is said, and in another clause than a phrase's.
func (m *message) onlyElsewhere(phrase int, parts []int) bool {
	elsewhere := false
	for i := range m.words {
		switch {
		case !m.words[i].means.has(isOnly):
		case m.sameClause(parts, parts[i], phrase):
			return false
		default:
			elsewhere = true
		}
	}
	return elsewhere
}

// sameClause says whether two phrases are of one clause.
func (m *message) sameClause(parts []int, a, b int) bool {
	i, j := slices.Index(parts, a), slices.Index(parts, b)
	return i >= 0 && j >= 0 && m.words[i].clause == m.words[j].clause
}

// mostExcepted is how far a word such as "except" reaches.
const mostExcepted = 4

// excepted says whether a group is what does not belong to the rest: "all but the lamp", 除了台灯.
func (m *message) excepted(g group, parts []int) bool {
	for i := max(0, g.from-mostExcepted); i < min(len(m.words), g.to+2); i++ {
		behind := i >= g.to && strings.HasSuffix(m.words[i].text, "外")
		if m.words[i].means.has(isExcept) && parts[i] == parts[g.from] && (i < g.from || behind) {
			return true
		}
	}
	return false
}

// namesOrder says whether a group only says which order is meant: "my lamp order", "el pedido de la lámpara".
func (m *message) namesOrder(g group, only bool) bool {
	if g.to < len(m.words) && m.words[g.to].means.has(isOrder) && m.words[g.to].clause == m.words[g.from].clause {
		return true
	}
	for i := g.from - 1; i >= max(0, g.from-3) && !only && m.words[i].clause == m.words[g.from].clause; i-- {
		switch {
		case m.words[i].means.has(isOrder):
			return true
		case !m.words[i].means.none() || m.words[i].text == "#" || joins[m.words[i].text]:
			return false
		}
	}
	return false
}

// somePhrases speak of a part without naming it, in words as they are compared; onePhrases do unless an order is what is counted.
var (
	somePhrases = strings.Split(`part of |a part|some of |not all of|not everything|not the whole|one of them|one of the|`+
		`una parte|parte del|parte de mi|no todo|uno de |una de |solo algun|uma parte|um dos|uma das|nem tudo|une partie|`+
		`l'un des|une des|un des|pas tout|einen teil|nur teil|nicht alles|eine der|einen der|eins von|часть |один из|одну из|одна из|`+
		`не все|не весь|一部分|部分|其中一|不是全部|不是都|جزء|بعض|واحد من|واحده من|وحده من|مو كل|مش كل|ليس كل`, "|")
	onePhrases = strings.Split(`just one|only one|so uma|so um|apenas um|un seul|une seule|nur eine|nur eins|`+
		`только один|только одну|只取消一|واحد بس|واحده بس|واحده فقط|واحد فقط`, "|")
)

// ofSome says whether words speak of a part of something.
func ofSome(text string) bool {
	folded := " " + fold(text) + " "
	return slices.ContainsFunc(somePhrases, func(p string) bool { _, found := behindPhrase(folded, p); return found }) ||
		slices.ContainsFunc(onePhrases, func(p string) bool {
			rest, found := behindPhrase(folded, p)
			return found && !beginsWithOrder(rest)
		})
}

// behindPhrase is what stands behind a phrase that begins with a word.
func behindPhrase(text, phrase string) (rest string, found bool) {
	i := strings.Index(text, phrase)
	if i < 1 {
		return "", false
	}
	before, _ := utf8.DecodeLastRuneInString(text[:i])
	first, _ := utf8.DecodeRuneInString(phrase)
	return text[i+len(phrase):], isIdeograph(first) || !unicode.IsLetter(before)
}

// beginsWithOrder says whether an order is what words begin with, behind a Chinese measure word, too.
func beginsWithOrder(text string) bool {
	words := split(strings.TrimPrefix(strings.TrimSpace(text), "个"), theLexicon())
	return len(words) > 0 && slices.ContainsFunc(theLexicon().look(words[0].text), func(s sense) bool { return s.means == isOrder })
}

// notNaming are words of titles that say nothing of what a thing is.
var notNaming = setOfWords(`the for and with from set pack pcs new size der die das den fur mit und von les des pour avec une ` +
	`sur los las para con del una por uma com dos nas для под без из набор في من مع على`)

// SameThing says whether two words are one noun, whatever their number or case, or one ends with the other as a German compound
// does.
func SameThing(a, b string) bool {
	a, b = bareNoun(fold(a)), bareNoun(fold(b))
	short, long := utf8.RuneCountInString(a), utf8.RuneCountInString(b)
	short, long = min(short, long), max(short, long)
	if short < 3 || notNaming[a] || notNaming[b] {
		return a == b && short > 1 && !notNaming[a]
	}
	same := commonPrefix(a, b)
	switch r, _ := utf8.DecodeRuneInString(a); {
	case a == b:
		return true
	case r < 0x250:
		return nounEnd[runesFrom(a, same)] && nounEnd[runesFrom(b, same)] && same >= 3 ||
			short >= 4 && long >= short+3 && (strings.HasSuffix(a, b) || strings.HasSuffix(b, a))
	case r < 0x530: // Cyrillic: what declines is at the end
		return same >= 3 && short-same <= 2 && long-same <= 3 && (same >= 4 || long-same <= 2)
	default:
		return same >= 3 && short-same <= 1 && long-same <= 3
	}
}

// nounEnd are the endings of nouns in one number or the other.
var nounEnd = map[string]bool{"": true, "s": true, "es": true, "e": true, "n": true, "en": true, "er": true, "ern": true,
	"x": true,
	"y": true, "ies": true, "f": true, "ves": true, "fe": true, "ao": true, "oes": true, "l": true, "is": true, "z": true,
	"ces": true, "ux": true}

// bareNoun is an Arabic noun without the particles that are written with it; any other as it is.
func bareNoun(w string) string {
	if r, _ := utf8.DecodeRuneInString(w); r < 0x600 || r > 0x6ff {
		return w
	}
	for _, before := range []string{"وال", "بال", "فال", "لل", "ال", "و", "ب", "ل"} {
		least := 3
		if utf8.RuneCountInString(before) == 1 {
			least = 4 // of a short word it is a letter of its own
		}
		if stem, ok := strings.CutPrefix(w, before); ok && utf8.RuneCountInString(stem) >= least {
			return stem
		}
	}
	return w
}

// commonPrefix is how many letters two words begin with alike.
func commonPrefix(a, b string) int {
	other, n := []rune(b), 0
	for _, r := range a {
		if n == len(other) || other[n] != r {
			break
		}
		n++
	}
	return n
}

// runesFrom is a word from a letter on.
func runesFrom(w string, n int) string { return string([]rune(w)[n:]) }
