package bolt

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	berrors "go.etcd.io/bbolt/errors"

	"nevermind/bot"
	"nevermind/store/storetest"
)

// checkpointAt lets a segment of the log grow to so many bytes.
func checkpointAt(n int64) Option { return func(o *options) { o.checkpointBytes = n } }

// TestStoreOfManyCheckpoints: a store that is always bringing its log into its file is one like any other.
func TestStoreOfManyCheckpoints(t *testing.T) {
	opts := Both(encrypted(houseKey), checkpointAt(1))
	storetest.Run(t, func(t *testing.T, dir string) bot.Store { return openIn(t, dir, opts) },
		func(t *testing.T, file string) bot.Store {
			if report, err := Check(t.Context(), file, opts); err != nil {
				t.Fatalf("check: %v, after %+v", err, report)
			}
			s, err := Open(file, opts)
			if err != nil {
				t.Fatal(err)
			}
			return s
		})
}

// killed returns the files of a store that was killed after so many commits, and brought some of them into its file before.
func killed(t *testing.T, commits int, opts ...Option) (dir string) {
	t.Helper()
	running := t.TempDir()
	s := openIn(t, running, opts...)
	for i := range commits {
		if i == commits/3 || i == commits/2 {
			wantErr(t, s.db.wal.checkpoint(), nil)
		}
		wantErr(t, s.Commit(t.Context(), chained(i)), nil)
	}
	dir = t.TempDir()
	wantErr(t, os.CopyFS(dir, os.DirFS(running)), nil)
	wantErr(t, s.Close(), nil)
	return dir
}

// chained is a turn whose line begins a journal.
func chained(i int) *bot.Commit {
	c := turn(i)
	c.Entry.Prev = ""
	c.Entry.Hash = c.Entry.Sum()
	c.Conversation.Head = c.Entry.Hash
	return c
}

// layOut puts what a killed store left, with another log, into a folder.
func layOut(t *testing.T, from, log string, content []byte) (dir string) {
	t.Helper()
	dir = filepath.Join(t.TempDir(), "copy")
	wantErr(t, os.RemoveAll(dir), nil)
	wantErr(t, os.CopyFS(dir, os.DirFS(from)), nil)
	write(t, filepath.Join(dir, filepath.Base(log)), content)
	return dir
}

// logOf is the segment that holds the last groups, and how long it is.
func logOf(t *testing.T, dir string) (path string, content []byte, length int) {
	t.Helper()
	latest := uint64(0)
	for _, segment := range walPaths(filepath.Join(dir, "nevermind.db")) {
		b, err := os.ReadFile(segment)
		wantErr(t, err, nil)
		if r, whole := readRecord(b); whole && r.number > latest {
			path, content, latest = segment, b, r.number
		}
	}
	for number := latest; ; number++ {
		r, whole := readRecord(content[length:])
		if !whole || r.number != number {
			return path, content, length
		}
		length += r.end
	}
}

// heldOf counts how many of the turns a store holds, which must be those up to one of them.
func heldOf(t *testing.T, s *Store, commits int) (held int) {
	t.Helper()
	for i := range commits {
		_, err := s.Conversation(t.Context(), turn(i).Conversation.Key)
		switch {
		case err == nil && held == i:
			held++
		case err == nil:
			t.Fatalf("turn %d is there, and turn %d is not", i, held)
		case !errors.Is(err, bot.ErrNone):
			t.Fatal(err)
		}
	}
	return held
}

func TestWhatTheLogHoldsIsThereAfterACrash(t *testing.T) {
	for name, opts := range map[string][]Option{"plain": nil, "encrypted": {encrypted(houseKey)}} {
		t.Run(name, func(t *testing.T) {
			dir := killed(t, 30, opts...)
			path := filepath.Join(dir, "nevermind.db")
			for range 2 { // a look changes nothing
				report, err := Check(t.Context(), path, opts...)
				if wantErr(t, err, nil); report.Conversations != 30 || report.Tasks != 30 {
					t.Errorf("a look finds %+v", report)
				}
			}
			s := openIn(t, dir, opts...)
			if held := heldOf(t, s, 30); held != 30 {
				t.Errorf("%d of 30 turns are there", held)
			}
			again := turn(29)
			wantErr(t, s.Commit(t.Context(), again), bot.ErrSeen)
			wantErr(t, s.Commit(t.Context(), chained(30)), nil)
			wantErr(t, s.Close(), nil)
			_, err := Check(t.Context(), path, opts...)
			wantErr(t, err, nil)
			if left, err := os.ReadDir(dir); err != nil || len(left) != 1 {
				t.Errorf("%d files are left (%v), want the store's own alone", len(left), err)
			}
		})
	}
}

