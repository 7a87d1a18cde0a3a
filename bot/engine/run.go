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
	atOnce = 64
	atShop = 32
)

// Run works until ctx ends: sends, tasks and deadlines, and the adapters. Work in flight is finished before it returns.
// It ends by itself, with ErrBroken, only where the store can take no more.
func (e *Engine) Run(ctx context.Context) error {
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	var all sync.WaitGroup
	all.Go(func() { e.runTasks(ctx, stop) })
	all.Go(func() { e.runDeadlines(ctx, stop) })
	all.Go(func() { e.keepUp(ctx) })
	for _, a := range e.cfg.Adapters {
		all.Go(func() { e.runAdapter(ctx, a) })
	}
	<-ctx.Done()
	e.cfg.CrashPoint(bot.Stopping)
	all.Wait()
	if err := context.Cause(ctx); errors.Is(err, bot.ErrBroken) {
		return err
	}
	return nil
}

// runAdapter keeps an adapter receiving; one that gives up is started again after a pause.
func (e *Engine) runAdapter(ctx context.Context, a bot.Adapter) {
	for tries := 1; ctx.Err() == nil; tries++ {
		err := e.runOnce(ctx, a)
		if ctx.Err() != nil {
			return
		}
		e.cfg.Meter.Count("adapter_restarts", a.Name(), 1)
		e.cfg.Log.Error("an adapter stopped and is started again", "adapter", a.Name(), slog.Any("why", err))
		wait(ctx, pause(tries), nil)
	}
}

// runOnce lets an adapter receive; a panic in it is an end like any other.
func (e *Engine) runOnce(ctx context.Context, a bot.Adapter) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("panic: %v\n%s", r, debug.Stack())
		}
	}()
	return a.Run(ctx, e)
}

// runTasks claims what is due and does it, many lanes at a time.
func (e *Engine) runTasks(ctx context.Context, stop context.CancelCauseFunc) {
	var busy sync.WaitGroup
	defer busy.Wait()
	free := make(chan struct{}, atOnce)
	for ctx.Err() == nil {
		if len(free) == atOnce {
			wait(ctx, time.Second, e.wake) // each that ends calls
			continue
		}
		leases, err := e.cfg.Store.Claim(ctx, e.Now(), atOnce-len(free), leaseTime)
		if err != nil && ctx.Err() == nil {
			e.cfg.Log.Error("claim tasks", slog.Any("why", err))
		}
		if errors.Is(err, bot.ErrBroken) {
			stop(err)
		}
		for _, l := range leases {
			free <- struct{}{}
			busy.Go(func() {
				defer func() { <-free; signal(e.wake) }()
				e.report(e.work(context.WithoutCancel(ctx), l), l)
			})
		}
		if len(leases) == 0 {
			next, _ := e.cfg.Store.NextTask(ctx)
			wait(ctx, e.until(next), e.wake)
		}
	}
}

// report says once, where the program gives a task up for now, why.
func (e *Engine) report(err error, l bot.Lease) {
	if err != nil && !errors.Is(err, bot.ErrFenced) && !errors.Is(err, bot.ErrClosed) {
		e.cfg.Log.Error("a task was not finished", "task", bot.Trace(l.Task.ID), "do", l.Task.Do, slog.Any("why", err))
	}
}

// Drain does everything that is due now, one thing after the other, until nothing is; for tests and tools.
func (e *Engine) Drain(ctx context.Context) error {
	for {
		leases, err := e.cfg.Store.Claim(ctx, e.Now(), 1, leaseTime)
		if err != nil {
			return err
		}
		for _, l := range leases {
			if err := e.work(ctx, l); err != nil {
				return err
			}
		}
		if len(leases) > 0 {
			continue
		}
		n, err := e.fireDue(ctx, 1)
		if n == 0 || err != nil {
			return err
		}
	}
}

// until is how long to wait for an instant: never over a second, for the clock may be moved or the machine sleep.
func (e *Engine) until(at time.Time) time.Duration {
	if at.IsZero() {
		return time.Second
	}
	return min(max(at.Sub(e.Now()), time.Millisecond), time.Second)
}

// wait pauses until the time is over, ctx ends or somebody calls.
func wait(ctx context.Context, d time.Duration, called <-chan struct{}) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
	case <-timer.C:
	case <-called:
	}
}
