package main

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"time"

	"nevermind/bot/engine"

	"nevermind/adapters/shop"
	"nevermind/adapters/web"
	"nevermind/bot"
)

// demoShop is the shop's own people, where no shop of the operator's is behind a webhook: they
// confirm payments, ship, deliver, cancel and settle refunds. On one side the demo's page (or the
// API) asks it, on the other it changes orders through the engine and the embedded order book. It
// is made before the engine and gets it when there is one.
type demoShop struct {
	*engine.Engine
	book *shop.Book
	seat func(context.Context, bot.Person) error // gives somebody a place on the page
}

// newDemoShop opens the order book over the engine's orders. settle: refunds are settled at once,
// since nobody is there to do it.
func newDemoShop(settle bool, now func() time.Time) *demoShop {
	c := &demoShop{}
	c.book = &shop.Book{Shelf: c, AutoSettle: settle, Now: now}
	return c
}

// Order loads an order for the book.
func (c *demoShop) Order(ctx context.Context, id string) (bot.Order, error) {
	return c.Store().Order(ctx, id)
}

// Put takes a fresh order.
func (c *demoShop) Put(ctx context.Context, o bot.Order) error {
	_, err := c.PutOrder(ctx, o)
	return err
}

// Join takes somebody new, with a place on the page.
func (c *demoShop) Join(ctx context.Context, p bot.Person) error {
	if _, err := c.PutPerson(ctx, p); err != nil {
		return err
	}
	return c.seat(ctx, p)
}

// StartOver puts the sample's buyers, sellers and orders once more, all of them fresh: those that were there stay as they are.
func (c *demoShop) StartOver(ctx context.Context) error {
	now := c.Now()
	people, orders := shop.Sample(now)
	mark := web.Generation + strconv.FormatInt(time.Now().UnixMicro(), 10)
	for _, p := range people {
		if p.Party() == bot.Support {
			continue
		}
		p.ID += bot.PersonID(mark)
		if err := c.Join(ctx, p); err != nil {
			return fmt.Errorf("person %s: %w", p.ID, err)
		}
	}
	first := time.Now().UnixMicro()
	for i, o := range orders {
		o.ID = fmt.Sprintf("%016d", first+int64(i))
		o.Buyer, o.Seller = o.Buyer+bot.PersonID(mark), o.Seller+bot.PersonID(mark)
		if err := c.Put(ctx, o); err != nil {
			return err
		}
	}
	return nil
}

// Confirm says that the payment is there.
func (c *demoShop) Confirm(ctx context.Context, order string) error {
	return c.move(ctx, order, bot.Processing, func(o *bot.Order, now time.Time) { o.Paid = now }, bot.Verifying)
}

// Ship sends the goods.
func (c *demoShop) Ship(ctx context.Context, order, tracking string) error {
	return c.move(ctx, order, bot.Shipped, func(o *bot.Order, now time.Time) { o.Shipped, o.Tracking = now, tracking },
		bot.Processing, bot.PartShipped)
}

// Deliver says that the goods are there.
func (c *demoShop) Deliver(ctx context.Context, order string) error {
	return c.move(ctx, order, bot.Delivered, func(o *bot.Order, now time.Time) { o.Delivered = now }, bot.Shipped)
}

// Cancel is the shop's own cancellation.
func (c *demoShop) Cancel(ctx context.Context, order string) error {
	return c.move(ctx, order, bot.Cancelled, func(*bot.Order, time.Time) {},
		bot.Unpaid, bot.Verifying, bot.Processing, bot.PartShipped)
}

// move takes an order from one of the stages from to another. web.ErrNotNow: it stands elsewhere.
func (c *demoShop) move(ctx context.Context, order string, to bot.Stage, change func(*bot.Order, time.Time),
	from ...bot.Stage) error {
	_, err := c.ChangeOrder(ctx, order, func(o *bot.Order) error {
		for _, s := range from {
			if o.Stage == s {
				if o.Updated = c.Now(); to == bot.Cancelled {
					o.Cancel(c.Now())
				} else {
					o.Stage = to
				}
				change(o, c.Now())
				return nil
			}
		}
		return web.ErrNotNow
	})
	return err
}

// Settle ends a refund. The conversation hears first: a crash between the two leaves the refund pending in the book, and
// the same press mends it.
func (c *demoShop) Settle(ctx context.Context, order, task string, ok bool) error {
	why := ""
	outcome := bot.Done("refund_settled", nil)
	if !ok {
		why = "the bank sent it back"
		outcome = bot.Done("refund_failed", bot.Facts{"failure": why})
	}
	if held, err := c.book.Held(ctx, &bot.Task{ID: task, Order: order}); err != nil {
		return err
	} else if ok && held {
		return fmt.Errorf("%w: %w", web.ErrNotNow, shop.ErrHeld)
	}
	if err := c.Result(ctx, task, outcome); err != nil {
		return err
	}
	_, err := c.book.SettleRefund(ctx, order, task, ok, why)
	if errors.Is(err, shop.ErrSettled) {
		return fmt.Errorf("%w: %w", web.ErrNotNow, err)
	}
	return err
}

// endCommand ends a command, for a shop that asks again until it is answered, so it is idempotent.
// The book is first, for what the conversation then says of money is read there; after a crash
// between the two, the same again tells the conversation. bot.ErrNone: it is no command whose end a
// shop tells.
func (c *demoShop) endCommand(ctx context.Context, r *bot.TaskRecord, e shop.Ended) error {
	said, ours := e.Outcome(r.Task.Do)
	if !ours {
		return bot.ErrNone
	}
	if r.Task.Do == "pay_refund" && r.State != bot.TaskDone {
		first, err := c.book.End(ctx, r.Task, e)
		if err != nil {
			return err
		}
		if err := c.Result(ctx, r.Task.ID, first); err != nil || shop.Done(first) == e.Done {
			return err
		}
	}
	return c.Result(ctx, r.Task.ID, said)
}
