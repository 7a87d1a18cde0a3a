package bolt

import (
	"encoding/binary"
	"time"

	"go.etcd.io/bbolt"

	"nevermind/bot"
)

// waitingTask is what is kept of a task while it is in its lane.
type waitingTask struct {
	notBefore instant
	made      instant
	attempts  int
	lane      string
}

func (w waitingTask) record() []byte {
	out := make([]byte, 0, 20+len(w.lane))
	out = appendInstant(appendInstant(out, w.notBefore), w.made)
	return append(binary.BigEndian.AppendUint32(out, uint32(w.attempts)), w.lane...)
}

func readWaiting(v []byte) waitingTask {
	return waitingTask{instantOf(v), instantOf(v[8:]), int(binary.BigEndian.Uint32(v[16:])), string(v[20:])}
}

// addTask puts a task at the end of its lane, or sets it aside at once, unless there has been one with its id.
func (b *writeBatch) addTask(t *bot.Task, record []byte, when time.Time, why string) {
	if b.get(taskIDs, []byte(t.ID)) != nil {
		return
	}
	seq := b.nextSeq()
	w := waitingTask{toInstant(t.NotBefore), toInstant(when), t.Attempts, t.Lane}
	b.put(taskIDs, []byte(t.ID), seqKey(seq))
	b.put(tasks, seqKey(seq), record)
	if why == "" {
		b.put(waits, seqKey(seq), w.record())
		b.updates = append(b.updates, laneUpdate{lane: t.Lane, add: true, queuedTask: queuedTask{seq, w.notBefore, w.made}})
	} else {
		b.recordEnd(seq, newOutcomeRecord(bot.TaskDead, when, t.Attempts, &bot.Outcome{Dead: why}))
	}
	if t.Reply == nil {
		return
	}
	b.put(roomLog, saidKey(t.Reply.Room, seq), timeKey(when))
	if why == "" && t.Reply.Mode == bot.Edit && t.Reply.Card != "" {
		b.replaceEdit(t, seq, when)
	}
}

// replaceEdit takes out the edit that this one makes pointless: of the same card, waiting, and never tried.
func (b *writeBatch) replaceEdit(t *bot.Task, seq uint64, when time.Time) {
	key := cardKey(t.Reply.Room, t.Reply.Card)
	c := b.card(key)
	if w := b.get(waits, seqKey(c.Edit)); w != nil {
		if old := readWaiting(w); old.lane == t.Lane && old.attempts == 0 {
			b.supersede(t, c.Edit, when)
		}
	}
	c.Edit = seq
	b.putRecord(cards, key, c)
}

func (b *writeBatch) supersede(t *bot.Task, seq uint64, when time.Time) {
	held, free := b.s.lanes.supersede(t.Lane, seq)
	if held != nil {
		b.locked = append(b.locked, held)
	}
	if !free {
		return
	}
	b.delete(roomLog, saidKey(t.Reply.Room, seq))
	b.leaveLane(seq, t.Lane, newOutcomeRecord(bot.TaskDone, when, 0, &bot.Outcome{}))
}

func (b *writeBatch) card(key []byte) (c card) {
	if v := b.get(cards, key); v != nil {
		b.fail(decode(v, &c))
	}
	return c
}

// leaveLane takes a task out of its lane and writes down what became of it.
func (b *writeBatch) leaveLane(seq uint64, lane string, e outcomeRecord) {
	b.delete(waits, seqKey(seq))
	b.recordEnd(seq, e)
	b.updates = append(b.updates, laneUpdate{lane: lane, remove: true, queuedTask: queuedTask{seq: seq}})
}

// outcomeRecord writes down what became of a task that is in no lane; the index of dead ones follows.
func (b *writeBatch) recordEnd(seq uint64, e outcomeRecord) {
	key := seqKey(seq)
	b.putRecord(outcomes, key, e)
	if e.State == bot.TaskDead {
		b.put(deadLetters, key, emptyValue)
	} else if b.get(deadLetters, key) != nil {
		b.delete(deadLetters, key)
	}
}

func (b *writeBatch) putRecord(n bucket, key []byte, v any) {
	record, err := encode(v)
	b.fail(err)
	b.put(n, key, record)
}

// readTask puts a task together from its parts; nothing is read twice.
func readTask(tx *bbolt.Tx, seq []byte) (out bot.TaskRecord, err error) {
	var t task
	if err := decode(bucketIn(tx, tasks).Get(seq), &t); err != nil {
		return out, err
	}
	if v := bucketIn(tx, waits).Get(seq); v != nil {
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
