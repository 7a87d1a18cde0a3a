package hook

import (
	"context"

	"nevermind/adapters/shop"
	"nevermind/bot"
)

// End takes what the shop says later of a command. The first outcome counts: the same again is nil, another one is
// bot.ErrSeen and shown to support; bot.ErrNone where no such command was sent. That a refund has come back
// counts at any time, once. Outcomes are taken one at a time.
func (s *Shop) End(ctx context.Context, task string, e shop.Ended) error {
	s.outcomes.Lock()
	defer s.outcomes.Unlock()
	if e.Bounced {
		return s.engine.Bounced(ctx, task, e.Detail)
	}
	r, err := s.engine.Task(ctx, task)
	if err != nil {
		return err
	}
	said, ok := e.Outcome(r.Task.Do)
	switch {
	case !ok:
		return bot.ErrNone
	case r.State == bot.TaskDone:
		return s.compareOutcome(ctx, &r, said)
	}
	// The order is posted before the task is settled: a crash between the two is found by compareOutcome or reconcileRefunds.
	posted, err := s.book.End(ctx, r.Task, e)
	if err != nil {
		return err
	}
	if err := s.engine.Result(ctx, task, posted); err != nil || shop.Done(posted) == e.Done {
		return err
	}
	return s.engine.Result(ctx, task, said) // the shop had said otherwise before, and a crash came before the case heard it
}

// compareOutcome answers an outcome of a command that has one already, and posts the first in the order where a crash came
// before that.
func (s *Shop) compareOutcome(ctx context.Context, r *bot.TaskRecord, said bot.Outcome) error {
	if _, err := s.book.End(ctx, r.Task, firstOutcome(r)); ignore(err, bot.ErrNone) != nil {
		return err
	}
	if shop.Done(r.Outcome) == shop.Done(said) {
		return nil
	}
	return s.engine.Result(ctx, r.Task.ID, said)
}
