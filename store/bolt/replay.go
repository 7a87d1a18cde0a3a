package bolt

import (
	"cmp"
	"errors"
	"io/fs"
	"os"
	"slices"
	"sync/atomic"

	"go.etcd.io/bbolt"
)

// replay brings into the file what a crash has left in its log, and removes the log. Doing it twice changes nothing.
func (d *database) replay() error {
	was, over, err := readWAL(d.DB)
	if err != nil {
		return err
	}
	if was.file == behind || over != nil {
		if err := d.DB.Update(func(tx *bbolt.Tx) error {
			if over == nil {
				return putWALState(tx, was.id, was.applied, whole)
			}
			return errors.Join(applyChanges(tx, over.latest, over.last), putWALState(tx, was.id, over.number, whole))
		}); err != nil {
			return err
		}
	}
	return removeWAL(d.Path())
}

// readWAL reads what the log holds beyond the file; nil where that is nothing. ErrBroken: something is missing in it, or it is
// another file's.
func readWAL(db *bbolt.DB) (was walState, over *overlay, err error) {
	if err := db.View(func(tx *bbolt.Tx) error {
		was = walStateOf(tx)
		return nil
	}); err != nil {
		return was, nil, err
	}
	var all []logRecord
	for _, path := range walPaths(db.Path()) {
		content, err := os.ReadFile(path)
		if errors.Is(err, fs.ErrNotExist) && was.file == whole {
			continue
		}
		if errors.Is(err, fs.ErrNotExist) {
			return was, nil, broken("a part of its log is missing, and what was written last may be in it: put %s beside it; if that "+
				"is lost for good, an empty file of that name opens it as it is", path)
		}
		if err != nil {
			return was, nil, err
		}
		records, err := readSegment(path, content, was.applied)
		if err != nil {
			return was, nil, err
		}
		if len(records) > 0 && (!was.there || records[0].id != was.id) {
			return was, nil, broken("the log %s is another file's; move it away, or put the file that it belongs to beside it", path)
		}
		all = append(all, records...)
	}
	all = slices.DeleteFunc(all, func(r logRecord) bool { return r.number <= was.applied })
	if len(all) == 0 {
		return was, nil, nil
	}
	slices.SortFunc(all, func(a, b logRecord) int { return cmp.Compare(a.number, b.number) })
	over = &overlay{latest: newChanges(), number: was.applied, soonest: new(atomic.Pointer[string])}
	for i := range all {
		if over.number++; all[i].number != over.number {
			return was, nil, broken("change %d is missing in its log, %s.wal-a and .wal-b", over.number, db.Path())
		}
		if over.last, err = all[i].changesIn(over.latest); err != nil {
			return was, nil, err
		}
	}
	return was, over, nil
}

// readSegment reads the records of a segment. The last one that was begun may be there in part: it was never acknowledged, and is
// left out. Where a later one is whole behind it, it was: then the log is damaged.
func readSegment(path string, content []byte, applied uint64) (all []logRecord, err error) {
	at := 0
	for {
		r, whole := readRecord(content[at:])
		if !whole || len(all) > 0 && (r.number != all[len(all)-1].number+1 || r.id != all[0].id) {
			break
		}
		all = append(all, r)
		at = min(len(content), at+r.end)
	}
	latest := applied
	if len(all) > 0 {
		latest = max(latest, all[len(all)-1].number)
	}
	for ; at+recordHead <= len(content); at += recordAlign {
		if r, whole := readRecord(content[at:]); whole && r.number > latest {
			return nil, broken("the log %s is damaged: change %d is there, and what comes before it is not whole; "+
				"keep it with the file, and restore a backup", path, r.number)
		}
	}
	return all, nil
}

// viewWithLog runs f in a read transaction of a file that nobody has open for writing, with what its log holds.
func (d *database) viewWithLog(f func(tx *transaction) error) error {
	_, over, err := readWAL(d.DB)
	if err != nil {
		return err
	}
	return d.DB.View(func(tx *bbolt.Tx) error { return f(newTransaction(tx, d.secrets, over)) })
}
