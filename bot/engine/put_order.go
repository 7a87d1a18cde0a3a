package engine

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"nevermind/bot"
)

// orders stores what the shop says of orders, and tells the open conversations about an order what has happened to it, in
// the same commit. The API calls it. It has no state.
type orders struct{ *base }

// PutOrder stores what the shop says of an order and tells the conversations about it. An order older than the one stored
// changes nothing; the order stored afterwards is returned.
func (e *Engine) PutOrder(ctx context.Context, o bot.Order) (bot.Order, error) {
	return e.orders.put(ctx, o)
}

// ChangeOrder changes the order stored, as the embedded order book does, and tells the conversations about it. Change may
// be called several times, each time with the order as it is stored then; its error changes nothing and is returned.
func (e *Engine) ChangeOrder(ctx context.Context, id string, change func(*bot.Order) error) (bot.Order, error) {
	return e.orders.change(ctx, id, false, change)
}

// errOlder leaves the order as it is.
var errOlder = errors.New("older than the order stored")

// put takes over what the shop says; what the embedded order book has written of the order stays.
func (o *orders) put(ctx context.Context, said bot.Order) (bot.Order, error) {
	return o.change(ctx, said.ID, true, func(stored *bot.Order) error {
		if stored.Version > 0 && said.Updated.Before(stored.Updated) {
			return errOlder
		}
		said.Book, said.Version = stored.Book, stored.Version
		if said.Stage == bot.Cancelled && said.Paid.IsZero() && stored.WasPaid() {
			said.Paid = stored.Updated // the latest that it can have been
		}
		*stored = said
		return nil
	})
}

// change commits one change of an order, with the tasks that tell of it; it may begin one that was never stored. On an error it
// returns the order as it was. A change that makes no difference is committed all the same: the shop's time of it counts.
func (o *orders) change(
	ctx context.Context, id string, mayBegin bool, change func(*bot.Order) error,
) (after bot.Order, err error) {
	err = retryStale(func() error {
		order, err := o.cfg.Store.Order(ctx, id)
		if err != nil && !(mayBegin && errors.Is(err, bot.ErrNone)) {
			return fmt.Errorf("order %.64q: %w", id, err)
		}
		before := order
		before.Book, before.Items = slices.Clone(order.Book), slices.Clone(order.Items)
		after = before
		if err := change(&order); errors.Is(err, errOlder) {
			return nil
		} else if err != nil {
			return err
		}
		c := bot.Commit{At: o.now(), Order: &order}
		if before.Version > 0 {
			if c.Tasks, err = o.tellRecords(ctx, &order, &before); err != nil {
				return err
			}
		}
		if err := o.commit(ctx, &c); err != nil {
			return err
		}
		o.cfg.CrashPoint(bot.OrderPut)
		order.Version++
		after = order
		return nil
	})
	return after, err
}

// tellRecords makes the tasks that tell the open conversations about an order what has happened to it. The one whose own
// task changed the order hears of it as that task's outcome instead.
func (o *orders) tellRecords(ctx context.Context, order, before *bot.Order) ([]bot.Task, error) {
	names := order.Events(before)
	if len(names) == 0 {
		return nil, nil
	}
	keys, err := o.cfg.Store.Find(ctx, "open:order:"+order.ID, "", 100)
	if err != nil {
		return nil, err
	}
	own, err := o.causer(ctx, order, before)
	if err != nil {
		return nil, err
	}
	var tasks []bot.Task
	for _, key := range keys {
		if key == own {
			continue
		}
		for _, name := range names {
			id := fmt.Sprintf("news:%s:%d:%s:%s", order.ID, before.Version+1, name, key)
			tasks = append(tasks, o.tellTask(key, bot.Event{ID: id, Name: name, By: bot.Shop}))
		}
	}
	return tasks, nil
}

// causer is the conversation whose task made the newest posting of this change, if one did.
func (o *orders) causer(ctx context.Context, order, before *bot.Order) (bot.Key, error) {
	if len(order.Book) <= len(before.Book) {
		return "", nil
	}
	r, err := o.cfg.Store.Task(ctx, order.Book[len(order.Book)-1].Task)
	if errors.Is(err, bot.ErrNone) {
		return "", nil
	}
	return r.Task.From, err
}
