package bolt

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"nevermind/bot"
)

// Claim leases the heads of lanes that are due at now: at most n tasks, one a lane, each for the
// duration lease. It returns everything a worker needs to try a task, read in one transaction.
// Leases live in memory only: a restart frees every task, and the fencing token keeps an earlier
// holder from settling it.
func (s *Store) Claim(ctx context.Context, now time.Time, n int, lease time.Duration) ([]bot.Lease, error) {
	if err := s.usable(ctx); err != nil {
		return nil, err
	}
	heads := s.lanes.claim(now, n, lease)
	if len(heads) == 0 {
		return nil, nil
	}
	var out []bot.Lease
	var gone []leasedHead
	err := s.view(ctx, func(tx *transaction) error {
		for _, h := range heads {
			l, err := readable(func() (bot.Lease, error) { return readLease(tx, h) })
			if erased(err) {
				gone = append(gone, h)
				continue
			}
			if errors.Is(err, bot.ErrBroken) {
				l, err = damagedLease(h), nil
			}
			if err != nil {
				return err
			}
			l.Until = now.Add(lease)
			out = append(out, l)
		}
		return nil
	})
	if err != nil {
		for _, h := range heads {
			s.lanes.release(h)
		}
		return nil, err
	}
	return out, s.dropErased(ctx, gone)
}

// dropErased takes tasks out of their lanes that were erased while they waited.
func (s *Store) dropErased(ctx context.Context, gone []leasedHead) error {
	if len(gone) == 0 {
		return nil
	}
	return s.update(ctx, func(b *writeBatch) error {
		for _, h := range gone {
			b.delete(waiting, seqKey(h.seq))
			b.updates = append(b.updates, laneUpdate{lane: h.lane, remove: true, queuedTask: queuedTask{seq: h.seq}})
		}
		return nil
	})
}

// readLease reads a leased task, and for a reply the ref of the card's live message in the room,
// which an edit needs.
func readLease(tx *transaction, h leasedHead) (bot.Lease, error) {
	r, err := readWaitingTask(tx, h)
	if err != nil {
		return bot.Lease{}, err
	}
	l := bot.Lease{Task: r.Task, Epoch: h.epoch, Since: r.At}
	if r.Task.Reply == nil {
		return l, nil
	}
	room := r.Task.Reply.Room
	c, err := readable(func() (card, error) {
		return readCard(getIn(tx), room, cardKey(room, cmp.Or(r.Task.Reply.Card, r.Task.Reply.From)))
	})
	if err == nil || !errors.Is(err, bot.ErrBroken) { // of a damaged one nothing is known: the reply is sent anew
		l.Ref = c.Ref
		return l, err
	}
	return l, nil
}

// damagedLease is the lease of a head that cannot be read: all that is known of it is where it stands.
func damagedLease(h leasedHead) bot.Lease {
	return bot.Lease{Task: bot.Task{ID: damagedID(h.seq), Lane: h.lane, Seq: h.seq, Do: bot.DoDamaged}, Epoch: h.epoch}
}

// damagedID is what a task is called that is set aside because it cannot be read.
func damagedID(seq uint64) string { return fmt.Sprint("damaged-", seq) }

// damagedSeq takes such a name apart.
func damagedSeq(id string) (seq []byte, ok bool) {
	number, ok := strings.CutPrefix(id, "damaged-")
	n, err := strconv.ParseUint(number, 10, 64)
	return seqKey(n), ok && err == nil
}

// bury puts something in the place of a task that cannot be read, so that it can be listed and dropped. The id that it had stays
// taken.
func (b *writeBatch) bury(seq uint64) {
	t := bot.Task{ID: damagedID(seq), Lane: damagedLane(seq), Do: bot.DoDamaged}
	b.putRecord(tasks, seqKey(seq), newTask(&t))
}

// damagedLane is the lane of a task of which nothing can be read, not even where it waited.
func damagedLane(seq uint64) string { return fmt.Sprint("damaged:", seq) }

