// Package connector joins a shop's own order system to Nevermind. What differs from shop to shop is a System: how orders are
// read, and how something is cancelled and paid back. What is the same for all is here: an order is read again right before
// anything is done to it; every step is written down where a repeat finds it; whatever is unclear is read before it is done
// again; and what the shop changes reaches open cases, by its events, and by a pull that finds what was missed.
//
// It works with shops that know no idempotency keys. What is asked of the shop carries the task's id in a field that the shop
// keeps and shows (a reason, a note); after a crash or a lost answer that is what is looked for.
package connector

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"nevermind/adapters/shop"
	"nevermind/bot"
)

// System is a shop's order system. Ids of orders are those that its buyers know. A call may be cut off and made again; only
// Refusal says that nothing was done and nothing will be. It is safe for concurrent use.
type System interface {
	// Orders reads orders as they stand now; one that the shop does not have is left out.
	Orders(ctx context.Context, ids ...string) ([]Order, error)
	// Changed reads orders whose Changed is not before a time, the earliest first, without the first skip of them: some at a
	// time, none at the end.
	Changed(ctx context.Context, since time.Time, skip int) ([]Order, error)
	// Cancel cancels quantities of an order, with the task's id where Order.Cancellations will show it; no parts is the whole
	// order. It moves no money.
	Cancel(ctx context.Context, o *Order, parts []bot.Part, task string) error
	// Refund begins to pay an amount back to one payment, with the task's id where Refund.Task will show it.
	Refund(ctx context.Context, o *Order, share bot.PaymentShare, task string) error
	// Settle says that a refund which is pending has been paid.
	Settle(ctx context.Context, o *Order, r Refund) error
}

// Order is an order of one seller as the shop shows it. Its adjustments are written from Refunds.
type Order struct {
	bot.Order
	Key           string                  // the system's own name for it, where that is another one
	Changed       time.Time               // by which System.Changed finds it
	Refunds       []Refund                // all that was ever begun
	Cancellations []string                // the tasks for which something was cancelled
	Names         map[bot.PersonID]string // what the shop calls buyer and seller
}

// Refund is money that goes back to a payment, or has.
type Refund struct {
	ID, Payment string
	Task        string // the task that asked for it; "" is the shop's own, and Automatic what follows a cancellation by itself
	Amount      bot.Money
	State       RefundState
	At          time.Time
}

// RefundState is how far a refund is.
type RefundState string

// The states of a refund.
const (
	Pending RefundState = "pending" // begun
	Settled RefundState = "settled" // paid
	Failed  RefundState = "failed"  // never paid
	Bounced RefundState = "bounced" // paid, and come back
)

// Automatic is the task of a refund that a shop begins by itself when an order is cancelled. Where we have cancelled it, it
// is that of the first task that asks for the money; System.Refund then has nothing to do.
const Automatic = "(automatic)"

// Refusal is a shop's no: nothing was done. Why is for support to read.
type Refusal struct{ Why string }

// Error says why.
func (r Refusal) Error() string { return r.Why }

// Engine is where orders, tasks and the mark of the last pull are kept.
type Engine interface {
	shop.Engine
	// PutOrder takes what the shop says of an order; bot.Faults where that cannot be.
	PutOrder(ctx context.Context, o bot.Order) (bot.Order, error)
	// Known takes what the shop calls a person.
	Known(ctx context.Context, id bot.PersonID, name string) error
	// Task loads a task and what became of it; bot.ErrNone where there is none.
	Task(ctx context.Context, id string) (bot.TaskRecord, error)
	// Result is a late outcome of a task: the first counts, another is bot.ErrSeen.
	Result(ctx context.Context, task string, o bot.Outcome) error
	// Open lists the orders about which something is open.
	Open(ctx context.Context) ([]string, error)
	bot.Values
}

// Config is what a Shop is made of; Now is needed.
type Config struct {
	Now     func() time.Time
	Settles bool          // refunds that are pending are settled by us; else by the shop's people or its payment provider
	Every   time.Duration // between pulls; 0 is a minute
	Log     *slog.Logger  // nil is silent
}

