package engine

import (
	"sync"
	"time"
)

// The rule by which the wall clock is trusted with what cannot be taken back.
const (
	jump      = 2 * time.Minute // how far the clock may be from the time that has really passed
	agreement = 5 * time.Minute // how long it must agree again before it is believed
	drift     = time.Hour       // how often small corrections are taken as they are, so that they do not add up
)

// trust compares the wall clock with time as it passes by a clock that nobody sets. A jump has what moves money by itself
// wait until the two agree again; what has happened stays.
type trust struct {
	mu      sync.Mutex
	wall    time.Time     // when both were looked at for the first time, or taken to agree anew
	passed  time.Duration // then, by the other clock
	apart   bool
	apartAt time.Duration // when they were seen apart last, by the other clock
}

// look says whether the wall clock can be trusted, and whether that is news.
func (t *trust) look(wall time.Time, passed time.Duration) (trusted, news bool) {
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

// ClockTrusted says whether the clock may decide what cannot be taken back.
func (e *Engine) ClockTrusted() bool {
	if e.cfg.BootTime == nil {
		return true
	}
	trusted, news := e.trust.look(e.Now(), e.cfg.BootTime())
	switch {
	case news && !trusted:
		e.cfg.Meter.Count("clock_jumps", "", 1)
		e.cfg.Log.Error("the clock has jumped: no deadline moves money until it agrees for five minutes with the time that has really passed; set it right, or start again if it is right now")
	case news:
		e.cfg.Log.Warn("the clock is trusted again")
	}
	return trusted
}
