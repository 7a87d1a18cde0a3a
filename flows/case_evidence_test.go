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
	p := &bot.Policy{Evidence: map[string][]bot.Proof{
		"damaged": {{ID: "label", From: bot.Buyer}, {ID: "packing", From: bot.Seller}},
	}}
	c := &bot.Conversation{
		Frame: bot.Frame{
			Flow:  "dispute",
			Facts: bot.Facts{"problem": "damaged", "shown_label": "0123456789ab", "shown_packing": "0123456789ab"},
		},
		Exhibits: []bot.Exhibit{{File: bot.File{Hash: hash}, By: bot.Buyer}},
	}
	got := Checklist(p, c)
	if len(got) != 2 || len(got[0].Files) != 1 || len(got[1].Files) != 0 {
		t.Errorf("got %+v, want the label shown and the packing missing", got)
	}
}

// TestSeenEvidence: what support has made evidence stands in the sides' sealed files only where they were sent it; notes and
// what support has read never do.
func TestSeenEvidence(t *testing.T) {
	for name, c := range map[string]struct {
		event bot.Event
		want  int
	}{
		"for the team": {bot.Event{Name: "evidence_kept", By: bot.Support, Facts: bot.Facts{"kept_seen": "team"}}, 0},
		"for both":     {bot.Event{Name: "evidence_kept", By: bot.Support, Facts: bot.Facts{"kept_seen": "both"}}, 2},
		"a note":       {bot.Event{Name: "note_added", By: bot.Support, Text: "x", Files: []bot.File{{Hash: "1"}}}, 0},
		"a look back":  {bot.Event{Name: "talk_asked", By: bot.Support}, 0},
	} {
		move, words := Seen(&bot.Entry{Event: c.event, From: "with_support", To: "with_support"})
		if len(move) != c.want || len(words) != c.want {
			t.Errorf("%s: %v may read that, and %v what was said", name, move, words)
		}
	}
}