// readWaitingTask reads a leased task; of one that was committed just now all is in memory.
//
// Where its place in the lane was damaged when the store was opened, it may have been tried: as one whose attempt was cut off.
func readWaitingTask(tx *transaction, h leasedHead) (bot.TaskRecord, error) {
	if !bucketIn(tx, waiting).Has(seqKey(h.seq)) { // it was settled meanwhile
		return readTask(tx, seqKey(h.seq))
	}
	t := h.task
	if t == nil {
		stored, err := taskIn(tx, seqKey(h.seq))
		if err != nil {
			return bot.TaskRecord{}, err
		}
		read := stored.Bot(h.seq, 0)
		t = &read
	}
	own := *t
	own.Seq, own.Attempts, own.NotBefore = h.seq, h.attempts, h.notBefore.Time()
	return bot.TaskRecord{Task: own, State: bot.TaskWaiting, At: cmp.Or(h.made, toInstant(own.Made)).Time()}, nil
}

// NextTask returns when the first task can be claimed, the zero time where nothing waits. The
// engine sleeps until then or until a commit wakes it.
func (s *Store) NextTask(ctx context.Context) (time.Time, error) {
	if err := s.usable(ctx); err != nil {
		return time.Time{}, err
	}
	return s.lanes.next(), nil
}

// Attempt records durably that each task is about to be tried, all of them or none, so that
// attempts are counted even where the process dies during one. ErrFenced: one of the leases is
// lost.
func (s *Store) Attempt(ctx context.Context, leases ...bot.Lease) error {
	return s.update(ctx, func(b *writeBatch) error {
		for i := range leases {
			if !b.has(waiting, seqKey(leases[i].Task.Seq)) || !s.lanes.leased(&leases[i]) {
				return bot.ErrFenced
			}
		}
		for i := range leases {
			w := b.leasedWaiting(&leases[i])
			w.attempts++
			w.notBefore = 0
			b.put(waiting, seqKey(leases[i].Task.Seq), w.record(b.tx))
			b.updates = append(b.updates, laneUpdate{lane: w.lane, tried: true, queuedTask: w.queued(leases[i].Task.Seq)})
		}
		return nil
	})
}

// Settle records how an attempt ended and gives up the lease; settle says what each outcome leads
// to. ErrFenced: the lease was given to another, or the task has left its lane. An edit that is done leaves its lane at once, and
// is settled with whatever is committed next: made again after a crash, it is the same edit.
func (s *Store) Settle(ctx context.Context, l bot.Lease, now time.Time, o bot.Outcome) error {
	if s.patience > 0 && l.Task.Class == bot.EditClass && stateAfter(&o) == bot.TaskDone {
		return s.settleSoon(ctx, l, now, o)
	}
	return s.update(ctx, func(b *writeBatch) error {
		held, err := b.lockLease(&l)
		if err != nil {
			return err
		}
		b.locked = append(b.locked, held)
		b.settle(&l, now, &o)
		return nil
	})
}

// settleSoon settles a task without waiting until that is durable; what comes behind it in its lane is free at once. Requests are
// made in their order, so nothing is recorded of the next one before this.
func (s *Store) settleSoon(ctx context.Context, l bot.Lease, now time.Time, o bot.Outcome) error {
	if err := s.usable(ctx); err != nil {
		return err
	}
	if !s.lanes.leave(&l) {
		return bot.ErrFenced
	}
	r := &writeRequest{done: make(chan error, 1), run: func(b *writeBatch) error {
		if !b.has(waiting, seqKey(l.Task.Seq)) {
			return bot.ErrFenced // its room was erased
		}
		b.settle(&l, now, &o)
		return nil
	}}
	return s.enqueue(ctx, s.unhurried, r)
}

// usable says whether the store can still be used, for methods that read memory only: ErrClosed,
// the context's error, or the failure after which nothing is accepted.
func (s *Store) usable(ctx context.Context) error {
	select {
	case <-s.quit:
		return bot.ErrClosed
	default:
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	return s.writeError()
}
