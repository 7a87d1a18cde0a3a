package main

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// TestPolicyVersions changes the policy under an open case: before it is taken check says what it would do, at the start the
// log does, and neither the case's deadlines nor what its silence means are others then.
func TestPolicyVersions(t *testing.T) {
	t.Parallel()
	data, file := t.TempDir(), filepath.Join(t.TempDir(), "new.yaml")
	write(t, file, "name: my-shop\nwindows: {seller_answer: 1h, seller_silence: support}\nsecond_person_above: \"5.00 USD\"\n")
	command(t, order("930001", "b-9"), "import", "-", "--data", data).want(t, exitDone)
	name := caseName.FindString(cancels(t, data, "b-9", "930001").out)
	before := exportOf(t, "--data", data)["deadline"]
	if name == "" || len(before) == 0 {
		t.Fatal("no case was opened")
	}

	for range 2 { // asking changes nothing
		r := command(t, "", "check", "--policy", file, "--data", data)
		r.want(t, exitDone, "compared with the policy in force, aliexpress",
			"windows.seller_answer: 1d now, then 1h; for cases that begin from then on\n",
			"windows.seller_silence: approve now, then support; for cases that begin from then on\n",
			"second_person_above: none now, then 5.00 USD; at once\n",
			"1 open case would keep the terms they began with",
			"second_person_above would touch 1 open case at once: "+name+"\n")
		if strings.Contains(r.out, "older version") {
			t.Errorf("a case of this version counts as an older one:\n%s", r.out)
		}
	}
	if kept := exportOf(t, "--data", data)["policy"]; len(kept) != 1 {
		t.Errorf("policies that were in force: got %d, want 1", len(kept))
	}
	command(t, "", "check", "--data", data).want(t, exitDone, "nothing differs from the policy in force, aliexpress")

	s, log := serveOn(t, data, "--policy", file, "--api-key", apiKey)
	command(t, "", "check", "--data", data).want(t, exitDone, "compared with the policy in force, my-shop",
		"windows.seller_answer: 1h now, then 1d")
	s.stop()
	for _, text := range []string{"another policy is in force from now on", `"changed":"second_person_above windows.seller_answer`,
		`"cases":1`, `"cases_touched":1`, `"cases_anew":0`} {
		if !strings.Contains(log.String(), text) {
			t.Errorf("the log does not say %s:\n%s", text, log)
		}
	}
	if after := exportOf(t, "--data", data)["deadline"]; !slices.Equal(after, before) {
		t.Errorf("deadlines after the change: got %v, want %v", after, before)
	}
	again, log := serveOn(t, data, "--policy", file, "--api-key", apiKey)
	again.stop()
	if strings.Contains(log.String(), "another policy") {
		t.Error("the same policy counts as another one at the next start")
	}
}

// TestNotCompared: a store that no server and no chat has run on names no policy in force. Nothing is claimed of it then, and a
// policy that is only looked at is not kept.
func TestNotCompared(t *testing.T) {
	t.Parallel()
	data, file := t.TempDir(), filepath.Join(t.TempDir(), "new.yaml")
	write(t, file, "name: my-shop\nwindows: {seller_answer: 1h}\n")
	command(t, order("930002", "b-9"), "import", "-", "--data", data).want(t, exitDone)
	for _, args := range [][]string{{"check"}, {"lab"}, {"check", "--policy", file}, {"lab", "--policy", file}} {
		r := command(t, "", append(args, "--data", data)...)
		r.want(t, exitDone, notCompared)
		if strings.Contains(r.out, "Nothing would differ") || strings.Contains(r.out, "nothing differs") {
			t.Errorf("%v claims something:\n%s", args, r.out)
		}
	}
	if kept := strings.Join(exportOf(t, "--data", data)["policy"], ""); strings.Contains(kept, "my-shop") {
		t.Error("a policy that was only looked at is kept as one that was in force")
	}
}
