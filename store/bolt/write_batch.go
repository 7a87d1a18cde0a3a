package bolt

import (
	"errors"

	berrors "go.etcd.io/bbolt/errors"

	"nevermind/bot"
)

// writeBatch is the write transaction of one group, with what it will mean for the lanes.
//
// The writer makes one for each group and uses it alone. Requests read through get and write
// through put and delete; the first failed write is kept in err, so that a request need not check
// each. The lanes in memory change only when the transaction is durable: until then the changes are
// collected in updates, and the lanes whose heads the transaction is about to settle are locked, so
// that Claim gives them to nobody.
type writeBatch struct {
	s       *Store
	tx      *transaction
	opened  [buckets]*table
	bare    [buckets]bool // there is nothing in it
	written int           // puts and deletes
	err     error         // the first that failed
	updates []laneUpdate
	locked  []*lane
	keep    []func(tx uint64) // what is kept in memory once it is durable
	last    bool              // nothing else comes into this transaction
}

// begin opens the write transaction. ErrBroken or the earlier failure: the store accepts nothing
// any more.
func (s *Store) begin() (*writeBatch, error) {
	if err := s.writeError(); err != nil {
		return nil, err
	}
	b := &writeBatch{s: s}
	err := catchDamage(func() (err error) {
		if x := s.db.secrets; x != nil && x.Keys.Worn() {
			if err := s.renewKey(); err != nil {
				return err
			}
		}
		b.tx, err = s.db.wal.begin(s.db.secrets)
		return err
	})
	if errors.Is(err, berrors.ErrDatabaseNotOpen) {
		err = bot.ErrClosed
	}
	return b, err
}

// run runs one request against the transaction. A failed write counts as the request's error even
// where the request did not look.
func (b *writeBatch) run(f func(*writeBatch) error) error {
	if err := f(b); err != nil {
		return err
	}
	return b.err
}

// commit writes the transaction to the disk and only then updates the lanes, so that no task is
// leased that a crash could still undo.
func (b *writeBatch) commit() error {
	id := b.id()
	if err := b.s.db.wal.commit(b.tx); err != nil {
		return err
	}
	b.s.lanes.apply(b.updates, b.locked)
	for _, keep := range b.keep {
		keep(id)
	}
	return nil
}

// rollback leaves the file and the lanes as they were and unlocks what was locked.
func (b *writeBatch) rollback() {
	_ = b.s.db.wal.rollback(b.tx)
	b.s.lanes.apply(nil, b.locked)
}

// bucket opens a bucket once for each transaction.
func (b *writeBatch) bucket(n bucket) *table {
	if b.opened[n] == nil {
		b.opened[n] = bucketIn(b.tx, n)
		if mostlyBare[n] {
			k, _ := b.opened[n].Bucket.Cursor().First()
			b.bare[n] = k == nil
		}
	}
	return b.opened[n]
}

// get returns what is stored under a key, nil where there is nothing. The bytes are bbolt's own
// memory or the log's: they are valid until the transaction is over and must not be changed.
func (b *writeBatch) get(n bucket, key []byte) []byte {
	t := b.bucket(n)
	if b.bare[n] {
		return nil
	}
	return t.Get(key)
}

// has says whether something is stored under a key, whole or damaged.
func (b *writeBatch) has(n bucket, key []byte) bool { return b.bucket(n).Has(key) }

// whole is get of what may be damaged without holding up who asks: nil then, and broken.
func (b *writeBatch) whole(n bucket, key []byte) (v []byte, broken bool) {
	v, err := readable(func() ([]byte, error) { return b.get(n, key), nil })
	return v, err != nil
}

// mostlyBare are buckets in which nothing stands but in an old file, or where something has gone wrong.
var mostlyBare = [buckets]bool{tokens: true, outcomes: true, sent: true, cards: true, deadLetters: true}

// put stores a value.
func (b *writeBatch) put(n bucket, key, value []byte) {
	b.written++
	b.uncache(n, key)
	b.fail(b.bucket(n).Put(key, value))
	b.bare[n] = false
}

// id is the transaction's number. A read transaction has that of the latest one that it sees.
func (b *writeBatch) id() uint64 { return b.tx.ID() }

// uncache takes what is about to be written out of memory.
func (b *writeBatch) uncache(n bucket, key []byte) {
	switch n {
	case conversations:
		b.s.conversations.written(string(key), b.id())
	case people:
		b.s.people.written(string(key), b.id())
	case orders:
		b.s.orders.written(string(key), b.id())
	case accounts:
		b.s.accounts.written(string(key), b.id())
	case terms:
		b.s.filed.written(string(filedUnder(b.tx.secrets, key)), b.id())
	}
}

// delete removes a key; one that is not there is no error.
func (b *writeBatch) delete(n bucket, key []byte) {
	b.written++
	b.uncache(n, key)
	if n == offers {
		b.s.offered.Forget()
	}
	b.fail(b.bucket(n).Delete(key))
}

// fail keeps the first error of a write or of decoding what is about to be replaced.
func (b *writeBatch) fail(err error) {
	if b.err == nil {
		b.err = err
	}
}

// nextSeq gives the next sequence number. Tasks and room messages share one sequence, so that the
// order within a room is the order in which its messages and replies were committed.
func (b *writeBatch) nextSeq() uint64 {
	b.written++
	seq, err := b.bucket(tasks).Bucket.NextSequence()
	b.fail(err)
	return seq
}
