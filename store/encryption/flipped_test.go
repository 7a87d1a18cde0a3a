package encryption

import (
	"bytes"
	"errors"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"

	"nevermind/bot"
)

// TestFlippedBits: one flipped bit in a key ring is noticed when it is opened or when the key is used, or all keys are what they
// were. Of a damaged slot the others are read all the same, and it is not taken for erased.
func TestFlippedBits(t *testing.T) {
	path, m := filepath.Join(t.TempDir(), "ring"), NewMaster()
	r := must(CreateRing(path, m))
	var slots []uint32
	var said [][]byte
	for range 8 {
		slot := must(r.New())
		slots, said = append(slots, slot), append(said, must(r.Encrypt(nil, nil, []byte("Ana"), slot)))
	}
	if err := r.Destroy(slots[3]); err != nil {
		t.Fatal(err)
	}
	name := r.Name()
	if err := r.Close(); err != nil {
		t.Fatal(err)
	}
	sound := must(os.ReadFile(path))
	used := headSize + len(slots)*SlotSize // behind them stand slots that nobody has
	dice, noticed := rand.New(rand.NewPCG(14, 13)), 0
	flips := flips()
	for range flips {
		at, flipped := dice.IntN(used), bytes.Clone(sound)
		flipped[at] ^= 1 << dice.IntN(8)
		if err := os.WriteFile(path, flipped, 0o600); err != nil {
			t.Fatal(err)
		}
		r, err := OpenRing(path, m)
		if err != nil {
			if !errors.Is(err, bot.ErrBroken) && !errors.Is(err, bot.ErrKey) {
				t.Errorf("byte %d: opened it says %v", at, err)
			}
			noticed++
			continue
		}
		if r.Name() != name { // the store asks for it by its name
			noticed++
		}
		hit := (at - headSize) / SlotSize
		for i, slot := range slots {
			got, err := r.Decrypt(nil, said[i], slot)
			switch {
			case i == 3 && (at < headSize || hit != 3) && !errors.Is(err, ErrErased):
				t.Errorf("byte %d: the erased one says %v", at, err)
			case i == 3 && !errors.Is(err, ErrErased) && !errors.Is(err, bot.ErrBroken):
				t.Errorf("byte %d: the erased one says %v", at, err)
			case i != 3 && err != nil && (at < headSize || hit != i):
				t.Errorf("byte %d: slot %d says %v", at, slot, err)
			case i != 3 && err != nil && !errors.Is(err, bot.ErrBroken):
				t.Errorf("byte %d: its slot says %v", at, err)
			case i != 3 && err == nil && string(got) != "Ana":
				t.Errorf("byte %d: slot %d reads %q", at, slot, got)
			case err != nil && i == hit && at >= headSize:
				noticed++
			}
		}
		if err := r.Close(); err != nil {
			t.Fatal(err)
		}
	}
	if t.Logf("%d of %d noticed, the rest in gaps", noticed, flips); noticed < flips/2 {
		t.Errorf("only %d of %d were noticed", noticed, flips)
	}
}

// flips is how many bits are flipped: ten thousand in a drill.
func flips() int {
	if os.Getenv("NEVERMIND_DRILLS") != "" {
		return 10_000
	}
	return 300
}
