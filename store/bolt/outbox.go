package bolt

import (
	"encoding/binary"
	"time"

	"go.etcd.io/bbolt"

	"nevermind/bot"
)

// waitingTask is the mutable part of a task while it is in its lane: 20 bytes and the lane's name,
// in a bucket of its own, so that an attempt rewrites no more than that. lane is repeated here, so
// that load need not decode tasks.
type waitingTask struct {
	notBefore instant
	made      instant
	attempts  int
	lane      string
}

// record encodes it: notBefore and made, 8 bytes each, attempts in 4, then the lane.
func (w waitingTask) record() []byte {
	out := make([]byte, 0, 20+len(w.lane))
	out = appendInstant(appendInstant(out, w.notBefore), w.made)
	return append(binary.BigEndian.AppendUint32(out, uint32(w.attempts)), w.lane...)
}

// readWaiting decodes what record has encoded.
func readWaiting(v []byte) waitingTask {
	return waitingTask{instantOf(v), instantOf(v[8:]), int(binary.BigEndian.Uint32(v[16:])), string(v[20:])}
}

// addTask puts a task into the outbox: at the end of its lane, or where why is given among the dead
// letters at once. It is idempotent: a task whose id has been used before, in whatever state, is
// left as it is.
func (b *writeBatch) addTask(t *bot.Task, record []byte, when time.Time, why string) {
	if b.get(taskIDs, []byte(t.ID)) != nil {
		return
	}
	seq := b.nextSeq()
	w := waitingTask{toInstant(t.NotBefore), toInstant(when), t.Attempts, t.Lane}
	b.put(taskIDs, []byte(t.ID), seqKey(seq))
	b.put(tasks, seqKey(seq), record)
	if why == "" {
		b.put(waiting, seqKey(seq), w.record())
		b.updates = append(b.updates, laneUpdate{lane: t.Lane, add: true, queuedTask: queuedTask{seq, w.notBefore, w.made}})
	} else {
		b.recordEnd(seq, newOutcomeRecord(bot.TaskDead, when, t.Attempts, &bot.Outcome{Dead: why}))
	}
	if t.Reply == nil {
		return
	}
	b.put(roomLog, roomKey(t.Reply.Room, seq), timeKey(when))
	if why == "" && t.Reply.Mode == bot.Edit && t.Reply.Card != "" {
		b.replaceEdit(t, seq, when)
	}
}

// replaceEdit takes out an older edit that this one makes pointless: of the same card in the same
// room, still waiting, and never tried. One that was tried may have reached the platform, so it
// stays.
func (b *writeBatch) replaceEdit(t *bot.Task, seq uint64, when time.Time) {
	key := cardKey(t.Reply.Room, t.Reply.Card)
	c := b.card(key)
	if w := b.get(waiting, seqKey(c.Edit)); w != nil {
		if old := readWaiting(w); old.lane == t.Lane && old.attempts == 0 {
			b.supersede(t, c.Edit, when)
		}
	}
	c.Edit = seq
	b.putRecord(cards, key, c)
}

// supersede ends a waiting task as done without ever sending it, unless somebody holds its lease.
func (b *writeBatch) supersede(t *bot.Task, seq uint64, when time.Time) {
	held, free := b.s.lanes.supersede(t.Lane, seq)
	if held != nil {
		b.locked = append(b.locked, held)
	}
	if !free {
		return
	}
	b.delete(roomLog, roomKey(t.Reply.Room, seq))
	b.leaveLane(seq, t.Lane, newOutcomeRecord(bot.TaskDone, when, 0, &bot.Outcome{}))
}

// card reads what is stored of a card; an empty record where it was never sent.
func (b *writeBatch) card(key []byte) (c card) {
	if v := b.get(cards, key); v != nil {
		b.fail(decode(v, &c))
	}
	return c
}

// leaveLane takes a task out of its lane and records how it ended.
func (b *writeBatch) leaveLane(seq uint64, lane string, e outcomeRecord) {
	b.delete(waiting, seqKey(seq))
	b.recordEnd(seq, e)
	b.updates = append(b.updates, laneUpdate{lane: lane, remove: true, queuedTask: queuedTask{seq: seq}})
}

// recordEnd records what became of a task that is in no lane, and keeps the index of dead letters
// in step.
func (b *writeBatch) recordEnd(seq uint64, e outcomeRecord) {
	key := seqKey(seq)
	b.putRecord(outcomes, key, e)
	if e.State == bot.TaskDead {
		b.put(deadLetters, key, emptyValue)
	} else if b.get(deadLetters, key) != nil {
		b.delete(deadLetters, key)
	}
}

// putRecord encodes and stores a record without a version.
func (b *writeBatch) putRecord(n bucket, key []byte, v any) {
	record, err := encode(v)
	b.fail(err)
	b.put(n, key, record)
}

// readTask puts a task together from its parts: what never changes, and either its place in the
// lane or how it ended.
func readTask(tx *bbolt.Tx, seq []byte) (out bot.TaskRecord, err error) {
	var t task
	if err := decode(bucketIn(tx, tasks).Get(seq), &t); err != nil {
		return out, err
	}
	if v := bucketIn(tx, waiting).Get(seq); v != nil {
		w := readWaiting(v)
		out = bot.TaskRecord{Task: t.bot(seqOf(seq), w.attempts), State: bot.TaskWaiting, At: w.made.time()}
		out.Task.NotBefore = w.notBefore.time()
		return out, nil
	}
	var e outcomeRecord
	if err := decode(bucketIn(tx, outcomes).Get(seq), &e); err != nil {
		return out, err
	}
	return bot.TaskRecord{Task: t.bot(seqOf(seq), e.Attempts), State: e.State, Outcome: e.outcome(), At: e.At.time()}, nil
}
