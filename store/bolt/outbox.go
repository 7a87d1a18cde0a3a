package bolt

import (
	"encoding/binary"
	"time"

	"go.etcd.io/bbolt"

	"nevermind/bot"
)

// wait is what is kept of a task while it is in its lane.
type wait struct {
	notBefore instant
	made      instant
	attempts  int
	lane      string
}

func (w wait) record() []byte {
	out := make([]byte, 0, 20+len(w.lane))
	out = addInstant(addInstant(out, w.notBefore), w.made)
	return append(binary.BigEndian.AppendUint32(out, uint32(w.attempts)), w.lane...)
}

func readWait(v []byte) wait {
	return wait{instantOf(v), instantOf(v[8:]), int(binary.BigEndian.Uint32(v[16:])), string(v[20:])}
}

// addTask puts a task at the end of its lane, or sets it aside at once, unless there has been one with its id.
func (b *batch) addTask(t *bot.Task, record []byte, when time.Time, why string) {
	if b.get(taskIDs, []byte(t.ID)) != nil {
		return
	}
	seq := b.nextSeq()
	w := wait{at(t.NotBefore), at(when), t.Attempts, t.Lane}
	b.put(taskIDs, []byte(t.ID), seqKey(seq))
	b.put(tasks, seqKey(seq), record)
	if why == "" {
		b.put(waits, seqKey(seq), w.record())
		b.changes = append(b.changes, laneChange{lane: t.Lane, add: true, place: place{seq, w.notBefore, w.made}})
	} else {
		b.ended(seq, newEnded(bot.TaskDead, when, t.Attempts, &bot.Outcome{Dead: why}))
	}
	if t.Reply == nil {
		return
	}
	b.put(said, saidKey(t.Reply.Room, seq), moment(when))
	if why == "" && t.Reply.Mode == bot.Edit && t.Reply.Card != "" {
		b.replaceEdit(t, seq, when)
	}
}

// replaceEdit takes out the edit that this one makes pointless: of the same card, waiting, and never tried.
func (b *batch) replaceEdit(t *bot.Task, seq uint64, when time.Time) {
	key := cardKey(t.Reply.Room, t.Reply.Card)
	c := b.card(key)
	if w := b.get(waits, seqKey(c.Edit)); w != nil {
		if old := readWait(w); old.lane == t.Lane && old.attempts == 0 {
			b.withdraw(t, c.Edit, when)
		}
	}
	c.Edit = seq
	b.putRecord(cards, key, c)
}

func (b *batch) withdraw(t *bot.Task, seq uint64, when time.Time) {
	held, free := b.s.lanes.withdraw(t.Lane, seq)
	if held != nil {
		b.held = append(b.held, held)
	}
	if !free {
		return
	}
	b.delete(said, saidKey(t.Reply.Room, seq))
	b.end(seq, t.Lane, newEnded(bot.TaskDone, when, 0, &bot.Outcome{}))
}

func (b *batch) card(key []byte) (c card) {
	if v := b.get(cards, key); v != nil {
		b.keep(decode(v, &c))
	}
	return c
}

// end takes a task out of its lane and writes down what became of it.
func (b *batch) end(seq uint64, lane string, e ended) {
	b.delete(waits, seqKey(seq))
	b.ended(seq, e)
	b.changes = append(b.changes, laneChange{lane: lane, leave: true, place: place{seq: seq}})
}

// ended writes down what became of a task that is in no lane; the index of dead ones follows.
func (b *batch) ended(seq uint64, e ended) {
	key := seqKey(seq)
	b.putRecord(ends, key, e)
	if e.State == bot.TaskDead {
		b.put(dead, key, nothing)
	} else if b.get(dead, key) != nil {
		b.delete(dead, key)
	}
}

func (b *batch) putRecord(n bucket, key []byte, v any) {
	record, err := encode(v)
	b.keep(err)
	b.put(n, key, record)
}

// readTask puts a task together from its parts; nothing is read twice.
func readTask(tx *bbolt.Tx, seq []byte) (out bot.TaskRecord, err error) {
	var t task
	if err := decode(in(tx, tasks).Get(seq), &t); err != nil {
		return out, err
	}
	if v := in(tx, waits).Get(seq); v != nil {
		w := readWait(v)
		out = bot.TaskRecord{Task: t.bot(seqOf(seq), w.attempts), State: bot.TaskWaiting, At: w.made.time()}
		out.Task.NotBefore = w.notBefore.time()
		return out, nil
	}
	var e ended
	if err := decode(in(tx, ends).Get(seq), &e); err != nil {
		return out, err
	}
	return bot.TaskRecord{Task: t.bot(seqOf(seq), e.Attempts), State: e.State, Outcome: e.outcome(), At: e.At.time()}, nil
}
