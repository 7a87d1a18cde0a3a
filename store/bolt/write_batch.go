package bolt

import (
	"errors"

	"go.etcd.io/bbolt"
	berrors "go.etcd.io/bbolt/errors"

	"nevermind/bot"
)

// batch is one transaction of the writer, and what it will mean for the lanes once it is durable.
type batch struct {
	s       *Store
	tx      *bbolt.Tx
	opened  [buckets]*bbolt.Bucket
	written int   // puts and deletes
	err     error // the first that failed
	changes []laneChange
	held    []*lane
}

func (s *Store) begin() (*batch, error) {
	if err := s.failed(); err != nil {
		return nil, err
	}
	b := &batch{s: s}
	err := try(func() (err error) {
		b.tx, err = s.db.Begin(true)
		return err
	})
	if errors.Is(err, berrors.ErrDatabaseNotOpen) {
		err = bot.ErrClosed
	}
	return b, err
}

// run runs one request; a write that failed is its error too.
func (b *batch) run(f func(*batch) error) error {
	if err := f(b); err != nil {
		return err
	}
	return b.err
}

// finish commits, and only then tells the lanes.
func (b *batch) finish() error {
	if err := try(b.tx.Commit); err != nil {
		_ = try(b.tx.Rollback) // where Commit panicked it has not let go of the file
		return err
	}
	b.s.lanes.settle(b.changes, b.held)
	return nil
}

// giveUp leaves the file and the lanes as they were.
func (b *batch) giveUp() {
	_ = try(b.tx.Rollback)
	b.s.lanes.settle(nil, b.held)
}

func (b *batch) in(n bucket) *bbolt.Bucket {
	if b.opened[n] == nil {
		b.opened[n] = in(b.tx, n)
		if appended[n] {
			b.opened[n].FillPercent = 0.9
		}
	}
	return b.opened[n]
}

// get returns what is stored, valid until the next write: bbolt's own memory.
func (b *batch) get(n bucket, key []byte) []byte { return b.in(n).Get(key) }

// put stores a value; it must not be changed before the transaction is over.
func (b *batch) put(n bucket, key, value []byte) {
	b.written++
	b.keep(b.in(n).Put(key, value))
}

func (b *batch) delete(n bucket, key []byte) {
	b.written++
	b.keep(b.in(n).Delete(key))
}

func (b *batch) keep(err error) {
	if b.err == nil {
		b.err = err
	}
}

// nextSeq numbers tasks and messages, in the order in which they are committed.
func (b *batch) nextSeq() uint64 {
	b.written++
	seq, err := b.in(tasks).NextSequence()
	b.keep(err)
	return seq
}
