package archive

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"nevermind/store/blob"
)

// FuzzOpen restores whatever comes for a backup: nothing panics, nothing is written outside the folder, and what is not a
// backup is refused.
func FuzzOpen(f *testing.F) {
	whole, _, _ := packed(f)
	f.Add(whole)
	f.Add(whole[:len(whole)/2])
	f.Add([]byte("PK\x05\x06" + string(make([]byte, 18))))
	f.Fuzz(func(t *testing.T, text []byte) {
		folder := t.TempDir()
		name := filepath.Join(folder, "b.zip")
		must(t, os.WriteFile(name, text, 0o600))
		a, err := Open(name)
		if err != nil {
			return
		}
		defer a.Close()
		into := filepath.Join(folder, "into")
		must(t, os.Mkdir(into, 0o700))
		if _, err := a.Extract(t.Context(), into, func(context.Context, string) (Holdings, error) {
			return Holdings{}, errors.New("no database")
		}); err == nil {
			t.Fatal("a database that the check refuses was taken")
		}
		files, err := blob.Folder(filepath.Join(folder, "files"))
		must(t, err)
		_ = a.Unpack(t.Context(), files)
		if left, err := os.ReadDir(folder); err != nil || len(left) > 3 {
			t.Fatal("something was written beside the folders", left, err)
		}
	})
}