// Shop is a shop that is reached through its System. Make it with New and Attach it before the engine starts its hands. A
// restart loses nothing.
type Shop struct {
	cfg     Config
	system  System
	engine  Engine
	book    *shop.Book
	certain certainty
	same    unchanged
}

// New makes a shop of a system. It asks nothing of it before an engine is attached.
func New(system System, cfg Config) *Shop {
	cfg.Log = cmp.Or(cfg.Log, slog.New(slog.DiscardHandler))
	cfg.Every = cmp.Or(cfg.Every, time.Minute)
	return &Shop{cfg: cfg, system: system, certain: certainty{from: map[string]time.Time{}}}
}

// Attach gives the shop the engine whose orders and tasks it works on. Call it once, before the first task.
func (s *Shop) Attach(e Engine) { s.engine, s.book = e, &shop.Book{Shelf: e, Now: s.cfg.Now} }

// Hands are the tasks that the shop can do, by name; the names are stored and never change.
func (s *Shop) Hands() map[string]bot.Hand {
	return map[string]bot.Hand{
		"cancel_order": s.CancelOrder, "pay_refund": s.PayRefund, "check_order": s.CheckOrder,
		"check_tracking": func(ctx context.Context, t bot.Task) (bot.Outcome, error) { return s.book.CheckTracking(ctx, t) },
		"tell_shop":      func(ctx context.Context, t bot.Task) (bot.Outcome, error) { return s.book.TellShop(ctx, t) },
	}
}

// CheckOrder says where an order stands in the shop. Where the shop cannot be reached it answers by what is held: whatever
// is done to the order reads it again.
func (s *Shop) CheckOrder(ctx context.Context, t bot.Task) (bot.Outcome, error) {
	if err := s.Look(ctx, t.Order); err != nil {
		s.cfg.Log.Warn("the shop could not be asked where an order stands", "task", t.ID, slog.Any("why", err))
	}
	return s.book.CheckOrder(ctx, t)
}

// read reads one order; nil where the shop does not have it.
func (s *Shop) read(ctx context.Context, id string) (*Order, error) {
	all, err := s.system.Orders(ctx, id)
	if err != nil {
		return nil, fmt.Errorf("read an order: %w", err)
	}
	for n := range all {
		if all[n].ID == id {
			return &all[n], nil
		}
	}
	return nil, nil
}

// again is the outcome of a task about which the shop could not be asked, or gave no clear answer.
func (s *Shop) again(t *bot.Task, why error) bot.Outcome {
	s.cfg.Log.Warn("the shop has not answered", "task", t.ID, "do", t.Do, "attempt", t.Attempts, slog.Any("why", why))
	return shop.RetryOrGiveUp(t, s.cfg.Now(), s.certain.wait(t, s.cfg.Now()))
}

// patience is how long a request that was cut off may still be under way in the shop. Only after it does an order that shows
// nothing of it prove that nothing was done.
const patience = 30 * time.Second

// certainty knows from when on what the shop shows of a task is all there is.
type certainty struct {
	mu   sync.Mutex
	from map[string]time.Time
}

// wait is how long nothing may be done for a task. Another process may have been killed in the middle of its last attempt.
func (c *certainty) wait(t *bot.Task, now time.Time) time.Duration {
	c.mu.Lock()
	defer c.mu.Unlock()
	from, known := c.from[t.ID]
	if !known && t.Attempts > 1 {
		from = now.Add(patience)
	}
	c.from[t.ID] = from
	return max(0, from.Sub(now))
}

// lost is a request of a task that was cut off.
func (c *certainty) lost(t *bot.Task, now time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.from[t.ID] = now.Add(patience)
}

// over forgets a task.
func (c *certainty) over(t *bot.Task) {
	c.mu.Lock()
	defer c.mu.Unlock()
	delete(c.from, t.ID)
}

// refused takes a shop's no out of an error.
func refused(err error) (Refusal, bool) {
	var no Refusal
	return no, errors.As(err, &no)
}