// TestAProgramWithoutALog may open what was closed, and nothing that was killed.
func TestAProgramWithoutALog(t *testing.T) {
	version := func(dir string) (v uint64) {
		db, err := openRaw(filepath.Join(dir, "nevermind.db"))
		wantErr(t, err, nil)
		wantErr(t, db.View(func(tx *transaction) error {
			v = binary.BigEndian.Uint64(bucketIn(tx, meta).Get(schemaKey))
			return nil
		}), nil)
		wantErr(t, db.Close(), nil)
		return v
	}
	dir := killed(t, 3)
	if v := version(dir); v != schema+logged {
		t.Errorf("killed, it has schema %d", v)
	}
	wantErr(t, openIn(t, dir).Close(), nil)
	if v := version(dir); v != schema {
		t.Errorf("closed, it has schema %d", v)
	}
	s := openIn(t, dir)
	defer s.Close()
	wantErr(t, s.Commit(t.Context(), turn(3)), nil)
	var copied bytes.Buffer
	wantErr(t, s.Backup(t.Context(), &copied), nil)
	dir = t.TempDir()
	write(t, filepath.Join(dir, "nevermind.db"), copied.Bytes())
	if v := version(dir); v != schema {
		t.Errorf("a backup has schema %d", v)
	}
}

func TestALogBelongsToItsFile(t *testing.T) {
	dir, other := killed(t, 9), killed(t, 9)
	_, content, _ := logOf(t, other)
	file := filepath.Join(dir, "nevermind.db")
	for name, c := range map[string]struct {
		harm func(file string)
		says string
	}{
		"of another file":   {func(file string) { write(t, file+".wal-a", content); write(t, file+".wal-b", nil) }, "another file's"},
		"beside a new file": {func(file string) { wantErr(t, os.Remove(file), nil) }, "another file's"},
		"moved alone": {func(file string) {
			for _, segment := range walPaths(file) {
				wantErr(t, os.Remove(segment), nil)
			}
		}, "is missing"},
		"in part": {func(file string) { wantErr(t, os.Remove(walPaths(file)[0]), nil) }, "is missing"},
	} {
		t.Run(name, func(t *testing.T) {
			dir := filepath.Join(t.TempDir(), "copy")
			wantErr(t, os.CopyFS(dir, os.DirFS(filepath.Dir(file))), nil)
			c.harm(filepath.Join(dir, "nevermind.db"))
			_, err := Open(filepath.Join(dir, "nevermind.db"))
			if wantErr(t, err, bot.ErrBroken); !strings.Contains(err.Error(), c.says) {
				t.Errorf("it says %q, want %q", err, c.says)
			}
		})
	}
}

// TestALogThatIsCutShort holds that a log may end anywhere: whole groups are there, and the one that was being written is not.
func TestALogThatIsCutShort(t *testing.T) {
	const commits = 12
	dir := killed(t, commits, NoSync())
	path, content, length := logOf(t, dir)
	last := 0
	for cut := 0; cut <= length; cut += 97 {
		s := openIn(t, layOut(t, dir, path, append(bytes.Clone(content[:cut]), make([]byte, 4096)...)), NoSync())
		held := heldOf(t, s, commits)
		if held < last || held < commits/2 {
			t.Errorf("cut at %d of %d: %d are there, and %d with less of the log", cut, length, held, last)
		}
		last = held
		wantErr(t, s.Close(), nil)
	}
	if last < commits-1 {
		t.Errorf("with nearly all of the log %d are there", last)
	}
}

