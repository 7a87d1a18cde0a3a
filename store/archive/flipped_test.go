package archive

import (
	"bytes"
	"context"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"reflect"
	"testing"

	"nevermind/store/blob"
)

// TestFlippedBits: one flipped bit in a backup is noticed before anything of it is put in place, or what comes out is what was
// packed.
func TestFlippedBits(t *testing.T) {
	sound, hash, m := packed(t)
	dice, noticed := rand.New(rand.NewPCG(14, 12)), 0
	name := filepath.Join(t.TempDir(), "b.zip")
	check := func(_ context.Context, path string) (Holdings, error) { return m.Holds, nil }
	flips := flips()
	want := *m
	want.Holds.Files = nil
	for range flips {
		at, flipped := dice.IntN(len(sound)), bytes.Clone(sound)
		flipped[at] ^= 1 << dice.IntN(8)
		must(t, os.WriteFile(name, flipped, 0o600))
		database, file, got, err := unpacked(t, name, hash, check)
		switch {
		case err != nil:
			noticed++
		case database != "a database" || file != "a letter" || !reflect.DeepEqual(got.Holds, want.Holds) || got.Files != want.Files ||
			!got.Made.Equal(want.Made) || got.Program != want.Program:
			t.Errorf("byte %d: in silence there come out %q, %q and %+v", at, database, file, got)
		}
	}
	if t.Logf("%d of %d noticed, the rest in times and names that nobody reads", noticed, flips); noticed < flips/2 {
		t.Errorf("only %d of %d were noticed", noticed, flips)
	}
}

// unpacked is what comes out of a backup.
func unpacked(t *testing.T, name, hash string, check Check) (database, file string, m Manifest, err error) {
	t.Helper()
	a, err := Open(name)
	if err != nil {
		return "", "", m, err
	}
	defer a.Close()
	folder := t.TempDir()
	path, err := a.Extract(t.Context(), folder, check)
	if err != nil {
		return "", "", m, err
	}
	text, err := os.ReadFile(path)
	must(t, err)
	blobs, err := blob.Folder(filepath.Join(folder, "files"))
	must(t, err)
	if err := a.Unpack(t.Context(), blobs); err != nil {
		return "", "", m, err
	}
	r, err := blobs.Open(t.Context(), hash)
	if err != nil {
		return "", "", m, err
	}
	defer r.Close()
	letter, err := io.ReadAll(r)
	return string(text), string(letter), a.Manifest, err
}

// flips is how many bits are flipped: ten thousand in a drill.
func flips() int {
	if os.Getenv("NEVERMIND_DRILLS") != "" {
		return 10_000
	}
	return 300
}
