package encryption

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"nevermind/bot"
)

// slowSlots lets somebody in while slots are written over.
type slowSlots struct {
	Slots
	meanwhile func()
}

func (s slowSlots) Destroy(slots ...uint32) error {
	s.meanwhile()
	return s.Slots.Destroy(slots...)
}

// TestReadWhileDestroyed: whoever reads while a key is being written over gets it no more, and has nobody read it later.
func TestReadWhileDestroyed(t *testing.T) {
	made := must(CreateRing(filepath.Join(t.TempDir(), "ring"), NewMaster()))
	defer made.Close()
	a, b := must(made.New()), must(made.New())
	mine, other := must(made.Encrypt(nil, nil, []byte("Ana"), a)), must(made.Encrypt(nil, nil, []byte("Li"), b))
	between := errors.New("nobody read meanwhile")
	made.slots = slowSlots{made.slots, func() { _, between = made.Decrypt(nil, mine, a) }}
	if err := made.Destroy(a); err != nil {
		t.Fatal(err)
	}
	_, later := made.Decrypt(nil, mine, a)
	if !errors.Is(between, ErrErased) || !errors.Is(later, ErrErased) {
		t.Errorf("meanwhile: %v, later: %v, want erased", between, later)
	}
	if got := must(made.Decrypt(nil, other, b)); string(got) != "Li" {
		t.Errorf("the other's is %q", got)
	}
}

// TestDamagedSlotIsNotFree: a slot that is damaged or cut off is neither there nor destroyed, and its number is given to nobody.
func TestDamagedSlotIsNotFree(t *testing.T) {
	path, m := filepath.Join(t.TempDir(), "ring"), NewMaster()
	r := must(CreateRing(path, m))
	a, b := must(r.New()), must(r.New())
	if err := errors.Join(r.Destroy(b), r.Close()); err != nil {
		t.Fatal(err)
	}
	file := must(os.ReadFile(path))
	file[headSize+20] ^= 1
	if err := os.WriteFile(path, file[:len(file)-1], 0o600); err != nil { // and the last slot lacks a byte
		t.Fatal(err)
	}
	r = must(OpenRing(path, m))
	defer r.Close()
	if there, err := r.Has(a); there || !errors.Is(err, bot.ErrBroken) {
		t.Errorf("the damaged one: %v, %v", there, err)
	}
	if there, err := r.Has(b); there || err != nil {
		t.Errorf("the destroyed one: %v, %v", there, err)
	}
	last := uint32(slotsAtOnce - 1)
	if there, err := r.Has(last); there || err == nil {
		t.Errorf("the one that was cut off: %v, %v", there, err)
	}
	if there, err := r.Has(last + 1); there || !errors.Is(err, ErrKey) {
		t.Errorf("one that was never made: %v, %v", there, err)
	}
	if slot := must(r.New()); slot <= last {
		t.Errorf("slot %d is given out again", slot)
	}
}

// TestForgottenFileStaysForgotten: what is encrypted like a file whose key was destroyed is not encrypted at all.
func TestForgottenFileStaysForgotten(t *testing.T) {
	r := must(CreateRing(filepath.Join(t.TempDir(), "ring"), NewMaster()))
	defer r.Close()
	k := FileKeys{NewMaster(), r}
	var head bytes.Buffer
	_ = must(head.ReadFrom(must(k.EncryptFile(bytes.NewReader([]byte("a photo")), nil))))
	if err := k.ForgetFile(head.Bytes()); err != nil {
		t.Fatal(err)
	}
	if _, err := k.EncryptFile(bytes.NewReader([]byte("a photo")), head.Bytes()); !errors.Is(err, ErrErased) {
		t.Errorf("got %v, want erased", err)
	}
}