// TestFlippedBitsInTheLog: a flipped bit is said, or it is in the last group, which cannot be told from one that was never
// written whole; nothing is read wrong and no group is passed over.
func TestFlippedBitsInTheLog(t *testing.T) {
	const commits = 12
	dir := killed(t, commits, NoSync())
	path, content, length := logOf(t, dir)
	lastBegins := 0
	for at := 0; at < length; {
		r, _ := readRecord(content[at:])
		lastBegins, at = at, at+r.end
	}
	dice := rand.New(rand.NewPCG(3, 4))
	flips, said, unseen := 400, 0, 0
	for range flips {
		at := dice.IntN(length)
		harmed := bytes.Clone(content)
		harmed[at] ^= 1 << dice.IntN(8)
		s, err := Open(filepath.Join(layOut(t, dir, path, harmed), "nevermind.db"), NoSync())
		if err != nil {
			wantErr(t, err, bot.ErrBroken)
			said++
			continue
		}
		held := heldOf(t, s, commits)
		if held < commits-1 || held == commits-1 && at < lastBegins {
			t.Errorf("byte %d of %d: %d of %d are there, and nothing was said", at, length, held, commits)
		}
		if held == commits {
			unseen++
		}
		wantErr(t, s.Close(), nil)
	}
	t.Logf("%d flips: %d said, %d where nothing is read", flips, said, unseen)
	if said < flips/2 {
		t.Errorf("%d of %d were said", said, flips)
	}
}

// TestTheLogTellsNothing: what an encrypted store's log holds is as encrypted as its file.
func TestTheLogTellsNothing(t *testing.T) {
	dir := killed(t, 3, encrypted(houseKey))
	for _, segment := range walPaths(filepath.Join(dir, "nevermind.db")) {
		content, err := os.ReadFile(segment)
		wantErr(t, err, nil)
		for _, word := range []string{"Bamboo", "cancel", "telegram", "buyer"} {
			if bytes.Contains(content, []byte(word)) {
				t.Errorf("%s says %q", segment, word)
			}
		}
	}
}

// TestAPlainLogDoesNotOutliveEncryption: a store that was killed plain and is opened with a key leaves nothing plain beside it.
func TestAPlainLogDoesNotOutliveEncryption(t *testing.T) {
	dir := killed(t, 9)
	s := openIn(t, dir, encrypted(houseKey))
	defer s.Close()
	if held := heldOf(t, s, 9); held != 9 {
		t.Errorf("%d of 9 turns are there", held)
	}
	files, err := os.ReadDir(dir)
	wantErr(t, err, nil)
	for _, f := range files {
		content, err := os.ReadFile(filepath.Join(dir, f.Name()))
		wantErr(t, err, nil)
		if bytes.Contains(content, []byte("Bamboo lamp")) {
			t.Errorf("%s is plain", f.Name())
		}
	}
}

// TestReadersSeeOneMoment: whoever reads while groups are committed and checkpoints go by sees what one group has left, in all
// buckets, and never an older state after a newer one.
func TestReadersSeeOneMoment(t *testing.T) {
	s := openIn(t, t.TempDir(), NoSync(), checkpointAt(2048))
	defer s.Close()
	const rounds = 1500
	key, n := []byte("round"), func(v []byte) uint64 { return binary.BigEndian.Uint64(append(make([]byte, 8), v...)[len(v):]) }
	done := make(chan struct{})
	var readers sync.WaitGroup
	for range 3 {
		readers.Go(func() {
			for before := uint64(0); ; {
				select {
				case <-done:
					return
				default:
				}
				if err := s.view(context.Background(), func(tx *transaction) error {
					a, b := n(bucketIn(tx, values).Get(key)), n(bucketIn(tx, taskIDs).Get(key))
					count := uint64(0)
					c := bucketIn(tx, terms).Cursor()
					for k, _ := c.First(); k != nil; k, _ = c.Next() {
						count++
					}
					if a != b || a < before || count != min(a, 5) {
						return fmt.Errorf("%d and %d after %d, and %d keys", a, b, before, count)
					}
					before = a
					return nil
				}); err != nil {
					t.Error(err)
					return
				}
			}
		})
	}
	for i := range uint64(rounds) {
		if i%100 == 99 {
			wantErr(t, s.db.wal.checkpoint(), nil)
		}
		wantErr(t, s.update(t.Context(), func(b *writeBatch) error {
			b.put(values, key, bigEndian(i+1))
			b.put(terms, bigEndian(i), emptyValue)
			if i >= 5 {
				b.delete(terms, bigEndian(i-5))
			}
			b.put(taskIDs, key, bigEndian(i+1))
			return nil
		}), nil)
	}
	close(done)
	readers.Wait()
	if begun := s.db.wal.state.Load().begun; begun < 10 {
		t.Errorf("there were %d checkpoints", begun)
	}
}

