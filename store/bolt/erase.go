package bolt

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"nevermind/bot"
	"nevermind/store/record"
)

// erasure is what is to be erased of one person.
type erasure = record.Erasure

// Erase makes what is about a person unreadable, here and in every copy: their talks and what was said in their rooms go, and so
// do the keys under which everything else of theirs stands. What is left of them is their id.
func (s *Store) Erase(ctx context.Context, who bot.Person) error {
	if s.db.secrets == nil || s.db.secrets.Ring == nil {
		return fmt.Errorf("%w: there is no key ring, so nothing can be erased in copies", bot.ErrKey)
	}
	e, err := s.planErasure(ctx, who)
	if err != nil {
		return err
	}
	intent, err := json.Marshal(e)
	if err != nil {
		return err
	}
	if err := s.SetValue(ctx, record.ErasingName, intent); err != nil {
		return err
	}
	return s.finishErasure(ctx, e)
}

// planErasure lists what belongs to somebody.
func (s *Store) planErasure(ctx context.Context, who bot.Person) (e *erasure, err error) {
	return e, s.view(ctx, func(tx *transaction) (err error) {
		var subjects []string
		e, subjects, err = s.db.secrets.PlanErasure(&who, nil, func(account string) (bool, error) { return taken(tx, account), nil })
		for _, subject := range subjects {
			if slot, there := slotIn(bucketIn(tx, subjectSlots), subject); there {
				sum := s.db.secrets.HashOf([]byte(subject))
				e.Slots, e.Subjects = append(e.Slots, slot), append(e.Subjects, sum[:])
			}
		}
		return err
	})
}

// taken says whether a chat is somebody's: most platforms call a private room as the account in it.
func taken(tx *transaction, account string) bool {
	return account != "" && bucketIn(tx, accounts).Get([]byte(account)) != nil
}

// finishErasure does what an erasure still asks for; doing it twice harms nothing.
func (s *Store) finishErasure(ctx context.Context, e *erasure) error {
	if err := s.update(ctx, func(b *writeBatch) error { return b.erase(e) }); err != nil {
		return err
	}
	if err := s.db.secrets.Ring.Destroy(e.Slots...); err != nil {
		return err
	}
	s.db.secrets.Forget()
	return s.update(ctx, func(b *writeBatch) error {
		s.forget(b.id())
		b.delete(values, []byte(record.ErasingName))
		return nil
	})
}

// forget forgets all records that are kept in memory, also what is being read in transactions before that one.
func (s *Store) forget(before uint64) {
	s.conversations.forget(before)
	s.people.forget(before)
	s.orders.forget(before)
	s.accounts.forget(before)
	s.filed.forget(before)
	s.offered.Forget()
}

// resumeErasure ends an erasure that a crash has cut short.
func (s *Store) resumeErasure(ctx context.Context) error {
	intent, err := s.Value(ctx, record.ErasingName)
	if errors.Is(err, bot.ErrNone) {
		return nil
	}
	if err != nil {
		return err
	}
	e := new(erasure)
	if err := json.Unmarshal(intent, e); err != nil {
		return err
	}
	return s.finishErasure(ctx, e)
}

// erase deletes what is one person's as a whole. It ends its group, and whoever writes next finds the keys doomed: a message that
// comes before they are destroyed is under new ones.
func (b *writeBatch) erase(e *erasure) error {
	b.s.forget(b.id())
	b.keep, b.last = nil, true
	b.tx.OnCommit(func() { b.tx.secrets.Doom(e.Slots...) })
	b.eraseWaiting(e)
	for _, talk := range e.Talks {
		if err := b.eraseTalk(talk); err != nil {
			return err
		}
	}
	for _, room := range e.Rooms {
		if err := b.eraseRoom(room); err != nil {
			return err
		}
	}
	for _, account := range e.Accounts {
		b.delete(accounts, unnamedKey(account))
	}
	for _, subject := range e.Subjects {
		b.delete(subjectSlots, unnamedKey(subject))
	}
	return b.eraseRecord(e.Who)
}

// unnamedKey is a name in a key of which only the hash is known.
func unnamedKey(sum []byte) []byte { return append([]byte{0}, sum...) }

// eraseRecord leaves of a person's record that there was one.
func (b *writeBatch) eraseRecord(id bot.PersonID) error {
	stored, broken := b.whole(people, []byte(id))
	if !broken && stored == nil {
		return nil
	}
	v, _, _ := version(stored) // of a damaged one nobody knows it
	left, err := encode(person{ID: id, Name: bot.Erased})
	left, err = versioned(v+1, left, err)
	b.put(people, []byte(id), left)
	return err
}

