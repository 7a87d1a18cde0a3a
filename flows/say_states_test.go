package flows

import "testing"

// TestStatesHaveWords: every state of a case, and every state in which another record is listed as open, has words that say
// where it stands; else {stands} and the lists would be empty there. No words are left of a state that is gone.
func TestStatesHaveWords(t *testing.T) {
	states := map[string]bool{}
	for _, f := range All().All {
		_, listed := recordWords[f.Name]
		for name, s := range f.States {
			states[name] = true
			if recordStateWords[name] == "" && (f.Case || listed && !s.End() || s.Desk) {
				t.Errorf("%s.%s has no words in recordStateWords", f.Name, name)
			}
		}
	}
	for name := range recordStateWords {
		if !states[name] {
			t.Errorf("recordStateWords has %q, which is no state", name)
		}
	}
}
