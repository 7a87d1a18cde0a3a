package encryption

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"testing"
)

// TestRing: what stands under a destroyed key is read by nobody, by a ring opened again neither; the others are; a rotation
// changes nothing; another house's key opens nothing; no slot is given out twice.
func TestRing(t *testing.T) {
	path, m := filepath.Join(t.TempDir(), "ring"), NewMaster()
	r := must(CreateRing(path, m))
	a, b := must(r.New()), must(r.New())
	mine := must(r.Encrypt(nil, []byte("here"), []byte("Ana"), a))
	both := must(r.Encrypt(nil, []byte("here"), []byte("Ana and Li"), a, b))
	other := must(r.Encrypt(nil, []byte("here"), []byte("Li"), b))
	if got := must(r.Decrypt([]byte("here"), both, a, b)); string(got) != "Ana and Li" {
		t.Errorf("read %q", got)
	}
	if _, err := r.Decrypt([]byte("there"), mine, a); err == nil {
		t.Error("it decrypts at another place")
	}
	rotated := m.Rotated()
	if err := errors.Join(r.Destroy(a), r.Rewrap(rotated), r.Close()); err != nil {
		t.Fatal(err)
	}
	if _, err := OpenRing(path, m); !errors.Is(err, ErrKey) {
		t.Errorf("the old key alone: %v", err)
	}
	r = must(OpenRing(path, Master{rotated.keys[:1]}))
	defer r.Close()
	for _, x := range [][]byte{mine, both} {
		slots := []uint32{a, b}
		if bytes.Equal(x, mine) {
			slots = slots[:1]
		}
		if _, err := r.Decrypt([]byte("here"), x, slots...); !errors.Is(err, ErrErased) {
			t.Errorf("want erased, got %v", err)
		}
	}
	if got := must(r.Decrypt([]byte("here"), other, b)); string(got) != "Li" {
		t.Errorf("read %q", got)
	}
	if slot := must(r.New()); slot <= b {
		t.Errorf("slot %d is given out again", slot)
	}
	all := must(os.ReadFile(path))
	if key := all[headSize:][:SlotSize]; !bytes.Equal(key, make([]byte, SlotSize)) {
		t.Error("the destroyed key stands in the file still")
	}
}

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

// TestOlderRing: a ring that lacks slots which its store knows of gives none of them out again; what stood in them is lost, and
// is not taken for erased; a ring opened again knows as much, and so does the newest copy that is put back.
func TestOlderRing(t *testing.T) {
	path, m := filepath.Join(t.TempDir(), "ring"), NewMaster()
	r := must(CreateRing(path, m))
	old := must(r.New())
	older := must(os.ReadFile(path))
	made := make(chan uint32, 10)
	r.Watch(func(n uint32) { made <- n })
	var last uint32
	for range 3 * slotsAtOnce {
		last = must(r.New())
	}
	var known uint32
	for range 3 {
		known = max(known, <-made)
	}
	mine := must(r.Encrypt(nil, nil, []byte("Ana"), last))
	newest := must(os.ReadFile(path))
	if err := errors.Join(r.Close(), os.WriteFile(path, older, 0o600)); err != nil {
		t.Fatal(err)
	}
	for again := range 2 {
		r = must(OpenRing(path, m))
		if n := must(r.Made()); again == 0 && n >= known {
			t.Fatalf("the copy has %d slots, and %d are known: this tests nothing", n, known)
		}
		r.After(known)
		if slot := must(r.New()); slot <= last {
			t.Errorf("slot %d is given out again", slot)
		}
		if _, err := r.Decrypt(nil, mine, last); !errors.Is(err, ErrKey) || errors.Is(err, ErrErased) {
			t.Errorf("a lost slot: %v", err)
		}
		if there, err := r.Has(last); there || !errors.Is(err, ErrKey) {
			t.Errorf("a lost slot is there %v, %v", there, err)
		}
		if there, err := r.Has(old); !there || err != nil {
			t.Errorf("an old slot: %v, %v", there, err)
		}
		if err := r.Close(); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.WriteFile(path, newest, 0o600); err != nil {
		t.Fatal(err)
	}
	r = must(OpenRing(path, m))
	defer r.Close()
	if got := must(r.Decrypt(nil, mine, last)); string(got) != "Ana" {
		t.Errorf("read %q", got)
	}
}