// eraseWaiting drops what waits for one of the rooms or talks.
func (b *writeBatch) eraseWaiting(e *erasure) {
	theirs := map[string]bool{}
	for _, sum := range slices.Concat(e.Rooms, e.Talks) {
		theirs[string(sum)] = true
	}
	gone := map[uint64]waitingTask{}
	c := b.bucket(waiting).Readable()
	for k, v := c.First(); k != nil; k, v = c.Next() {
		w, err := readable(func() (waitingTask, error) { return readWaiting(b.tx, v), nil })
		_, rest, _ := strings.Cut(w.lane, ":")
		if err != nil || rest == "" {
			continue
		}
		if sum := b.tx.secrets.HashOf([]byte(rest)); theirs[string(sum[:])] {
			gone[seqOf(k)] = w
		}
	}
	for _, seq := range slices.Sorted(maps.Keys(gone)) {
		w := gone[seq]
		b.leaveLane(seq, w.lane, newOutcomeRecord(bot.TaskDropped, time.Time{}, w.attempts, &bot.Outcome{}))
	}
}

// eachBelow visits what stands below a hashed name. Keys are collected first: deleting under a cursor skips some.
func (b *writeBatch) eachBelow(n bucket, sum []byte, visit func(rest, v []byte) error) error {
	t := b.bucket(n)
	c := t.Bucket.Cursor()
	var keys [][]byte
	for k, _ := c.Seek(sum); bytes.HasPrefix(k, sum); k, _ = c.Next() {
		keys = append(keys, bytes.Clone(k))
	}
	for _, k := range keys {
		v, err := readable(func() ([]byte, error) { return t.open(k, t.Bucket.Get(k)), nil })
		if err == nil {
			err = catchDamage(func() error { return visit(k[len(sum):], v) })
		}
		if err != nil && !errors.Is(err, bot.ErrBroken) { // what is damaged goes too
			return err
		}
		b.written++
		b.fail(t.Bucket.Delete(k))
	}
	return b.err
}

// eraseTalk deletes a talk with its journal and what it is found by.
func (b *writeBatch) eraseTalk(sum []byte) error {
	key := bot.Key(unnamedKey(sum))
	return b.eachBelow(conversations, sum, func(rest, v []byte) error {
		if rest[0] != recordPart {
			return nil
		}
		_, record, err := version(v)
		if err == nil {
			record, err = b.tx.secrets.UnsealKnown(record)
		}
		if err != nil || record == nil {
			return err
		}
		var h header
		if err := decode(record, &h); err != nil {
			return err
		}
		b.updateIndex(terms, termKeys(key, &h), nil)
		b.updateIndex(deadlines, deadlineKeys(key, &h), nil)
		return nil
	})
}

// eraseRoom deletes what was said in a room, with the tasks that said it.
func (b *writeBatch) eraseRoom(sum []byte) error {
	return b.eachBelow(roomLog, sum, func(rest, v []byte) error {
		if !inLog(rest) || len(v) > 8 {
			return nil
		}
		r, err := readable(func() (bot.TaskRecord, error) { return readTask(b.tx, rest) })
		switch {
		case errors.Is(err, bot.ErrErased), !b.has(tasks, rest):
			return nil
		case errors.Is(err, bot.ErrBroken):
			b.bury(seqOf(rest))
			b.recordEnd(seqOf(rest), newOutcomeRecord(bot.TaskDropped, time.Time{}, 0, &bot.Outcome{}))
			return nil
		case err != nil:
			return err
		}
		if r.State == bot.TaskWaiting {
			b.leaveLane(r.Task.Seq, r.Task.Lane, newOutcomeRecord(bot.TaskDropped, r.At, r.Task.Attempts, &bot.Outcome{}))
		}
		if r.State == bot.TaskDead {
			b.delete(deadLetters, rest)
		}
		b.forgetID(r.Task.ID, r.Task.Seq)
		b.delete(tasks, bytes.Clone(rest))
		return nil
	})
}

// ForgetErased deletes what was erased and is in the file still, as after the restore of an older backup: the records of talks
// and what was said. It returns how many keys.
func (s *Store) ForgetErased(ctx context.Context) (forgotten int, err error) {
	x := s.db.secrets
	if x == nil || x.Ring == nil {
		return 0, nil
	}
	gone := func(record []byte, err error) (bool, error) {
		if err == nil {
			_, err = x.Unseal(record)
		}
		if erased(err) {
			return true, nil
		}
		return false, err
	}
	for _, sweep := range []struct {
		in   bucket
		over func(k, v []byte) (bool, error)
	}{
		{conversations, func(k, v []byte) (bool, error) {
			if _, rest := cutName(k); rest[0] == journalPart {
				return gone(v, nil)
			}
			_, record, err := version(v)
			return gone(record, err)
		}},
		{roomLog, func(k, v []byte) (bool, error) {
			_, rest := cutName(k)
			if name, _ := cutName(k); name[0] == 0 {
				return true, nil // the room itself
			}
			if !inLog(rest) || len(v) <= 8 {
				return false, nil
			}
			return gone(v[8:], nil)
		}},
	} {
		n, err := s.inChunks(ctx, func(b *writeBatch, after []byte) ([]byte, int, error) {
			return b.deleteChunk(sweep.in, after, sweep.over)
		})
		forgotten += n
		if err != nil {
			return forgotten, err
		}
	}
	return forgotten, nil
}
