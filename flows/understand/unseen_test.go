package understand

import (
	"os"
	"path/filepath"
	"slices"
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

func TestUnseenMessages(t *testing.T) {
	for _, set := range []string{"first", "second"} {
		by := map[string]*tally{}
		for _, l := range unseenLines(t, set) {
			v := Decide(l.Text, l.Lang)
			for _, of := range []string{"all", l.Lang} {
				if by[of] == nil {
					by[of] = newTally(ownIntent)
				}
				by[of].count(l, v)
			}
			if got := ownIntent(v.Act); set == "first" && got != l.Intent && !slices.Contains(l.Alt, got) {
				t.Logf("%s %s: %q act %s ask %v", l.Lang, l.Intent, l.Text, v.Act, v.Ask)
			}
		}
		for of, c := range by {
			t.Logf("%s %-8s %s", set, of, c)
		}
	}
}
