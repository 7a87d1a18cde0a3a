package engine

import (
	"cmp"
	"context"
	"errors"
	"slices"

	"nevermind/bot"
)

// bouncedEvent is what conversations hear of a refund that was done and has come back. The name is stored: a promise.
const bouncedEvent = "refund_bounced"

// errBounced says that a refund is known to have come back.
var errBounced = errors.New("the refund has come back before")

// Bounced takes that a refund which was done has come back, at any time and once: it counts no more as paid back, and the
// order's record about it opens, which follows the case that asked for it. The same again is nil; ErrSeen where the refund
// is not done, ErrNone where no such refund was asked for.
func (e *Engine) Bounced(ctx context.Context, task, why string) error {
	r, err := e.orders.cfg.Store.Task(ctx, task)
	if err != nil {
		return err
	}
	_, err = e.orders.change(ctx, r.Task.Order, false, func(o *bot.Order) error {
		n := slices.IndexFunc(o.Book, func(p bot.Posting) bool { return p.Task == task && p.Do == "pay_refund" })
		switch {
		case n < 0:
			return bot.ErrNone
		case o.Book[n].State == "bounced":
			return errBounced
		case !o.Bounced(task, why, e.orders.now()):
			return bot.ErrSeen
		}
		return nil
	})
	if errors.Is(err, errBounced) {
		return e.orders.flushed(ctx)
	}
	return err
}

// tellBounced makes the tasks that tell of refunds that have come back by this change of the order: the record about each,
// and whoever watches for the money.
func (o *orders) tellBounced(ctx context.Context, order, before *bot.Order) (tasks []bot.Task, err error) {
	for n, p := range order.Book {
		if p.State != "bounced" || n >= len(before.Book) || before.Book[n].State == "bounced" {
			continue
		}
		r, err := o.cfg.Store.Task(ctx, p.Task)
		if errors.Is(err, bot.ErrNone) {
			continue
		} else if err != nil {
			return nil, err
		}
		ev := bot.Event{ID: "bounced:" + p.Task, Name: bouncedEvent, By: bot.Shop,
			Facts: bot.Facts{"amount": p.Amount.String(), "failure": p.Detail}}
		key, err := o.bouncedTo(ctx, &r, &ev)
		if err != nil {
			return nil, err
		}
		if key != "" {
			tasks = append(tasks, o.tellTask(key, ev))
		}
		watching, err := o.tellWatching(ctx, order, ev)
		if err != nil {
			return nil, err
		}
		tasks = append(tasks, watching...)
	}
	return tasks, nil
}

// bouncedTo is the record that a refund which has come back begins, or the one of the order that is open already. The event
// then says its name, and which case it follows.
func (o *orders) bouncedTo(ctx context.Context, r *bot.TaskRecord, ev *bot.Event) (bot.Key, error) {
	c, err := o.cfg.Store.Conversation(ctx, r.Task.From)
	if err != nil && !errors.Is(err, bot.ErrNone) {
		return "", err
	}
	flow := o.cfg.Flows.Refund
	if flow == "" {
		return "", nil
	}
	load := &loader{o.base}
	v := bot.View{Seed: newSeed()}
	ev.Facts["order"], ev.Facts["kind"], ev.Facts["id"] = r.Task.Order, "refund", v.NewID("C")
	ev.Facts["follows"], ev.Facts["asked"] = cmp.Or(c.ID, r.Task.Facts["id"]), ev.Facts["amount"]
	ev.Facts["why"], ev.Facts["stuck"] = "came_back", "refund"
	return load.caseKey(ctx, flow, r.Task.Order)
}

// tellWatching tells the open records about an order that are no cases and hear of it.
func (o *orders) tellWatching(ctx context.Context, order *bot.Order, ev bot.Event) (tasks []bot.Task, err error) {
	keys, err := o.cfg.Store.Find(ctx, "open:order:"+order.ID, "", 100)
	for _, key := range keys {
		f := o.rules.ByName[key.Kind()]
		if f == nil || f.Case || f.Always[bouncedEvent].Kind == "" {
			continue
		}
		told := ev
		told.ID, told.Facts = ev.ID+":"+string(key), bot.Facts{"failure": ev.Facts["failure"]}
		tasks = append(tasks, o.tellTask(key, told))
	}
	return tasks, err
}
