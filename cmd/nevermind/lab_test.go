package main

import (
	"encoding/json"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// TestLab closes a case by the seller's silence and tries it: nothing would differ under its own policy; where silence asks
// support it would have waited there, and nobody knows how it would have ended. A fee would have left less to go back.
func TestLab(t *testing.T) {
	t.Parallel()
	data := t.TempDir()
	policy := func(name, text string) string {
		file := filepath.Join(t.TempDir(), name+".yaml")
		write(t, file, text)
		return file
	}
	command(t, order("940001", "b-9"), "import", "-", "--data", data).want(t, exitDone)
	name := caseName.FindString(cancels(t, data, "b-9", "940001").out)
	command(t, "", "lab", "--data", data).want(t, exitDone, "0 closed cases", "nothing to try")
	comes(t, 25*time.Hour, "my requests\n", "refunded", "b-9", data)

	command(t, "", "lab", "--data", data).want(t, exitDone, "1 closed case tried under aliexpress", "Nothing would differ.")
	support := policy("support", "name: my-shop\nwindows: {seller_silence: support}\n")
	r := command(t, "", "lab", "--policy", support, "--data", data)
	r.want(t, exitDone, "windows.seller_silence: approve in force, support tried",
		"0 would have gone the same way.", "1 would have waited for somebody who was never asked.",
		"“The seller did not answer in time”: this led to “being cancelled”, and would have led to “with support”.",
		"Would have gone back: nobody knows.", "For example "+name+".", "What this cannot know:")

	r = command(t, "", "lab", "--format", "json", "--policy", support, "--data", data)
	r.want(t, exitDone)
	var l labAnswer
	if err := json.Unmarshal([]byte(r.out), &l); err != nil || l.Cases != 1 || l.Unknown != 1 || len(l.Partings) != 1 ||
		l.Partings[0].Would != "with_support" || len(l.Limits) == 0 {
		t.Errorf("as JSON: %v, %s", err, r.out)
	}
	if kept := exportOf(t, "--data", data)["policy"]; len(kept) != 1 || strings.Contains(kept[0], "my-shop") {
		t.Errorf("a policy that was only tried is kept as one that was in force: %d", len(kept))
	}
	command(t, "", "lab", "--policy", policy("bad", "windows: {seller_answer: soon}\n"), "--data", data).
		want(t, exitFailed, "seller_answer")
}
