package bolt

import (
	"cmp"
	"errors"
	"sync"
	"sync/atomic"
	"time"

	"go.etcd.io/bbolt"
)

// The write-ahead log. A commit of bbolt is two flushes and a copy of each page that it touches; that is too much to wait for.
// So a group is made durable by one record at the end of a log beside the file, with one flush (wal_record.go, segment.go). What
// the log holds beyond the file lies over it in memory (overlay.go), where readers find it (tree.go). A checkpoint brings it into
// the file, many groups in one transaction, while others go on (checkpoint.go); then its part of the log is written over. What a
// crash has left in the log is brought into the file when it is opened, before anything else (replay.go).
//
// There are two segments: one takes new groups, and the other is being brought into the file, or is free. A store that is closed
// has brought everything into its file and leaves no log.
type wal struct {
	db              *bbolt.DB
	id              uint64 // of the file, in each record
	checkpointBytes int64
	failed          func(error) // is told of a checkpoint that failed
	state           atomic.Pointer[overlay]

	// Held by the writer from the beginning of a group to its end, and by whoever begins a checkpoint.
	writing  sync.Mutex
	segments [2]segment
	current  int
	record   []byte // the one that was written last; its room is used again
	closed   bool

	// Held during a checkpoint.
	applying sync.Mutex
	soon     *time.Timer // begins the next one
	behind   sync.WaitGroup
	pending  atomic.Bool // one is under way in the background
}

const (
	checkpointBytes = 4 << 20          // how long a segment grows until a checkpoint begins
	mostBehind      = 16 << 20         // and until the writer waits for it
	mostRecord      = 1 << 20          // how much room for a record is kept
	checkpointAfter = 10 * time.Second // how old the first group in a segment may be until then
)

// newWAL is the log of a file in which all stands up to a group and a sequence number.
func newWAL(db *bbolt.DB, both [2]segment, id, applied, last uint64, o *options) *wal {
	w := &wal{db: db, id: id, segments: both, checkpointBytes: cmp.Or(o.checkpointBytes, checkpointBytes), failed: func(error) {}}
	w.state.Store(&overlay{latest: newChanges(), number: applied, applied: applied, last: last,
		soonest: new(atomic.Pointer[string])})
	return w
}

// view begins a read transaction: the file and what lies over it, both of one moment. What was already applied may lie over it
// still, which changes nothing; what a later checkpoint applied must not lie under it.
func (w *wal) view(x *secrets) (*transaction, error) {
	for {
		over := w.state.Load()
		tx, err := w.db.Begin(false)
		if err != nil {
			return nil, err
		}
		if w.state.Load().begun == over.begun {
			return newTransaction(tx, x, over), nil
		}
		if err := tx.Rollback(); err != nil {
			return nil, err
		}
	}
}

// walGroup is what the transaction of the writer changes.
type walGroup struct {
	top     *changes // the overlay's latest, with them
	changes []*change
	after   []func() // when it is durable
}

func (g *walGroup) add(c *change) {
	g.changes = append(g.changes, c)
	g.top.Set(c)
}

// begin begins the writer's transaction; only one may be open.
func (w *wal) begin(x *secrets) (*transaction, error) {
	w.writing.Lock()
	if w.segments[w.current].length > mostBehind {
		w.writing.Unlock()
		if err := w.checkpoint(); err != nil {
			return nil, err
		}
		w.writing.Lock()
	}
	begun := false
	defer func() {
		if !begun { // bbolt may panic over a damaged file
			w.writing.Unlock()
		}
	}()
	tx, err := w.view(x)
	if err != nil {
		return nil, err
	}
	begun = true
	tx.group = &walGroup{top: tx.over.latest.Copy()}
	tx.layer(tx.group.top, tx.over.older)
	return tx, nil
}

// commit makes a group durable, and then shows it to readers.
func (w *wal) commit(tx *transaction) error {
	_ = tx.Tx.Rollback() // it was only read, and nothing of it is used any more
	number := tx.over.number + 1
	w.record = walRecord(w.record, w.id, number, tx.last, tx.group.changes)
	first, err := w.append(w.record)
	if cap(w.record) > mostRecord {
		w.record = nil
	}
	if err == nil {
		soonest := tx.over.soonestAfter(tx.group.changes)
		w.change(func(now *overlay) {
			now.latest, now.number, now.last, now.soonest = tx.group.top, number, tx.last, soonest
		})
	}
	full := w.segments[w.current].length >= w.checkpointBytes
	if first && err == nil {
		w.soon = time.AfterFunc(checkpointAfter, w.checkpointBehind)
	}
	w.writing.Unlock()
	if err != nil {
		return err
	}
	for _, f := range tx.group.after {
		f()
	}
	if full {
		w.checkpointBehind()
	}
	return nil
}

// append writes a record, and says whether it is the first of its segment.
func (w *wal) append(record []byte) (first bool, err error) {
	s := &w.segments[w.current]
	return s.length == 0, s.append(record)
}

// rollback ends a transaction that changes nothing.
func (w *wal) rollback(tx *transaction) error {
	err := tx.Tx.Rollback()
	w.writing.Unlock()
	return err
}

// change makes the next state of this one.
func (w *wal) change(f func(now *overlay)) {
	for {
		was := w.state.Load()
		now := *was
		f(&now)
		if w.state.CompareAndSwap(was, &now) {
			return
		}
	}
}

// close brings everything into the file and removes the log. Where that fails the log stays, for the next start.
func (w *wal) close(broken bool) error {
	w.writing.Lock()
	w.closed = true
	if w.soon != nil {
		w.soon.Stop()
	}
	w.writing.Unlock()
	w.behind.Wait()
	var err error
	if !broken {
		err = w.checkpointAs(whole)
	}
	err = errors.Join(err, w.segments[0].close(), w.segments[1].close())
	if err == nil && !broken {
		err = removeWAL(w.db.Path())
	}
	return err
}
