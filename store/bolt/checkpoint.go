package bolt

import (
	"encoding/binary"
	"errors"
	"fmt"

	"go.etcd.io/bbolt"
	berrors "go.etcd.io/bbolt/errors"
)

// walKey is where meta keeps the log's id and the number of the last group that is in the file.
var walKey = []byte("wal")

// logged is added to the schema version in a file whose log may hold more than it does, so that a program that knows of no log
// does not open it.
const logged = 100

// fileState is whether a file is all there is.
type fileState bool

const (
	whole  fileState = true  // an older program may open it
	behind fileState = false // its log may hold more
)

// checkpointBehind makes a checkpoint in the background, unless one is under way.
func (w *wal) checkpointBehind() {
	w.writing.Lock()
	defer w.writing.Unlock()
	if w.closed || !w.pending.CompareAndSwap(false, true) {
		return
	}
	w.behind.Go(func() {
		defer w.pending.Store(false)
		_ = w.checkpoint() // whoever comes next is told
	})
}

// checkpoint brings into the file what was committed when it began.
func (w *wal) checkpoint() error { return w.checkpointAs(behind) }

func (w *wal) checkpointAs(state fileState) error {
	w.applying.Lock()
	defer w.applying.Unlock()
	return w.apply(state)
}

// apply is checkpointAs for whoever holds the mutex.
func (w *wal) apply(state fileState) (err error) {
	defer func() {
		if err != nil && !errors.Is(err, berrors.ErrDatabaseNotOpen) {
			w.failed(err)
		}
	}()
	over, err := w.freeze()
	if err != nil || over.number == over.applied && state == behind {
		return err
	}
	if err := catchDamage(func() error {
		return w.db.Update(func(tx *bbolt.Tx) error {
			if over.older != nil {
				if err := applyChanges(tx, over.older, over.last); err != nil {
					return err
				}
			}
			return putWALState(tx, w.id, over.number, state)
		})
	}); err != nil {
		return fmt.Errorf("bring the log into the file: %w", err)
	}
	w.change(func(now *overlay) { now.older, now.applied = nil, over.number })
	return nil
}

// freeze begins a new segment and a new layer; what was in the latest is to be applied.
func (w *wal) freeze() (*overlay, error) {
	w.writing.Lock()
	defer w.writing.Unlock()
	over := w.state.Load()
	if over.older != nil {
		return nil, errFailedBefore
	}
	if over.number == over.applied {
		return over, nil
	}
	if w.soon != nil {
		w.soon.Stop()
	}
	w.current = 1 - w.current
	if err := w.segments[w.current].reuse(); err != nil {
		return nil, err
	}
	w.change(func(now *overlay) { now.older, now.latest, now.begun = now.latest, newChanges(), now.begun+1 })
	return w.state.Load(), nil
}

var errFailedBefore = errors.New("the log could not be brought into the file before")

// applyChanges makes changes in the file.
func applyChanges(tx *bbolt.Tx, changed *changes, last uint64) (err error) {
	var in *bbolt.Bucket
	at := buckets
	changed.Scan(func(c *change) bool {
		if c.in != at {
			in, at = tx.Bucket(bucketNames[c.in]), c.in
			if appendOnly[at] { // no key will ever be inserted between those that are there
				in.FillPercent = 0.9
			}
		}
		if c.value == nil {
			err = in.Delete(c.key)
		} else {
			err = in.Put(c.key, c.value)
		}
		return err == nil
	})
	if err != nil {
		return err
	}
	return tx.Bucket(bucketNames[tasks]).SetSequence(last)
}

// putWALState says in the file how far it is.
func putWALState(tx *bbolt.Tx, id, applied uint64, state fileState) error {
	m, version := tx.Bucket(bucketNames[meta]), uint64(schema)
	if state == behind {
		version += logged
	}
	if err := m.Put(walKey, binary.BigEndian.AppendUint64(bigEndian(id), applied)); err != nil {
		return err
	}
	return m.Put(schemaKey, bigEndian(version))
}

// walState is what a file says of its log.
type walState struct {
	there       bool // there was one
	id, applied uint64
	file        fileState
}

func walStateOf(tx *bbolt.Tx) (s walState) {
	s.file = whole
	m := tx.Bucket(bucketNames[meta])
	if m == nil {
		return s
	}
	if v := m.Get(walKey); len(v) == 16 {
		s.there, s.id, s.applied = true, binary.BigEndian.Uint64(v), binary.BigEndian.Uint64(v[8:])
	}
	if v := m.Get(schemaKey); len(v) == 8 && binary.BigEndian.Uint64(v) > logged {
		s.file = behind
	}
	return s
}

// wholeView is a read transaction of the file itself, in which all is that was committed, and no mark of a log.
func (w *wal) wholeView(x *secrets) (*transaction, error) {
	w.applying.Lock()
	defer w.applying.Unlock()
	if err := w.apply(whole); err != nil {
		return nil, err
	}
	tx, err := w.db.Begin(false)
	if err != nil {
		return nil, err
	}
	err = w.db.Update(func(tx *bbolt.Tx) error { return putWALState(tx, w.id, w.state.Load().applied, behind) })
	if err != nil {
		w.failed(err)
		_ = tx.Rollback()
		return nil, err
	}
	return newTransaction(tx, x, nil), nil
}
