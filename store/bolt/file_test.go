package bolt

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"
	"time"

	"nevermind/bot"
)

func TestOpenSaysWhyItCannot(t *testing.T) {
	ours := filled(t)
	for name, c := range map[string]struct {
		file []byte
		want error
	}{
		"empty":           {nil, bot.ErrBroken},
		"one byte":        {[]byte("x"), bot.ErrBroken},
		"text":            {bytes.Repeat([]byte("not a database\n"), 9999), bot.ErrBroken},
		"one page":        {ours[:4096], bot.ErrBroken},
		"cut in half":     {ours[:len(ours)/8192*4096], bot.ErrBroken},
		"cut by a page":   {ours[:len(ours)-4096], bot.ErrBroken},
		"both metas gone": {append(make([]byte, 8192), ours[8192:]...), bot.ErrBroken},
		"all zeroes":      {make([]byte, len(ours)), bot.ErrBroken},
		"foreign":         {changed(t, ours, func(tx *transaction) error { return tx.DeleteBucket(bucketNames[meta]) }), bot.ErrBroken},
		"newer": {changed(t, ours, func(tx *transaction) error {
			return bucketIn(tx, meta).Put(schemaKey,
				bigEndian(schema+1))
		}), bot.ErrNewer},
		"too old": {changed(t, ours, func(tx *transaction) error { return bucketIn(tx, meta).Put(schemaKey, bigEndian(0)) }),
			bot.ErrBroken},
	} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "nevermind.db")
			write(t, path, c.file)
			s, err := Open(path)
			if err == nil {
				s.Close()
			}
			wantErr(t, err, c.want)
			after, err := os.ReadFile(path)
			if err != nil || !bytes.Equal(after, c.file) {
				t.Fatalf("a file that could not be opened was changed (%v)", err)
			}
			write(t, path, ours) // and its lock is free
			s, err = Open(path)
			wantErr(t, err, nil)
			s.Close()
		})
	}
}

func TestASecondProcessIsToldToLetGo(t *testing.T) {
	dir := t.TempDir()
	s := openIn(t, dir)
	_, err := Open(filepath.Join(dir, "nevermind.db"))
	wantErr(t, err, bot.ErrLocked)
	s.Close()
	openIn(t, dir).Close()
}

func TestAFileHalfMadeIsMadeAnew(t *testing.T) {
	dir := t.TempDir()
	write(t, filepath.Join(dir, "nevermind.db.new"), []byte("a crash was here"))
	openIn(t, dir).Close()
	if _, err := os.Stat(filepath.Join(dir, "nevermind.db.new")); !errors.Is(err, fs.ErrNotExist) {
		t.Fatalf("got %v, want only the finished file", err)
	}
	_, err := Open(filepath.Join(dir, "no", "such", "folder"))
	wantErr(t, err, fs.ErrNotExist)
}

func TestOneMetaPageIsEnough(t *testing.T) {
	ours := filled(t)
	for page := range 2 {
		path := filepath.Join(t.TempDir(), "nevermind.db")
		write(t, path, append(append(bytes.Clone(ours[:page*4096]), make([]byte, 4096)...), ours[(page+1)*4096:]...))
		s, err := Open(path)
		if err != nil { // the page that is left may be of a moment before the file was ours
			wantErr(t, err, bot.ErrBroken)
			continue
		}
		use(t, s)
		s.Close()
	}
}

// Wherever a file is damaged, it is said, and the program lives.
func TestDamageIsSaidAndNeverAPanic(t *testing.T) {
	ours := filled(t)
	r := rand.New(rand.NewPCG(1, 2))
	dir := t.TempDir()
	broken := 0
	const trials = 80
	for i := range trials {
		bad := bytes.Clone(ours)
		page := r.IntN(len(bad)/4096-2) + 2
		switch kind := i % 4; kind {
		case 0: // a page zeroed
			clear(bad[page*4096:][:4096])
		case 1: // a page of noise, behind its header or with it
			for k := r.IntN(2) * 16; k < 4096; k++ {
				bad[page*4096+k] = byte(r.Uint32())
			}
		case 2: // another page's content
			copy(bad[page*4096:][:4096], ours[(r.IntN(len(bad)/4096-2)+2)*4096:])
		case 3: // a few bits turned
			for range 8 {
				bad[page*4096+r.IntN(64)] ^= 1 << r.IntN(8)
			}
		}
		path := filepath.Join(dir, fmt.Sprint(i, ".db"))
		write(t, path, bad)
		s, err := Open(path, NoSync())
		if err == nil {
			broken += use(t, s)
			err = s.Close()
		}
		if err != nil {
			broken++
			wantErr(t, err, bot.ErrBroken)
		}
		os.Remove(path)
	}
	t.Logf("%d times damage was met", broken)
	if broken == 0 {
		t.Fatal("no damage was ever met: the test does not test")
	}
}

