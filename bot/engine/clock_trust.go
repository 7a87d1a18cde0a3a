package engine

import (
	"sync"
	"time"
)

// The rule by which the wall clock is trusted with what cannot be taken back.
const (
	jump      = 2 * time.Minute // how far the wall clock may be from the time that has really passed
	agreement = 5 * time.Minute // how long it must agree again before it is believed
	drift     = time.Hour       // how often small corrections are taken as they are, so that they do not add up
)

// trust compares the wall clock with a monotonic clock, which nobody sets. After a jump of the wall clock, what moves money
// by itself waits until the two agree again; what has happened stays. It is safe for concurrent use.
type trust struct {
	mu      sync.Mutex
	wall    time.Time     // when both were looked at for the first time, or taken to agree anew
	passed  time.Duration // then, by the monotonic clock
	apart   bool
	apartAt time.Duration // when they were seen apart last, by the monotonic clock
}

// look says whether the wall clock can be trusted, and whether that has changed since the last look.
func (t *trust) look(wall time.Time, passed time.Duration) (trusted, changed bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	wall = wall.Round(0) // compared as a wall clock
	before := t.apart
	if t.wall.IsZero() {
		t.wall, t.passed = wall, passed
	}
	switch off := wall.Sub(t.wall) - (passed - t.passed); {
	case off.Abs() > jump:
		t.apart, t.apartAt = true, passed
	case t.apart && passed-t.apartAt < agreement:
	default:
		if t.apart = false; passed-t.passed > drift {
			t.wall, t.passed = wall, passed
		}
	}
	return !t.apart, t.apart != before
}

// ClockTrusted says whether the wall clock may decide what cannot be taken back.
func (e *Engine) ClockTrusted() bool { return e.clock.trusted() }

// clockJumped tells the operator what is held up and what to do.
const clockJumped = "the clock has jumped: no deadline moves money until it agrees for five minutes with the time that has " +
	"really passed; set it right, or start again if it is right now"

// trusted compares the two clocks and logs a change.
func (c *clock) trusted() bool {
	if c.cfg.BootTime == nil {
		return true
	}
	trusted, changed := c.trust.look(c.now(), c.cfg.BootTime())
	switch {
	case changed && !trusted:
		c.cfg.Meter.Count("clock_jumps", "", 1)
		c.cfg.Log.Error(clockJumped)
	case changed:
		c.cfg.Log.Warn("the clock is trusted again")
	}
	return trusted
}
