package engine

import (
	"context"
	"errors"
	"time"

	"nevermind/bot"
	"nevermind/bot/turn"
)

// Foresee runs a conversation forward, deadline after deadline, as if nobody moved, the shop's people neither; at most n
// steps. The other open records of its order run along, since one may change the order for another.
func (e *Engine) Foresee(ctx context.Context, key bot.Key, n int) ([]bot.Foresight, error) {
	v, err := e.standing(ctx, key)
	if err != nil {
		return nil, err
	}
	a := turn.NewForecast(e.rules, v.Now, func(do string) bool { return e.cfg.Hands[do] == nil })
	if err := e.join(ctx, a, v); err != nil {
		return nil, err
	}
	if v.Order != nil {
		if err := e.joinOthers(ctx, a, v); err != nil {
			return nil, err
		}
	}
	return a.Run(n)
}

// standing loads a conversation as it stands, for looking at it.
func (e *Engine) standing(ctx context.Context, key bot.Key) (*bot.View, error) {
	v, err := e.view(ctx, key)
	if err != nil {
		return nil, err
	}
	v.Actor, v.Event = &bot.Person{}, &bot.Event{By: bot.Clock}
	return v, e.loadParticipants(ctx, v)
}

// joinOthers has the other open records of the order run along.
func (e *Engine) joinOthers(ctx context.Context, a *turn.Forecast, v *bot.View) error {
	keys, err := e.cfg.Store.Find(ctx, "open:order:"+v.Order.ID, "", 100)
	if err != nil {
		return err
	}
	for _, key := range keys {
		if key == v.Conv.Key {
			continue
		}
		other, err := e.standing(ctx, key)
		if err != nil {
			return err
		}
		if err := e.join(ctx, a, other); err != nil {
			return err
		}
	}
	return nil
}

// join has a record run along; the outcome of its state's task is reckoned with where that is still under way.
func (e *Engine) join(ctx context.Context, a *turn.Forecast, v *bot.View) error {
	do := e.rules.ByName[v.Conv.Flow].States[v.Conv.State].Do
	if e.rules.Works[do].Expected == nil || e.cfg.Hands[do] == nil {
		a.Add(v, false, time.Time{})
		return nil
	}
	task, err := e.cfg.Store.Task(ctx, turn.WorkID(v.Conv, e.rules.Works[do].Class, do))
	if err != nil && !errors.Is(err, bot.ErrNone) {
		return err
	}
	a.Add(v, task.State == bot.TaskWaiting, task.Task.NotBefore)
	return nil
}
