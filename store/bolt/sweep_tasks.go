package bolt

import (
	"bytes"
	"cmp"
	"context"
	"errors"

	"nevermind/bot"
)

// sweptKey is where meta keeps the sequence number up to which tasks have been swept.
var sweptKey = []byte("swept")

// sweepTasks forgets the tasks that were settled before the given time and that nothing can ask
// for again: tells, work that moves no money, and what was said in a talk or in passing. It goes on
// where the last sweep ended, in the order in which tasks were asked for, and ends at the first
// that is younger; so each task is looked at once. What it finds unsettled stays for good: a dead
// letter, a result that has not come, a task that waits.
//
// Work that moves money keeps its record, since its id must be known for ever and its first outcome
// is the only one that counts. What a record has said stays too: a case file shows it.
func (s *Store) sweepTasks(ctx context.Context, before instant) (forgotten int, err error) {
	for {
		n, more := 0, false
		err := s.update(ctx, func(b *writeBatch) (err error) {
			n, more, err = b.sweepTaskChunk(before)
			return err
		})
		forgotten += n
		if err != nil || !more {
			return forgotten, err
		}
		if err := s.view(ctx, dropPages); err != nil {
			return forgotten, err
		}
	}
}

// sweepTaskChunk sweeps up to chunkSize tasks and says whether there may be more.
func (b *writeBatch) sweepTaskChunk(before instant) (forgotten int, more bool, err error) {
	after := bytes.Clone(b.get(meta, sweptKey))
	var last []byte
	var gone []bot.TaskRecord
	c := b.bucket(tasks).Readable()
	k := seekAbove(c, after)
	for seen := 0; k != nil && seen < chunkSize; seen++ {
		r, err := readable(func() (bot.TaskRecord, error) { return readTask(b.tx, k) })
		if erased(err) || errors.Is(err, bot.ErrBroken) {
			last = bytes.Clone(k)
			k, _ = c.Next()
			continue
		}
		if err != nil {
			return 0, false, err
		}
		if toInstant(r.At) >= before {
			break
		}
		if last = bytes.Clone(k); forgettable(&r) && !b.live(&r) {
			gone = append(gone, r)
		}
		more = seen == chunkSize-1
		k, _ = c.Next()
	}
	for i := range gone { // only now: deleting under a cursor skips keys
		b.forgetTask(&gone[i])
	}
	if last != nil {
		b.put(meta, sweptKey, last)
	}
	return len(gone), more, nil
}

// live says whether a reply is what its card still shows in the room, which is read where the card's
// buttons are taken off.
func (b *writeBatch) live(r *bot.TaskRecord) bool {
	reply := r.Task.Reply
	if reply == nil || r.Outcome.Ref == "" {
		return false
	}
	return b.card(reply.Room, cardKey(reply.Room, cmp.Or(reply.Card, reply.From))).Ref == r.Outcome.Ref
}

// forgetTask removes a task, its id, its outcome, and of a reply its line in the room's log and its
// sender.
func (b *writeBatch) forgetTask(r *bot.TaskRecord) {
	key := seqKey(r.Task.Seq)
	b.forgetID(r.Task.ID, r.Task.Seq)
	b.delete(tasks, key)
	if b.get(outcomes, key) != nil {
		b.delete(outcomes, key)
	}
	if reply := r.Task.Reply; reply != nil {
		b.delete(roomLog, roomKey(reply.Room, r.Task.Seq))
		if r.Outcome.Ref != "" {
			b.delete(roomLog, sentKey(reply.Room, r.Outcome.Ref))
		}
	}
}
