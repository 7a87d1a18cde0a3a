package bolt

import (
	"crypto/rand"
	"encoding/binary"
	"slices"

	"nevermind/bot"
)

// resealing brings what an older version has stored under personal keys, value by value, while a file is copied. A journal's
// lines get commitments and a new chain, which the old hashes anchor: each stands in its line (bot.Entry.Before) and is
// committed to, so that a case file of then can be held against it until something of the line is erased.
type resealing struct {
	source, target *transaction
	u              *subjects

	chain bot.Key // the conversation whose lines come just now
	head  string  // the new hash of the last one
}

// begin takes over the transactions of a chunk.
func (r *resealing) begin(source, target *transaction) {
	r.source, r.target, r.u = source, target, nil
	if target.secrets == nil || target.secrets.Ring == nil {
		return
	}
	find := func(subject string) (uint32, bool, error) {
		slot, stored := slotIn(bucketIn(target, subjectSlots), subject)
		return slot, stored, nil
	}
	r.u = target.secrets.Begin(find)
}

// storeSlots stores which slots the chunk has used.
func (r *resealing) storeSlots(target *transaction) error {
	if r.u == nil {
		return nil
	}
	for subject, slot := range r.u.Used {
		if err := bucketIn(target, subjectSlots).Put([]byte(subject), binary.BigEndian.AppendUint32(nil, slot)); err != nil {
			return err
		}
	}
	return r.u.Fault
}

// value is what stands under a key in the new file.
func (r *resealing) value(n bucket, k, v []byte) ([]byte, error) {
	if r.u == nil {
		return v, nil
	}
	switch n {
	case conversations:
		name, rest := cutName(k)
		if rest[0] == journalPart {
			return r.entry(bot.Key(name), rest[1:], v)
		}
		return r.conversation(bot.Key(name), v)
	case people, orders:
		return r.versioned(n, k, v)
	case tasks:
		return r.task(v)
	case roomLog:
		return r.said(k, v)
	case waiting:
		return readWaiting(r.source, v).record(r.target), nil
	}
	return v, nil
}

func (r *resealing) versioned(n bucket, k, v []byte) ([]byte, error) {
	at, record, err := version(v)
	if err != nil {
		return nil, err
	}
	if n == people {
		p, err := r.source.secrets.PersonDecoder(bot.PersonID(k))(at, record)
		if err != nil {
			return nil, err
		}
		record, err = r.u.Person(&p)
		return versioned(at, record, err)
	}
	o, err := r.source.secrets.DecodeOrder(at, record)
	if err != nil {
		return nil, err
	}
	record, err = r.u.Order(&o)
	return versioned(at, record, err)
}

func (r *resealing) conversation(key bot.Key, v []byte) ([]byte, error) {
	kept, err := readHeaded(r.source.secrets, key, v)
	if err != nil {
		return nil, err
	}
	c := kept.Conversation
	if r.chain == key {
		c.Head = r.head
	}
	record, err := r.u.Conversation(&c, kept.header)
	return versioned(c.Version, record, err)
}

func (r *resealing) entry(key bot.Key, seq, v []byte) ([]byte, error) {
	e, err := readEntry(r.source.secrets, key, seq, v)
	if err != nil {
		return nil, err
	}
	if talkSubject(key) != "" {
		return r.u.Entry(&e, nil)
	}
	if r.chain != key {
		r.chain, r.head = key, ""
	}
	if e.Form == 0 || e.Prev != r.head {
		if e.Form == 0 {
			e.Before = e.Hash
		}
		e.Prev = r.head
		e.Commit(func(bot.PersonID) []byte {
			salt := make([]byte, 16)
			rand.Read(salt)
			return salt
		}, nil)
		e.Hash = e.Sum()
	}
	r.head = e.Hash
	return r.u.Entry(&e, r.about(key))
}

// about lists whom a conversation of the old file is about.
func (r *resealing) about(key bot.Key) []string {
	c := r.record(key)
	if c == nil {
		return nil
	}
	return r.u.Whose(c)
}

// record reads a conversation of the old file; nil where there is none.
func (r *resealing) record(key bot.Key) *bot.Conversation {
	if key == "" {
		return nil
	}
	v := bucketIn(r.source, conversations).Get(conversationKey(key))
	if v == nil {
		return nil
	}
	kept, err := readHeaded(r.source.secrets, key, v)
	if err != nil {
		return nil // it is told where it stands itself
	}
	return &kept.Conversation
}

func (r *resealing) task(v []byte) ([]byte, error) {
	outcome, record := cutOutcome(v)
	record, err := r.source.secrets.Unseal(record)
	if err != nil {
		return nil, err
	}
	var t task
	if err := decode(record, &t); err != nil {
		return nil, err
	}
	asked := t.Bot(0, 0)
	if record, err = r.u.Task(&asked, &t, r.record(t.From), nil); err != nil || outcome == nil {
		return record, err
	}
	return settledRecord(slices.Clone(outcome), record), nil
}

func (r *resealing) said(k, v []byte) ([]byte, error) {
	room, rest := cutName(k)
	switch {
	case rest[0] == sentPart:
		return r.target.hideKey(r.source.showKey(v)), nil
	case !inLog(rest) || len(v) <= 8:
		return v, nil
	}
	record, err := r.source.secrets.Unseal(v[8:])
	if err != nil {
		return nil, err
	}
	var m message
	if err := decode(record, &m); err != nil {
		return nil, err
	}
	record, err = r.u.Message(m.Bot(bot.Room(room)))
	return slices.Concat(v[:8], record), err
}
