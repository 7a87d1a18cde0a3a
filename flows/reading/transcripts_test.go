package reading

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"nevermind/flows/transcript"
)

// What messages to buyers must reach.
const (
	leastWords   = 20 // shorter ones are labels and short answers, where one name decides
	leastMean    = 70
	leastEase    = 50
	longestWords = 25
)

// measured is one distinct message to buyers.
type measured struct {
	at   string // where it is said first
	text string
	ease float64
}

// TestReading measures every message to buyers that the transcripts show; make reading runs it.
func TestReading(t *testing.T) {
	var all report
	eachTranscript(t, all.read)
	slices.SortStableFunc(all.messages, func(a, b measured) int { return int(100*a.ease) - int(100*b.ease) })
	var sum float64
	var hard []measured
	for i, m := range all.messages {
		sum += m.ease
		if i < 10 {
			t.Logf("%5.1f %s: %s", m.ease, m.at, strings.ReplaceAll(m.text, "\n", " / "))
		}
		if m.ease < leastEase {
			hard = append(hard, m)
		}
	}
	mean := sum / float64(len(all.messages))
	t.Logf("%d distinct messages to buyers of %d words or more, above the ten hardest", len(all.messages), leastWords)
	t.Logf("mean reading ease %.1f, at least %d; under %d: %d, none allowed", mean, leastMean, leastEase, len(hard))
	t.Logf("%d sentences over %d words, none allowed", len(all.long), longestWords)
	for _, s := range all.long {
		t.Log("  " + s)
	}
	if mean < leastMean || len(hard) > 0 || len(all.long) > 0 {
		t.Error("what buyers read is not easy enough: see above")
	}
}

// report gathers what the transcripts say to buyers.
type report struct {
	messages []measured
	long     []string
	seen     map[string]bool
}

// read takes a transcript in: its distinct messages to buyers, and the sentences that are too long.
func (r *report) read(name, text string) {
	if r.seen == nil {
		r.seen = map[string]bool{}
	}
	names := placeholders(text)
	for _, b := range transcript.Said(text) {
		plain, at := plainly(b.Text, names), fmt.Sprintf("%s:%d", name, b.Line)
		if p := b.Party(); p != "buyer" && p != "stranger" || !r.first(plain) {
			continue
		}
		words := 0
		for _, s := range Sentences(plain) {
			n := len(Words(s))
			words += n
			if n > longestWords && r.first(s) {
				r.long = append(r.long, fmt.Sprintf("%s (%d words): %s", at, n, s))
			}
		}
		if words >= leastWords {
			r.messages = append(r.messages, measured{at, plain, Ease(plain)})
		}
	}
}

// first says whether a text was not seen before.
func (r *report) first(text string) bool {
	seen := r.seen[text]
	r.seen[text] = true
	return !seen
}

// TestNever names the words of never.txt that somebody reads, how often and where first.
func TestNever(t *testing.T) {
	times, first := map[string]int{}, map[string]string{}
	eachTranscript(t, func(name, text string) {
		for _, b := range transcript.Said(text) {
			all := b.Title + "\n" + b.Text + "\n" + strings.Join(b.Buttons, "\n")
			for _, line := range listed(never) {
				if words, _, _ := strings.Cut(line, " | "); strings.Contains(all, words) {
					if times[line]++; times[line] == 1 {
						first[line] = fmt.Sprintf("%s:%d", name, b.Line)
					}
				}
			}
		}
	})
	for _, line := range slices.Sorted(maps.Keys(times)) {
		words, instead, _ := strings.Cut(line, " | ")
		t.Errorf("%q is read %d times, first at %s; instead: %s", words, times[line], first[line], instead)
	}
}

// eachTranscript shows the words of every transcript.
func eachTranscript(t *testing.T, see func(name, text string)) {
	files, err := filepath.Glob("../testdata/*/*.chat")
	if err != nil || len(files) == 0 {
		t.Fatal("no transcripts", err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		see(strings.TrimPrefix(file, "../testdata/"), string(text))
	}
}

// TestNoSentenceTwice holds that no message to a buyer or a seller says the same sentence twice. Lists and what somebody else
// wrote or will read are left out.
func TestNoSentenceTwice(t *testing.T) {
	read := 0
	eachTranscript(t, func(name, text string) {
		for _, b := range transcript.Said(text) {
			if p := b.Party(); p == "support" {
				continue
			}
			said := map[string]bool{}
			for line := range strings.Lines(quotation.ReplaceAllString(b.Text, "it")) {
				if line = strings.TrimSpace(line); strings.HasPrefix(line, "•") || strings.HasPrefix(line, "–") {
					continue
				}
				for _, s := range Sentences(line) {
					if s = strings.TrimPrefix(s, "⏳ "); len(Words(s)) < 4 {
						continue
					}
					if read++; said[s] {
						t.Errorf("%s:%d says twice: %s", name, b.Line, s)
					}
					said[s] = true
				}
			}
		}
	})
	if read < 10000 {
		t.Errorf("only %d sentences were read", read)
	}
}
