// Package bolt keeps conversations, orders, people and tasks in one file, for one process.
//
// One writer drains a queue and commits everything waiting in one disk write. Leases live in memory; all else is in
// the file, and nothing is kept in memory for a conversation that is idle.
package bolt

import (
	"fmt"
	"sync"
	"sync/atomic"

	"go.etcd.io/bbolt"

	"nevermind/bot"
)

// Store is a bot.Store in one bbolt file.
type Store struct {
	db      *bbolt.DB
	lanes   *lanes
	queue   chan *writeRequest
	quit    chan struct{} // closed by Close
	stopped chan struct{} // closed when the writer is done
	closing sync.Once
	fatal   atomic.Pointer[error]
}

// Option changes how a store is opened.
type Option func(*bbolt.Options)

// NoSync leaves out waiting for the disk: for tests, where a crash of the machine loses nothing of worth.
func NoSync() Option { return func(o *bbolt.Options) { o.NoSync = true } }

// queueLength is how many changes may wait for the writer before callers are held back.
const queueLength = 2048

// Open opens the store at path, and makes it where there is none. ErrLocked, ErrBroken and ErrNewer say why it cannot.
func Open(path string, opts ...Option) (*Store, error) {
	db, err := openFile(path, opts)
	if err != nil {
		return nil, fmt.Errorf("open the store: %w", err)
	}
	s := &Store{
		db:      db,
		queue:   make(chan *writeRequest, queueLength),
		quit:    make(chan struct{}),
		stopped: make(chan struct{}),
	}
	if err := catchDamage(s.load); err != nil {
		_ = catchDamage(db.Close)
		return nil, fmt.Errorf("open the store: %w", explainOpenError(path, err))
	}
	go s.writeLoop()
	return s, nil
}

// load brings the file to the present schema and takes up the tasks that wait.
func (s *Store) load() error {
	if err := migrate(s.db, schema, migrations); err != nil {
		return err
	}
	opens, err := countOpen(s.db)
	if err != nil {
		return err
	}
	s.lanes = newLanes(opens)
	return s.db.View(func(tx *bbolt.Tx) error {
		return bucketIn(tx, waits).ForEach(func(k, v []byte) error {
			w := readWaiting(v)
			s.lanes.update(laneUpdate{lane: w.lane, add: true, queuedTask: queuedTask{seqOf(k), w.notBefore, w.made}})
			return nil
		})
	})
}

// Schema returns the version of the stored form.
func (s *Store) Schema() int { return schema }

// Close waits for the commit under way and closes the file; what still waited for the writer gets ErrClosed.
func (s *Store) Close() error {
	var err error
	s.closing.Do(func() {
		close(s.quit)
		<-s.stopped
		err = catchDamage(s.db.Close)
	})
	return err
}

var _ bot.Store = (*Store)(nil)
