package engine

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"nevermind/bot"
)

// PutOrder stores what the shop says of an order and tells the conversations about it. An order older than the one
// held changes nothing; the order held afterwards is returned.
func (e *Engine) PutOrder(ctx context.Context, o bot.Order) (bot.Order, error) {
	return e.changeOrder(ctx, o.ID, true, func(held *bot.Order) error {
		if held.Version > 0 && o.Updated.Before(held.Updated) {
			return errOlder
		}
		o.Book, o.Version = held.Book, held.Version
		if o.Stage == bot.Cancelled && o.Paid.IsZero() && held.WasPaid() {
			o.Paid = held.Updated // the latest that it can have been
		}
		*held = o
		return nil
	})
}

// Order loads an order as it is held; ErrNone where there is none.
func (e *Engine) Order(ctx context.Context, id string) (bot.Order, error) {
	return e.cfg.Store.Order(ctx, id)
}

// ChangeOrder changes the order held, as the embedded order book does, and tells the conversations about it.
func (e *Engine) ChangeOrder(ctx context.Context, id string, change func(*bot.Order) error) (bot.Order, error) {
	return e.changeOrder(ctx, id, false, change)
}

// errOlder leaves the order as it is.
var errOlder = errors.New("older than the order held")

func (e *Engine) changeOrder(ctx context.Context, id string, mayBegin bool, change func(*bot.Order) error) (bot.Order, error) {
	for try := 0; ; try++ {
		held, err := e.cfg.Store.Order(ctx, id)
		if err != nil && !(mayBegin && errors.Is(err, bot.ErrNone)) {
			return bot.Order{}, fmt.Errorf("order %.64q: %w", id, err)
		}
		before := held
		before.Book = slices.Clone(held.Book)
		before.Items = slices.Clone(held.Items)
		if err := change(&held); errors.Is(err, errOlder) {
			return before, nil
		} else if err != nil {
			return before, err
		}
		c := bot.Commit{At: e.Now(), Order: &held}
		if before.Version > 0 {
			if c.Tasks, err = e.orderEvents(ctx, &held, &before); err != nil {
				return before, err
			}
		}
		err = e.commit(ctx, &c)
		if errors.Is(err, bot.ErrStale) && try < 16 {
			continue
		}
		if err != nil {
			return before, err
		}
		e.cfg.CrashPoint(bot.OrderPut)
		held.Version++
		return held, nil
	}
}

// news makes the tasks that tell the open conversations about an order what has happened to it. The one whose own task
// changed the order hears of it as that task's outcome instead.
func (e *Engine) orderEvents(ctx context.Context, o, before *bot.Order) ([]bot.Task, error) {
	names := o.Events(before)
	if len(names) == 0 {
		return nil, nil
	}
	keys, err := e.cfg.Store.Find(ctx, "open:order:"+o.ID, "", 100)
	if err != nil {
		return nil, err
	}
	own, err := e.owner(ctx, o, before)
	if err != nil {
		return nil, err
	}
	var tasks []bot.Task
	for _, key := range keys {
		if key == own {
			continue
		}
		for _, name := range names {
			id := fmt.Sprintf("news:%s:%d:%s:%s", o.ID, before.Version+1, name, key)
			tasks = append(tasks, bot.Task{ID: id, Lane: "conv:" + string(key), Do: "tell", Class: bot.InnerClass, To: key,
				Event: bot.Event{ID: id, Name: name, By: bot.Shop}, Made: e.Now()})
		}
	}
	return tasks, nil
}

// owner is the conversation whose task made the newest posting of this change, if one did.
func (e *Engine) owner(ctx context.Context, o, before *bot.Order) (bot.Key, error) {
	if len(o.Book) <= len(before.Book) {
		return "", nil
	}
	r, err := e.cfg.Store.Task(ctx, o.Book[len(o.Book)-1].Task)
	if errors.Is(err, bot.ErrNone) {
		return "", nil
	}
	return r.Task.From, err
}
