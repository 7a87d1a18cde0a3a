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

// Run works until ctx ends: it does tasks, fires deadlines, keeps the store tidy and has every adapter receive, each in
// goroutines of its own. Work in flight is finished before it returns. It ends by itself, with ErrBroken, only where the
// store can take no more.
func (e *Engine) Run(ctx context.Context) error {
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	if s, ok := e.cfg.Store.(bot.Telling); ok {
		s.OnDue(e.wake)
	}
	var all sync.WaitGroup
	all.Go(func() { e.deliverer.run(ctx, stop) })
	all.Go(func() { e.clock.run(ctx, stop) })
	all.Go(func() { bot.DutiesOn(e.cfg.Store)(ctx, housekeeping, e.housekeeper.run) })
	all.Go(func() { e.alarms.run(ctx) })
	for _, a := range e.cfg.Adapters {
		all.Go(func() { e.runAdapter(ctx, a, e) })
	}
	<-ctx.Done()
	e.cfg.CrashPoint(bot.Stopping)
	all.Wait()
	if err := context.Cause(ctx); errors.Is(err, bot.ErrBroken) {
		return err
	}
	return nil
}

// runAdapter has an adapter receive; one that gives up is started again with a backoff. The others are not affected: what is for
// the platform of one that is down waits in its rooms' lanes.
func (b *base) runAdapter(ctx context.Context, a bot.Adapter, in bot.Inbox) {
	for tries := 1; ctx.Err() == nil; tries++ {
		err := runOnce(ctx, a, in)
		if ctx.Err() != nil {
			return
		}
		b.cfg.Meter.Count("adapter_restarts", a.Name(), 1)
		b.cfg.Log.Error("an adapter stopped and is started again", "adapter", a.Name(), slog.Any("why", err))
		wait(ctx, backoff(tries), nil)
	}
}

// runOnce lets an adapter receive; a panic in it is an end like any other.
func runOnce(ctx context.Context, a bot.Adapter, in bot.Inbox) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %v\n%s", p, debug.Stack())
		}
	}()
	return a.Run(ctx, in)
}

// Drain does everything that is due now, one thing after the other, until nothing is: tasks first, then deadlines. It is
// for tests and tools, in place of Run; the first error ends it.
func (e *Engine) Drain(ctx context.Context) error {
	if err := e.alarms.look(ctx); err != nil {
		return err
	}
	for {
		leases, err := e.cfg.Store.Claim(ctx, e.now(), 1, leaseTime)
		if err != nil {
			return err
		}
		for _, l := range leases {
			if err := e.deliverer.work(ctx, l); err != nil {
				return err
			}
		}
		if len(leases) > 0 {
			continue
		}
		n, err := e.clock.fireDue(ctx, 1)
		if n == 0 || err != nil {
			return err
		}
	}
}

// wait pauses until the time is over, ctx ends or somebody signals.
func wait(ctx context.Context, d time.Duration, signalled <-chan struct{}) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
	case <-timer.C:
	case <-signalled:
	}
}
