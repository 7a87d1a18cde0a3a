package bolt

import (
	"slices"
	"time"

	"nevermind/bot"
)

// lockLease is the fence: only the holder of the present lease passes, and until the transaction is
// over nobody else can claim the task. ErrFenced: the lease is lost, or the task no longer waits.
func (b *writeBatch) lockLease(lease *bot.Lease) (*lane, error) {
	if !b.has(waiting, seqKey(lease.Task.Seq)) {
		return nil, bot.ErrFenced
	}
	held := b.s.lanes.lock(lease)
	if held == nil {
		return nil, bot.ErrFenced
	}
	return held, nil
}

// settle records how an attempt of a locked task ended. A retry stays at the head of its lane until
// now+Retry; everything else leaves the lane, and the next task of the lane is free.
func (b *writeBatch) settle(lease *bot.Lease, now time.Time, o *bot.Outcome) {
	seq := lease.Task.Seq
	w := b.leasedWaiting(lease)
	if lease.Task.Do == bot.DoDamaged {
		b.bury(seq)
	}
	w.attempts = max(w.attempts, lease.Task.Attempts)
	state := stateAfter(o)
	if state == bot.TaskWaiting {
		w.notBefore = toInstant(now.Add(o.Retry))
		b.put(waiting, seqKey(seq), w.record(b.tx))
		b.updates = append(b.updates, laneUpdate{lane: w.lane, queuedTask: w.queued(seq)})
		return
	}
	if state == bot.TaskDone && leavesNothing(&lease.Task) {
		b.forgetTask(&bot.TaskRecord{Task: lease.Task})
		b.leave(seq, w.lane)
		return
	}
	e := newOutcomeRecord(state, now, w.attempts, o)
	if e.Own = string(o.Ref) == lease.Task.ID; e.Own {
		e.Ref = ""
	}
	b.leaveLane(seq, w.lane, e)
	if lease.Task.Reply != nil && o.Ref != "" {
		b.recordSent(lease.Task.Reply, o.Ref)
	}
}

// leavesNothing says whether a task can be deleted once it is done: it told a conversation of an event, which that one's journal
// keeps, and its id, made by a turn, never comes again.
func leavesNothing(t *bot.Task) bool { return t.Do == bot.DoTell && timed(t.ID) }

// recordSent files which conversation sent a message, so that a reply to it finds its way, and
// which message is now the live one of a card, so that the next edit changes that one.
func (b *writeBatch) recordSent(r *bot.Reply, ref bot.Ref) {
	if r.Card != "" && r.Mode != bot.Strip {
		key := cardKey(r.Room, r.Card)
		c := b.card(r.Room, key)
		if c.Ref == ref && r.From == r.Card { // an edit of the live message, whose sender was filed with the card
			return
		}
		if c.Ref != ref {
			c.Ref = ref
			b.putRecord(roomLog, key, c)
		}
	}
	if r.From != "" {
		b.recordSender(r, ref)
	}
}

// recordSender files which conversation sent a message. An edit is of one that has its sender already.
func (b *writeBatch) recordSender(r *bot.Reply, ref bot.Ref) {
	key := sentKey(r.Room, ref)
	if r.Mode != bot.New {
		was, err := readable(func() (bot.Key, error) { return b.tx.showKey(roomValue(b.get, sent, r.Room, key)), nil })
		if err == nil && was == r.From {
			return
		}
	}
	b.put(roomLog, key, b.tx.hideKey(r.From))
}

// checkResult lets the first result of a task through, even one that comes before the attempt is
// settled or after the task became a dead letter without an outcome. ErrSeen: it has a result
// already. ErrNone: there is no such task.
func (b *writeBatch) checkResult(id string) error {
	seq := taskSeq(b.tx, id)
	if seq == nil {
		return bot.ErrNone
	}
	if !b.has(waiting, seq) {
		e, err := b.outcome(seq)
		if err != nil {
			return err
		}
		if e.State == bot.TaskDone || e.State != bot.TaskPending && e.Event != "" {
			return bot.ErrSeen
		}
	}
	return nil
}

// putResult records a result. A task that still waits leaves its lane, which makes its lease void:
// the attempt under way is refused with ErrFenced when it settles.
func (b *writeBatch) putResult(r *bot.LateOutcome, now time.Time) {
	seq := slices.Clone(taskSeq(b.tx, r.TaskID))
	state := bot.TaskDone
	if r.Outcome.Dead != "" {
		state = bot.TaskDead
	}
	if b.has(waiting, seq) {
		w, err := b.waiting(seq)
		if err != nil {
			t, err := b.task(seq)
			b.fail(err)
			w = &waitingTask{lane: t.Lane, attempts: 1}
		}
		b.leaveLane(seqOf(seq), w.lane, newOutcomeRecord(state, now, w.attempts, &r.Outcome))
		return
	}
	before, err := b.outcome(seq)
	b.fail(err)
	b.recordEnd(seqOf(seq), newOutcomeRecord(state, now, before.Attempts, &r.Outcome))
}
