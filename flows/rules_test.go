package flows

import (
	"fmt"
	"slices"
	"testing"

	"nevermind/flows/policies"
)

// TestRulesStand holds the rules that this product promises to carry: each stands somewhere that would break without it.
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
		if len(s.Where) == 0 && slices.Contains(promised(), s.Rule) {
			t.Errorf("%s stands nowhere: %s", s.Rule, s.Says)
		}
	}
}

// promised are S01–S56, S60, S61 and S68–S78.
func promised() []string {
	var rules []string
	for n := 1; n <= 78; n++ {
		if n <= 56 || n == 60 || n == 61 || n >= 68 {
			rules = append(rules, fmt.Sprintf("S%02d", n))
		}
	}
	return rules
}
