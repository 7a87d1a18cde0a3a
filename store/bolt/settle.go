package bolt

import (
	"slices"
	"time"

	"nevermind/bot"
)

// hold fences: only who has the present lease may go on, and until the transaction is over nobody else.
func (b *batch) hold(lease *bot.Lease) (*lane, error) {
	if b.get(waits, seqKey(lease.Task.Seq)) == nil {
		return nil, bot.ErrFenced
	}
	held := b.s.lanes.hold(lease)
	if held == nil {
		return nil, bot.ErrFenced
	}
	return held, nil
}

// settle records how an attempt of a held task ended.
func (b *batch) settle(lease *bot.Lease, now time.Time, o *bot.Outcome) {
	seq := lease.Task.Seq
	w := readWait(b.get(waits, seqKey(seq)))
	w.attempts = max(w.attempts, lease.Task.Attempts)
	state := stateAfter(o)
	if state == bot.TaskWaiting {
		w.notBefore = at(now.Add(o.Retry))
		b.put(waits, seqKey(seq), w.record())
		b.changes = append(b.changes, laneChange{lane: w.lane, place: place{seq: seq, notBefore: w.notBefore}})
		return
	}
	b.end(seq, w.lane, newEnded(state, now, w.attempts, o))
	if lease.Task.Reply != nil && o.Ref != "" {
		b.wasSent(lease.Task.Reply, o.Ref)
	}
}

// stateAfter says where an outcome leaves a task.
func stateAfter(o *bot.Outcome) bot.TaskState {
	switch {
	case o.Dead != "":
		return bot.TaskDead
	case o.Pending:
		return bot.TaskPending
	case o.Retry > 0:
		return bot.TaskWaiting
	}
	return bot.TaskDone
}

// wasSent files who said a message, and a card's live message.
func (b *batch) wasSent(r *bot.Reply, ref bot.Ref) {
	if r.From != "" {
		b.put(sent, sentKey(r.Room, ref), []byte(r.From))
	}
	if r.Card == "" || r.Mode == bot.Strip {
		return
	}
	key := cardKey(r.Room, r.Card)
	if c := b.card(key); c.Ref != ref {
		c.Ref = ref
		b.putRecord(cards, key, c)
	}
}

// checkResult lets the first result of a task through, even one that comes before the attempt is settled.
func (b *batch) checkResult(id string) error {
	seq := b.get(taskIDs, []byte(id))
	if seq == nil {
		return bot.ErrNone
	}
	if v := b.get(ends, seq); v != nil {
		var e ended
		if err := decode(v, &e); err != nil {
			return err
		}
		if e.State == bot.TaskDone || e.State != bot.TaskPending && e.Event != "" {
			return bot.ErrSeen
		}
	}
	return nil
}

func (b *batch) putResult(r *bot.LateOutcome, now time.Time) {
	seq := slices.Clone(b.get(taskIDs, []byte(r.TaskID)))
	state := bot.TaskDone
	if r.Outcome.Dead != "" {
		state = bot.TaskDead
	}
	if v := b.get(waits, seq); v != nil {
		w := readWait(v)
		b.end(seqOf(seq), w.lane, newEnded(state, now, w.attempts, &r.Outcome))
		return
	}
	var before ended
	b.keep(decode(b.get(ends, seq), &before))
	b.ended(seqOf(seq), newEnded(state, now, before.Attempts, &r.Outcome))
}
