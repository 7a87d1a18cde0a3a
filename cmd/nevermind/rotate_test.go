package main

import (
	"os"
	"path/filepath"
	"testing"
)

// TestRotatedWhileRunning: a server goes on while its house key is rotated; afterwards the new key opens everything, files too,
// and the old one nothing. A backup made before opens with the old one.
func TestRotatedWhileRunning(t *testing.T) {
	t.Parallel()
	data, backup := t.TempDir(), filepath.Join(t.TempDir(), "b.zip")
	s, _ := serveOn(t, data, "--api-key", "a-key-of-more-than-thirty-two-characters")
	command(t, order("900001", "b-9"), "import", "-", "--data", data).want(t, exitDone, "1 order kept")
	command(t, "", "backup", backup, "--data", data).want(t, exitDone)
	old, err := os.ReadFile(data + ".key")
	if err != nil {
		t.Fatal(err)
	}
	for range 2 {
		command(t, "", "keys", "rotate", "--data", data).want(t, exitDone, "under a new key")
	}
	command(t, order("900002", "b-9"), "import", "-", "--data", data).want(t, exitDone, "1 order kept")
	s.stop()
	command(t, "", "export", "--data", data).want(t, exitDone, "900001", "900002")
	fresh, err := os.ReadFile(data + ".key")
	if err != nil {
		t.Fatal(err)
	}
	if len(fresh) != len(old) || string(fresh) == string(old) {
		t.Errorf("the key's file has %d bytes, want one new key", len(fresh))
	}
	write(t, data+".key", string(old))
	command(t, "", "export", "--data", data).want(t, exitFailed, "key is missing or wrong")
	write(t, data+".key", string(fresh)+string(old))
	command(t, "", "export", "--from", backup, "--data", data).want(t, exitDone, "900001")
}
