package flows

import (
	"maps"
	"slices"
	"testing"

	"nevermind/bot"
)

// unseen are records that no timeline shows.
var unseen = []string{"tally", "digest", "lead"}

// TestEventsAndWindowsHaveWords: whatever can happen to a record, and every deadline of one, has words for timelines and
// lists; no words are left of what is gone.
func TestEventsAndWindowsHaveWords(t *testing.T) {
	events, windows := map[string]bool{}, map[string]bool{}
	waits := func(all bot.Waits) {
		for _, w := range all {
			windows[w.Window()] = true
		}
	}
	for _, f := range All().All {
		waits(f.After)
		for _, s := range f.States {
			waits(s.After)
		}
		if f.Talk || slices.Contains(unseen, f.Name) {
			continue
		}
		for _, e := range f.Edges() {
			events[e.Event] = true
		}
		for _, b := range f.Born {
			events[b] = true
		}
	}
	same(t, "recordEventWords", events, recordEventWords)
	same(t, "windowWords", windows, windowWords)
}

// same says what lacks words, and what words belong to nothing.
func same(t *testing.T, table string, all map[string]bool, words map[string]string) {
	t.Helper()
	for _, name := range slices.Sorted(maps.Keys(all)) {
		if words[name] == "" {
			t.Errorf("%s lacks %q", table, name)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(words)) {
		if !all[name] {
			t.Errorf("%s has %q, which is nothing any more", table, name)
		}
	}
}
