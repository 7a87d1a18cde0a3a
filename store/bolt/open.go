// Package bolt is a bot.Store in one bbolt file, for one process: it keeps conversations with their
// journals, orders, people, the outbox of tasks, what was said in each room, and a few named
// values.
//
// The life of a commit. Commit validates the names in a bot.Commit (validate.go), encodes
// everything that can be encoded beforehand (commit.go) and hands a request to the one writer
// (group_commit.go). The writer takes whatever waits in its queue, runs every request against one
// transaction (write_batch.go) and commits them together: one record of the write-ahead log and one
// fdatasync for up to a thousand commits (wal.go). What the log holds is read as part of the file,
// and checkpoints bring it into that behind the writer. A request first checks everything that
// could refuse it (ErrSeen, ErrStale, ErrFenced)
// and only then writes (commit_write.go), so a refused request costs the rest of its group nothing.
// Commit returns when the group is on the disk, so that what it acknowledges is durable.
//
// The outbox. A task is committed with the turn that asks for it and waits in a lane (outbox.go).
// Lanes live in memory (lanes.go) and are made from the file at each start; they give out leases on
// the heads of lanes, each with a fencing token, the epoch. Whoever holds the lease tries the task
// and settles it (leases.go, settle.go); a holder whose lease was given to another is refused with
// ErrFenced. Tasks are tried at least once: a crash between the attempt and its settlement repeats
// it. What cannot be delivered becomes a dead letter (dead_letters.go) until an operator acts.
//
// What is stored. The buckets are listed with their keys and values in buckets.go; the record types
// and the CBOR field numbers, which are promises, are in the record_*.go files; encoding.go says
// how a record is framed. Changes of the schema are migrations (migrate in upgrade.go).
//
// Errors. ErrBusy: the writer's queue stayed full. ErrClosed: Close was called. ErrBroken: the file
// is damaged, or a commit could not be written; after a failed write the store refuses everything,
// since nobody knows what the file holds. ErrLocked: another process has the file open. ErrNewer: a
// later version of the program wrote it.
package bolt

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"go.etcd.io/bbolt"

	"nevermind/bot"
	"nevermind/store/record"
)

// Store is a bot.Store in one bbolt file and its log. Open makes it and starts its writer goroutine; Close
// stops that and closes the file. All methods may be called from any number of goroutines. Reads
// run in short bbolt read transactions beside the writer and see the last group that was committed;
// all writes go through the writer.
type Store struct {
	db *database
	// The tasks that wait and the leases on them, in memory; load makes them from the file.
	lanes *lanes
	// What was read or committed lately, decoded.
	conversations *cache[storedConversation]
	people        *cache[bot.Person]
	orders        *cache[bot.Order]
	accounts      *cache[bot.PersonID]
	filed         *cache[[]bot.Key]                    // what is filed under a term, all of it, by the term as it is stored
	offered       *record.Recent[string, []tokenRests] // what a turn has offered, by what its tokens have in common
	// Changes on their way to the writer, at most queueLength.
	queue chan *writeRequest
	// Those that nobody waits for, and how long they wait for company.
	unhurried chan *writeRequest
	patience  time.Duration
	quit      chan struct{} // closed by Close
	stopped   chan struct{} // closed when the writer is done
	closing   sync.Once
	// How many slots the key ring lacks; see LostSlots.
	lostSlots uint32
	// The failure after which nothing is accepted any more; nil while the store works.
	fatal atomic.Pointer[error]
}

// Option changes how Open opens the bbolt file.
type Option func(*options)

// options are bbolt's, and how the file is encrypted.
type options struct {
	bbolt.Options
	keys     func(wrapped [][]byte) (Keys, error) // nil where there is no key
	ring     func(name string) (PersonalKeys, error)
	lockOnly bool // nothing is read, so no key is needed
	patience time.Duration

	checkpointBytes int64 // how long a segment of the log grows; checkpointBytes where it is 0
}

// chosen is what the options come to.
func chosen(opts []Option) *options {
	o := new(options)
	for _, opt := range opts {
		opt(o)
	}
	return o
}

// Encrypted says with what the file is encrypted. open is given the keys that the file holds, none where it is new or still
// plain, and reads or makes them; its error is returned by Open.
func Encrypted(open func(wrapped [][]byte) (Keys, error)) Option {
	return func(o *options) { o.keys = open }
}

// Personal says with what an encrypted file encrypts what is about people besides. open is given the name of the ring that the
// file was encrypted with, none where it is new, and reads or makes it; its error is returned by Open.
func Personal(open func(name string) (PersonalKeys, error)) Option {
	return func(o *options) { o.ring = open }
}

// Both is two options in one.
func Both(a, b Option) Option { return func(o *options) { a(o); b(o) } }

// NoSync leaves out the fdatasync after each group, so that a commit is durable only against a
// crash of this process. For tests and for throw-away copies, where a crash of the machine loses
// nothing of worth.
func NoSync() Option { return func(o *options) { o.NoSync = true } }

