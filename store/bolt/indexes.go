package bolt

import (
	"bytes"
	"context"
	"encoding/binary"
	"slices"
	"time"

	"nevermind/bot"
	"nevermind/store/record"
)

// An index is a set of keys that follows from the records and holds nothing else, so that it can be
// compared with what it should be and made anew (Rebuild).
//
// termKeys is the index by which Find looks: each term of a conversation, then its key.
func termKeys(key bot.Key, h *header) [][]byte {
	return record.MapSlice(h.Terms, func(t string) []byte { return append(withLength(t), key...) })
}

// filedUnder is the term that a key of that index begins with, as it is stored: Store.filed goes by it.
func filedUnder(x *secrets, key []byte) []byte {
	if x == nil {
		return key[:2+int(binary.BigEndian.Uint16(key))]
	}
	stored, _ := hashPart(x, nil, lengthHashed, key)
	return stored
}

// deadlineKeys is the index by which the clock looks: the time first, so that the earliest deadline
// is the first key. A closed conversation has no deadlines.
func deadlineKeys(key bot.Key, h *header) [][]byte {
	if h.Closed != 0 {
		return nil
	}
	return record.MapSlice(h.Deadlines, func(d deadline) []byte {
		k := appendInstant(make([]byte, 0, 64), d.At)
		k = appendName(appendName(appendName(k, string(key)), d.Name), d.Event)
		return binary.BigEndian.AppendUint64(k, uint64(d.Visit))
	})
}

// readDeadline reads a deadline back from its key; it has no value.
func readDeadline(k []byte) bot.DueDeadline {
	when, rest := instantOf(k), k[8:]
	key, rest := cutName(rest)
	name, rest := cutName(rest)
	event, rest := cutName(rest)
	d := bot.DeadlineNamed(name)
	d.At, d.Event, d.Visit = when.Time(), event, int(binary.BigEndian.Uint64(rest))
	return bot.DueDeadline{Key: bot.Key(key), Deadline: d}
}

// orderKeys files an order under its buyer and its seller, by the time at which it was placed.
func orderKeys(o *order) (keys [][]byte) {
	for _, who := range []bot.PersonID{o.Buyer, o.Seller} {
		if who != "" {
			keys = append(keys, append(appendInstant(withLength(string(who)), o.Placed), o.ID...))
		}
	}
	return keys
}

// updateIndex brings an index from the old keys to those of now, and touches only what differs.
func (b *writeBatch) updateIndex(n bucket, old, now [][]byte) {
	for _, k := range old {
		if !containsKey(now, k) {
			b.delete(n, k)
		}
	}
	for _, k := range now {
		if !containsKey(old, k) {
			b.put(n, k, emptyValue)
		}
	}
}

// emptyValue is the value of a key that says everything itself. A nil would read as "not there"
// until the transaction is committed.
var emptyValue = []byte{}

// containsKey says whether the key is among those.
func containsKey(keys [][]byte, key []byte) bool {
	return slices.ContainsFunc(keys, func(k []byte) bool { return bytes.Equal(k, key) })
}

// contains says whether the key of a bucket is among those, also where a name stands in it as its hash.
func (tx *transaction) contains(n bucket, keys [][]byte, key []byte) bool {
	return slices.ContainsFunc(keys, func(k []byte) bool { return tx.sameKey(n, k, key) })
}

// Due lists the deadlines at or before now, earliest first, at most n. They stay listed until a
// commit of their conversation replaces them.
func (s *Store) Due(ctx context.Context, now time.Time, n int) (out []bot.DueDeadline, err error) {
	err = s.view(ctx, func(tx *transaction) error {
		c := bucketIn(tx, deadlines).Readable()
		for k, _ := c.First(); k != nil && instantOf(k) <= toInstant(now) && len(out) < n; k, _ = c.Next() {
			out = append(out, readDeadline(k))
		}
		return nil
	})
	return out, err
}

// NextDeadline returns the earliest deadline of all, the zero time where there is none.
func (s *Store) NextDeadline(ctx context.Context) (first time.Time, err error) {
	err = s.view(ctx, func(tx *transaction) error {
		if k, _ := bucketIn(tx, deadlines).Readable().First(); k != nil {
			first = instantOf(k).Time()
		}
		return nil
	})
	return first, err
}
