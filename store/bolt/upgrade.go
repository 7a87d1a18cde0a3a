package bolt

import (
	"encoding/binary"
	"errors"
	"fmt"

	"nevermind/bot"
)

// schema is the version of the stored form that this program writes. It grows with every change
// that an older program could not read.
const schema = 4

// migrationStep brings a file from one schema version to the next, a chunk at a time: it is given
// the key to go on after, nil at first, and returns the next such key, nil when all is done. A
// chunk and its key are one transaction, so that a migration cut short goes on where it was.
type migrationStep func(tx *transaction, after []byte) (next []byte, err error)

// migrations holds, under each older schema version, the step that leads away from it. None is ever
// removed while files of that version may be about.
var migrations = map[int]migrationStep{1: indexDead, 2: nothingToMove, 3: nothingToMove}

// nothingToMove is the migration from schemas 2 and 3: what they have written is read as it stands, and an
// older program only has to know that it cannot read what is written from now on.
func nothingToMove(*transaction, []byte) (next []byte, err error) { return nil, nil }

var (
	schemaKey   = []byte("schema")
	opensKey    = []byte("opens")
	progressKey = []byte("upgraded to")
)

// migrate brings a file to the wanted schema version, one step after the other. ErrNewer: the file
// is ahead of this program. ErrBroken: no step leads away from its version.
func migrate(db *database, want int, steps map[int]migrationStep) error {
	for {
		have, err := schemaOf(db)
		switch {
		case err != nil:
			return err
		case have > want:
			return fmt.Errorf("%w: it has schema %d, this program knows %d; start the program that wrote it", bot.ErrNewer, have, want)
		case have == want:
			return createBuckets(db, want) // a bucket that is new needs no step of its own
		case steps[have] == nil:
			return fmt.Errorf("%w: no way leads on from schema %d", bot.ErrBroken, have)
		}
		if err := db.Update(func(tx *transaction) error { return migrateChunk(tx, have, steps[have]) }); err != nil {
			return fmt.Errorf("upgrade from schema %d: %w", have, err)
		}
	}
}

// migrateChunk runs one chunk of a step and keeps how far it has come; after the last one it writes
// the new version.
func migrateChunk(tx *transaction, have int, next migrationStep) error {
	m := bucketIn(tx, meta)
	done, err := next(tx, m.Get(progressKey))
	if err != nil {
		return err
	}
	if done != nil {
		return m.Put(progressKey, done)
	}
	if err := m.Delete(progressKey); err != nil {
		return err
	}
	return m.Put(schemaKey, bigEndian(uint64(have+1)))
}

// createBuckets makes every bucket that is not there yet, and stamps a new file with its version.
func createBuckets(db *database, version int) error {
	return db.Update(func(tx *transaction) error {
		for _, name := range bucketNames {
			if _, err := tx.CreateBucketIfNotExists(name); err != nil {
				return err
			}
		}
		if bucketIn(tx, meta).Get(schemaKey) != nil {
			return nil
		}
		return bucketIn(tx, meta).Put(schemaKey, bigEndian(uint64(version)))
	})
}

// schemaOf reads a file's schema version. ErrBroken: it is some other program's bbolt file.
func schemaOf(db *database) (have int, err error) {
	err = db.View(func(tx *transaction) error {
		have, err = schemaIn(tx)
		return err
	})
	return have, err
}

func schemaIn(tx *transaction) (int, error) {
	if m := bucketIn(tx, meta); m != nil && len(m.Get(schemaKey)) == 8 {
		return int(binary.BigEndian.Uint64(m.Get(schemaKey))) % logged, nil
	}
	return 0, fmt.Errorf("%w: this is not a file of ours", bot.ErrBroken)
}

// countOpen counts durably how often the file was opened. Fencing tokens are numbered from there,
// so that a lease from before a restart can never be taken for one from after it. From then on there may be a log.
func countOpen(db *database, o *options) (opens uint64, err error) {
	var id, applied, last uint64
	both, err := newSegments(db.Path(), o.NoSync)
	if err != nil {
		return 0, err
	}
	err = db.Update(func(tx *transaction) error {
		m := bucketIn(tx, meta)
		if v := m.Get(opensKey); len(v) == 8 {
			opens = binary.BigEndian.Uint64(v)
		}
		opens++
		was := walStateOf(tx.Tx)
		if id, applied = was.id, was.applied; !was.there {
			id = newWALID()
		}
		last = bucketIn(tx, tasks).Bucket.Sequence()
		return errors.Join(m.Put(opensKey, bigEndian(opens)), putWALState(tx.Tx, id, applied, behind))
	})
	if err != nil {
		return 0, errors.Join(err, both[0].close(), both[1].close())
	}
	db.wal = newWAL(db.DB, both, id, applied, last, o)
	return opens, nil
}

// bigEndian is a number as it is stored under a name in meta.
func bigEndian(n uint64) []byte { return binary.BigEndian.AppendUint64(nil, n) }
