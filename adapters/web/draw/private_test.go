package draw

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestPrivate starts this very program again, as it is when it is linked with the library, and looks where machine code
// was left: in a folder of our own or nowhere, and never where temporary files are.
func TestPrivate(t *testing.T) {
	if want, child := os.LookupEnv("NEVERMIND_TEST_TMPDIR"); child {
		if got := os.Getenv("TMPDIR"); got != want {
			t.Errorf("TMPDIR after the start: got %q, want it back as %q", got, want)
		}
		return
	}
	for name, c := range map[string]struct {
		make func(cache string) error
		kept bool
	}{
		"no folder yet":    {func(string) error { return nil }, true},
		"a folder of ours": {func(cache string) error { return os.Mkdir(filepath.Join(cache, "nevermind"), 0o700) }, true},
		"open to others":   {func(cache string) error { return os.Mkdir(filepath.Join(cache, "nevermind"), 0o755) }, false},
		"somebody else's":  {otherFolder, false},
		"a link":           {aLink, false},
		"no cache at all":  {os.Remove, true},
	} {
		t.Run(name, func(t *testing.T) {
			temp, cache := t.TempDir(), t.TempDir()
			if err := c.make(cache); os.IsPermission(err) {
				t.Skip("only root can give a folder away")
			} else if err != nil {
				t.Fatal(err)
			}
			start(t, temp, cache)
			if left := files(temp); len(left) > 0 {
				t.Errorf("left among temporary files: %v", left)
			}
			if left := files(cache); len(left) > 0 != c.kept {
				t.Errorf("in our own folder: got %v, want some: %v", left, c.kept)
			}
		})
	}
}

func otherFolder(cache string) error {
	if err := os.Mkdir(filepath.Join(cache, "nevermind"), 0o700); err != nil {
		return err
	}
	return os.Chown(filepath.Join(cache, "nevermind"), 12345, 12345)
}

func aLink(cache string) error {
	if err := os.Mkdir(filepath.Join(cache, "other"), 0o700); err != nil {
		return err
	}
	return os.Symlink("other", filepath.Join(cache, "nevermind"))
}

// start runs this program with a home of its own.
func start(t *testing.T, temp, cache string) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestPrivate$")
	cmd.Env = []string{"TMPDIR=" + temp, "NEVERMIND_TEST_TMPDIR=" + temp, "XDG_CACHE_HOME=" + cache, "GOCOVERDIR=" + t.TempDir()}
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
}

// files lists the files below a folder.
func files(folder string) []string {
	var found []string
	_ = filepath.WalkDir(folder, func(name string, d os.DirEntry, err error) error {
		if err == nil && d.Type().IsRegular() && !strings.HasSuffix(name, ".tmp") {
			found = append(found, name)
		}
		return nil
	})
	return found
}
