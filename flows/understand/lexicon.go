package understand

import (
	"embed"
	"io/fs"
	"path"
	"slices"
	"strings"
	"sync"
	"unicode/utf8"
)

//go:embed lexicon/*.txt
var lexiconFiles embed.FS

// concepts is a set of what words mean, by their place in the lexicon.
type concepts [2]uint64

func (c concepts) has(n concept) bool { return c[n>>6]&(1<<(n&63)) != 0 }
func (c concepts) none() bool         { return c[0]|c[1] == 0 }
func (c *concepts) add(n concept)     { c[n>>6] |= 1 << (n & 63) }

func (c concepts) any(of concepts) bool { return c[0]&of[0]|c[1]&of[1] != 0 }

func setOf(all ...concept) (c concepts) {
	for _, n := range all {
		c.add(n)
	}
	return c
}

// languages is a set of languages, by the place of their file.
type languages uint8

// sense is what a word means in some languages.
type sense struct {
	means concept
	in    languages
}

// lexicon knows words by what they mean, in all languages at once.
type lexicon struct {
	codes    []string
	words    map[string][]sense // also of several words, with one space between
	prefixes map[string][]sense
	longest  map[string]int // by a first word: how many words the longest entry has that begins with it
	han      int            // runes of the longest entry without spaces
	slips    map[string]string
}

// theLexicon reads the words at their first use.
var theLexicon = sync.OnceValue(func() *lexicon {
	l := &lexicon{words: map[string][]sense{}, prefixes: map[string][]sense{}, longest: map[string]int{}, slips: map[string]string{}}
	names, err := fs.Glob(lexiconFiles, "lexicon/*.txt")
	if err != nil {
		panic(err) // the pattern is ours
	}
	for n, name := range names {
		text, err := lexiconFiles.ReadFile(name)
		if err != nil {
			panic(err) // it is embedded
		}
		l.codes = append(l.codes, strings.TrimSuffix(path.Base(name), ".txt"))
		l.read(string(text), languages(1)<<n)
	}
	return l
})

func (l *lexicon) read(text string, in languages) {
	for line := range strings.Lines(text) {
		name, entries, ok := strings.Cut(strings.TrimSpace(line), ": ")
		if !ok || strings.HasPrefix(name, "#") {
			continue
		}
		n := conceptNamed(name)
		for _, entry := range strings.Split(entries, ", ") {
			l.add(fold(entry), sense{n, in})
		}
	}
}

func (l *lexicon) add(entry string, s sense) {
	if stem, ok := strings.CutSuffix(entry, "*"); ok {
		l.prefixes[stem] = joinSense(l.prefixes[stem], s)
		return
	}
	parts := strings.Fields(strings.NewReplacer("'", " ", "-", " ").Replace(entry))
	key := strings.Join(parts, " ")
	l.words[key] = joinSense(l.words[key], s)
	l.longest[parts[0]] = max(l.longest[parts[0]], len(parts))
	if r, _ := utf8.DecodeRuneInString(key); isIdeograph(r) {
		l.han = max(l.han, utf8.RuneCountInString(key))
	}
	if len(parts) == 1 && misspelt.has(s.means) && utf8.RuneCountInString(key) >= 6 {
		for _, slip := range withoutOne(key) {
			if _, known := l.slips[slip]; !known {
				l.slips[slip] = key
			}
		}
	}
}

// joinSense keeps one sense for each concept, with the languages that have it.
func joinSense(all []sense, s sense) []sense {
	for i := range all {
		if all[i].means == s.means {
			all[i].in |= s.in
			return all
		}
	}
	return append(all, s)
}

// withoutOne are the words that are left when one letter is left out.
func withoutOne(w string) (all []string) {
	for i, r := range w {
		all = append(all, w[:i]+w[i+utf8.RuneLen(r):])
	}
	return append(all, w)
}

// look finds what a word means: as it is, by its stem, without an Arabic particle, or with one letter mistyped.
func (l *lexicon) look(w string) []sense {
	if found, ok := l.words[w]; ok {
		return found
	}
	for i := len(w) - 1; i >= 4; i-- {
		if utf8.RuneStart(w[i]) {
			if found, ok := l.prefixes[w[:i]]; ok {
				return found
			}
		}
	}
	if found, ok := l.prefixes[w]; ok {
		return found
	}
	if r, _ := utf8.DecodeRuneInString(w); r >= 0x600 && r < 0x700 {
		return l.arabic(w)
	}
	return l.mistyped(w)
}

// arabic looks for a word without the particles that are written with it.
func (l *lexicon) arabic(w string) []sense {
	for _, before := range []string{"", "وال", "بال", "لل", "فال", "ال", "و", "ب", "ل", "ف", "ه", "ح"} {
		stem, ok := strings.CutPrefix(w, before)
		if !ok || len(stem) < 6 {
			continue
		}
		if found, ok := l.words[stem]; ok {
			return found
		}
		for _, after := range []string{"ي", "ه", "ها", "كم", "نا", "هم", "تي", "و", "وا", "ا", "ين", "ات"} {
			if bare, ok := strings.CutSuffix(stem, after); ok && len(bare) >= 6 {
				if found, ok := l.words[bare]; ok {
					return found
				}
			}
		}
	}
	return nil
}

// mistyped finds a word of which one letter is too many, missing, another, or in another place.
func (l *lexicon) mistyped(w string) []sense {
	if n := utf8.RuneCountInString(w); n < 5 || n > 16 {
		return nil
	}
	if right, ok := l.slips[w]; ok {
		return l.words[right]
	}
	for i, r := range w {
		if right, ok := l.slips[w[:i]+w[i+utf8.RuneLen(r):]]; ok {
			return l.words[right]
		}
	}
	return nil
}

// longestRun is how many bytes the longest known word without spaces has at the beginning of a text; else one letter.
func (l *lexicon) longestRun(text string) int {
	ends := make([]int, 0, 8)
	for i, r := range text {
		if !isIdeograph(r) || len(ends) == l.han {
			break
		}
		ends = append(ends, i+utf8.RuneLen(r))
	}
	for _, end := range slices.Backward(ends) {
		if _, ok := l.words[text[:end]]; ok {
			return end
		}
	}
	return ends[0]
}
