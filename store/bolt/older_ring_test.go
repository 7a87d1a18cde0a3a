package bolt

import (
	"os"
	"path/filepath"
	"testing"

	"nevermind/bot"
	"nevermind/store/encryption"
)

// TestOlderRing: a file knows how many slots its key ring has made, says how many an older copy of it lacks, and has none of them
// given out again.
func TestOlderRing(t *testing.T) {
	dir, path := t.TempDir(), filepath.Join(t.TempDir(), "ring")
	m := encryption.NewMaster()
	ring, err := encryption.CreateRing(path, m)
	wantErr(t, err, nil)
	fresh, err := os.ReadFile(path)
	wantErr(t, err, nil)
	wantErr(t, ring.Close(), nil)
	var open *encryption.Ring
	with := Both(Encrypted(func(wrapped [][]byte) (Keys, error) { return m.Keys(wrapped) }),
		Personal(func(string) (_ PersonalKeys, err error) {
			open, err = encryption.OpenRing(path, m)
			return open, err
		}))
	s := openIn(t, dir, with)
	ana := bot.Person{ID: "buyer:b", Name: "Ana"}
	wantErr(t, s.Commit(t.Context(), &bot.Commit{At: base, Person: &ana}), nil)
	if s.LostSlots() != 0 {
		t.Errorf("a new ring lacks %d slots", s.LostSlots())
	}
	wantErr(t, s.Close(), nil)
	s = openIn(t, dir, with) // which keeps how many there are, if nothing has before
	wantErr(t, s.Close(), nil)
	wantErr(t, os.WriteFile(path, fresh, 0o600), nil)
	s = openIn(t, dir, with)
	if s.LostSlots() == 0 {
		t.Error("nobody notices that the ring is an older copy")
	}
	slot, err := open.New()
	if wantErr(t, err, nil); slot < s.LostSlots() {
		t.Errorf("slot %d is given out again", slot)
	}
	_, err = s.Person(t.Context(), ana.ID)
	wantErr(t, err, bot.ErrKey)
}