// TestCursor: a tree with layers over it is gone through as one that holds the same in its file.
func TestCursor(t *testing.T) {
	for seed := range uint64(30) {
		dice := rand.New(rand.NewPCG(seed, 1))
		layered, flat := openIn(t, t.TempDir(), NoSync()), openIn(t, t.TempDir(), NoSync())
		change := func() {
			k, v, gone := fmt.Appendf(nil, "%02d", dice.IntN(60)), fmt.Append(nil, dice.Uint32()), dice.IntN(2) == 0
			for _, s := range []*Store{layered, flat} {
				wantErr(t, s.update(t.Context(), func(b *writeBatch) error {
					if b.put(deadLetters, seqKey(1), emptyValue); gone {
						b.delete(handled, k)
					} else {
						b.put(handled, k, v)
					}
					return nil
				}), nil)
			}
		}
		for range 40 {
			change()
		}
		wantErr(t, layered.db.wal.checkpoint(), nil)
		for range 20 {
			change()
		}
		older, err := layered.db.wal.freeze() // as in the middle of a checkpoint
		wantErr(t, err, nil)
		for range 20 {
			change()
		}
		wantErr(t, flat.db.wal.checkpoint(), nil)
		over, err := layered.db.begin()
		wantErr(t, err, nil)
		if len(over.layers) != 2 || older.older == nil {
			t.Fatalf("%d layers", len(over.layers))
		}
		file, err := flat.db.begin()
		wantErr(t, err, nil)
		a, b := bucketIn(over, handled).Cursor(), bucketIn(file, handled).Cursor()
		k, v := a.First()
		wantK, wantV := b.First()
		for step := range 400 {
			if !bytes.Equal(k, wantK) || !bytes.Equal(v, wantV) {
				t.Fatalf("seed %d, step %d: got %s %s, want %s %s", seed, step, k, v, wantK, wantV)
			}
			if got := bucketIn(over, handled).Get(k); k != nil && !bytes.Equal(got, v) {
				t.Fatalf("seed %d, step %d: %s is %s, and %s alone", seed, step, k, v, got)
			}
			switch move := dice.IntN(8); {
			case move == 0:
				k, v = a.First()
				wantK, wantV = b.First()
			case move == 1:
				k, v = a.Last()
				wantK, wantV = b.Last()
			case move == 2 || k == nil:
				to := fmt.Appendf(nil, "%02d", dice.IntN(61))
				k, v = a.Seek(to)
				wantK, wantV = b.Seek(to)
			case move < 5:
				k, v = a.Prev()
				wantK, wantV = b.Prev()
			default:
				k, v = a.Next()
				wantK, wantV = b.Next()
			}
		}
		wantErr(t, errors.Join(over.Rollback(), file.Rollback(), flat.Close()), nil)
		layered.failForGood(errors.New("the checkpoint was never ended"))
		wantErr(t, layered.Close(), nil)
	}
}

