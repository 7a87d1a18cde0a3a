package private

import (
	"os"
	"path/filepath"
	"runtime"
	"testing"
)

func TestFolder(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("elsewhere the user's cache is named otherwise")
	}
	for name, c := range map[string]struct {
		make func(cache, own string) error
		fine bool
	}{
		"not there yet":   {func(string, string) error { return nil }, true},
		"no cache either": {func(cache, _ string) error { return os.Remove(cache) }, true},
		"ours":            {func(_, own string) error { return os.Mkdir(own, 0o700) }, true},
		"open to others":  {func(_, own string) error { return os.Mkdir(own, 0o755) }, false},
		"somebody else's": {func(_, own string) error { return give(own) }, false},
		"a link":          {func(cache, own string) error { return os.Symlink(aside(t, cache), own) }, false},
		"a file":          {func(_, own string) error { return os.WriteFile(own, nil, 0o700) }, false},
		"cache is a file": {func(cache, _ string) error { return swap(cache) }, false},
	} {
		t.Run(name, func(t *testing.T) {
			cache := t.TempDir()
			t.Setenv("XDG_CACHE_HOME", cache)
			own := filepath.Join(cache, "nevermind")
			if err := c.make(cache, own); os.IsPermission(err) {
				t.Skip("only root can give a folder away")
			} else if err != nil {
				t.Fatal(err)
			}
			want := nowhere
			if c.fine {
				want = own
			}
			if got := folder(); got != want {
				t.Errorf("folder: got %s, want %s", got, want)
			}
		})
	}
}

func TestNowhereCannotBeMade(t *testing.T) {
	if err := os.MkdirAll(nowhere, 0o700); err == nil {
		t.Errorf("%s can be made", nowhere)
	}
}

func give(own string) error {
	if err := os.Mkdir(own, 0o700); err != nil {
		return err
	}
	return os.Chown(own, 12345, 12345)
}

func aside(t *testing.T, cache string) string {
	t.Helper()
	name := filepath.Join(cache, "aside")
	if err := os.Mkdir(name, 0o700); err != nil {
		t.Fatal(err)
	}
	return name
}

func swap(cache string) error {
	if err := os.Remove(cache); err != nil {
		return err
	}
	return os.WriteFile(cache, nil, 0o600)
}
