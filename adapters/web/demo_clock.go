package web

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"nevermind/bot"
)

// clockName is the name of the clock's value in the store.
const clockName = "demo.clock"

// maxOffset is how far ahead of the wall clock the demo's may be.
const maxOffset = 20 * 365 * 24 * time.Hour

// errTooFar is what a page is told where the clock has reached maxOffset.
var errTooFar = errors.New("the clock cannot be moved any further")

// Values is the part of the store in which the clock's offset is stored.
type Values interface {
	Value(ctx context.Context, name string) ([]byte, error)
	SetValue(ctx context.Context, name string, value []byte) error
}

// Clock is the wall clock plus an offset that only grows. The offset is stored before it counts, so a demo that starts
// again has the same time, and time never goes back. It is safe for concurrent use.
type Clock struct {
	values Values
	wall   func() time.Time

	mu     sync.Mutex
	offset time.Duration
}

// OpenClock loads the clock as it was left; a new one is the wall clock.
func OpenClock(ctx context.Context, keep Values) (*Clock, error) {
	c := &Clock{values: keep, wall: time.Now}
	kept, err := keep.Value(ctx, clockName)
	if errors.Is(err, bot.ErrNone) || err == nil && len(kept) == 0 {
		return c, nil
	}
	if err == nil {
		c.offset, err = time.ParseDuration(string(kept))
	}
	if err != nil {
		return nil, fmt.Errorf("open the demo clock: %w", err)
	}
	return c, nil
}

// Now is the wall time plus the offset, in UTC, without the monotonic part.
func (c *Clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.wall().Round(0).Add(c.offset).UTC()
}

// Move moves the clock ahead; it never goes back, so a negative duration changes nothing.
func (c *Clock) Move(ctx context.Context, by time.Duration) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if by <= 0 {
		return nil
	}
	if by > maxOffset-c.offset {
		return errTooFar
	}
	// The offset is stored first: time that was shown never goes back.
	if err := c.values.SetValue(ctx, clockName, []byte((c.offset + by).String())); err != nil {
		return fmt.Errorf("keep the demo clock: %w", err)
	}
	c.offset += by
	return nil
}

// Offset is how far the clock is ahead of the wall.
func (c *Clock) Offset() time.Duration {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.offset
}
