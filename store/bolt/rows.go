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

// Head is what the file knows about itself. bot.ErrKey: it is not encrypted.
func (s *Store) Head(ctx context.Context) (head record.HeadRow, err error) {
	err = s.view(ctx, func(tx *transaction) error {
		if tx.secrets == nil {
			return fmt.Errorf("%w: a plain file cannot be moved", bot.ErrKey)
		}
		m := bucketIn(tx, meta)
		head = record.HeadRow{Keys: cutKeys(m.Get(keysKey)), Ring: string(m.Get(ringKey)), Number: bucketIn(tx, tasks).Sequence()}
		if swept := m.Get(sweptKey); len(swept) == len(seqKey(0)) {
			head.Swept = seqOf(swept)
		}
		return nil
	})
	return head, err
}

// Rows hands out all that is kept (record.Row), in one read transaction. The keys in a row are the file's own memory, valid until
// Rows returns. bot.ErrBroken: something is damaged.
func (s *Store) Rows(ctx context.Context, take func(record.Row) error) error {
	head, err := s.Head(ctx)
	if err != nil {
		return err
	}
	return s.view(ctx, func(tx *transaction) error {
		r := rowReader{tx, take}
		if err := take(head); err != nil {
			return err
		}
		for _, step := range []struct {
			bucket bucket
			read   func(k, v []byte) error
		}{
			{names, func(k, v []byte) error { return take(record.NameRow{Hash: k, Name: v}) }},
			{subjectSlots, func(k, v []byte) error { return take(record.SubjectRow{Hash: k, Slot: binary.BigEndian.Uint32(v)}) }},
			{values, func(k, v []byte) error { return take(record.ValueRow{Name: string(k), Value: v}) }},
			{handled, func(k, v []byte) error { return take(record.HandledRow{ID: k, At: instantOf(v)}) }},
			{conversations, r.conversation},
			{conversations, r.entry},
			{orders, func(k, v []byte) error { return r.record(record.OfOrder, k, v) }},
			{people, func(k, v []byte) error { return r.record(record.OfPerson, k, v) }},
			{accounts, func(k, v []byte) error { return take(record.AccountRow{Account: k, Person: string(v)}) }},
			{terms, func(k, _ []byte) error {
				return take(record.TermRow{Term: k[:hashedName], Conversation: k[hashedName:]})
			}},
			{deadlines, r.deadline},
			{offers, r.offers},
			{tokens, r.token},
			{tasks, r.task},
			{roomLog, r.room},
			{sent, func(k, v []byte) error { return r.sent(k[:hashedName], k[hashedName:], v) }},
			{cards, func(k, v []byte) error { return r.card(k[:hashedName], k[hashedName:], v) }},
		} {
			if err := r.each(step.bucket, step.read); err != nil {
				return err
			}
		}
		return nil
	})
}

// rowReader makes rows of what stands in buckets. Keys come as they are stored, with hashes for names, and values decrypted.
type rowReader struct {
	tx   *transaction
	take func(record.Row) error
}

func (r *rowReader) each(n bucket, read func(k, v []byte) error) error {
	t := bucketIn(r.tx, n)
	c := t.Bucket.Cursor()
	for k, v := c.First(); k != nil; k, v = c.Next() {
		if err := read(k, t.open(k, v)); err != nil {
			return err
		}
	}
	return nil
}

func (r *rowReader) record(of record.VersionedKind, k, v []byte) error {
	n, stored, err := version(v)
	if err != nil {
		return err
	}
	return r.take(record.VersionedRow{Of: of, Key: k, Version: n, Record: stored})
}

func (r *rowReader) conversation(k, v []byte) error {
	if k[hashedName] != recordPart {
		return nil
	}
	return r.record(record.OfConversation, k[:hashedName], v)
}

func (r *rowReader) entry(k, v []byte) error {
	if k[hashedName] != journalPart {
		return nil
	}
	return r.take(record.EntryRow{Conversation: k[:hashedName], Seq: seqOf(k[hashedName+1:]), Record: v})
}

