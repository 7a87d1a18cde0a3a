package understand

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// unseenLines are messages that were written before their writer had read phrases and lexicon; none of them may be learned. What
// they may be heard as stands before the tab, what they are first.
func unseenLines(t *testing.T) (all []sharedLine) {
	names, err := filepath.Glob("testdata/unseen/*.txt")
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
			of := strings.Split(intents, ",")
			all = append(all, sharedLine{words, of[0], strings.TrimSuffix(filepath.Base(name), ".txt"), "", of[1:]})
		}
	}
	return all
}

func TestUnseenMessages(t *testing.T) {
	by := map[string]*tally{}
	for _, l := range unseenLines(t) {
		v := Decide(l.Text, l.Lang)
		for _, of := range []string{"all", l.Lang} {
			if by[of] == nil {
				by[of] = newTally()
			}
			by[of].count(l, v)
		}
		t.Logf("%s %s: %q act %s ask %v", l.Lang, l.Intent, l.Text, v.Act, v.Ask)
	}
	for of, c := range by {
		t.Logf("%-8s %s", of, c)
	}
}
