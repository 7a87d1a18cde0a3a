package policies

import (
	"slices"
	"strings"
	"testing"

	"nevermind/bot"
)

// TestEvidenceListsAreReplaced: a file's list stands in place of the base's, the others stay (S52, S58).
func TestEvidenceListsAreReplaced(t *testing.T) {
	p := load(t, `
evidence:
  damaged:
    - {id: label, label: "The label", ask: "the label on the parcel", from: buyer, source: [S62]}
  unwanted: []
`).Policy
	want := []bot.Proof{{ID: "label", Label: "The label", Ask: "the label on the parcel", From: bot.Buyer}}
	if got := p.Evidence["damaged"]; !slices.Equal(got, want) {
		t.Errorf("damaged: got %v, want %v", got, want)
	}
	if got := p.Sources["evidence.damaged.label"]; !slices.Equal(got, []string{"S62"}) {
		t.Errorf("its source: got %v, want S62", got)
	}
	if len(p.Evidence["incomplete"]) == 0 {
		t.Error("what the file leaves out has not stayed")
	}
}

func TestEvidenceFaults(t *testing.T) {
	for file, want := range map[string]string{
		"evidence: {damaged: [{id: label}]}":                              "id, label, ask or from is missing",
		"evidence: {damaged: [{id: a, label: A, ask: b, from: shop}]}":    `"shop" is not a choice`,
		"evidence: {damaged: [{id: A b, label: A, ask: b, from: buyer}]}": "is not a name",

		"evidence: {damaged: [{id: a, label: A, ask: b, from: buyer}, {id: a, label: A, ask: b, from: buyer}]}": "a is there twice",

		"evidence: {damaged: [{id: a, label: A, ask: b, from: buyer, whose: x}]}": "unknown key",
		"evidence: {Damaged!: []}": "is not a name",
	} {
		_, err := Load(Builtin(), []byte(file))
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v, want %q", file, err, want)
		}
	}
}
