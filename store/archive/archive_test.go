package archive

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"nevermind/bot"
	"nevermind/store/blob"
)

// packed is an archive of a database and a file, of which another is missing, with the hash of the file.
func packed(t testing.TB) (text []byte, hash string, m *Manifest) {
	t.Helper()
	database := filepath.Join(t.TempDir(), "db")
	must(t, os.WriteFile(database, []byte("a database"), 0o600))
	blobs, err := blob.Folder(t.TempDir())
	must(t, err)
	f, err := blobs.Put(context.Background(), "a.txt", strings.NewReader("a letter"))
	must(t, err)
	m = &Manifest{Program: "v1", Holds: Holdings{Orders: 2, Files: []string{f.Hash, strings.Repeat("0", 64)}}}
	var out bytes.Buffer
	must(t, m.Pack(context.Background(), &out, database, blobs))
	return out.Bytes(), f.Hash, m
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func opened(t *testing.T, text []byte) (*Archive, error) {
	t.Helper()
	name := filepath.Join(t.TempDir(), "b.zip")
	must(t, os.WriteFile(name, text, 0o600))
	a, err := Open(name)
	if err == nil {
		t.Cleanup(func() { a.Close() })
	}
	return a, err
}

// TestRoundTrip: what was packed comes out again, and what was missing is named.
func TestRoundTrip(t *testing.T) {
	text, hash, m := packed(t)
	a, err := opened(t, text)
	must(t, err)
	if m.Files != 1 || len(m.Missing) != 1 || a.Manifest.Files != 1 || a.Manifest.Program != "v1" {
		t.Errorf("packed %+v, opened %+v", m, a.Manifest)
	}
	holds := Holdings{Orders: 2, Files: []string{hash}}
	path, err := a.Extract(t.Context(), t.TempDir(), func(context.Context, string) (Holdings, error) { return holds, nil })
	must(t, err)
	if got, err := os.ReadFile(path); err != nil || string(got) != "a database" {
		t.Errorf("got %q, %v", got, err)
	}
	blobs, err := blob.Folder(t.TempDir())
	must(t, err)
	must(t, a.Unpack(t.Context(), blobs))
	must(t, a.Unpack(t.Context(), blobs)) // the same again changes nothing
	r, err := blobs.Open(t.Context(), hash)
	must(t, err)
	must(t, r.Close())
}

// TestRefused: what is not all of a backup is refused, and a database that is not what was packed.
func TestRefused(t *testing.T) {
	text, _, _ := packed(t)
	for _, short := range []int{len(text) / 2, len(text) - 1, 0} {
		if _, err := opened(t, text[:short]); err == nil {
			t.Errorf("cut at %d of %d: got none, want an error", short, len(text))
		}
	}
	a, err := opened(t, text)
	must(t, err)
	_, err = a.Extract(t.Context(), t.TempDir(), func(context.Context, string) (Holdings, error) { return Holdings{Orders: 1}, nil })
	if !errors.Is(err, bot.ErrBroken) {
		t.Errorf("another database: got %v, want ErrBroken", err)
	}
}

// TestWriteFileStops: a file is written only while its context lasts, and never over another.
func TestWriteFileStops(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	name := filepath.Join(t.TempDir(), "f")
	must(t, WriteFile(ctx, name, strings.NewReader("one")))
	if err := WriteFile(ctx, name, strings.NewReader("two")); !errors.Is(err, os.ErrExist) {
		t.Errorf("over another: got %v, want os.ErrExist", err)
	}
	cancel()
	if err := WriteFile(ctx, name+"2", strings.NewReader("two")); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want context.Canceled", err)
	}
}
