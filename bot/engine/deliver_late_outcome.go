package engine

import (
	"context"
	"errors"
	"slices"

	"nevermind/bot"
)

// Task returns a task and what became of it; ErrNone where there is none.
func (e *Engine) Task(ctx context.Context, id string) (bot.TaskRecord, error) {
	return e.cfg.Store.Task(ctx, id)
}

// Filed lists the conversations filed under a term, oldest key first, a hundred at most.
func (e *Engine) Filed(ctx context.Context, term string) ([]bot.Key, error) {
	return e.cfg.Store.Find(ctx, term, "", 100)
}

// Result is the late outcome of a task: one that was left pending, that is still being tried, or that was given up. The
// first one counts: the same again is nil, another one is ErrSeen and support is told; an unknown task is ErrNone.
func (e *Engine) Result(ctx context.Context, task string, o bot.Outcome) error {
	for try := 0; ; try++ {
		r, err := e.cfg.Store.Task(ctx, task)
		if err != nil {
			return err
		}
		if w, ok := e.cfg.Flows.Works[r.Task.Do]; !ok || !slices.Contains(w.Outcomes, o.Event) {
			return bot.ErrNone
		}
		if r.State == bot.TaskDone {
			return e.repeated(ctx, &r, o)
		}
		e.cfg.CrashPoint(bot.OutcomeKnown)
		err = e.outcome(ctx, r.Task, o, bot.Commit{Handled: "outcome:" + task, LateOutcome: &bot.LateOutcome{task, o}})
		if errors.Is(err, bot.ErrSeen) && try < 3 {
			continue // another one was quicker
		}
		return err
	}
}

// repeated judges an outcome of a task that has one.
func (e *Engine) repeated(ctx context.Context, r *bot.TaskRecord, o bot.Outcome) error {
	if r.Outcome.Event == o.Event {
		return nil
	}
	if err := e.contradicted(ctx, r, o); err != nil {
		return err
	}
	return bot.ErrSeen
}

// overtaken judges an outcome that came second: after a result that came another way, or when another worker had taken
// the task over.
func (e *Engine) overtaken(ctx context.Context, l bot.Lease, o bot.Outcome, why error) error {
	r, err := e.cfg.Store.Task(ctx, l.Task.ID)
	switch {
	case err != nil:
		return err
	case r.State == bot.TaskDone && o.Dead == "":
		if err := e.repeated(ctx, &r, o); !errors.Is(err, bot.ErrSeen) {
			return err
		}
		return nil
	case r.State == bot.TaskWaiting && errors.Is(why, bot.ErrSeen):
		return e.settle(ctx, l, o)
	}
	return bot.ErrFenced
}

// contradicted tells the conversation that asked, and so support, that the shop has said two different things.
func (e *Engine) contradicted(ctx context.Context, r *bot.TaskRecord, o bot.Outcome) error {
	ev := bot.Event{ID: "contradicted:" + r.Task.ID + ":" + o.Event, Name: "shop_contradicted", By: bot.Shop,
		Facts: bot.Facts{"said_first": r.Outcome.Event, "said_now": o.Event}}
	err := e.turnOf(ctx, r.Task.From, bot.Commit{Handled: ev.ID}, func(*bot.View) (bot.Event, string) { return ev, "" })
	if errors.Is(err, bot.ErrSeen) || errors.Is(err, bot.ErrNone) {
		return nil
	}
	return err
}
