package bolt

import (
	"bytes"
	"context"
	"errors"
	"slices"
	"time"

	"nevermind/bot"
)

// Dead lists the dead letters above the sequence number after, at most n, in the order in which
// they were asked for.
func (s *Store) Dead(ctx context.Context, after uint64, n int) (out []bot.TaskRecord, err error) {
	err = s.view(ctx, func(tx *transaction) error {
		c := bucketIn(tx, deadLetters).Readable()
		for k := seekAbove(c, seqKey(after)); k != nil && len(out) < n; k, _ = c.Next() {
			r, err := readable(func() (bot.TaskRecord, error) { return readTask(tx, k) })
			if erased(err) || errors.Is(err, bot.ErrBroken) {
				continue
			}
			if err != nil {
				return err
			}
			out = append(out, r)
		}
		return nil
	})
	return out, err
}

// SetAside makes a dead letter of every task that waits, with why as its reason, and returns how
// many there were. It works in chunks; a crash half way leaves a prefix set aside, and calling it
// again does the rest. A restore uses it, so that nothing of an old backup is sent by itself.
func (s *Store) SetAside(ctx context.Context, now time.Time, why string) (int, error) {
	return s.inChunks(ctx, func(b *writeBatch, after []byte) (next []byte, n int, err error) {
		var seqs [][]byte
		c := b.bucket(waiting).Bucket.Cursor() // not one of the table: what is damaged is set aside too
		k, _ := c.Seek(append(bytes.Clone(after), 0))
		for ; k != nil && len(seqs) < chunkSize; k, _ = c.Next() {
			seqs = append(seqs, bytes.Clone(k))
		}
		for _, k := range seqs { // only now: deleting under a cursor skips keys
			w, err := b.waiting(k)
			if err != nil {
				w = &waitingTask{lane: laneOfDamaged(b.tx, seqOf(k))}
			}
			b.leaveLane(seqOf(k), w.lane, newOutcomeRecord(bot.TaskDead, now, w.attempts, &bot.Outcome{Dead: why}))
			next = k
		}
		return next, len(seqs), nil
	})
}

// checkAct lets an operator act only on a dead letter, and put back an edit only where no newer
// edit of the same card was made. ErrNone: there is no such task. ErrSeen: it is no dead letter
// (any more). ErrStale: a newer edit has replaced it.
func (b *writeBatch) checkAct(a *bot.Act) error {
	seq := taskSeq(b.tx, a.Task)
	if seq == nil {
		return bot.ErrNone
	}
	if b.get(deadLetters, seq) == nil {
		return bot.ErrSeen
	}
	if a.Drop {
		return nil
	}
	t, err := b.task(seq)
	if err != nil || t.Reply == nil || t.Reply.Mode != bot.Edit || t.Reply.Card == "" {
		return err
	}
	return b.checkLatestEdit(t.Reply.Room, t.Reply.Card, seqOf(seq))
}

// checkLatestEdit looks through what was said in a room behind an edit. ErrStale: the same card was edited again.
func (b *writeBatch) checkLatestEdit(room bot.Room, card bot.Key, seq uint64) (err error) {
	if c := b.card(room, cardKey(room, card)); c.Edit > seq { // of older versions
		return bot.ErrStale
	}
	scanForward(b.bucket(roomLog), withLength(string(room)), seqKey(seq), func(rest, v []byte) bool {
		if !inLog(rest) || err != nil {
			return false
		}
		if len(v) > len(seqKey(0)) {
			return true // what somebody said
		}
		var t task
		if t, err = b.task(rest); err == nil && t.Reply != nil && t.Reply.Mode == bot.Edit && t.Reply.Card == card {
			err = bot.ErrStale
		}
		return err == nil
	})
	return err
}

// act puts a dead letter back into its lane with no attempts counted, or drops it for good; a
// dropped one keeps its id, so that the same task can never be asked for again.
func (b *writeBatch) act(a *bot.Act, when time.Time) {
	key := slices.Clone(taskSeq(b.tx, a.Task))
	if a.Drop {
		e, err := b.outcome(key)
		b.fail(err)
		e.State, e.At = bot.TaskDropped, toInstant(when)
		b.recordEnd(seqOf(key), e)
		return
	}
	t, err := b.task(key)
	b.fail(err)
	w := waitingTask{made: toInstant(when), lane: t.Lane}
	_, record := cutOutcome(b.get(tasks, key))
	b.put(tasks, key, bytes.Clone(record))
	b.delete(outcomes, key) // of an older version
	b.delete(deadLetters, key)
	b.put(waiting, key, w.record(b.tx))
	q := w.queued(seqOf(key))
	q.loaded = true
	b.updates = append(b.updates, laneUpdate{lane: w.lane, add: true, queuedTask: q})
}

// task decodes the part of a task that never changes.
func (b *writeBatch) task(seq []byte) (t task, err error) {
	_, record := cutOutcome(b.get(tasks, seq))
	if record, err = b.tx.secrets.Unseal(record); err != nil {
		return t, err
	}
	return t, decode(record, &t)
}

// indexDead is the migration from schema 1, which had no index of the dead letters: it goes through
// the ended tasks and files those that are dead.
func indexDead(tx *transaction, after []byte) (next []byte, err error) {
	index, err := tx.CreateBucketIfNotExists(bucketNames[deadLetters])
	if err != nil {
		return nil, err
	}
	c := bucketIn(tx, outcomes).Cursor()
	k := seekAbove(c, after)
	for n := 0; k != nil && n < chunkSize; n++ {
		var e outcomeRecord
		if err := decode(bucketIn(tx, outcomes).Get(k), &e); err != nil {
			return nil, err
		}
		if e.State == bot.TaskDead {
			if err := index.Put(bytes.Clone(k), emptyValue); err != nil {
				return nil, err
			}
		}
		next = bytes.Clone(k)
		k, _ = c.Next()
	}
	if k == nil {
		next = nil
	}
	return next, nil
}
