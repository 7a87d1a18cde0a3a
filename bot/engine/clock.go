package engine

import (
	"context"
	"errors"
	"log/slog"
	"maps"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"nevermind/bot"
)

// clock fires deadlines that are due, and judges when that must wait: for a wall clock that cannot be trusted, after an
// outage, after a restore. Run's loop of deadlines and Drain call it, one at a time; trusted and extendForOutage may be
// called by anybody. It promises that a deadline fires at most once, never early, and that one whose turn fails holds up no
// other conversation's. Its state is what it knows of this process's life, all of which a restart finds out again.
type clock struct {
	*base
	turns        *turner
	waiting      *albums           // what was said and is not heard yet
	irreversible map[string]bool   // events of deadlines that may move money
	trust        trust             // has a lock of its own
	stuck        map[bot.Key]stuck // conversations whose deadlines wait after a failure
	held         *time.Time        // until when no deadline fires, once it is known
	heartbeats   heartbeats
}

// stuck is a conversation whose deadline could not be fired.
type stuck struct {
	tries int
	until time.Time // not tried again before
}

const (
	firesAtOnce = 512             // conversations whose deadlines are fired at the same time: their turns share disk writes
	readAtOnce  = 4096            // deadlines that are read at once
	tryHeld     = 5 * time.Second // how often one is looked at that waits for the clock to be trusted, or somebody to be told
	mostWaits   = 8               // more deadlines than a conversation has at once
)

// run fires what is due by the configured clock, which it looks at once a second at least: timers stop while a machine
// sleeps.
func (c *clock) run(ctx context.Context, stop context.CancelCauseFunc) {
	for ctx.Err() == nil {
		n, err := c.fireDue(ctx, readAtOnce)
		if err != nil && ctx.Err() == nil {
			c.cfg.Log.Error("fire deadlines", slog.Any("why", err))
		}
		if errors.Is(err, bot.ErrBroken) {
			stop(err)
		}
		if n == 0 {
			next, _ := c.cfg.Store.NextDeadline(ctx)
			if !next.After(c.now()) {
				next = time.Time{} // it is stuck
			}
			wait(ctx, c.until(next), c.deadlinesDue)
		}
	}
}

// fireDue makes the turns of deadlines that are due, n at a time, and says how many it made. One whose turn cannot be made
// is tried again with a backoff and holds up nobody: where nothing else was fired, it looks at those behind it too.
func (c *clock) fireDue(ctx context.Context, n int) (fired int, err error) {
	now := c.now()
	trusted := c.trusted()
	if err := c.noticeOutage(ctx, now, trusted); err != nil {
		return 0, err
	}
	if held, err := c.heldUntil(ctx); err != nil || now.Before(held) {
		return 0, err
	}
	due, err := c.cfg.Store.Due(ctx, now, n+mostWaits*len(c.stuck))
	if err != nil {
		return 0, err
	}
	ready, failed := c.ready(due, now, trusted)
	for i, err := range c.fireAll(ctx, ready, min(n, firesAtOnce)) {
		d := ready[i]
		switch {
		case errors.Is(err, errBehind):
		case errors.Is(err, errUntold):
			failed++
			c.stuck[d.Key] = stuck{until: now.Add(tryHeld)}
		case err != nil && (ctx.Err() != nil || errors.Is(err, bot.ErrClosed)):
			return fired, err
		case err != nil:
			c.cfg.Log.Error("a deadline's turn cannot be made", "window", d.Name(), slog.Any("why", err))
			failed++
			tries := c.stuck[d.Key].tries + 1
			c.stuck[d.Key] = stuck{tries, now.Add(backoff(tries))}
		default:
			delete(c.stuck, d.Key)
			c.cfg.Meter.Took("deadline_late", d.Name(), now.Sub(d.At))
			fired++
		}
	}
	if fired == 0 && failed > 0 {
		return c.fireDue(ctx, n)
	}
	return fired, nil
}

// ready are the due deadlines that may be fired now: of no conversation that is stuck, and none that may move money by a
// clock that is not trusted, which is stuck from now on. Untrusted says how many of those there were.
func (c *clock) ready(due []bot.DueDeadline, now time.Time, trusted bool) (ready []bot.DueDeadline, untrusted int) {
	keys := make(map[bot.Key]bool, len(due))
	for _, d := range due {
		keys[d.Key] = true
	}
	maps.DeleteFunc(c.stuck, func(k bot.Key, _ stuck) bool { return !keys[k] }) // what is no longer due is not stuck
	for _, d := range due {
		switch {
		case now.Before(c.stuck[d.Key].until):
		case c.irreversible[d.Event] && !trusted:
			c.stuck[d.Key] = stuck{until: now.Add(tryHeld)}
			untrusted++
		default:
			ready = append(ready, d)
		}
	}
	return ready, untrusted
}

// errBehind is said of a deadline that was not fired, because one of the same conversation before it failed.
var errBehind = errors.New("one before it failed")

// fireAll fires deadlines, those of one conversation one after the other, and returns how each ended.
func (c *clock) fireAll(ctx context.Context, due []bot.DueDeadline, workers int) []error {
	ends, byKey := make([]error, len(due)), map[bot.Key][]int{}
	var firsts []int // each conversation's
	for i, d := range due {
		if byKey[d.Key] == nil {
			firsts = append(firsts, i)
		}
		byKey[d.Key] = append(byKey[d.Key], i)
	}
	fire := func(places []int) {
		for n, i := range places {
			c.cfg.CrashPoint(bot.DeadlineRead)
			if ends[i] = c.fire(ctx, due[i]); ends[i] != nil {
				for _, behind := range places[n+1:] {
					ends[behind] = errBehind
				}
				return
			}
		}
	}
	var all sync.WaitGroup
	var next atomic.Int64
	work := func() {
		for i := int(next.Add(1)) - 1; i < len(firsts); i = int(next.Add(1)) - 1 {
			fire(byKey[due[firsts[i]].Key])
		}
	}
	for range min(workers, len(firsts)) - 1 {
		all.Go(work)
	}
	work()
	all.Wait()
	return ends
}

// fire makes a deadline's turn, if the conversation still waits for it. The deadline's own instant is part of the event's
// id, so that it counts once, and again where it was set anew. What was due when it was read may have been answered since:
// the conversation as it is loaded for the turn decides, and a deadline that it does not wait for any more moves nothing.
func (c *clock) fire(ctx context.Context, d bot.DueDeadline) error {
	id := "deadline:" + string(d.Key) + ":" + d.Name() + ":" + strconv.Itoa(d.Visit) + ":" + strconv.FormatInt(d.At.UnixNano(), 36)
	err := c.turns.take(ctx, d.Key, bot.Commit{Handled: id}, func(v *bot.View) (bot.Event, string) {
		ev := bot.Event{ID: id, Name: d.Event, By: bot.Clock}
		for _, now := range v.Conv.Deadlines {
			same := now.Name() == d.Name() && now.Visit == d.Visit && now.At.Equal(d.At)
			if same && !now.At.After(v.Now) {
				if c.spared(ctx, v, now) {
					ev.Name = bot.FoundBusy
					return ev, ""
				}
				return c.unlessUntold(ctx, v, now, ev)
			}
		}
		return ev, bot.RefusedUnheard
	})
	if errors.Is(err, bot.ErrSeen) {
		return nil
	}
	return err
}
