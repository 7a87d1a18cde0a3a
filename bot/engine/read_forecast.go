package engine

import (
	"context"
	"errors"
	"time"

	"nevermind/bot"
	"nevermind/bot/turn"
)

// mostAlong is how many open records of one order run along in a forecast.
const mostAlong = 100

// Foresee runs a conversation forward, deadline after deadline, as if nobody moved, the shop's people neither; at most n
// steps. The other open records of its order run along, since one may change the order for another.
func (e *Engine) Foresee(ctx context.Context, key bot.Key, n int) ([]bot.Foresight, error) {
	return e.lookout.foresee(ctx, key, n)
}

// foresee gathers the records that run along and runs them in package turn: real turns on copies, none of them committed.
func (r *lookout) foresee(ctx context.Context, key bot.Key, n int) ([]bot.Foresight, error) {
	v, err := r.load.asItStands(ctx, key)
	if err != nil {
		return nil, err
	}
	forecast := turn.NewForecast(r.rules, v.Now, func(do string) bool { return r.cfg.Hands[do] == nil })
	if err := r.join(ctx, forecast, v); err != nil {
		return nil, err
	}
	if v.Order != nil {
		if err := r.joinOthers(ctx, forecast, v); err != nil {
			return nil, err
		}
	}
	steps, err := forecast.Run(n)
	if fault := readFault(v.Look); fault != nil {
		return nil, fault
	}
	return steps, err
}

// joinOthers has the other open records of the order run along.
func (r *lookout) joinOthers(ctx context.Context, forecast *turn.Forecast, v *bot.View) error {
	keys, err := r.cfg.Store.Find(ctx, "open:order:"+v.Order.ID, "", mostAlong)
	if err != nil {
		return err
	}
	for _, key := range keys {
		if key == v.Conv.Key {
			continue
		}
		other, err := r.load.asItStands(ctx, key)
		if err != nil {
			return err
		}
		if err := r.join(ctx, forecast, other); err != nil {
			return err
		}
	}
	return nil
}

// join has a record run along; the outcome of its state's task is reckoned with where that is still under way.
func (r *lookout) join(ctx context.Context, forecast *turn.Forecast, v *bot.View) error {
	do := r.rules.ByName[v.Conv.Flow].States[v.Conv.State].Do
	if r.rules.Works[do].Expected == nil || r.cfg.Hands[do] == nil {
		forecast.Add(v, false, time.Time{})
		return nil
	}
	task, err := r.cfg.Store.Task(ctx, turn.WorkID(v.Conv, r.rules.Works[do].Class, do))
	if err != nil && !errors.Is(err, bot.ErrNone) {
		return err
	}
	forecast.Add(v, task.State == bot.TaskWaiting, task.Task.NotBefore)
	return nil
}
