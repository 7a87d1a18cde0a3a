package engine

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime/debug"
	"sync"
	"time"

	"nevermind/bot"
)

// How many tasks are done at the same time, and how many of them by the shop: where it hangs, people are still answered.
const (
	atOnce = 192
	atShop = 32
)

// deliverer does leased tasks: it sends messages, lets hands work outside, tells conversations, and hears late outcomes.
// Run and Drain call it, one goroutine for each lease. It promises at least once: an attempt is recorded before it is made
// where it could be seen twice, and a task is settled only after its end is known; a task that moves money is repeated
// under the same id, so it is idempotent. Its state is the count of tasks that the shop is being asked just now.
type deliverer struct {
	*base
	load     *loader
	turns    *turner
	settler  *settler
	people   *people
	receiver *receiver
	shop     chan struct{} // one for each task that the shop is being asked just now
	outages  *outages      // of platforms
	desk     *outages      // of support's rooms
}

// run has what is due done, many lanes at a time, until ctx ends; it returns when all it began is done. A lane's tasks are
// done one after the other, because the store leases only its head. A worker has leaseTime for one task; after
// that another may claim it, and the first finds itself fenced (ErrFenced) when it settles. What was begun is finished
// although ctx ends: an attempt whose end nobody records would have to be made again.
func (d *deliverer) run(ctx context.Context, stop context.CancelCauseFunc) {
	var workers sync.WaitGroup
	defer workers.Wait()
	leased := d.claims.begin()
	for range atOnce { // they stay, so that their stacks do not grow anew for each task
		workers.Go(func() { d.workOn(ctx, leased) })
	}
	defer d.claims.end()
	for ctx.Err() == nil {
		n, err := d.claims.due(ctx)
		if err != nil && ctx.Err() == nil {
			d.cfg.Log.Error("claim tasks", slog.Any("why", err))
		}
		if errors.Is(err, bot.ErrBroken) {
			stop(err)
		}
		switch {
		case n > 0:
		case d.claims.full():
			wait(ctx, time.Second, d.tasksDue)
		default:
			next, _ := d.cfg.Store.NextTask(ctx)
			wait(ctx, d.until(next), d.tasksDue)
		}
	}
}

// workOn does what is claimed, one task after the other, until no more will come.
func (d *deliverer) workOn(ctx context.Context, leased <-chan bot.Lease) {
	for l := range leased {
		for more := true; more; {
			d.report(d.work(context.WithoutCancel(ctx), l), l)
			l, more = d.claims.next(ctx)
		}
	}
}

// report logs once why a task was given up for now; its lease runs out, and it is claimed again.
func (d *deliverer) report(err error, l bot.Lease) {
	if err != nil && !errors.Is(err, bot.ErrFenced) && !errors.Is(err, bot.ErrClosed) {
		d.cfg.Log.Error("a task was not finished", "task", bot.Trace(l.Task.ID), "do", l.Task.Do, slog.Any("why", err))
	}
}

// work does one leased task and ends it: whatever it returns nil for is settled. The names are stored in tasks: promises.
func (d *deliverer) work(ctx context.Context, l bot.Lease) error {
	d.cfg.CrashPoint(bot.Claimed)
	switch l.Task.Do {
	case bot.DoSend:
		return d.message(ctx, l)
	case bot.DoTell:
		return d.tell(ctx, l)
	case bot.DoPassOn:
		return d.passOn(ctx, l)
	case bot.DoReceive:
		return d.receiver.again(ctx, l)
	case bot.DoFetch:
		return d.receiver.fetch(ctx, l)
	case bot.DoDecode:
		return d.receiver.decode(ctx, l)
	case bot.DoDamaged:
		return d.damaged(ctx, l)
	default:
		return d.hand(ctx, l)
	}
}

// damaged sets aside a task that the store cannot read, so that the rest of its lane goes on: once, for an operator.
func (d *deliverer) damaged(ctx context.Context, l bot.Lease) error {
	d.cfg.Log.Error("a damaged task is set aside; keep the store's file, and restore a backup", "task", l.Task.ID)
	d.cfg.Meter.Count("damaged_records", "", 1)
	d.cfg.Meter.Count("dead", l.Task.Do, 1)
	return d.settler.settle(ctx, l, bot.GivenUp("it is damaged"))
}

