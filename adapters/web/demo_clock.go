package web

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"nevermind/bot"
)

// clockName is what the clock is kept under in the store.
const clockName = "demo.clock"

// maxOffset is how far ahead of the wall clock the demo may be.
const maxOffset = 20 * 365 * 24 * time.Hour

var errTooFar = errors.New("the clock cannot be moved any further")

// Values is the part of the store in which the clock is kept.
type Values interface {
	Value(ctx context.Context, name string) ([]byte, error)
	SetValue(ctx context.Context, name string, value []byte) error
}

// Clock is a clock that can be moved ahead, and stays moved when the demo starts again.
type Clock struct {
	values Values
	wall   func() time.Time

	mu     sync.Mutex
	offset time.Duration
}

// OpenClock finds the clock as it was left.
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

// Now returns the wall time, moved.
func (c *Clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.wall().Round(0).Add(c.offset).UTC()
}

// Move moves the clock ahead; it never goes back.
func (c *Clock) Move(ctx context.Context, by time.Duration) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if by <= 0 {
		return nil
	}
	if by > maxOffset-c.offset {
		return errTooFar
	}
	if err := c.values.SetValue(ctx, clockName, []byte((c.offset + by).String())); err != nil {
		return fmt.Errorf("keep the demo clock: %w", err)
	}
	c.offset += by
	return nil
}

// Offset returns how far the clock is ahead of the wall.
func (c *Clock) Offset() time.Duration {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.offset
}
