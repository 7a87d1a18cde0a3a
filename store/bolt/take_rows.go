package bolt

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"

	"nevermind/bot"
	"nevermind/store/record"
)

// movingKey is where meta keeps how many rows have been taken in, and their digest.
var movingKey = []byte("moving")

// Prepare makes the file of a store that is to take in another's rows, with that store's keys.
func Prepare(path string, head record.HeadRow, opts ...Option) error {
	db, err := openWithLargestMap(path, opts)
	if err != nil {
		return err
	}
	err = createBuckets(db, schema)
	if err == nil {
		err = db.Update(func(tx *transaction) error {
			m := tx.Bucket(bucketNames[meta])
			if err := m.Put(keysKey, joinKeys(head.Keys)); err != nil {
				return err
			}
			return m.Put(ringKey, []byte(head.Ring))
		})
	}
	return errors.Join(err, db.Close())
}

// Taken is how many rows were taken in, with their digest.
func (s *Store) Taken(ctx context.Context) (n int, digest []byte, err error) {
	err = s.view(ctx, func(tx *transaction) error {
		if v := bucketIn(tx, meta).Get(movingKey); len(v) > 8 {
			n, digest = int(seqOf(v)), bytes.Clone(v[8:])
		}
		return nil
	})
	return n, digest, err
}

// Take takes rows in, in one transaction. The store is to be opened anew after the last: its lanes are made then.
func (s *Store) Take(ctx context.Context, rows []record.Row, n int, digest []byte) error {
	return s.update(ctx, func(b *writeBatch) error {
		w := rowWriter{b: b}
		for _, r := range rows {
			if err := w.row(r); err != nil {
				return err
			}
		}
		b.putGroup(&w.group)
		b.put(meta, movingKey, append(seqKey(uint64(n)), digest...))
		return nil
	})
}

// Finish ends a move: all of it is on the disk.
func (s *Store) Finish(context.Context) error { return errors.Join(s.db.wal.checkpoint(), s.db.Sync()) }

// rowWriter writes rows within one transaction.
type rowWriter struct {
	b     *writeBatch
	group taskGroup
}

func (w *rowWriter) row(row record.Row) error {
	b := w.b
	switch r := row.(type) {
	case record.HeadRow:
		b.fail(b.bucket(tasks).Bucket.SetSequence(r.Number))
		if r.Swept != 0 {
			b.put(meta, sweptKey, seqKey(r.Swept))
		}
	case record.NameRow:
		b.putStored(names, r.Hash, r.Name)
	case record.SubjectRow:
		b.putStored(subjectSlots, r.Hash, binary.BigEndian.AppendUint32(nil, r.Slot))
	case record.ValueRow:
		b.put(values, []byte(r.Name), bytes.Clone(r.Value))
	case record.HandledRow:
		b.putStored(handled, r.ID, appendInstant(nil, r.At))
	case record.VersionedRow:
		return w.record(&r)
	case record.EntryRow:
		b.putStored(conversations, join(r.Conversation, []byte{journalPart}, seqKey(r.Seq)), r.Record)
	case record.AccountRow:
		b.putStored(accounts, r.Account, []byte(r.Person))
	case record.TermRow:
		b.putStored(terms, join(r.Term, r.Conversation), emptyValue)
	case record.DeadlineRow:
		d := &r.Deadline
		k := append(appendInstant(nil, d.At), r.Conversation...)
		b.putStored(deadlines, append(appendName(appendName(k, d.Name), d.Event), seqKey(uint64(d.Visit))...), emptyValue)
	case record.OfferRow:
		w.offer(&r)
	case record.TaskRow:
		return w.task(&r)
	case record.SaidRow:
		return w.said(&r)
	case record.SentRow:
		w.sent(&r)
	case record.CardRow:
		c, err := encode(card{Ref: bot.Ref(r.Ref)})
		b.putStored(roomLog, join(r.Room, []byte{cardPart}, r.Card), c)
		return err
	default:
		return fmt.Errorf("%w: a %T cannot be taken in", bot.ErrNewer, row)
	}
	return b.err
}

