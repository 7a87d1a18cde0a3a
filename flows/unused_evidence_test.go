package flows_test

import (
	"slices"
	"testing"

	"nevermind/flows"
	"nevermind/flows/policies"
)

func TestEvidenceThatNothingAsksFor(t *testing.T) {
	for file, want := range map[string]int{
		"": 0, "base: ebay": 0,
		"evidence: {damagd: [{id: a, label: A, ask: a, from: buyer}]}":                                                1,
		"evidence: {gift: [{id: a, label: A, ask: a, from: buyer}]}":                                                  1,
		`{evidence: {gift: [{id: a, label: A, ask: a, from: buyer}]}, reasons: [{id: gift, label: G, fault: buyer}]}`: 0,
		"reasons: [{id: not_needed}]": 0, // the built-in lists of the reasons that are gone went with them
	} {
		pack, err := policies.Read([]byte(file))
		if err != nil {
			t.Fatal(err)
		}
		if got := flows.UnusedEvidence(pack.Policy); len(got) != want {
			t.Errorf("%s: got %q, want %d", file, got, want)
		}
		if got := policies.Gaps(pack.Policy); slices.ContainsFunc(got, func(g string) bool { return len(g) == 0 }) {
			t.Errorf("%s: an empty gap among %q", file, got)
		}
	}
}
