package bolt

import (
	"bytes"
	"errors"
	"testing"
	"time"

	"nevermind/bot"
)

// TestHandledBefore holds that a message is known by its id whichever version has handled it, that the updates of one bot lie
// side by side, and that nothing else of an id stands in its key.
func TestHandledBefore(t *testing.T) {
	dir := t.TempDir()
	s := openIn(t, dir, NoSync(), encrypted(houseKey))
	handle := func(id string, want error) {
		t.Helper()
		if err := s.Commit(t.Context(), &bot.Commit{At: time.Unix(1, 0), Handled: id}); !errors.Is(err, want) {
			t.Fatalf("%s: %v, want %v", id, err, want)
		}
	}
	wantErr(t, s.update(t.Context(), func(b *writeBatch) error { // as an older version has
		b.put(handled, hashedBefore(s.db.secrets, []byte("tg:7:100")), timeKey(time.Unix(1, 0)))
		return nil
	}), nil)
	handle("tg:7:100", bot.ErrSeen)
	for _, id := range []string{"tg:7:101", "tg:7:255", "tg:7:256", "tg:8:101", "tg:7:0101", "tg:7:raw:77",
		"order:8123456789012345"} {
		handle(id, nil)
		handle(id, bot.ErrSeen)
	}
	x := s.db.secrets
	a, b := hashKey(x, handled, []byte("tg:7:255")), hashKey(x, handled, []byte("tg:7:256"))
	if len(a) != hashedName+8 || !bytes.Equal(a[:hashedName], b[:hashedName]) || bytes.Compare(a, b) >= 0 {
		t.Errorf("%x and %x do not lie side by side", a, b)
	}
	if k := hashKey(x, handled, []byte("order:8123456789012345")); len(k) != hashedName {
		t.Errorf("%x shows the number of an order", k)
	}
	if n, err := s.Sweep(t.Context(), time.Unix(2, 0)); err != nil {
		t.Fatal(n, err)
	}
	handle("tg:7:256", nil)
	handle("tg:7:100", nil)
	wantErr(t, s.Close(), nil)
}
