package flows

import (
	"testing"

	"nevermind/flows/policies"
)

// TestRulesStand holds that every rule of the field stands somewhere that would break without it.
func TestRulesStand(t *testing.T) {
	pack, err := policies.Default()
	if err != nil {
		t.Fatal(err)
	}
	all := Rules(pack.Policy)
	if len(all) != 91+14 {
		t.Fatalf("%d rules are listed, not 105", len(all))
	}
	for _, s := range all {
		if len(s.Where) == 0 {
			t.Errorf("%s stands nowhere: %s", s.Rule, s.Says)
		}
	}
}
