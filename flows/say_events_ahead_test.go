package flows

import (
	"slices"
	"testing"
)

// TestAheadWords holds that whatever a case's or a dispute's deadlines bring is said as what is still to come.
func TestAheadWords(t *testing.T) {
	all := All()
	seen := map[string]bool{}
	for _, f := range all.All {
		if f.Talk {
			continue
		}
		for name, s := range f.States {
			for _, w := range slices.Concat(f.After, s.After) {
				if seen[w.Event] = true; recordAheadWords[w.Event] == "" {
					t.Errorf("%s.%s: nothing says what is ahead when %s", f.Name, name, w.Event)
				}
			}
		}
	}
	for event := range recordAheadWords {
		if !seen[event] {
			t.Errorf("%s is no deadline of a record", event)
		}
	}
}
