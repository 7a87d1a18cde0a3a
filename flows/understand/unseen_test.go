package understand

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// unseenLines are messages that were written before their writer had read phrases and lexicon; none of them may be learned. What
// they may be heard as stands before the tab, what they are first.
func unseenLines(t *testing.T, set string) (all []sharedLine) {
	learned := map[string]bool{}
	phrases, err := ReadPhrases(os.DirFS("phrases"))
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range phrases {
		learned[fold(p.Text)] = true
	}
	names, err := filepath.Glob("testdata/unseen/" + set + "/*.txt")
	if err != nil || len(names) != 8 {
		t.Fatal(names, err)
	}
	for _, name := range names {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for line := range strings.Lines(string(text)) {
			intents, words, ok := strings.Cut(strings.TrimSpace(line), "\t")
			if !ok {
				t.Fatalf("%s: %q", name, line)
			}
			if learned[fold(words)] { // a word or two that others had written too
				continue
			}
			of := strings.Split(intents, ",")
			all = append(all, sharedLine{words, ownIntent(Intent(of[0])), strings.TrimSuffix(filepath.Base(name), ".txt"), "", of[1:]})
		}
	}
	return all
}

// ownIntent is plainIntent for what the shared messages do not tell apart.
func ownIntent(i Intent) string {
	if i == ChangeOrder || i == TakeItBack {
		return string(i)
	}
	return plainIntent(i)
}

// unseenFloors are figures that were reached once, a little lowered, as floors are; docs/language.md says what they mean.
var unseenFloors = map[string]struct{ f1, right, reached, accepted, harmful float64 }{
	"first": {.90, 87, 94, 1, 0.1}, "second": {.82, 69, 83, 2.5, 3.3},
}

// TestUnseenMessages scores the messages that nobody had seen: the phrases were mended after a look at the first set, and without
// one at the second.
func TestUnseenMessages(t *testing.T) {
	for set, floor := range unseenFloors {
		by := map[string]*tally{"all": newTally(ownIntent)}
		for _, l := range unseenLines(t, set) {
			v := Decide(l.Text, l.Lang)
			if by[l.Lang] == nil {
				by[l.Lang] = newTally(ownIntent)
			}
			by["all"].count(l, v)
			by[l.Lang].count(l, v)
		}
		for of, c := range by {
			t.Logf("%s %-8s %s", set, of, c)
		}
		by["all"].hold(t, set, floor.f1, floor.right, floor.reached, floor.accepted, floor.harmful)
	}
}
