package flows

import (
	"slices"
	"testing"
)

// TestWeightyFlows holds that the chat and the engine agree on what must end before anything is deleted: the engine takes every
// case, and every record that waits for support.
func TestWeightyFlows(t *testing.T) {
	for _, f := range All().All {
		if f.Talk {
			continue
		}
		must := f.Case
		for _, s := range f.States {
			must = must || s.Desk
		}
		if says := slices.Contains(weightyFlows, f.Name); says != must {
			t.Errorf("%s: the chat says %v, the engine %v", f.Name, says, must)
		}
	}
}
