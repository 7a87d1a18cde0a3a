package bolt

import (
	"path/filepath"
	"testing"

	"nevermind/bot"
	"nevermind/store/storetest"
)

func TestStore(t *testing.T) {
	storetest.Run(t, func(t *testing.T, dir string) bot.Store { return openIn(t, dir) })
}

// openIn opens the store that is kept in a folder.
func openIn(t testing.TB, dir string, opts ...Option) *Store {
	t.Helper()
	s, err := Open(filepath.Join(dir, "nevermind.db"), opts...)
	if err != nil {
		t.Fatal(err)
	}
	return s
}
