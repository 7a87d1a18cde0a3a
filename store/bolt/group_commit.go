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

// writeRequest is one change on its way to the writer.
//
// run checks everything first and writes after, and returns the sentinel with which it is refused.
// It may run a second time in another transaction, where the transaction of its group was rolled
// back, so it keeps nothing between runs. done receives exactly one answer, unless the caller
// withdrew. owner settles the race between a caller who gives up and a writer who begins: whoever
// sets it first decides.
type writeRequest struct {
	run   func(b *writeBatch) error
	owner atomic.Int32
	done  chan error
}

// Who may decide about a request.
const (
	// The request waits in the queue.
	undecided      int32 = iota
	writerDecides        // it will be answered
	callerWithdrew       // it was withdrawn and changes nothing
)

// decide claims the request for one side and says whether that side was first.
func (r *writeRequest) decide(who int32) bool { return r.owner.CompareAndSwap(undecided, who) }

// update hands a change to the writer and waits until it is durable or refused. A caller whose
// context ends withdraws the change, unless the writer has it in hand: then the answer of its group
// is waited for, so that it is never a guess whether the change was made.
func (s *Store) update(ctx context.Context, run func(b *writeBatch) error) error {
	r := &writeRequest{run: run, done: make(chan error, 1)}
	if err := s.enqueue(ctx, s.queue, r); err != nil {
		return err
	}
	return s.answer(ctx, r)
}

// answer waits for what becomes of a request.
func (s *Store) answer(ctx context.Context, r *writeRequest) error {
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

// enqueue puts a request into a queue. Where that is full, backpressure holds the caller back for
// enqueueTimeout, and then ErrBusy tells it to try later.
func (s *Store) enqueue(ctx context.Context, queue chan<- *writeRequest, r *writeRequest) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	select {
	case <-s.quit:
		return bot.ErrClosed
	default:
	}
	select {
	case queue <- r:
		return nil
	default:
	}
	late := time.NewTimer(enqueueTimeout)
	defer late.Stop()
	select {
	case queue <- r:
		return nil
	case <-s.quit:
		return bot.ErrClosed
	case <-ctx.Done():
		return fmt.Errorf("%w: %w", bot.ErrBusy, ctx.Err())
	case <-late.C:
		return bot.ErrBusy
	}
}

// writeLoop is the writer: the only goroutine that writes to the file. It takes the first request
// that waits, everything that has come since, and commits them as one group; by then more waits.
// So one caller alone pays one disk write, and a thousand share one. Nothing that somebody waits for
// is delayed; what nobody does waits for it, at most for the store's patience.
func (s *Store) writeLoop() {
	defer close(s.stopped)
	for {
		select {
		case <-s.quit:
			s.commitGroup(gather(nil, nil, s.unhurried))
			return
		case r := <-s.queue:
			s.commitGroup(s.gatherGroup(nil, r))
		case r := <-s.unhurried:
			s.commitGroup(s.gatherGroup(r, s.company()))
		}
	}
}

// company is the first request in a hurry that comes within the store's patience; nil where none does.
func (s *Store) company() *writeRequest {
	over := time.NewTimer(s.patience)
	defer over.Stop()
	select {
	case r := <-s.queue:
		return r
	case <-over.C:
	case <-s.quit:
	}
	return nil
}

// gatherGroup collects what waits in the queues now. What is in no hurry has waited longest and goes first.
func (s *Store) gatherGroup(unhurried, hurried *writeRequest) []*writeRequest {
	return gather(gather(nil, unhurried, s.unhurried), hurried, s.queue)
}

// gather adds a request and what waits in its queue to a group, up to maxGroup, and leaves out what was withdrawn.
func gather(group []*writeRequest, r *writeRequest, queue <-chan *writeRequest) []*writeRequest {
	for {
		if r != nil && r.decide(writerDecides) {
			group = append(group, r)
		}
		if len(group) >= maxGroup {
			return group
		}
		select {
		case r = <-queue:
		default:
			return group
		}
	}
}

// commitGroup makes one transaction of a group and answers everybody in it. A request that is
// refused by its checks has changed nothing and stays in the group with its error. A request that
// fails after it has begun to write spoils the transaction: it is answered alone, and the others
// are run again in a fresh one.
func (s *Store) commitGroup(group []*writeRequest) {
	for len(group) > 0 {
		answers, spoilt := s.tryGroup(group)
		if spoilt < 0 {
			for i, answer := range answers {
				group[i].done <- answer
			}
			group = group[len(answers):]
			continue
		}
		group[spoilt].done <- answers[spoilt]
		group = append(group[:spoilt], group[spoilt+1:]...)
	}
}

// tryGroup runs a group in one transaction and commits it. spoilt is the index of the request that
// made this impossible, or -1; answers are the errors by request. Where the commit itself fails the
// store accepts nothing from then on. A group in which everything was refused is rolled back
// without a disk write. answers are fewer where a request wants to be the last in its transaction.
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
		if b.last {
			answers = answers[:i+1]
			break
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

// allErrors gives everybody in a group the same answer.
func allErrors(answers []error, err error) []error {
	for i := range answers {
		answers[i] = err
	}
	return answers
}
