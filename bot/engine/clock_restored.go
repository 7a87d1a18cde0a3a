package engine

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"time"

	"nevermind/bot"
)

// longestHold is how long deadlines are held at most after a restore.
const longestHold = 24 * time.Hour

// The names under which a store remembers that it was restored: when its backup was made, and until when no deadline
// fires.
const (
	restoredName = "restored"
	heldName     = "held"
)

// Restored readies a store that was restored and that nobody works on: what it held unsent is set aside, deadlines are
// held from its next start on, and the operators' journal says so. Made is when the backup was. It returns how many tasks
// were set aside.
func Restored(ctx context.Context, s bot.Store, now, made time.Time) (int, error) {
	if _, err := s.ForgetErased(ctx); err != nil {
		return 0, fmt.Errorf("forget what was erased since: %w", err)
	}
	n, err := s.SetAside(ctx, now, bot.SetAsideByRestore)
	if err != nil {
		return n, fmt.Errorf("set aside what was unsent: %w", err)
	}
	c, err := acted(ctx, s, now, "restored", bot.Facts{"backup_made": made.UTC().Format(time.RFC3339), "set_aside": strconv.Itoa(n)})
	if err == nil {
		err = s.Commit(ctx, c)
	}
	return n, errors.Join(err, s.SetValue(ctx, restoredName, []byte(made.UTC().Format(time.RFC3339))))
}

// heldUntil returns until when no deadline fires. In a restored store nobody knows what people did after the backup: for
// as long as that was, though a day at most, they can answer again before silence decides anything.
func (c *clock) heldUntil(ctx context.Context) (until time.Time, err error) {
	if c.held != nil {
		return *c.held, nil
	}
	made, err := c.storedTime(ctx, restoredName)
	if err == nil && !made.IsZero() {
		now := c.now()
		until = now.Add(min(max(now.Sub(made), 0), longestHold))
		if err = c.cfg.Store.SetValue(ctx, heldName, []byte(until.Format(time.RFC3339))); err == nil {
			err = c.cfg.Store.SetValue(ctx, restoredName, nil)
		}
	} else if err == nil {
		until, err = c.storedTime(ctx, heldName)
	}
	if err != nil {
		return until, fmt.Errorf("until when deadlines are held: %w", err)
	}
	if until.After(c.now()) {
		c.cfg.Log.Warn("the store was restored: no deadline fires for a while", "until", until)
	}
	c.held = &until
	return until, nil
}

// storedTime reads a time that is stored under a name; the zero time where none is.
func (c *clock) storedTime(ctx context.Context, name string) (time.Time, error) {
	v, err := c.cfg.Store.Value(ctx, name)
	if errors.Is(err, bot.ErrNone) || err == nil && len(v) == 0 {
		return time.Time{}, nil
	}
	if err != nil {
		return time.Time{}, err
	}
	return time.Parse(time.RFC3339, string(v))
}
