package bolt

import (
	"context"
	"fmt"
	"sync/atomic"
	"time"

	"nevermind/bot"
)

const (
	maxGroup       = 1000            // changes in one disk write
	enqueueTimeout = 5 * time.Second // how long a caller is held back by a full queue
)

// writeRequest is one change on its way to the writer. run checks first and writes after; it may be run again in another
// transaction where that of its group had to be given up.
type writeRequest struct {
	run   func(b *writeBatch) error
	owner atomic.Int32
	done  chan error
}

// Who may decide about a request.
const (
	undecided      int32 = iota
	writerDecides        // it will be answered
	callerWithdrew       // it was withdrawn and changes nothing
)

func (r *writeRequest) decide(who int32) bool { return r.owner.CompareAndSwap(undecided, who) }

// update hands a change to the writer and waits until it is durable or refused. A caller who goes away withdraws the
// change, unless the writer has it in hand: then the answer is waited for, so that it is never a guess.
func (s *Store) update(ctx context.Context, run func(b *writeBatch) error) error {
	r := &writeRequest{run: run, done: make(chan error, 1)}
	if err := s.enqueue(ctx, r); err != nil {
		return err
	}
	select {
	case err := <-r.done:
		return err
	case <-ctx.Done():
		if r.decide(callerWithdrew) {
			return ctx.Err()
		}
	case <-s.stopped:
		if r.decide(callerWithdrew) {
			return bot.ErrClosed
		}
	}
	return <-r.done
}

func (s *Store) enqueue(ctx context.Context, r *writeRequest) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	select {
	case <-s.quit:
		return bot.ErrClosed
	default:
	}
	select {
	case s.queue <- r:
		return nil
	default:
	}
	late := time.NewTimer(enqueueTimeout)
	defer late.Stop()
	select {
	case s.queue <- r:
		return nil
	case <-s.quit:
		return bot.ErrClosed
	case <-ctx.Done():
		return fmt.Errorf("%w: %w", bot.ErrBusy, ctx.Err())
	case <-late.C:
		return bot.ErrBusy
	}
}

// writeLoop is the one writer: it takes what waits, commits it together, and by then more waits.
func (s *Store) writeLoop() {
	defer close(s.stopped)
	for {
		select {
		case <-s.quit:
			return
		case first := <-s.queue:
			s.commitGroup(s.gatherGroup(first))
		}
	}
}

func (s *Store) gatherGroup(r *writeRequest) []*writeRequest {
	var group []*writeRequest
	for {
		if r.decide(writerDecides) {
			group = append(group, r)
		}
		if len(group) == maxGroup {
			return group
		}
		select {
		case r = <-s.queue:
		default:
			return group
		}
	}
}

// commitGroup makes one transaction of a group. Whoever is refused has changed nothing. A request that fails half way takes
// the transaction with it; it is answered alone and the others are run again.
func (s *Store) commitGroup(group []*writeRequest) {
	for len(group) > 0 {
		answers, spoilt := s.tryGroup(group)
		if spoilt < 0 {
			for i, r := range group {
				r.done <- answers[i]
			}
			return
		}
		group[spoilt].done <- answers[spoilt]
		group = append(group[:spoilt], group[spoilt+1:]...)
	}
}

// tryGroup runs a group in one transaction and commits it; spoilt is the request that made this impossible, or -1.
func (s *Store) tryGroup(group []*writeRequest) (answers []error, spoilt int) {
	answers = make([]error, len(group))
	b, err := s.begin()
	if err != nil {
		return allErrors(answers, err), -1
	}
	for i, r := range group {
		written := b.written
		answers[i] = catchDamage(func() error { return b.run(r.run) })
		if answers[i] != nil && (b.written > written || b.err != nil) {
			b.rollback()
			return answers, i
		}
	}
	if b.written == 0 {
		b.rollback()
		return answers, -1
	}
	if err := b.commit(); err != nil {
		s.failForGood(err)
		return allErrors(answers, s.writeError()), -1
	}
	return answers, -1
}

func allErrors(answers []error, err error) []error {
	for i := range answers {
		answers[i] = err
	}
	return answers
}
