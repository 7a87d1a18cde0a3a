package bolt

import (
	"context"
	"time"

	"go.etcd.io/bbolt"

	"nevermind/bot"
)

// laneGrant is a lease that a commit gives out with what it settles. The epoch is 0 until the commit is
// durable, and stays so where the task has meanwhile left its place.
type laneGrant struct {
	until instant
	epoch uint64
}

// SettleNext settles like Settle and leases the lane's next task in the same commit. ErrFenced as of
// Settle; nothing is leased then.
func (s *Store) SettleNext(
	ctx context.Context, l bot.Lease, now time.Time, o bot.Outcome, lease time.Duration, attempt bool,
) (next bot.Lease, ok bool, err error) {
	var grant *laneGrant
	var was waitingTask
	var head leasedHead
	err = s.update(ctx, func(b *writeBatch) error {
		grant = nil // of a run that was rolled back
		held, err := b.lockLease(&l)
		if err != nil {
			return err
		}
		b.locked = append(b.locked, held)
		b.settle(&l, now, &o)
		if stateAfter(&o) == bot.TaskWaiting {
			return nil
		}
		head.lane = held.name
		if head.seq, was = b.promiseNext(held, now); head.seq == 0 {
			return nil
		}
		if attempt {
			w := was
			w.attempts, w.notBefore = w.attempts+1, 0
			b.put(waiting, seqKey(head.seq), w.record())
		}
		grant = &laneGrant{until: toInstant(now.Add(max(lease, 1)))}
		b.updates = append(b.updates, laneUpdate{lane: held.name, queuedTask: queuedTask{seq: head.seq}, grant: grant})
		return nil
	})
	if err != nil || grant == nil || grant.epoch == 0 {
		return bot.Lease{}, false, err
	}
	head.epoch = grant.epoch
	err = s.view(ctx, func(tx *bbolt.Tx) (err error) {
		next, err = s.readLease(tx, head)
		return err
	})
	if err != nil {
		s.lanes.release(head)
		return bot.Lease{}, false, err
	}
	next.Until, next.Task.Attempts, next.Task.NotBefore = now.Add(lease), was.attempts, was.notBefore.time()
	return next, true, nil
}

// promiseNext finds the task that will be the head of a locked lane once its present head has left, where
// it is due at now, and keeps it from being replaced meanwhile; 0 where there is none. What this
// transaction has taken out of the lane is passed over.
func (b *writeBatch) promiseNext(held *lane, now time.Time) (seq uint64, was waitingTask) {
	l := b.s.lanes
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, t := range held.queue[1:] {
		v := b.get(waiting, seqKey(t.seq))
		if v == nil {
			continue
		}
		if was = readWaiting(v); was.notBefore > toInstant(now) {
			break
		}
		held.promised = t.seq
		return t.seq, was
	}
	return 0, was
}
