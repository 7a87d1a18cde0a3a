package engine

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"nevermind/bot"
)

// orders stores what the shop says of orders, and tells the open conversations about an order what has happened to it, in
// the same commit. The API calls it. It has no state.
type orders struct{ *base }

// PutOrder stores what the shop says of an order (bot.MergePut) and tells the conversations about it. An order older than
// the one stored changes nothing; the order stored afterwards is returned. The error is bot.Faults where the put is about
// other people than the order stored.
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
		held := *stored
		if held.Version == 0 {
			held.ID = ""
		}
		open, err := o.hasOpenCase(ctx, &held, &said)
		if err != nil {
			return err
		}
		if faults := bot.PartiesChanged(&held, &said, open); faults != nil {
			return bot.Faults(faults)
		}
		merged, newer := bot.MergePut(held, said)
		if !newer {
			return errOlder
		}
		merged.Version = stored.Version
		for _, a := range merged.Adjustments { // the shop says so of a refund that we asked for
			if a.Task != "" && a.Type == bot.OwnRefund && a.Status == bot.AdjustmentReversed {
				merged.Bounced(a.Task, "", o.now())
			}
		}
		*stored = merged
		return nil
	})
}

// hasOpenCase says whether a case about the order is open; it looks only where another buyer is named.
func (o *orders) hasOpenCase(ctx context.Context, held, said *bot.Order) (bool, error) {
	if held.ID == "" || held.Buyer == said.Buyer {
		return false, nil
	}
	keys, err := o.cfg.Store.Find(ctx, "open:order:"+held.ID, "", 100)
	return slices.ContainsFunc(keys, func(k bot.Key) bool {
		f := o.rules.ByName[k.Kind()]
		return f != nil && f.Case
	}), err
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
		before := order.Clone()
		after = before
		if err := change(&order); errors.Is(err, errOlder) {
			return o.flushed(ctx)
		} else if err != nil {
			return err
		}
		c := bot.Commit{At: o.now(), Order: &order}
		if before.Version > 0 {
			if c.Tasks, err = o.tellRecords(ctx, &order, &before); err != nil {
				return err
			}
			warned, err := o.warnOverpaid(ctx, &order, &before, c.Tasks)
			if err != nil {
				return err
			}
			bounced, err := o.tellBounced(ctx, &order, &before)
			if err != nil {
				return err
			}
			again, err := o.tellDueAgain(ctx, &order, &before)
			if err != nil {
				return err
			}
			c.Tasks = append(append(append(c.Tasks, warned...), bounced...), again...)
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
	if order.Overpaid() && !before.Overpaid() {
		names = append(names, "refund_doubled")
	}
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
	load := &loader{o.base}
	for _, key := range keys {
		if key == own {
			continue
		}
		left, err := o.asItLeft(ctx, key, order)
		if err != nil {
			return nil, err
		}
		for _, name := range names {
			if name == "order_shipped" {
				name = left
			}
			if slices.Contains(heardOnly, name) && (!load.wouldHear(ctx, key, name) || o.toldByAnother(ctx, keys, key, name)) {
				continue
			}
			id := fmt.Sprintf("news:%s:%d:%s:%s", order.ID, before.Version+1, name, key)
			tasks = append(
				tasks,
				o.tellTask(key, bot.Event{ID: id, Name: name, By: bot.Shop, Facts: newsFacts(name, order, before)}),
			)
		}
	}
	return tasks, nil
}

// heardOnly are the events of an order that only the records are told which do something on them.
var heardOnly = []string{
	"refund_undone",
	"refund_doubled",
	"total_changed",
	"price_adjusted",
	"chargeback_opened",
	"chargeback_lost",
	"chargeback_won",
	"parcel_added",
	"parcel_delivered",
}

// asItLeft is what a conversation about an order hears of a part that has left: "part_shipped" where what it asks to cancel
// is still open, and else "order_shipped".
func (o *orders) asItLeft(ctx context.Context, key bot.Key, order *bot.Order) (string, error) {
	if order.Stage != bot.PartShipped || len(order.OpenParts()) == 0 {
		return "order_shipped", nil
	}
	c, err := o.cfg.Store.Conversation(ctx, key)
	if err != nil {
		return "", err
	}
	f := o.rules.ByName[c.Flow]
	if f != nil && f.Always["part_shipped"].Kind != "" && order.CancelOutcome(c.Facts) == "order_cancelled" {
		return "part_shipped", nil
	}
	return "order_shipped", nil
}

// toldByAnother says whether another record about the order tells the same people the same: of several that watch for money
// the newest speaks, while each case speaks for itself.
func (o *orders) toldByAnother(ctx context.Context, keys []bot.Key, key bot.Key, name string) bool {
	if f := o.rules.ByName[key.Kind()]; f == nil || f.Case {
		return false
	}
	load := &loader{o.base}
	for _, other := range slices.Backward(keys) {
		if other.Kind() == key.Kind() && load.wouldHear(ctx, other, name) {
			return other != key
		}
	}
	return false
}

// newsFacts are what an event about an order says besides: of its money what could go back before, of parcels which of several
// they are.
func newsFacts(name string, order, before *bot.Order) bot.Facts {
	if ids := order.ParcelNews(name, before); len(ids) > 0 {
		return bot.Facts{"parcels": strings.Join(ids, ",")}
	}
	switch name {
	case "order_refunded", "refund_undone", "total_changed", "price_adjusted", "chargeback_lost", "chargeback_won":
		return bot.Facts{"could_go_back": before.Refundable().String()}
	}
	return nil
}

// warnOverpaid makes the messages by which support is told, once, that more has gone back for an order than was paid. Where one
// of the tasks tells an open case of it, that case's card says so instead.
func (o *orders) warnOverpaid(
	ctx context.Context,
	order, before *bot.Order,
	told []bot.Task,
) (tasks []bot.Task, err error) {
	if !order.Overpaid() || before.Overpaid() || o.rules.Notices[bot.NoticeOverpaid] == "" ||
		slices.ContainsFunc(told, tellsOfDoubled) {
		return nil, nil
	}
	desk, err := o.person(ctx, bot.Desk)
	if err != nil {
		return nil, err
	}
	for _, room := range desk.Rooms {
		id := fmt.Sprintf("%s:%s:%d:%s", bot.NoticeOverpaid, order.ID, before.Version+1, room)
		reply := bot.Reply{Room: room, Mode: bot.New, Title: order.ID, Text: o.notice(desk, bot.NoticeOverpaid, nil)}
		tasks = append(tasks, sendTask(id, bot.PostClass, reply, o.now()))
	}
	return tasks, nil
}

func tellsOfDoubled(t bot.Task) bool { return t.Event.Name == "refund_doubled" }

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
