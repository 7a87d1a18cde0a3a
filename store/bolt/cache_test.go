package bolt

import (
	"errors"
	"fmt"
	"testing"

	"nevermind/bot"
)

// TestCacheShowsWhatIsCommitted wants a refused commit to leave no trace in memory, and memory to stay bounded.
func TestCacheShowsWhatIsCommitted(t *testing.T) {
	s := openIn(t, t.TempDir(), NoSync())
	defer s.Close()
	state := func(want string) {
		t.Helper()
		if c, err := s.Conversation(t.Context(), "case/1"); err != nil || c.State != want {
			t.Fatalf("the case stands in %q (%v), want %q", c.State, err, want)
		}
	}
	put := func(version int64, state, handled string) error {
		return s.Commit(t.Context(), &bot.Commit{Handled: handled,
			Conversation: &bot.Conversation{Key: "case/1", Version: version, Frame: bot.Frame{State: state}}})
	}
	wantErr(t, put(0, "one", "m1"), nil)
	state("one")
	wantErr(t, put(1, "seen", "m1"), bot.ErrSeen)
	wantErr(t, put(7, "stale", "m2"), bot.ErrStale)
	state("one")
	spoilt := errors.New("spoilt")
	wantErr(t, s.update(t.Context(), func(b *writeBatch) error { // one that fails after it has written, so its group is run again
		b.put(values, []byte("x"), nil)
		return spoilt
	}), spoilt)
	wantErr(t, put(1, "two", "m3"), nil)
	state("two")
	for i := range mostCached + 50 {
		key := bot.Key(fmt.Sprint("talk/", i))
		wantErr(t, s.Commit(t.Context(), &bot.Commit{Conversation: &bot.Conversation{Key: key},
			Tasks: []bot.Task{{ID: fmt.Sprint(i, "a"), Lane: "a"}, {ID: fmt.Sprint(i, "b"), Lane: "b"},
				{ID: fmt.Sprint(i, "c"), Lane: "c"}}}), nil)
	}
	if n, m := len(s.conversations.byKey), s.lanes.kept; n != mostCached || m != mostKept {
		t.Errorf("%d conversations and %d tasks are kept, want %d and %d", n, m, mostCached, mostKept)
	}
	state("two")
}

// TestCacheKeepsNothingOlder reads people in a transaction that others have written after: what it reads is of its own moment,
// and memory keeps only what is committed.
func TestCacheKeepsNothingOlder(t *testing.T) {
	s := openIn(t, t.TempDir(), NoSync())
	defer s.Close()
	put := func(version int64, name string, accounts ...string) {
		t.Helper()
		who := &bot.Person{ID: "buyer:1", Version: version, Name: name, Accounts: accounts}
		wantErr(t, s.Commit(t.Context(), &bot.Commit{Person: who}), nil)
	}
	called := func(who bot.Person, err error, want string) {
		t.Helper()
		if err != nil || who.Name != want {
			t.Fatalf("they are called %q (%v), want %q", who.Name, err, want)
		}
	}
	put(0, "Ana", "telegram:1", "telegram:2")
	at, err := s.PersonAt(t.Context(), "telegram:1")
	called(at, err, "Ana")
	old, err := s.db.begin()
	wantErr(t, err, nil)
	put(1, "Anna", "telegram:2")
	for range 2 {
		who, err := s.people.readIn(old, people, []byte("buyer:1"), s.db.secrets.PersonDecoder("buyer:1"))
		called(who, err, "Ana")
		who, err = s.Person(t.Context(), "buyer:1")
		called(who, err, "Anna")
	}
	wantErr(t, old.Rollback(), nil)
	_, err = s.PersonAt(t.Context(), "telegram:1")
	wantErr(t, err, bot.ErrNone)
	at, err = s.PersonAt(t.Context(), "telegram:2")
	called(at, err, "Anna")
	s.forget(1 << 40)
	if who, err := s.Person(t.Context(), "buyer:1"); len(s.people.byKey) > 0 {
		t.Errorf("%v (%v) is kept although it was read before all was forgotten", who, err)
	}
	wantErr(t, s.Close(), nil)
	_, err = s.Person(t.Context(), "buyer:1")
	wantErr(t, err, bot.ErrClosed)
}
