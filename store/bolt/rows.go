package bolt

import (
	"context"
	"encoding/binary"
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
		head = record.HeadRow{Keys: cutKeys(m.Get(keysKey)), Ring: string(m.Get(ringKey)),
			Number: bucketIn(tx, tasks).Bucket.Sequence()}
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
			{values, func(k, v []byte) error {
				if string(k) == record.RingMarkName {
					return nil
				}
				return take(record.ValueRow{Name: string(k), Value: v})
			}},
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