// TestTheNextDeadlineIsFound: deadlines that have passed are passed over, and one that comes before them is seen.
func TestTheNextDeadlineIsFound(t *testing.T) {
	s := openIn(t, t.TempDir(), NoSync())
	defer s.Close()
	at := func(n byte) []byte {
		return append(bigEndian(1<<63|uint64(n)), "\x00\x01c\x00\x01n\x00\x01e\x00\x00\x00\x00\x00\x00\x00\x01"...)
	}
	set := func(n byte, there bool) {
		t.Helper()
		wantErr(t, s.update(t.Context(), func(b *writeBatch) error {
			if there {
				b.put(deadlines, at(n), emptyValue)
			} else {
				b.delete(deadlines, at(n))
			}
			return nil
		}), nil)
	}
	first := func(want int64) {
		t.Helper()
		for range 2 {
			next, err := s.NextDeadline(t.Context())
			if wantErr(t, err, nil); want == 0 && !next.IsZero() || want != 0 && toInstant(next) != instant(want) {
				t.Fatalf("the next is at %d, want %d", toInstant(next), want)
			}
		}
	}
	first(0)
	set(5, true)
	first(5)
	set(7, true)
	set(5, false)
	first(7)
	set(6, true)
	first(6)
	wantErr(t, s.db.wal.checkpoint(), nil)
	first(6)
	set(3, true)
	first(3)
	set(3, false)
	set(6, false)
	set(7, false)
	first(0)
	set(2, true)
	first(2)
}

// TestAFullDisk holds that what was acknowledged is there once there is room again, wherever the disk was full.
func TestAFullDisk(t *testing.T) {
	refusesAll := func(t *testing.T, s *Store) {
		t.Helper()
		err := s.SetValue(t.Context(), "small", nil)
		if wantErr(t, err, bot.ErrBroken); strings.Contains(err.Error(), "damaged") || !strings.Contains(err.Error(), "make room") {
			t.Errorf("got %q: nothing is damaged by a full disk", err)
		}
		_, err = s.Value(t.Context(), "kept")
		wantErr(t, err, bot.ErrBroken)
		_, err = s.Claim(t.Context(), base, 1, 1)
		wantErr(t, err, bot.ErrBroken)
		wantErr(t, s.Close(), nil)
	}
	holds := func(t *testing.T, dir, name string, size int) {
		t.Helper()
		s := openIn(t, dir)
		defer s.Close()
		if v, err := s.Value(t.Context(), name); err != nil || len(v) != size {
			t.Fatalf("%s: got %d bytes, %v, want what was kept before", name, len(v), err)
		}
	}
	t.Run("in a checkpoint", func(t *testing.T) {
		dir := t.TempDir()
		s := openIn(t, dir, func(o *options) { o.MaxSize = 1 << 20 }, checkpointAt(1<<20))
		wantErr(t, s.SetValue(t.Context(), "kept", []byte("yes")), nil)
		wantErr(t, s.SetValue(t.Context(), "large", make([]byte, 2<<20)), nil)
		s.db.wal.behind.Wait()
		refusesAll(t, s)
		holds(t, dir, "kept", 3)
		holds(t, dir, "large", 2<<20)
	})
	t.Run("at the end", func(t *testing.T) {
		dir := t.TempDir()
		s := openIn(t, dir, func(o *options) { o.MaxSize = 1 << 20 })
		wantErr(t, s.SetValue(t.Context(), "large", make([]byte, 2<<20)), nil)
		wantErr(t, s.Close(), berrors.ErrMaxSizeReached)
		_, err := Open(filepath.Join(dir, "nevermind.db"), func(o *options) { o.MaxSize = 1 << 20 })
		wantErr(t, err, berrors.ErrMaxSizeReached)
		holds(t, dir, "large", 2<<20)
	})
	t.Run("in the log", func(t *testing.T) {
		full, err := os.OpenFile("/dev/full", os.O_RDWR, 0)
		if err != nil {
			t.Skip(err)
		}
		dir := t.TempDir()
		s := openIn(t, dir)
		wantErr(t, s.SetValue(t.Context(), "kept", []byte("yes")), nil)
		wantErr(t, s.db.wal.segments[s.db.wal.current].file.Close(), nil)
		s.db.wal.segments[s.db.wal.current].file = full
		err = s.SetValue(t.Context(), "not", nil)
		wantErr(t, err, bot.ErrBroken)
		refusesAll(t, s)
		holds(t, dir, "kept", 3)
		s = openIn(t, dir)
		defer s.Close()
		_, err = s.Value(t.Context(), "not")
		wantErr(t, err, bot.ErrNone)
	})
}
