package engine

import (
	"context"
	"errors"
	"slices"

	"nevermind/bot"
)

// Result is the late outcome of a task: one that was left pending, that is still being tried, or that was given up. The
// first one counts: the same again is nil, another one is ErrSeen and support is told; an unknown task is ErrNone.
func (e *Engine) Result(ctx context.Context, task string, o bot.Outcome) error {
	return e.deliverer.lateOutcome(ctx, task, o)
}

// lateOutcome hears the outcome in a turn of the conversation that asked, or judges it where there is one already. The id it
// is handled under is that of an outcome that the hand returns itself, so that of two that come at once only one counts,
// and the other finds the task done when it looks again.
func (d *deliverer) lateOutcome(ctx context.Context, task string, o bot.Outcome) error {
	for try := 0; ; try++ {
		r, err := d.cfg.Store.Task(ctx, task)
		if err != nil {
			return err
		}
		if w, ok := d.cfg.Flows.Works[r.Task.Do]; !ok || !slices.Contains(w.Outcomes, o.Event) {
			return bot.ErrNone
		}
		if r.State == bot.TaskDone {
			return d.repeated(ctx, &r, o)
		}
		d.cfg.CrashPoint(bot.OutcomeKnown)
		c := bot.Commit{Handled: "outcome:" + task, LateOutcome: &bot.LateOutcome{TaskID: task, Outcome: o}}
		err = d.tellOutcome(ctx, r.Task, o, c)
		if errors.Is(err, bot.ErrSeen) && try < 3 {
			continue // another one was quicker
		}
		return err
	}
}

// repeated judges an outcome of a task that has one: the same again is no news, and another one is a contradiction.
func (d *deliverer) repeated(ctx context.Context, r *bot.TaskRecord, o bot.Outcome) error {
	if r.Outcome.Event == o.Event {
		return d.flushed(ctx)
	}
	if err := d.contradicted(ctx, r, o); err != nil {
		return err
	}
	return bot.ErrSeen
}

// overtaken judges an outcome that came second: after a result that came another way, or when another worker had taken
// the task over.
func (d *deliverer) overtaken(ctx context.Context, l bot.Lease, o bot.Outcome, why error) error {
	r, err := d.cfg.Store.Task(ctx, l.Task.ID)
	switch {
	case err != nil:
		return err
	case r.State == bot.TaskDone && o.Dead == "":
		if err := d.repeated(ctx, &r, o); !errors.Is(err, bot.ErrSeen) {
			return err
		}
		return nil
	case r.State == bot.TaskWaiting && errors.Is(why, bot.ErrSeen):
		return d.settler.settle(ctx, l, o)
	}
	return bot.ErrFenced
}

// contradicted tells the conversation that asked, and so support, that the shop has said two different things.
func (d *deliverer) contradicted(ctx context.Context, r *bot.TaskRecord, o bot.Outcome) error {
	ev := bot.Event{ID: "contradicted:" + r.Task.ID + ":" + o.Event, Name: "shop_contradicted", By: bot.Shop,
		Facts: bot.Facts{"said_first": r.Outcome.Event, "said_now": o.Event}}
	err := d.turns.take(ctx, r.Task.From, bot.Commit{Handled: ev.ID}, event(ev))
	if errors.Is(err, bot.ErrSeen) || errors.Is(err, bot.ErrNone) {
		return nil
	}
	return err
}
