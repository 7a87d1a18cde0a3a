package blob

import (
	"bytes"
	"errors"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"

	"nevermind/bot"
	"nevermind/store/encryption"
)

// TestFlippedBits: one flipped bit in a file that is kept is noticed when it is read, at its beginning or before its end, or what
// is read is what was kept. Another file is read all the same.
func TestFlippedBits(t *testing.T) {
	folder := t.TempDir()
	s, err := Open("file:" + folder)
	must(t, err)
	master := encryption.NewMaster()
	ring, err := encryption.CreateRing(filepath.Join(t.TempDir(), "ring"), master)
	must(t, err)
	defer ring.Close()
	s.EncryptWith(encryption.FileKeys{Master: master, Ring: ring})
	photo := append(bytes.Clone(jpeg), bytes.Repeat([]byte("a lamp "), 200)...)
	kept, err := s.Put(t.Context(), "lamp.jpg", bytes.NewReader(photo))
	must(t, err)
	other, err := s.Put(t.Context(), "other.jpg", bytes.NewReader(jpeg))
	must(t, err)
	read := func(hash string) ([]byte, error) {
		r, err := s.Open(t.Context(), hash)
		if err != nil {
			return nil, err
		}
		content, err := io.ReadAll(r)
		return content, errors.Join(err, r.Close())
	}
	paths, err := filepath.Glob(filepath.Join(folder, "*", kept.Hash+"*"))
	if must(t, err); len(paths) != 1 {
		t.Fatalf("it is kept at %q", paths)
	}
	sound, err := os.ReadFile(paths[0])
	must(t, err)
	dice, noticed := rand.New(rand.NewPCG(14, 11)), 0
	flips := flips()
	for range flips {
		at, flipped := dice.IntN(len(sound)), bytes.Clone(sound)
		flipped[at] ^= 1 << dice.IntN(8)
		must(t, os.WriteFile(paths[0], flipped, 0o600))
		switch content, err := read(kept.Hash); {
		case errors.Is(err, bot.ErrBroken), errors.Is(err, bot.ErrKey):
			noticed++
		case err != nil:
			t.Errorf("byte %d: it says %v", at, err)
		case !bytes.Equal(content, photo):
			t.Errorf("byte %d: another content is read in silence", at)
		}
	}
	if t.Logf("%d of %d noticed", noticed, flips); noticed < flips*99/100 {
		t.Errorf("only %d of %d were noticed", noticed, flips)
	}
	if content, err := read(other.Hash); err != nil || !bytes.Equal(content, jpeg) {
		t.Errorf("another file: %v", err)
	}
}

// flips is how many bits are flipped: ten thousand in a drill.
func flips() int {
	if os.Getenv("NEVERMIND_DRILLS") != "" {
		return 10_000
	}
	return 300
}
