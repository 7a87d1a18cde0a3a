package bolt

import (
	"cmp"
	"context"
	"errors"
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
			if errors.Is(err, bot.ErrBroken) { // its lane stands still until the lease is over; the others go on
				continue
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
	if v := roomValue(getIn(tx), cards, room, cardKey(room, cmp.Or(r.Task.Reply.Card, r.Task.Reply.From))); v != nil {
		var c card
		err = decode(v, &c)
		l.Ref = c.Ref
	}
	return l, err
}

// readWaitingTask reads a leased task, of which only what changes is read where it was committed just
// now.
func readWaitingTask(tx *transaction, h leasedHead) (bot.TaskRecord, error) {
	v := bucketIn(tx, waiting).Get(seqKey(h.seq))
	if h.task == nil || v == nil {
		return readTask(tx, seqKey(h.seq))
	}
	w, t := readWaiting(tx, v), *h.task
	t.Seq, t.Attempts, t.NotBefore = h.seq, w.attempts, w.notBefore.Time()
	return bot.TaskRecord{Task: t, State: bot.TaskWaiting, At: w.made.Time()}, nil
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
			if b.get(waiting, seqKey(leases[i].Task.Seq)) == nil || !s.lanes.leased(&leases[i]) {
				return bot.ErrFenced
			}
		}
		for _, l := range leases {
			key := seqKey(l.Task.Seq)
			w := readWaiting(b.tx, b.get(waiting, key))
			w.attempts++
			w.notBefore = 0
			b.put(waiting, key, w.record(b.tx))
		}
		return nil
	})
}

// Settle records how an attempt ended and gives up the lease; settle says what each outcome leads
// to. ErrFenced: the lease was given to another, or the task has left its lane. An edit behind which
// nothing waits is settled with whatever is committed next: made again after a crash, it is the same edit.
func (s *Store) Settle(ctx context.Context, l bot.Lease, now time.Time, o bot.Outcome) error {
	update := s.update
	if s.patience > 0 && l.Task.Class == bot.EditClass && s.lanes.lonely(&l) {
		update = s.updateSoon
	}
	return update(ctx, func(b *writeBatch) error {
		held, err := b.lockLease(&l)
		if err != nil {
			return err
		}
		b.locked = append(b.locked, held)
		b.settle(&l, now, &o)
		return nil
	})
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
