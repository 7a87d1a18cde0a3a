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
	if key := all[headSize:][:slotSize]; !bytes.Equal(key, make([]byte, slotSize)) {
		t.Error("the destroyed key stands in the file still")
	}
}

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}