// message sends one reply to its room and settles how that ended.
//
// The platform's rate limit is waited for before anything is recorded, because waiting is no attempt. The attempt is then
// recorded where a second copy could be seen, so that after a crash the adapter is told that a copy may have arrived
// (Delivery.Unsure). Only then is it sent.
func (d *deliverer) message(ctx context.Context, l bot.Lease) error {
	if over, err := d.superseded(ctx, l); err != nil {
		return err
	} else if over {
		return d.settler.settle(ctx, l, bot.Finished())
	}
	out, adapter := d.delivery(l), l.Task.Reply.Room.Adapter()
	switch pause := d.mustWait(ctx, l, out); {
	case pause > 0 && out.Unsure:
		return nil // it stays leased for a while instead: with an instant to be tried again at it would not be unsure any more
	case pause > 0:
		return d.settler.settle(ctx, l, bot.RetryAfter(pause)) // no attempt, so none is counted
	}
	l.Task.Attempts++
	if d.recordsAttempt(l, out) {
		if err := d.cfg.Store.Attempt(ctx, l); err != nil {
			return err
		}
	}
	d.cfg.CrashPoint(bot.Attempted)
	took := stopwatch()
	ref, err := d.send(ctx, l, out)
	away := d.outages.heard(adapter, out.Reply.Room, err, d.now())
	d.cfg.CrashPoint(bot.Answered)
	o := d.sentToDesk(ctx, l, err, d.sent(l, ref, err, away))
	d.measureAttempt(&l.Task, "send", adapter, o, took())
	if o.Retry > 0 && l.Task.Class == bot.PostClass && unclear(err) {
		d.cfg.Meter.Count("twins", adapter, 1)
	}
	switch {
	case o.Dead != "":
		d.cfg.Log.Warn("a message cannot be delivered", "task", bot.Trace(l.Task.ID), "adapter", adapter, "why", o.Dead)
		return d.undelivered(ctx, l, o)
	case err == nil:
		return d.arrived(ctx, l, o)
	}
	return d.settler.settle(ctx, l, o)
}

// mustWait is how long a message has to wait before it is tried: for its turn under its platform's rate limit, or for a platform
// that is away. Zero where it may be tried now, or has waited too long.
func (d *deliverer) mustWait(ctx context.Context, l bot.Lease, out bot.Delivery) time.Duration {
	pause := d.awaitPace(ctx, out)
	switch {
	case pause > 0:
		d.held(ctx, out.Reply.Room)
	case !nothing(&out):
		pause = d.outages.wait(out.Reply.Room.Adapter(), d.now())
	}
	if pause > 0 && d.mayWait(ctx, l) {
		return pause
	}
	return 0
}

// send hands the reply to the room's adapter. Where the card to edit is gone, it is sent as a new one.
func (d *deliverer) send(ctx context.Context, l bot.Lease, out bot.Delivery) (bot.Ref, error) {
	a := d.adapters[out.Reply.Room.Adapter()]
	switch {
	case a == nil:
		return "", bot.Later{After: longestWait} // its platform is not running now
	case nothing(&out):
		return "", nil
	}
	ctx, cancel := context.WithTimeout(ctx, sendLimit(&out.Reply))
	defer cancel()
	ref, err := sendBy(ctx, a, out)
	if errors.Is(err, bot.ErrCardGone) && out.Reply.Mode == bot.Edit {
		out.Reply.Mode = bot.New
		if err := d.cfg.Store.Attempt(ctx, l); err != nil {
			return "", fmt.Errorf("%w: %w", bot.ErrNotSent, err)
		}
		ref, err = sendBy(ctx, a, out)
	}
	if errors.Is(err, bot.ErrCardGone) {
		return ref, nil
	}
	return ref, err
}

// sendBy lets an adapter send; a panic in it is an unclear end like any other.
func sendBy(ctx context.Context, a bot.Adapter, out bot.Delivery) (ref bot.Ref, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic in %s: %v\n%s", a.Name(), p, debug.Stack())
		}
	}()
	return a.Send(ctx, out)
}
