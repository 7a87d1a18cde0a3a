package record

import "testing"

// TestRecent keeps what is used again and again, however much passes through, and little else.
func TestRecent(t *testing.T) {
	r := NewRecent[int, int](10)
	for i := range 1000 {
		r.Put(i, i)
		if v, known := r.Get(0); !known || v != 0 {
			t.Fatalf("what is used each time is forgotten after %d", i)
		}
	}
	if n := len(r.now) + len(r.old); n > 20 {
		t.Errorf("%d are kept", n)
	}
	r.Forget()
	if _, known := r.Get(0); known {
		t.Error("it is not forgotten")
	}
}
