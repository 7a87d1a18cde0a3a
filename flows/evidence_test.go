package flows

import (
	"slices"
	"testing"

	"nevermind/bot"
	"nevermind/flows/policies"
)

// TestEvidenceIsAboutSomething: every list of evidence in the built-in pack is about a problem, a reason or a place in a
// case, else nobody would ever see it.
func TestEvidenceIsAboutSomething(t *testing.T) {
	pack, err := policies.Default()
	if err != nil {
		t.Fatal(err)
	}
	for about := range pack.Policy.Evidence {
		_, reason := pack.Policy.Reason(about)
		problem := slices.ContainsFunc(problems, func(p problemKind) bool { return p.id == about })
		if !reason && !problem && !slices.Contains(evidencePlaces, about) {
			t.Errorf("evidence.%s is about nothing", about)
		}
	}
}

// TestChecklistCountsByWhoBroughtIt: a file stands for a line only where the side brought it that has to (S50, S62).
func TestChecklistCountsByWhoBroughtIt(t *testing.T) {
	hash := "0123456789abcdef"
	p := &bot.Policy{Evidence: map[string][]bot.Proof{"damaged": {{ID: "label", From: bot.Buyer}, {ID: "packing", From: bot.Seller}}}}
	c := &bot.Conversation{Frame: bot.Frame{Flow: "dispute", Facts: bot.Facts{"problem": "damaged", "shown_label": "0123456789ab", "shown_packing": "0123456789ab"}},
		Exhibits: []bot.Exhibit{{File: bot.File{Hash: hash}, By: bot.Buyer}}}
	got := Checklist(p, c)
	if len(got) != 2 || len(got[0].Files) != 1 || len(got[1].Files) != 0 {
		t.Errorf("got %+v, want the label shown and the packing missing", got)
	}
}