// Patience is how long what nobody waits for may wait to be committed with something else; none without it, as in tests that do
// one thing after the other.
func Patience(d time.Duration) Option { return func(o *options) { o.patience = d } }

// queueLength is how many changes may wait for the writer before callers are held back. Two full
// groups: while one is being written the next one gathers.
const queueLength = 2048

// Open opens the store at path and makes the file where there is none. It runs the migrations that
// an older file needs, counts the opening (leases are numbered from it) and loads the lanes.
//
// ErrLocked: another process has the file open for more than a second. ErrBroken: the file is
// damaged, cut short or empty. ErrNewer: its schema is later than this program's.
func Open(path string, opts ...Option) (*Store, error) {
	db, err := openFile(path, opts)
	if err == nil {
		if err = verifyAtStart(path); err == nil {
			err = catchDamage(db.replay)
		}
		if err != nil {
			_ = catchDamage(db.Close)
			err = explainOpenError(path, err)
		}
	}
	if o := chosen(opts); err == nil && o.keys != nil && (db.secrets == nil || db.secrets.Ring == nil && o.ring != nil) {
		db, err = encryptFile(path, db, opts)
	}
	if err != nil {
		return nil, fmt.Errorf("open the store: %w", err)
	}
	s := &Store{
		db:        db,
		queue:     make(chan *writeRequest, queueLength),
		unhurried: make(chan *writeRequest, queueLength),
		patience:  chosen(opts).patience,
		quit:      make(chan struct{}),
		stopped:   make(chan struct{}),

		conversations: newCache(cloneStored),
		people:        newCache(clonePerson),
		orders:        newCache((*bot.Order).Clone),
		accounts:      newCache(func(id *bot.PersonID) bot.PersonID { return *id }),
		filed:         newCache(func(keys *[]bot.Key) []bot.Key { return slices.Clone(*keys) }),
		offered:       record.NewRecent[string, []tokenRests](mostOffered),
	}
	if err := catchDamage(func() error { return s.load(chosen(opts)) }); err != nil {
		_ = catchDamage(db.Close)
		return nil, fmt.Errorf("open the store: %w", explainOpenError(path, err))
	}
	go s.writeLoop()
	if err := s.resumeErasure(context.Background()); err != nil {
		return nil, errors.Join(fmt.Errorf("end an erasure: %w", err), s.Close())
	}
	if s.lostSlots, err = s.db.secrets.GuardSlots(context.Background(), s); err != nil {
		return nil, errors.Join(fmt.Errorf("open the store: %w", err), s.Close())
	}
	return s, nil
}

// LostSlots is how many slots of the key ring are known here and not in it, since it is an older copy.
func (s *Store) LostSlots() uint32 { return s.lostSlots }

// load brings the file to the present schema and puts every waiting task into its lane. It runs
// before the writer starts, so nothing else touches the file.
func (s *Store) load(o *options) error {
	if err := migrate(s.db, schema, migrations); err != nil {
		return err
	}
	opens, err := countOpen(s.db, o)
	if err != nil {
		return err
	}
	s.db.wal.failed = s.failForGood
	if s.db.secrets != nil {
		if err := s.refreshKeys(opens); err != nil {
			return err
		}
	}
	s.lanes = newLanes(opens)
	return s.db.View(func(tx *transaction) error {
		s.db.drained = drainedIn(tx)
		t := bucketIn(tx, waiting)
		c := t.Bucket.Cursor() // not one of the table: what is damaged is not passed over
		for k, v := c.First(); k != nil; k, v = c.Next() {
			w, err := readable(func() (waitingTask, error) { return readWaiting(tx, t.open(k, v)), nil })
			if err != nil {
				w = waitingTask{lane: laneOfDamaged(tx, seqOf(k)), attempts: 1}
			}
			if w.lane != "" { // its room was erased
				q := w.queued(seqOf(k))
				q.loaded = true
				s.lanes.update(laneUpdate{lane: w.lane, add: true, queuedTask: q})
			}
		}
		return nil
	})
}

// laneOfDamaged is the lane of a task whose place in it was damaged, as the task itself says it.
func laneOfDamaged(tx *transaction, seq uint64) string {
	t, err := readable(func() (task, error) { return taskIn(tx, seqKey(seq)) })
	if err != nil {
		return damagedLane(seq)
	}
	return t.Lane
}

// Schema returns the version of the stored form that this program writes, which is also that of the
// file since Open has migrated it.
func (s *Store) Schema() int { return schema }

// Close waits for the group that is being committed and closes the file; requests that still wait
// for the writer get ErrClosed. Leases end with the process. A second call does nothing.
func (s *Store) Close() error {
	var err error
	s.closing.Do(func() {
		close(s.quit)
		<-s.stopped
		err = catchDamage(func() error { return s.db.closeAs(s.writeError() != nil) })
	})
	return err
}

var _ bot.Store = (*Store)(nil)
