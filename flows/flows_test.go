package flows

import (
	"testing"

	"nevermind/bot/turn"

	"nevermind/flows/policies"
)

// TestCheck holds the flows against every built-in pack: each has all that they lean on.
func TestCheck(t *testing.T) {
	for _, name := range policies.Bases() {
		text, _ := policies.Base(name)
		pack, err := policies.Load(text, nil)
		if err != nil {
			t.Fatal(err)
		}
		for _, fault := range turn.Check(All(), pack.Policy) {
			t.Errorf("%s: %v", name, fault)
		}
	}
}
