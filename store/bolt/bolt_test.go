package bolt

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"sync"
	"testing"
	"time"

	"go.etcd.io/bbolt"

	"nevermind/bot"
	"nevermind/store/encryption"
	"nevermind/store/storetest"
)

var base = time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC)

func TestStore(t *testing.T) {
	storetest.Run(t, func(t *testing.T, dir string) bot.Store { return openIn(t, dir) }, func(t *testing.T, file string) bot.Store {
		report, err := Check(t.Context(), file)
		if err != nil {
			t.Fatalf("check: %v, after %+v", err, report)
		}
		s, err := Open(file)
		if err != nil {
			t.Fatal(err)
		}
		return s
	})
}

// openIn opens the store that is kept in a folder.
func openIn(t testing.TB, dir string, opts ...Option) *Store {
	t.Helper()
	s, err := Open(filepath.Join(dir, "nevermind.db"), opts...)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// openRaw opens a plain file without any of the store's own looks at it.
func openRaw(path string) (*database, error) {
	db, err := bbolt.Open(path, 0o600, nil)
	return &database{DB: db}, err
}

func TestIdleConversationsCostNoMemory(t *testing.T) {
	dir := t.TempDir()
	s := openIn(t, dir, NoSync())
	for i := range 3000 {
		c := turn(i)
		c.Conversation.Key, c.Tasks = bot.Key(fmt.Sprint("case/", i)), nil
		wantErr(t, s.Commit(t.Context(), c), nil)
	}
	wantErr(t, s.Close(), nil)
	before := inUse()
	s = openIn(t, dir)
	defer s.Close()
	if more := inUse() - before; more > 1<<20 {
		t.Fatalf("got %d bytes for 3000 idle conversations, want nothing for them", more)
	}
	runtime.KeepAlive(s)
}

func inUse() int64 {
	var m runtime.MemStats
	runtime.GC()
	runtime.GC()
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}

func TestRebuildMendsWhatIsWrong(t *testing.T) {
	s := openIn(t, t.TempDir())
	defer s.Close()
	const n = 2*chunkSize + 7
	for i := range n {
		wantErr(t, s.Commit(t.Context(), &bot.Commit{
			Conversation: &bot.Conversation{Key: bot.Key(fmt.Sprint("case/", i)),
				Deadlines: []bot.Deadline{{Window: "w", At: base.Add(time.Duration(i))}}},
			Terms: []string{"open"},
			Entry: &bot.Entry{Conversation: bot.Key(fmt.Sprint("case/", i)), Seq: 1},
		}), nil)
	}
	wantErr(t, s.db.Update(func(tx *transaction) error {
		stray := header{Deadlines: []deadline{{Name: "w", At: toInstant(base)}}, Terms: []string{"open"}}
		return errors.Join(
			bucketIn(tx, deadlines).Delete(deadlineKeys("case/0", &header{Deadlines: []deadline{{Name: "w", At: toInstant(base)}}})[0]),
			bucketIn(tx, terms).Delete(termKeys("case/506", &stray)[0]),
			bucketIn(tx, terms).Delete(termKeys("case/99", &stray)[0]),
			bucketIn(tx, deadlines).Put(deadlineKeys("case/5", &stray)[0], emptyValue), // of another time
			bucketIn(tx, deadlines).Put(deadlineKeys("case/nobody", &stray)[0], emptyValue),
			bucketIn(tx, terms).Put(termKeys("case/nobody", &stray)[0], emptyValue),
		)
	}), nil)
	fixed, err := s.Rebuild(t.Context())
	if err != nil || fixed != 6 {
		t.Fatalf("mended: got %d, %v, want 6", fixed, err)
	}
	fixed, err = s.Rebuild(t.Context())
	if err != nil || fixed != 0 {
		t.Fatalf("mended again: got %d, %v, want 0", fixed, err)
	}
	due, err := s.Due(t.Context(), base.Add(time.Hour), 2*n)
	if err != nil || len(due) != n || due[0].Key != "case/0" {
		t.Fatalf("due: got %d, %v, want %d", len(due), err, n)
	}
	open, err := s.Find(t.Context(), "open", "", 2*n)
	if err != nil || len(open) != n {
		t.Fatalf("open: got %d, %v, want %d", len(open), err, n)
	}
}

// houseKey is the key of encrypted files in these tests.
var houseKey = encryption.NewMaster()

// encrypted opens files with a key, and each with a key ring of its own.
func encrypted(m encryption.Master) Option {
	keys := Encrypted(func(wrapped [][]byte) (Keys, error) { return m.Keys(wrapped) })
	ring := Personal(func(name string) (PersonalKeys, error) {
		if kept, there := rings.Load(name); there {
			return kept.(PersonalKeys), nil
		}
		file, err := os.CreateTemp("", "ring")
		if err != nil {
			return nil, err
		}
		defer os.Remove(file.Name())
		_ = os.Remove(file.Name())
		made, err := encryption.CreateRing(file.Name(), m)
		if err != nil {
			return nil, err
		}
		r := struct{ PersonalKeys }{made} // which is never closed
		rings.Store(r.Name(), r)
		return r, nil
	})
	return func(o *options) { keys(o); ring(o) }
}

// rings are the key rings of these tests, by name.
var rings sync.Map

// TestEncryptedStore: an encrypted store is one like any other.
func TestEncryptedStore(t *testing.T) {
	storetest.Run(t, func(t *testing.T, dir string) bot.Store { return openIn(t, dir, encrypted(houseKey)) },
		func(t *testing.T, file string) bot.Store {
			report, err := Check(t.Context(), file, encrypted(houseKey))
			if err != nil {
				t.Fatalf("check: %v, after %+v", err, report)
			}
			s, err := Open(file, encrypted(houseKey))
			if err != nil {
				t.Fatal(err)
			}
			return s
		})
}
