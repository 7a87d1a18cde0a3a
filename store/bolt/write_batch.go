package bolt

import (
	"errors"

	"go.etcd.io/bbolt"
	berrors "go.etcd.io/bbolt/errors"

	"nevermind/bot"
)

// writeBatch is one transaction of the writer, and what it will mean for the lanes once it is durable.
type writeBatch struct {
	s       *Store
	tx      *bbolt.Tx
	opened  [buckets]*bbolt.Bucket
	written int   // puts and deletes
	err     error // the first that failed
	updates []laneUpdate
	locked  []*lane
}

func (s *Store) begin() (*writeBatch, error) {
	if err := s.writeError(); err != nil {
		return nil, err
	}
	b := &writeBatch{s: s}
	err := catchDamage(func() (err error) {
		b.tx, err = s.db.Begin(true)
		return err
	})
	if errors.Is(err, berrors.ErrDatabaseNotOpen) {
		err = bot.ErrClosed
	}
	return b, err
}

// run runs one request; a write that failed is its error too.
func (b *writeBatch) run(f func(*writeBatch) error) error {
	if err := f(b); err != nil {
		return err
	}
	return b.err
}

// commit commits, and only then tells the lanes.
func (b *writeBatch) commit() error {
	if err := catchDamage(b.tx.Commit); err != nil {
		_ = catchDamage(b.tx.Rollback) // where Commit panicked it has not let go of the file
		return err
	}
	b.s.lanes.apply(b.updates, b.locked)
	return nil
}

// rollback leaves the file and the lanes as they were.
func (b *writeBatch) rollback() {
	_ = catchDamage(b.tx.Rollback)
	b.s.lanes.apply(nil, b.locked)
}

func (b *writeBatch) bucket(n bucket) *bbolt.Bucket {
	if b.opened[n] == nil {
		b.opened[n] = bucketIn(b.tx, n)
		if appendOnly[n] {
			b.opened[n].FillPercent = 0.9
		}
	}
	return b.opened[n]
}

// get returns what is stored, valid until the next write: bbolt's own memory.
func (b *writeBatch) get(n bucket, key []byte) []byte { return b.bucket(n).Get(key) }

// put stores a value; it must not be changed before the transaction is over.
func (b *writeBatch) put(n bucket, key, value []byte) {
	b.written++
	b.fail(b.bucket(n).Put(key, value))
}

func (b *writeBatch) delete(n bucket, key []byte) {
	b.written++
	b.fail(b.bucket(n).Delete(key))
}

func (b *writeBatch) fail(err error) {
	if b.err == nil {
		b.err = err
	}
}

// nextSeq numbers tasks and messages, in the order in which they are committed.
func (b *writeBatch) nextSeq() uint64 {
	b.written++
	seq, err := b.bucket(tasks).NextSequence()
	b.fail(err)
	return seq
}