// filled returns the bytes of a store with a little of everything.
func filled(t *testing.T) []byte {
	t.Helper()
	dir := t.TempDir()
	s := openIn(t, dir, NoSync())
	for i := range 40 {
		c := turn(i)
		wantErr(t, s.Commit(t.Context(), c), nil)
	}
	ls, err := s.Claim(t.Context(), base.AddDate(9, 0, 0), 20, time.Hour)
	wantErr(t, err, nil)
	for _, l := range ls {
		wantErr(t, s.Settle(t.Context(), l, base, bot.Outcome{Ref: bot.Ref(l.Task.ID)}), nil)
	}
	wantErr(t, s.Commit(t.Context(), &bot.Commit{Order: &bot.Order{ID: "1", Buyer: "buyer:b-1"}}), nil)
	wantErr(t, s.Commit(t.Context(), &bot.Commit{Person: &bot.Person{ID: "buyer:b-1", Accounts: []string{"telegram:1"}}}), nil)
	wantErr(t, s.Close(), nil)
	b, err := os.ReadFile(filepath.Join(dir, "nevermind.db"))
	wantErr(t, err, nil)
	return b[:highest(t, b)]
}

// use calls everything and counts how often it met damage; nothing else may go wrong.
func use(t *testing.T, s *Store) (broken int) {
	t.Helper()
	check := func(err error) {
		t.Helper()
		switch {
		case errors.Is(err, bot.ErrBroken):
			broken++
		case err == nil, errors.Is(err, bot.ErrNone), errors.Is(err, bot.ErrStale), errors.Is(err, bot.ErrSeen), errors.Is(err,
			bot.ErrFenced):
		default:
			t.Fatalf("got error %v, want %v or what a sound store says", err, bot.ErrBroken)
		}
	}
	ctx := t.Context()
	for i := range 40 {
		c := turn(i)
		room := c.Said.Room
		_, err := s.Conversation(ctx, c.Conversation.Key)
		check(err)
		_, err = s.Journal(ctx, c.Conversation.Key, 0, 9)
		check(err)
		_, err = s.Said(ctx, room, 0, 0, 9)
		check(err)
		_, err = s.Find(ctx, "room:"+string(room), "", 9)
		check(err)
		_, err = s.Offered(ctx, "token")
		check(err)
		c.Conversation.Version, c.Entry.Seq, c.Handled = 1, 2, fmt.Sprint("again ", i)
		check(s.Commit(ctx, c))
	}
	_, err := s.OrdersOf(ctx, "buyer:b-1", 0, 9)
	check(err)
	_, err = s.PersonAt(ctx, "telegram:1")
	check(err)
	_, err = s.Due(ctx, base.AddDate(99, 0, 0), 999)
	check(err)
	ls, err := s.Claim(ctx, base.AddDate(9, 0, 0), 999, time.Hour)
	check(err)
	for _, l := range ls {
		check(s.Attempt(ctx, l))
		check(s.Settle(ctx, l, base, bot.Outcome{Ref: "9"}))
	}
	_, err = s.Rebuild(ctx)
	check(err)
	_, err = s.Sweep(ctx, base.AddDate(99, 0, 0))
	check(err)
	return broken
}

// changed returns the file after a change behind the store's back.
func changed(t *testing.T, file []byte, change func(tx *transaction) error) []byte {
	t.Helper()
	path := filepath.Join(t.TempDir(), "changed.db")
	write(t, path, file)
	db, err := openRaw(path)
	wantErr(t, err, nil)
	wantErr(t, db.Update(change), nil)
	wantErr(t, db.Close(), nil)
	b, err := os.ReadFile(path)
	wantErr(t, err, nil)
	return b
}

// highest is the end of the last page in use.
func highest(t *testing.T, file []byte) (size int) {
	t.Helper()
	changed(t, file, func(tx *transaction) error {
		size = int(tx.Size())
		return nil
	})
	return size
}

func write(t *testing.T, path string, b []byte) {
	t.Helper()
	if err := os.WriteFile(path, b, 0o600); err != nil {
		t.Fatal(err)
	}
}
