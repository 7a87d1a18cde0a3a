package draw

import (
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"testing"
)

// TestPrivate starts this very program again, linked with the library as it is, and looks where machine code was left: in
// a folder of our own, and never where temporary files are.
func TestPrivate(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("elsewhere the user's cache is named otherwise")
	}
	if want, child := os.LookupEnv("NEVERMIND_TEST_TMPDIR"); child {
		if got := os.Getenv("TMPDIR"); got != want {
			t.Errorf("TMPDIR after the start: got %q, want it back as %q", got, want)
		}
		return
	}
	temp, cache := t.TempDir(), t.TempDir()
	cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestPrivate$")
	cmd.Env = []string{"TMPDIR=" + temp, "NEVERMIND_TEST_TMPDIR=" + temp, "XDG_CACHE_HOME=" + cache}
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	if left := files(temp); len(left) > 0 {
		t.Errorf("left among temporary files: %v", left)
	}
	if left := files(filepath.Join(cache, "nevermind")); len(left) == 0 {
		t.Error("nothing is kept in our own folder")
	}
}

// files lists the files below a folder.
func files(folder string) []string {
	var found []string
	_ = filepath.WalkDir(folder, func(name string, d os.DirEntry, err error) error {
		if err == nil && d.Type().IsRegular() {
			found = append(found, name)
		}
		return nil
	})
	return found
}