func (r *rowReader) deadline(k, _ []byte) error {
	name, rest := cutName(k[8+hashedName:])
	event, rest := cutName(rest)
	return r.take(record.DeadlineRow{Conversation: k[8 : 8+hashedName],
		Deadline: deadline{Name: name, At: instantOf(k), Event: event, Visit: int(binary.BigEndian.Uint64(rest))}})
}

func (r *rowReader) offers(k, v []byte) error {
	row := record.OfferRow{Made: string(k[:idTime]), Conversation: k[idTime:], At: instantOf(v), Late: v[8] != tokenOnOffer}
	eachRest(v[groupHead:], func(rest []byte) bool { row.Rests = append(row.Rests, string(rest)); return true })
	return r.take(row)
}

// token is one of an older version, which stands alone.
func (r *rowReader) token(k, v []byte) error {
	return r.take(record.OfferRow{Made: string(k), Conversation: r.hash(string(tokenKey(v))), At: instantOf(v),
		Late: v[8] != tokenOnOffer, Rests: []string{""}})
}

func (r *rowReader) hash(name string) []byte {
	sum := r.tx.secrets.HashOf([]byte(name))
	return sum[:]
}

func (r *rowReader) task(k, v []byte) error {
	outcome, stored := cutOutcome(v)
	row := record.TaskRow{Seq: seqOf(k), Record: stored}
	t, err := taskIn(r.tx, k)
	if erased(err) {
		return nil
	}
	if err != nil {
		return err
	}
	if place := bucketIn(r.tx, waiting).Get(k); place != nil {
		w := readWaiting(r.tx, place)
		row.NotBefore, row.Made, row.Attempts = w.notBefore, w.made, w.attempts
		return r.take(row)
	}
	var apart []byte
	if outcome == nil {
		apart = bucketIn(r.tx, outcomes).Get(k)
	}
	e, err := outcomeOf(v, apart)
	if err != nil {
		return err
	}
	if e.Own {
		e.Own, e.Ref = false, bot.Ref(t.ID)
	}
	row.NotBefore, row.Made, row.Attempts, row.Outcome = t.NotBefore, t.Made, e.Attempts, &e
	return r.take(row)
}

// room is what stands below a room: its log, who has sent a message, and which is a card's.
func (r *rowReader) room(k, v []byte) error {
	room, rest := k[:hashedName], k[hashedName:]
	switch rest[0] {
	case sentPart:
		return r.sent(room, rest[1:], v)
	case cardPart:
		return r.card(room, rest[1:], v)
	}
	row := record.SaidRow{Room: room, Seq: seqOf(rest)}
	switch {
	case len(v) > 8:
		row.At, row.Record = instantOf(v), v[8:]
	case len(v) == 8:
		row.At = instantOf(v)
	default:
		t, err := taskIn(r.tx, rest)
		if erased(err) {
			return nil
		}
		if err != nil {
			return err
		}
		row.At = t.Made
	}
	return r.take(row)
}

func (r *rowReader) sent(room, ref, v []byte) error {
	if len(v) == unnamed && v[0] == hiddenMark[0] {
		return r.take(record.SentRow{Room: room, Ref: ref, Conversation: v[1:]})
	}
	return r.take(record.SentRow{Room: room, Ref: ref, Conversation: r.hash(string(v))})
}

func (r *rowReader) card(room, key, v []byte) error {
	var c card
	if err := decode(v, &c); err != nil || c.Ref == "" {
		return err
	}
	return r.take(record.CardRow{Room: room, Card: key, Ref: string(c.Ref)})
}

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
func (s *Store) Finish(context.Context) error { return s.db.Sync() }

// rowWriter writes rows within one transaction.
type rowWriter struct {
	b     *writeBatch
	group taskGroup
}

func (w *rowWriter) row(row record.Row) error {
	b := w.b
	switch r := row.(type) {
	case record.HeadRow:
		b.fail(b.bucket(tasks).SetSequence(r.Number))
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
		v = t.tx.secrets.Keys.Encrypt(make([]byte, 0, len(v)+overhead), t.place(nil, k), v)
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
