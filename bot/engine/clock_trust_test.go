package engine_test

import (
	"context"
	"testing"
	"time"

	"nevermind/bot"
)

// TestClockJumps: while the wall clock has jumped, silence cancels nothing; reminders go out all the same. Set right, the
// clock is believed again after five minutes; what has happened stays.
func TestClockJumps(t *testing.T) {
	h := newHouse(t)
	var passed time.Duration
	h.passed = func() time.Duration { return passed }
	h.reopen()
	h.order("81000001")
	h.ask("81000001")
	key := bot.Key("case/81000001/0")
	both := func(d time.Duration) { // time passes, and the house is there all the while
		for d > 0 {
			step := min(d, 10*time.Minute)
			passed += step
			h.move(step)
			h.must(h.engine.Drain(t.Context()))
			d -= step
		}
	}
	wants := func(state string) {
		t.Helper()
		if got := h.state(key); got != state {
			t.Fatalf("the case is %s, want %s", got, state)
		}
	}
	both(time.Minute)
	h.move(25 * time.Hour) // the clock is set ahead
	both(time.Second)
	wants("awaiting_seller")
	if h.engine.ClockTrusted() {
		t.Error("a clock that has jumped is trusted")
	}
	both(time.Hour)
	wants("awaiting_seller")
	h.move(-25 * time.Hour) // and set right
	both(4 * time.Minute)
	wants("awaiting_seller")
	both(22 * time.Hour)
	wants("awaiting_seller")
	if !h.engine.ClockTrusted() {
		t.Error("a clock that has agreed for hours is not trusted")
	}
	both(time.Hour)
	wants("refunding")
	h.move(-48 * time.Hour)
	both(time.Minute)
	wants("refunding")
}

// TestClockIsBelievedAgain after five minutes of agreement, and a small correction is no jump.
func TestClockIsBelievedAgain(t *testing.T) {
	h := newHouse(t)
	var passed time.Duration
	h.passed = func() time.Duration { return passed }
	h.reopen()
	for _, step := range []struct {
		wall, passed time.Duration
		trusted      bool
	}{
		{time.Minute, time.Minute, true}, {90 * time.Second, 0, true}, {time.Hour, time.Hour + time.Minute, true},
		{100 * time.Second, 0, true}, // small corrections do not add up to a jump
		{-3 * time.Minute, time.Second, true}, {-time.Minute, time.Second, false},
		{2*time.Minute + time.Second, time.Second, false}, {4 * time.Minute, 4 * time.Minute, false}, {time.Minute, time.Minute, true},
	} {
		passed += step.passed
		h.move(step.wall)
		if got := h.engine.ClockTrusted(); got != step.trusted {
			t.Errorf("%+v: trusted is %v", step, got)
		}
	}
	h.must(h.engine.Drain(context.Background()))
}
