package engine

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"slices"

	"nevermind/bot"
)

// guard runs what looks at a view: a turn, or a form. A panic in it is an error, with the place where it happened, and
// harms nothing else. Where a read of the view's own failed, that is the error, whatever was decided without it.
func guard(run, fault func() error) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("%w: %v\n%s", errTurn, p, debug.Stack())
		}
		if failed := fault(); failed != nil {
			err = failed
		}
	}()
	return run()
}

// errTurn marks a fault of this program in making a turn; anything else that fails is the store's.
var errTurn = errors.New("the turn could not be made")

// mostStale is how often a change is made again because the record was changed meanwhile.
const mostStale = 16

// retryStale makes a change again for as long as the record has changed since the change loaded it (optimistic locking).
// The change loads anew each time; after mostStale repeats the error is returned.
func retryStale(change func() error) error {
	for range mostStale {
		if err := change(); !errors.Is(err, bot.ErrStale) {
			return err
		}
	}
	return change()
}

// flushed is for an answer that acknowledges what stands already, without a commit: it returns once that is as durable as one.
func (b *base) flushed(ctx context.Context) error {
	if s, ok := b.cfg.Store.(bot.Flushing); ok {
		return s.Flushed(ctx)
	}
	return nil
}

// commit stores a change and wakes whoever has work by it. Every change of a running house goes through here, except an
// attempt's bookkeeping (Attempt, Settle), values under a name and what housekeeping forgets (Sweep). What is done to a store
// that nobody works on does not: Restored, SetAside, Rebuild. Once it returns nil the change survives a crash; the signals may
// be lost by one, which costs a second at most, for the loops look by themselves.
func (b *base) commit(ctx context.Context, c *bot.Commit) error {
	took := stopwatch()
	if err := b.cfg.Store.Commit(ctx, c); err != nil {
		return err
	}
	b.cfg.Meter.Took("commit", "", took())
	b.cfg.CrashPoint(bot.Committed)
	if slices.ContainsFunc(c.Tasks, func(t bot.Task) bool { return !t.NotBefore.IsZero() }) {
		signal(b.tasksDue)
	}
	if len(c.Tasks) > 0 {
		b.claims.soon(ctx)
	}
	if c.Conversation != nil && len(c.Conversation.Deadlines) > 0 {
		signal(b.deadlinesDue)
	}
	return nil
}
