package main

import (
	"encoding/json"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// TestLab closes a case by support's silence and tries it: nothing would differ under its own policy; where support's silence
// is for the seller it would have gone another way. What was only tried is not kept as a policy that was in force.
func TestLab(t *testing.T) {
	t.Parallel()
	data := t.TempDir()
	policy := func(name, text string) string {
		file := filepath.Join(t.TempDir(), name+".yaml")
		write(t, file, text)
		return file
	}
	quick := policy("quick", quickPolicy("24h"))
	command(t, order("940001", "b-9"), "import", "-", "--data", data).want(t, exitDone)
	command(t, "940001\nCancel this order\n1\n1\n", "chat", "--as", "b-9", "--data", data, "--policy", quick).want(t, exitDone)
	command(t, "", "lab", "--data", data).want(t, exitDone, "0 closed cases", "nothing to try")
	comes(t, 25*time.Hour, "", "has sent 24.90 USD", "b-9", data, "--policy", quick)

	command(t, "", "lab", "--data", data, "--policy", quick).want(t, exitDone, "1 closed case tried under quick",
		"Nothing would differ.")
	other := policy("other", strings.ReplaceAll(strings.Replace(quickPolicy("24h"), "quick", "my-shop", 1), "silence: buyer",
		"silence: seller"))
	command(t, "", "lab", "--policy", other, "--data", data).want(t, exitDone,
		"windows.support_silence: buyer in force, seller tried", "0 would have gone the same way.", "For example C-",
		"What this cannot know:")
	r := command(t, "", "lab", "--format", "json", "--policy", other, "--data", data)
	r.want(t, exitDone)
	var l labAnswer
	if err := json.Unmarshal([]byte(r.out), &l); err != nil || l.Cases != 1 || l.Differ() != 1 || len(l.Partings) != 1 ||
		l.Partings[0].Ended != "refunded" || len(l.Partings[0].Back) != 1 || len(l.Limits) == 0 {
		t.Errorf("as JSON: %v, %s", err, r.out)
	}
	if kept := strings.Join(exportOf(t, "--data", data)["policy"], ""); strings.Contains(kept, "my-shop") {
		t.Error("a policy that was only tried is kept as one that was in force")
	}
	command(t, "", "lab", "--policy", policy("bad", "windows: {seller_answer: soon}\n"), "--data", data).
		want(t, exitFailed, "seller_answer")
}
