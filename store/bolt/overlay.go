package bolt

import (
	"bytes"
	"cmp"
	"sync/atomic"

	"github.com/tidwall/btree"
)

// change is what a group has put under a stored key, or that it has deleted it: then its value is nil. It is never changed.
type change struct {
	in         bucket
	key, value []byte
}

// changes are sorted by bucket and key. A copy costs nothing, and shares what neither side changes.
type changes = btree.BTreeG[*change]

func newChanges() *changes {
	return btree.NewBTreeGOptions(func(a, b *change) bool {
		return cmp.Or(cmp.Compare(a.in, b.in), bytes.Compare(a.key, b.key)) < 0
	}, btree.Options{NoLocks: true})
}

// overlay is what the log holds beyond the file, as it stands between two groups. It is never changed.
type overlay struct {
	latest  *changes // since the last checkpoint began
	older   *changes // what the checkpoint under way brings into the file; nil where there is none
	number  uint64   // of the last group
	applied uint64   // of the last group that is in the file
	last    uint64   // the last sequence number given out
	begun   uint64   // how many checkpoints have begun

	// No deadline stands before this key: those that have passed since the last checkpoint lie at the beginning, deleted, and
	// need not be passed over each time that somebody asks for the next one.
	soonest *atomic.Pointer[string]
}

// soonestAfter is what soonest is once a group is committed.
func (o *overlay) soonestAfter(group []*change) *atomic.Pointer[string] {
	low := o.soonest.Load()
	for _, c := range group {
		if low != nil && c.in == deadlines && c.value != nil && string(c.key) < *low {
			key := string(c.key)
			low = &key
		}
	}
	next := new(atomic.Pointer[string])
	next.Store(low)
	return next
}

// find is what was done last under a key; nil where the file has to be asked.
func (tx *transaction) find(in bucket, key []byte) *change {
	tx.probe = change{in: in, key: key}
	for _, layer := range tx.layers {
		if found, there := layer.Get(&tx.probe); there {
			return found
		}
	}
	return nil
}

// above is the first change of a bucket at a key or above it, or only above; nil where there is none.
func (tx *transaction) above(layer *changes, in bucket, key []byte, only bool) (found *change) {
	tx.probe = change{in: in, key: key}
	layer.Ascend(&tx.probe, func(c *change) bool {
		if only && c.in == in && bytes.Equal(c.key, key) {
			return true
		}
		found = c
		return false
	})
	return ofBucket(found, in)
}

// below is the last change of a bucket below a key, or the very last; nil where there is none.
func (tx *transaction) below(layer *changes, in bucket, key []byte, last bool) (found *change) {
	tx.probe = change{in: in, key: key}
	if last {
		tx.probe = change{in: in + 1}
	}
	layer.Descend(&tx.probe, func(c *change) bool {
		if c.in == tx.probe.in && bytes.Equal(c.key, tx.probe.key) {
			return true
		}
		found = c
		return false
	})
	return ofBucket(found, in)
}

func ofBucket(c *change, in bucket) *change {
	if c == nil || c.in != in {
		return nil
	}
	return c
}
