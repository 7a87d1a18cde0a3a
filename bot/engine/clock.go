package engine

import (
	"context"
	"errors"
	"log/slog"
	"maps"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"nevermind/bot"
)

// runDeadlines fires what has passed by the house's clock, which it looks at once a second at least: timers stop while
// a machine sleeps.
func (e *Engine) runDeadlines(ctx context.Context, stop context.CancelCauseFunc) {
	for ctx.Err() == nil {
		n, err := e.fireDue(ctx, 4*firesAtOnce)
		if err != nil && ctx.Err() == nil {
			e.cfg.Log.Error("fire deadlines", slog.Any("why", err))
		}
		if errors.Is(err, bot.ErrBroken) {
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
	if err := e.noticeOutage(ctx, now, trusted); err != nil {
		return 0, err
	}
	if held, err := e.heldUntil(ctx); err != nil || now.Before(held) {
		return 0, err
	}
	due, err := e.cfg.Store.Due(ctx, now, n+mostWaits*len(e.stuck))
	if err != nil {
		return 0, err
	}
	fired, failed := 0, 0
	maps.DeleteFunc(e.stuck, func(k bot.Key, _ stuck) bool { // what is no longer due is not stuck
		return !slices.ContainsFunc(due, func(d bot.DueDeadline) bool { return d.Key == k })
	})
	var ready []bot.DueDeadline
	for _, d := range due {
		switch {
		case now.Before(e.stuck[d.Key].until):
		case e.irreversible[d.Event] && !trusted:
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
		case err != nil && (ctx.Err() != nil || errors.Is(err, bot.ErrClosed)):
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
func (e *Engine) fireAll(ctx context.Context, due []bot.DueDeadline, workers int) []error {
	ends, byKey := make([]error, len(due)), map[bot.Key][]int{}
	for i, d := range due {
		byKey[d.Key] = append(byKey[d.Key], i)
	}
	fire := func(places []int) {
		for n, i := range places {
			e.cfg.CrashPoint(bot.DeadlineRead)
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
func (e *Engine) fire(ctx context.Context, d bot.DueDeadline) error {
	id := "deadline:" + string(d.Key) + ":" + d.Name + ":" + strconv.Itoa(d.Visit) + ":" + strconv.FormatInt(d.At.UnixNano(), 36)
	err := e.turnOf(ctx, d.Key, bot.Commit{Handled: id}, func(v *bot.View) (bot.Event, string) {
		ev := bot.Event{ID: id, Name: d.Event, By: bot.Clock}
		for _, now := range v.Conv.Deadlines {
			if now.Name == d.Name && now.Visit == d.Visit && now.At.Equal(d.At) && !now.At.After(v.Now) && !wholePassed(v, d.Name) {
				return ev, ""
			}
		}
		return ev, bot.RefusedUnheard
	})
	if errors.Is(err, bot.ErrSeen) {
		return nil
	}
	return err
}

// wholePassed says whether a deadline is half of a window that has passed whole: a reminder would come too late.
func wholePassed(v *bot.View, name string) bool {
	whole, isHalf := strings.CutPrefix(name, "half ")
	return isHalf && slices.ContainsFunc(v.Conv.Deadlines, func(d bot.Deadline) bool { return d.Name == whole && !d.At.After(v.Now) })
}
