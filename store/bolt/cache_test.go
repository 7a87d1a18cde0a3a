package bolt

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

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

// TestFiledIsWhatIsCommitted: what is filed under a term is kept in memory as it was committed last, whoever still reads what
// stood there before.
func TestFiledIsWhatIsCommitted(t *testing.T) {
	s := openIn(t, t.TempDir(), NoSync())
	defer s.Close()
	put := func(key bot.Key, version int64, terms ...string) {
		t.Helper()
		wantErr(t, s.Commit(t.Context(), &bot.Commit{Conversation: &bot.Conversation{Key: key, Version: version}, Terms: terms}), nil)
	}
	find := func(n int, want ...bot.Key) {
		t.Helper()
		for range 2 { // from the file, from memory
			if got, err := s.Find(t.Context(), "order:1", "", n); err != nil || !slices.Equal(got, want) {
				t.Fatalf("found %q (%v), want %q", got, err, want)
			}
		}
	}
	find(9)
	put("case/1/1", 0, "order:1")
	find(9, "case/1/1")
	old, err := s.db.begin()
	wantErr(t, err, nil)
	put("case/1/2", 0, "order:1", "order:2")
	key := string(filedUnder(s.db.secrets, withLength("order:1")))
	s.filed.put(key, old.ID(), &[]bot.Key{"case/1/1"})
	wantErr(t, old.Rollback(), nil)
	find(1, "case/1/1")
	find(9, "case/1/1", "case/1/2")
	find(1, "case/1/1")
	put("case/1/1", 1)
	find(9, "case/1/2")
	if got, err := s.Find(t.Context(), "order:1", "case/1/1", 9); err != nil || !slices.Equal(got, []bot.Key{"case/1/2"}) {
		t.Errorf("behind the first are %q (%v)", got, err)
	}
	if s.filed.byKey[key] == nil {
		t.Error("what was found is not kept")
	}
}

// TestOfferedFromMemory: whose a button is is known without a look at the file, of turns of one instant too, until a sweep has
// retired it.
func TestOfferedFromMemory(t *testing.T) {
	s := openIn(t, t.TempDir(), NoSync())
	defer s.Close()
	at := time.UnixMilli(1_800_000_000_000)
	tokens := map[bot.Key]string{}
	for i := range 3 {
		key := bot.Key(fmt.Sprint("talk/telegram:", i))
		tokens[key] = "12345678" + strings.Repeat(strconv.Itoa(i), idLength-idTime)
		frame := bot.Frame{Offers: []bot.Offer{{Token: tokens[key]}}}
		wantErr(t, s.Commit(t.Context(), &bot.Commit{At: at, Conversation: &bot.Conversation{Key: key, Frame: frame}}), nil)
	}
	offered := func(token string, want bot.Key) {
		t.Helper()
		var none error
		if want == "" {
			none = bot.ErrNone
		}
		got, err := s.Offered(t.Context(), token)
		if wantErr(t, err, none); got != want || s.rememberedOffer(token) != want {
			t.Errorf("offered by %q, remembered %q, want %q", got, s.rememberedOffer(token), want)
		}
	}
	for key, token := range tokens {
		offered(token, key)
	}
	offered("1234567890123456789012", "")
	for key := range tokens {
		wantErr(t, s.Commit(t.Context(), &bot.Commit{At: at, Conversation: &bot.Conversation{Key: key, Version: 1}}), nil)
	}
	for range 2 { // seen to be off offer, then retired
		_, err := s.Sweep(t.Context(), at.Add(48*time.Hour))
		wantErr(t, err, nil)
	}
	for _, token := range tokens {
		offered(token, "")
	}
}
