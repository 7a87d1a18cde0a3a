package bolt

import (
	"cmp"
	"encoding/binary"
	"slices"
	"time"

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

// queued is what memory holds of it.
func (w waitingTask) queued(seq uint64) queuedTask {
	return queuedTask{seq: seq, notBefore: w.notBefore, made: w.made, attempts: w.attempts}
}

// record encodes it: notBefore and made, 8 bytes each, attempts in 4, then the lane.
func (w waitingTask) record(tx *transaction) []byte {
	w.lane = tx.hideLane(w.lane)
	out := make([]byte, 0, 20+len(w.lane))
	out = appendInstant(appendInstant(out, w.notBefore), w.made)
	return append(binary.BigEndian.AppendUint32(out, uint32(w.attempts)), w.lane...)
}

// readWaiting decodes what record has encoded.
func readWaiting(tx *transaction, v []byte) waitingTask {
	return waitingTask{instantOf(v), instantOf(v[8:]), int(binary.BigEndian.Uint32(v[16:])), tx.showLane(string(v[20:]))}
}

// addTask puts a task into the outbox and returns its number: at the end of its lane, or where why is
// given among the dead letters at once. own is the task as it will be read, for whoever leases it
// first; nil where it is not tried at once.
func (b *writeBatch) addTask(t *bot.Task, record []byte, own *bot.Task, when time.Time, why string) uint64 {
	seq := b.nextSeq()
	w := waitingTask{toInstant(t.NotBefore), toInstant(when), t.Attempts, t.Lane}
	b.put(tasks, seqKey(seq), record)
	if why == "" {
		b.put(waiting, seqKey(seq), w.record(b.tx))
		q := w.queued(seq)
		q.kept = own
		if t.Reply != nil && t.Reply.Mode == bot.Edit && t.Reply.Card != "" {
			q.card = t.Reply.Card
			b.replaceEdit(t, when)
		}
		b.updates = append(b.updates, laneUpdate{lane: t.Lane, add: true, queuedTask: q})
	} else {
		b.recordEnd(seq, newOutcomeRecord(bot.TaskDead, when, t.Attempts, &bot.Outcome{Dead: why}))
	}
	if t.Reply == nil {
		return seq
	}
	b.put(roomLog, roomKey(t.Reply.Room, seq), repliedAt(t, when))
	return seq
}

// repliedAt is what stands in a room's log for a reply: when it was asked for, where its task does not
// say just that.
func repliedAt(t *bot.Task, when time.Time) []byte {
	if toInstant(t.Made) == toInstant(when) {
		return emptyValue
	}
	return timeKey(when)
}

// replaceEdit takes out an older edit that this one makes pointless: of the same card in the same
// lane, still waiting, and never tried. One that was tried may have reached the platform, so it
// stays.
func (b *writeBatch) replaceEdit(t *bot.Task, when time.Time) {
	seq := b.olderEdit(t)
	w, err := b.waiting(seqKey(seq))
	if err == nil && w != nil && w.attempts == 0 { // where it was damaged nobody knows, so it stays
		b.supersede(t, seq, when)
	}
}

// olderEdit finds the latest edit of a task's card in its lane: among those that this very transaction has added, or those that
// wait; 0 where there is none.
func (b *writeBatch) olderEdit(t *bot.Task) uint64 {
	for _, u := range slices.Backward(b.updates) {
		if u.add && u.card == t.Reply.Card && u.lane == t.Lane {
			return u.seq
		}
	}
	seq := b.s.lanes.edit(t.Lane, t.Reply.Card, func(seq uint64) bool {
		old, err := readable(func() (task, error) { return b.task(seqKey(seq)) })
		return err == nil && old.Reply != nil && old.Reply.Mode == bot.Edit && old.Reply.Card == t.Reply.Card
	})
	if seq == nil {
		return 0
	}
	return *seq
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

// card reads what is stored of a card; an empty record where it was never sent, or is damaged: then it is sent anew.
func (b *writeBatch) card(room bot.Room, key []byte) card {
	c, err := readable(func() (c card, err error) { return readCard(b.get, room, key) })
	if err != nil {
		return card{}
	}
	return c
}

func readCard(get func(n bucket, key []byte) []byte, room bot.Room, key []byte) (c card, err error) {
	if v := roomValue(get, cards, room, key); v != nil {
		err = decode(v, &c)
	}
	return c, err
}

// waiting reads the place of a task in its lane; nil where it is in none. bot.ErrBroken: it is damaged.
func (b *writeBatch) waiting(seq []byte) (w *waitingTask, err error) {
	return readable(func() (*waitingTask, error) {
		v := b.get(waiting, seq)
		if v == nil {
			return nil, nil //nolint:nilnil // it is in none
		}
		w := readWaiting(b.tx, v)
		return &w, nil
	})
}

// leasedWaiting is the place of a leased task in its lane, as memory knows it, or else its lease: it stands in the file as well,
// where it may be damaged or erased.
func (b *writeBatch) leasedWaiting(l *bot.Lease) waitingTask {
	q := b.s.lanes.head(l)
	return waitingTask{q.notBefore, cmp.Or(q.made, toInstant(l.Since)), q.attempts, l.Task.Lane}
}

// leaveLane takes a task out of its lane and records how it ended.
func (b *writeBatch) leaveLane(seq uint64, lane string, e outcomeRecord) {
	b.recordEnd(seq, e)
	b.leave(seq, lane)
}

// leave takes a task out of its lane.
func (b *writeBatch) leave(seq uint64, lane string) {
	b.delete(waiting, seqKey(seq))
	b.updates = append(b.updates, laneUpdate{lane: lane, remove: true, queuedTask: queuedTask{seq: seq}})
}

// recordEnd records what became of a task that is in no lane, and keeps the index of dead letters
// in step.
func (b *writeBatch) recordEnd(seq uint64, e outcomeRecord) {
	key := seqKey(seq)
	stored, broken := b.whole(tasks, key)
	if broken {
		b.bury(seq)
		stored = b.get(tasks, key)
	}
	_, record := cutOutcome(stored)
	outcome, err := encode(e)
	b.fail(err)
	b.put(tasks, key, settledRecord(outcome, record))
	if b.get(outcomes, key) != nil { // of an older version
		b.delete(outcomes, key)
	}
	if e.State == bot.TaskDead {
		b.put(deadLetters, key, emptyValue)
	} else if b.get(deadLetters, key) != nil {
		b.delete(deadLetters, key)
	}
}

// settledRecord puts the outcome of a task before the task's own record, so that both are one key.
func settledRecord(outcome, record []byte) []byte {
	out := make([]byte, 0, 3+len(outcome)+len(record))
	out = binary.AppendUvarint(append(out, settledForm), uint64(len(outcome)))
	return append(append(out, outcome...), record...)
}

// cutOutcome takes the outcome off the record of a task; nil where the record has none.
func cutOutcome(stored []byte) (outcome, record []byte) {
	if len(stored) == 0 || stored[0] != settledForm {
		return nil, stored
	}
	size, n := binary.Uvarint(stored[1:])
	if rest := stored[1+max(0, n):]; n > 0 && size <= uint64(len(rest)) {
		return rest[:size], rest[size:]
	}
	return nil, nil // decodes to ErrBroken
}

// outcomeOf reads the outcome of a task that has left its lane. Older versions kept it apart.
func outcomeOf(stored, apart []byte) (e outcomeRecord, err error) {
	outcome, _ := cutOutcome(stored)
	if outcome == nil {
		outcome = apart
	}
	err = decode(outcome, &e)
	e.State = cmp.Or(e.State, bot.TaskDone)
	return e, err
}

// outcome reads the outcome of a task within the transaction.
func (b *writeBatch) outcome(seq []byte) (outcomeRecord, error) {
	return outcomeOf(b.get(tasks, seq), b.get(outcomes, seq))
}

// putRecord encodes and stores a record without a version.
func (b *writeBatch) putRecord(n bucket, key []byte, v any) {
	record, err := encode(v)
	b.fail(err)
	b.put(n, key, record)
}

// readTask puts a task together from its parts: what never changes, and either its place in the
// lane or how it ended.
func readTask(tx *transaction, seq []byte) (out bot.TaskRecord, err error) {
	t, err := taskIn(tx, seq)
	if err != nil {
		return out, err
	}
	if v := bucketIn(tx, waiting).Get(seq); v != nil {
		w := readWaiting(tx, v)
		out = bot.TaskRecord{Task: t.Bot(seqOf(seq), w.attempts), State: bot.TaskWaiting, At: w.made.Time()}
		out.Task.NotBefore = w.notBefore.Time()
		return out, nil
	}
	e, err := outcomeOf(bucketIn(tx, tasks).Get(seq), bucketIn(tx, outcomes).Get(seq))
	if err != nil {
		return out, err
	}
	if e.Own {
		e.Ref = bot.Ref(t.ID)
	}
	return bot.TaskRecord{Task: t.Bot(seqOf(seq), e.Attempts), State: e.State, Outcome: e.Bot(), At: e.At.Time()}, nil
}

// taskIn reads the part of a task that never changes.
func taskIn(tx *transaction, seq []byte) (t task, err error) {
	_, record := cutOutcome(bucketIn(tx, tasks).Get(seq))
	if record, err = tx.secrets.Unseal(record); err != nil {
		return t, err
	}
	if err := decode(record, &t); err != nil {
		return t, err
	}
	return t, tx.secrets.FillTask(&t)
}
