package flows

import (
	"slices"
	"testing"

	"nevermind/flows/policies"
)

// TestRulesStand holds that every rule of the field stands somewhere that would break without it.
func TestRulesStand(t *testing.T) {
	pack, err := policies.Default()
	if err != nil {
		t.Fatal(err)
	}
	all, err := Rules(pack.Policy)
	if err != nil {
		t.Fatal(err)
	}
	if len(all) != 91+14 {
		t.Fatalf("%d rules are listed, not 105", len(all))
	}
	for _, s := range all {
		if len(s.Where) == 0 {
			t.Errorf("%s stands nowhere: %s", s.Rule, s.Says)
		}
	}
}

// readElsewhere are the rules that other work completes.
var readElsewhere = []string{"S39", "S86", "S87"}

// TestRulesAreRead holds that each rule of the field is said to somebody whom it concerns, in words that a transcript shows.
func TestRulesAreRead(t *testing.T) {
	pack, err := policies.Default()
	if err != nil {
		t.Fatal(err)
	}
	all, err := Rules(pack.Policy)
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range all {
		if r.Empty() && !slices.Contains(readElsewhere, r.Rule) {
			t.Errorf("nobody reads %s: %s", r.Rule, r.Says)
		}
		for _, p := range r.Read {
			if p.At == "" {
				t.Errorf("%s: no transcript shows that a %s", r.Rule, p)
			}
		}
	}
}

func TestRuleLines(t *testing.T) {
	rules, err := parseRules("# a comment\nS41 A day.\n  seller reads “Please answer by …”\n\n  buyer can press “Remind " +
		"…”\nS42 Silence.\n")
	if err != nil || len(rules) != 2 || len(rules[0].Read) != 2 || !rules[0].Read[1].Press || rules[1].Says != "Silence." {
		t.Errorf("got %+v, %v", rules, err)
	}
	for _, bad := range []string{"  seller reads “x”\n", "S41 A day.\n  seller “x”\n", "S41 A day.\n  nobody reads “x”\n"} {
		if _, err := parseRules(bad); err == nil {
			t.Errorf("%q was read", bad)
		}
	}
	for phrase, want := range map[string]bool{"answer by …, 10:00": true, "by …, 11:00": false,
		"10:00 … answer": false, "Please": true} {
		if got := holds("Please answer by Saturday, 10:00", phrase); got != want {
			t.Errorf("%q holds: %v, want %v", phrase, got, want)
		}
	}
}