// putStored stores a value under a key as it stands in the file.
func (b *writeBatch) putStored(n bucket, k, v []byte) {
	b.written++
	t := b.bucket(n)
	if t.encrypted() && !t.derived() {
		v = t.encrypt(k, v)
	}
	b.fail(t.Bucket.Put(bytes.Clone(k), v))
	b.bare[n] = false
}

func join(parts ...[]byte) []byte { return bytes.Join(parts, nil) }

func (w *rowWriter) record(r *record.VersionedRow) error {
	stored, err := versioned(r.Version, r.Record, nil)
	if err != nil {
		return err
	}
	switch r.Of {
	case record.OfConversation:
		w.b.putStored(conversations, join(r.Key, []byte{recordPart}), stored)
	case record.OfPerson:
		w.b.putStored(people, r.Key, stored)
	case record.OfOrder:
		var o order
		if err := decode(r.Record, &o); err != nil {
			return err
		}
		w.b.putStored(orders, r.Key, stored)
		w.b.updateIndex(ordersOf, nil, orderKeys(&o))
	}
	return w.b.err
}

func (w *rowWriter) offer(r *record.OfferRow) {
	state := tokenOnOffer
	if r.Late {
		state = tokenLate
	}
	head := append(appendInstant(nil, r.At), state)
	if len(r.Rests) == 1 && r.Rests[0] == "" {
		if key, there := w.name(r.Conversation); there {
			w.b.put(tokens, []byte(r.Made), append(head, key...))
		}
		return
	}
	for _, rest := range r.Rests {
		head = append(head, rest...)
	}
	w.b.putStored(offers, append([]byte(r.Made), r.Conversation...), head)
}

// name is what was hashed; there is none where it was erased.
func (w *rowWriter) name(sum []byte) (name string, there bool) {
	name = w.b.tx.nameOf([hashedName]byte(sum))
	return name, name[0] != 0
}

func (w *rowWriter) task(r *record.TaskRow) error {
	b, key := w.b, seqKey(r.Seq)
	b.put(tasks, key, bytes.Clone(r.Record))
	t, err := taskIn(b.tx, key)
	if err != nil {
		return err
	}
	if r.Outcome != nil {
		e := *r.Outcome
		if e.Own = e.Ref != "" && string(e.Ref) == t.ID; e.Own {
			e.Ref = ""
		}
		if e.State == bot.TaskDone {
			e.State = ""
		}
		b.recordEnd(r.Seq, e)
	} else {
		place := waitingTask{notBefore: r.NotBefore, made: r.Made, attempts: r.Attempts, lane: t.Lane}
		b.put(waiting, key, place.record(b.tx))
	}
	if !timed(t.ID) {
		b.put(taskIDs, []byte(t.ID), key)
		return b.err
	}
	w.inGroup(t.ID, r.Seq)
	return b.err
}

// widestGroup is how far the numbers in one group may be apart.
const widestGroup = 32

// inGroup files a task's id with those that were made at the same instant.
func (w *rowWriter) inGroup(id string, seq uint64) {
	g := &w.group
	if g.hints == nil || g.id[:idTime] != id[:idTime] || seq-g.first >= widestGroup {
		w.b.putGroup(g)
		*g = taskGroup{id: id, first: seq}
	}
	for uint64(len(g.hints)/groupHint) < seq-g.first {
		g.hints = append(g.hints, noHint...)
	}
	g.hints = append(g.hints, hintOf(id)...)
}

func (w *rowWriter) said(r *record.SaidRow) error {
	v := appendInstant(nil, r.At)
	if r.Record != nil {
		v = append(v, r.Record...)
	} else {
		if !w.b.has(tasks, seqKey(r.Seq)) { // it was erased
			return nil
		}
		t, err := taskIn(w.b.tx, seqKey(r.Seq))
		if err != nil {
			return err
		}
		if t.Made == r.At {
			v = emptyValue
		}
	}
	w.b.putStored(roomLog, append(bytes.Clone(r.Room), seqKey(r.Seq)...), v)
	return w.b.err
}

func (w *rowWriter) sent(r *record.SentRow) {
	name, there := w.name(r.Conversation)
	if !there {
		return
	}
	w.b.putStored(roomLog, join(r.Room, []byte{sentPart}, r.Ref), w.b.tx.hideKey(bot.Key(name)))
}
