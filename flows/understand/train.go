package understand

import (
	"crypto/sha256"
	"io/fs"
	"math"
	"slices"
	"strings"
	"unicode/utf8"
)

// How training goes: so often over all phrases, with steps of this length, and typing slips in one phrase of so many.
const (
	epochs  = 10
	rate    = unit / 64
	slipsIn = 3
)

// Train makes the weights of all phrases but those held out. It counts in whole numbers alone, so that every machine makes the
// same bytes.
func Train(dir fs.FS) ([]byte, error) {
	all, err := ReadPhrases(dir)
	if err != nil {
		return nil, err
	}
	sum, err := Sum(dir)
	if err != nil {
		return nil, err
	}
	all = slices.DeleteFunc(all, func(p Phrase) bool { return p.Held })
	intents, reasons := newTable(buckets, len(Intents)), newTable(reasonBuckets, len(Reasons))
	d := dice(1)
	for epoch := range epochs {
		for i := len(all) - 1; i > 0; i-- {
			j := d.below(i + 1)
			all[i], all[j] = all[j], all[i]
		}
		for i := range all {
			text := all[i].Text
			if epoch > 0 && d.below(slipsIn) == 0 {
				text = d.mistype(text)
			}
			learn(intents, reasons, &all[i], featuresOf(text, all[i].Language), epoch)
		}
	}
	return append(append(sum, intents.bytes()...), reasons.bytes()...), nil
}

// Sum is a sum of all that training reads.
func Sum(dir fs.FS) ([]byte, error) {
	h := sha256.New()
	for _, from := range []struct {
		fs.FS
		pattern string
	}{{dir, "*.txt"}, {lexiconFiles, "lexicon/*.txt"}} {
		names, err := fs.Glob(from, from.pattern)
		if err != nil {
			return nil, err
		}
		for _, name := range names {
			text, err := fs.ReadFile(from, name)
			if err != nil {
				return nil, err
			}
			h.Write(text)
		}
	}
	return h.Sum(nil)[:sumLength], nil
}

// learn learns from one phrase: what it is, or what it is not; and its reason.
func learn(intents, reasons *table, p *Phrase, f []uint16, epoch int) {
	at := slices.Index(Intents, p.Intent)
	switch {
	case at < 0: // only a reason
	case p.Not:
		intents.step(f, 0, at)
	default:
		intents.step(f, at, -1)
	}
	switch reason := slices.Index(Reasons, p.Reason); {
	case p.Reason != "":
		reasons.step(f, reason, -1)
	case epoch%4 == 0 && at >= 0: // what is no reason, less often
		reasons.step(f, 0, -1)
	}
}

// table are weights while they are learned, in 1/65536.
type table struct {
	size, classes int
	weights       []int64
	seen          []int64 // the sum of the squares of all slopes so far: what is often seen moves less
}

func newTable(size, classes int) *table {
	return &table{size, classes, make([]int64, size*classes), make([]int64, size*classes)}
}

// step moves the weights towards a class, and once more away from another.
func (t *table) step(f []uint16, want, never int) {
	scores := make([]int64, t.classes)
	k := rootInverse(len(f))
	for _, b := range f {
		row := t.weights[(int(b)&(t.size-1))*t.classes:][:t.classes]
		for i := range scores {
			scores[i] += row[i]
		}
	}
	for i := range scores {
		scores[i] = scores[i] * k >> 16
	}
	shares(scores)
	scores[want] -= unit
	if never >= 0 {
		scores[never] += scores[never]
	}
	for c, wrong := range scores {
		slope := wrong * k >> 16
		if slope > -512 && slope < 512 {
			continue
		}
		for _, b := range f {
			n := (int(b)&(t.size-1))*t.classes + c
			t.seen[n] += (slope >> 4) * (slope >> 4)
			root := int64(math.Sqrt(float64(t.seen[n]))) << 4 // exact on every machine
			t.weights[n] -= rate * slope / (root + unit/4)
		}
	}
}

// bytes are the weights in steps, as they are stored.
func (t *table) bytes() []byte {
	out := make([]byte, len(t.weights))
	for i, w := range t.weights {
		n := (w + step/2) >> 11
		out[i] = byte(int8(max(-127, min(127, n))))
	}
	return out
}

// mistype makes one slip in a word of a text: a letter left out, twice, or two in the wrong order.
func (d *dice) mistype(text string) string {
	words := strings.Fields(text)
	if len(words) == 0 {
		return text
	}
	at := d.below(len(words))
	if r, _ := utf8.DecodeRuneInString(words[at]); isIdeograph(r) {
		return text
	}
	letters := []rune(words[at])
	if len(letters) < 4 {
		return text
	}
	n := 1 + d.below(len(letters)-2)
	switch d.below(4) {
	case 0:
		letters = slices.Delete(letters, n, n+1)
	case 1:
		letters = slices.Insert(letters, n, letters[n])
	case 2:
		letters[n], letters[n+1] = letters[n+1], letters[n]
	default:
		letters[n] = letters[d.below(len(letters))]
	}
	words[at] = string(letters)
	return strings.Join(words, " ")
}

func featuresOf(text, language string) []uint16 {
	m := read(text, language)
	return features(m.words, m.question)
}
