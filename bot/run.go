package bot

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
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
	e.cfg.At(Stopping)
	all.Wait()
	if err := context.Cause(ctx); errors.Is(err, ErrBroken) {
		return err
	}
	return nil
}

// runAdapter keeps an adapter receiving; one that gives up is started again after a pause.
func (e *Engine) runAdapter(ctx context.Context, a Adapter) {
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
func (e *Engine) runOnce(ctx context.Context, a Adapter) (err error) {
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
		if errors.Is(err, ErrBroken) {
			stop(err)
		}
		for _, l := range leases {
			free <- struct{}{}
			busy.Go(func() {
				defer func() { <-free; poke(e.wake) }()
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
func (e *Engine) report(err error, l Lease) {
	if err != nil && !errors.Is(err, ErrFenced) && !errors.Is(err, ErrClosed) {
		e.cfg.Log.Error("a task was not finished", "task", Trace(l.Task.ID), "do", l.Task.Do, slog.Any("why", err))
	}
}

// runDeadlines fires what has passed by the house's clock, which it looks at once a second at least: timers stop while
// a machine sleeps.
func (e *Engine) runDeadlines(ctx context.Context, stop context.CancelCauseFunc) {
	for ctx.Err() == nil {
		n, err := e.fireDue(ctx, 4*firesAtOnce)
		if err != nil && ctx.Err() == nil {
			e.cfg.Log.Error("fire deadlines", slog.Any("why", err))
		}
		if errors.Is(err, ErrBroken) {
			stop(err)
		}
		if n == 0 {
			next, _ := e.cfg.Store.NextDeadline(ctx)
			if !next.After(e.Now()) {
				next = time.Time{} // it is stuck
			}
			wait(ctx, e.until(next), e.clock)
		}
	}
}

// fireDue makes the turns of deadlines that have passed and says how many there were. One whose turn cannot be made is
// tried again after a pause and holds up nobody.
func (e *Engine) fireDue(ctx context.Context, n int) (int, error) {
	now := e.Now()
	trusted := e.ClockTrusted()
	if err := e.beat(ctx, now, trusted); err != nil {
		return 0, err
	}
	if held, err := e.hold(ctx); err != nil || now.Before(held) {
		return 0, err
	}
	due, err := e.cfg.Store.Due(ctx, now, n+mostWaits*len(e.stuck))
	if err != nil {
		return 0, err
	}
	fired, failed := 0, 0
	maps.DeleteFunc(e.stuck, func(k Key, _ stuck) bool { // what is no longer due is not stuck
		return !slices.ContainsFunc(due, func(d DueDeadline) bool { return d.Key == k })
	})
	var ready []DueDeadline
	for _, d := range due {
		switch {
		case now.Before(e.stuck[d.Key].until):
		case e.grave[d.Event] && !trusted:
			e.stuck[d.Key] = stuck{until: now.Add(tryHeld)}
			failed++
		default:
			ready = append(ready, d)
		}
	}
	for i, err := range e.fireAll(ctx, ready, min(n, firesAtOnce)) {
		d := ready[i]
		switch {
		case errors.Is(err, errBehind):
		case err != nil && (ctx.Err() != nil || errors.Is(err, ErrClosed)):
			return fired, err
		case err != nil:
			e.cfg.Log.Error("a deadline's turn cannot be made", "window", d.Name, slog.Any("why", err))
			failed++
			tries := e.stuck[d.Key].tries + 1
			e.stuck[d.Key] = stuck{tries, now.Add(pause(tries))}
		default:
			delete(e.stuck, d.Key)
			e.cfg.Meter.Took("deadline_late", d.Name, now.Sub(d.At))
			fired++
		}
	}
	if fired == 0 && failed > 0 {
		return e.fireDue(ctx, n) // there may be others behind them
	}
	return fired, nil
}

// firesAtOnce is how many conversations' deadlines are fired at the same time: their turns share disk writes.
const firesAtOnce = 64

// errBehind is said of a deadline that was not fired, because one of the same conversation before it failed.
var errBehind = errors.New("one before it failed")

// fireAll fires deadlines, those of one conversation one after the other, and returns how each ended.
func (e *Engine) fireAll(ctx context.Context, due []DueDeadline, workers int) []error {
	ends, byKey := make([]error, len(due)), map[Key][]int{}
	for i, d := range due {
		byKey[d.Key] = append(byKey[d.Key], i)
	}
	fire := func(places []int) {
		for n, i := range places {
			e.cfg.At(Passed)
			if ends[i] = e.fire(ctx, due[i]); ends[i] != nil {
				for _, behind := range places[n+1:] {
					ends[behind] = errBehind
				}
				return
			}
		}
	}
	var all sync.WaitGroup
	free := make(chan struct{}, workers)
	for i, d := range due {
		places := byKey[d.Key]
		switch {
		case places[0] != i: // its conversation's turn has come already
		case workers == 1:
			fire(places)
		default:
			free <- struct{}{}
			all.Go(func() {
				defer func() { <-free }()
				fire(places)
			})
		}
	}
	all.Wait()
	return ends
}

// tryHeld is how often a deadline that waits for the clock to be trusted is looked at.
const tryHeld = 5 * time.Second

// mostWaits is more deadlines than a conversation has at once.
const mostWaits = 8

// stuck is a conversation whose deadline could not be fired.
type stuck struct {
	tries int
	until time.Time
}

// fire makes a deadline's turn, if the conversation still waits for it.
func (e *Engine) fire(ctx context.Context, d DueDeadline) error {
	id := "deadline:" + string(d.Key) + ":" + d.Name + ":" + strconv.Itoa(d.Visit) + ":" + strconv.FormatInt(d.At.UnixNano(), 36)
	err := e.turnOf(ctx, d.Key, Commit{Handled: id}, func(v *View) (Event, string) {
		ev := Event{ID: id, Name: d.Event, By: Clock}
		for _, now := range v.Conv.Deadlines {
			if now.Name == d.Name && now.Visit == d.Visit && now.At.Equal(d.At) && !now.At.After(v.Now) && !wholePassed(v, d.Name) {
				return ev, ""
			}
		}
		return ev, NoteUnheard
	})
	if errors.Is(err, ErrSeen) {
		return nil
	}
	return err
}

// wholePassed says whether a deadline is half of a window that has passed whole: a reminder would come too late.
func wholePassed(v *View, name string) bool {
	whole, isHalf := strings.CutPrefix(name, "half ")
	return isHalf && slices.ContainsFunc(v.Conv.Deadlines, func(d Deadline) bool { return d.Name == whole && !d.At.After(v.Now) })
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

// How long what was handled is remembered, and how often the house is tidied.
const (
	remembered = 8 * 24 * time.Hour // a platform repeats for a day at most
	tidying    = time.Hour
)

// keepUp checks the indexes once behind the running house, and forgets every hour what no platform can repeat any more.
func (e *Engine) keepUp(ctx context.Context) {
	e.rebuild(ctx)
	for ctx.Err() == nil {
		if _, err := e.cfg.Store.Sweep(ctx, e.Now().Add(-remembered)); err != nil && ctx.Err() == nil {
			e.cfg.Log.Error("forget what was handled", slog.Any("why", err))
		}
		if err := e.sweepFiles(ctx); err != nil && ctx.Err() == nil {
			e.cfg.Log.Error("forget files that nobody names", slog.Any("why", err))
		}
		wait(ctx, tidying, nil)
	}
}

// sweepFiles forgets files that no conversation names.
func (e *Engine) sweepFiles(ctx context.Context) error {
	if e.cfg.Blobs == nil {
		return nil
	}
	_, err := e.cfg.Blobs.Sweep(ctx, remembered, func(hash string) (bool, error) {
		keys, err := e.cfg.Store.Find(ctx, "file:"+hash, "", 1)
		return len(keys) > 0, err
	})
	return err
}

// rebuild checks the indexes behind the running house.
func (e *Engine) rebuild(ctx context.Context) {
	fixed, err := e.cfg.Store.Rebuild(ctx)
	if err != nil && ctx.Err() == nil {
		e.cfg.Log.Error("check the indexes", slog.Any("why", err))
	}
	if fixed > 0 {
		e.cfg.Log.Warn("indexes mended", "entries", fixed)
		e.Wake()
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
