package bolt

import (
	"bytes"
	"errors"
	"fmt"
	"path/filepath"
	"reflect"
	"testing"

	"nevermind/bot"
)

// The schemas of these tests are made up: from 1 to 2 every value is doubled, two a batch; from 2 to 3 all are counted.
var madeUp = map[int]migrationStep{1: double, 2: count}

func double(tx *transaction, after []byte) (next []byte, err error) {
	b := bucketIn(tx, values)
	c := b.Cursor()
	var batch [][]byte
	for k := seekAbove(c, after); k != nil && len(batch) < 2; k, _ = c.Next() {
		batch = append(batch, k)
	}
	for _, k := range batch {
		if err := b.Put(k, append(b.Get(k), b.Get(k)...)); err != nil {
			return nil, err
		}
		next = k
	}
	return next, nil
}

func count(tx *transaction, _ []byte) ([]byte, error) {
	n := 0
	err := bucketIn(tx, values).ForEach(func(_, _ []byte) error { n++; return nil })
	return nil, errors.Join(err, bucketIn(tx, values).Put([]byte("count"), fmt.Append(nil, n)))
}

// older makes a file of schema 1 with five values.
func older(t *testing.T) *database {
	t.Helper()
	db, err := openRaw(filepath.Join(t.TempDir(), "older.db"))
	wantErr(t, err, nil)
	t.Cleanup(func() { _ = db.Close() })
	wantErr(t, createBuckets(db, 1), nil)
	wantErr(t, db.Update(func(tx *transaction) error {
		for i := range 5 {
			if err := bucketIn(tx, values).Put(fmt.Append(nil, i), fmt.Append(nil, i)); err != nil {
				return err
			}
		}
		return nil
	}), nil)
	return db
}

// shows wants the values to be these, and the schema this.
func shows(t *testing.T, db *database, version int, want string) {
	t.Helper()
	got := ""
	wantErr(t, db.View(func(tx *transaction) error {
		return bucketIn(tx, values).ForEach(func(k, v []byte) error {
			got += fmt.Sprintf("%s=%s ", k, v)
			return nil
		})
	}), nil)
	have, err := schemaOf(db)
	if err != nil || have != version || got != want {
		t.Fatalf("got schema %d, %v, %q, want %d, %q", have, err, got, version, want)
	}
}

func TestAnOlderFileIsBroughtForward(t *testing.T) {
	db := older(t)
	wantErr(t, migrate(db, 3, madeUp), nil)
	shows(t, db, 3, "0=00 1=11 2=22 3=33 4=44 count=5 ")
	wantErr(t, migrate(db, 3, madeUp), nil)
	shows(t, db, 3, "0=00 1=11 2=22 3=33 4=44 count=5 ")
}

func TestAnUpgradeCutShortGoesOnWhereItWas(t *testing.T) {
	for cut := range 4 {
		db := older(t)
		batches := 0
		crash := errors.New("crash")
		fails := map[int]migrationStep{2: count, 1: func(tx *transaction, after []byte) ([]byte, error) {
			next, err := double(tx, after)
			if batches++; batches > cut {
				return nil, crash
			}
			return next, err
		}}
		wantErr(t, migrate(db, 3, fails), crash)
		wantErr(t, migrate(db, 3, madeUp), nil)
		shows(t, db, 3, "0=00 1=11 2=22 3=33 4=44 count=5 ")
	}
}

func TestAFileOfTheFutureIsLeftAlone(t *testing.T) {
	db := older(t)
	wantErr(t, migrate(db, 3, madeUp), nil)
	wantErr(t, migrate(db, 2, madeUp), bot.ErrNewer)
	shows(t, db, 3, "0=00 1=11 2=22 3=33 4=44 count=5 ")
	wantErr(t, migrate(db, 5, madeUp), bot.ErrBroken) // no way leads there
}

func TestSchema2IndexesWhatWasDeadBefore(t *testing.T) {
	dir := t.TempDir()
	s := openIn(t, dir)
	const n = 2*chunkSize + 7
	for i := range n {
		c := &bot.Commit{Dead: "lost", Tasks: []bot.Task{{ID: fmt.Sprint("t", i), Lane: "a"}}}
		if i%3 == 0 {
			c.Dead = ""
		}
		wantErr(t, s.Commit(t.Context(), c), nil)
	}
	want, err := s.Dead(t.Context(), 0, n)
	wantErr(t, err, nil)
	wantErr(t, s.Close(), nil)
	db, err := openRaw(filepath.Join(dir, "nevermind.db"))
	wantErr(t, err, nil)
	wantErr(t, db.Update(func(tx *transaction) error {
		keepApart(t, tx)
		return errors.Join(tx.DeleteBucket(bucketNames[deadLetters]), bucketIn(tx, meta).Put(schemaKey, bigEndian(1)))
	}), nil)
	wantErr(t, db.Close(), nil)
	s = openIn(t, dir)
	defer s.Close()
	got, err := s.Dead(t.Context(), 0, n)
	if err != nil || len(got) == 0 || !reflect.DeepEqual(got, want) {
		t.Fatalf("dead: got %d, %v, want %d", len(got), err, len(want))
	}
}

// keepApart gives a file the form of schemas 1 and 2, in which outcomes stood in a bucket of their own.
func keepApart(t *testing.T, tx *transaction) {
	t.Helper()
	c := bucketIn(tx, tasks).Cursor()
	for k, v := c.First(); k != nil; k, v = c.Next() {
		outcome, record := cutOutcome(v)
		if outcome == nil {
			continue
		}
		wantErr(t, bucketIn(tx, outcomes).Put(k, bytes.Clone(outcome)), nil)
		wantErr(t, bucketIn(tx, tasks).Put(k, bytes.Clone(record)), nil)
		c.Seek(k)
	}
}

func TestABucketThatIsNewIsMade(t *testing.T) {
	db := older(t)
	wantErr(t, db.Update(func(tx *transaction) error { return tx.DeleteBucket(bucketNames[cards]) }), nil)
	wantErr(t, migrate(db, 1, nil), nil)
	wantErr(t, db.View(func(tx *transaction) error {
		if bucketIn(tx, cards) == nil {
			return bot.ErrNone
		}
		return nil
	}), nil)
}
