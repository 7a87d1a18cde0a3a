package engine_test

import (
	"testing"
	"time"

	"nevermind/bot"
)

// TestOutage: a seller's time runs on for as long as the house was not there, by a start or by a machine that slept; for
// a short pause, or a clock that was set, nobody gets anything.
func TestOutage(t *testing.T) {
	h := newHouse(t)
	var passed time.Duration
	h.passed = func() time.Duration { return passed }
	h.reopen()
	h.order("81000001")
	h.ask("81000001")
	key := bot.Key("case/81000001/0")
	ends := func() time.Time {
		t.Helper()
		c, err := h.store.Conversation(t.Context(), key)
		h.must(err)
		for _, d := range c.Deadlines {
			if d.Event == "seller_silent" {
				return d.At
			}
		}
		t.Fatalf("the case is %s and waits for no seller", c.State)
		return time.Time{}
	}
	drain := func() { h.must(h.engine.Drain(t.Context())) }
	pass := func(d time.Duration) { passed += d; h.move(d) }
	drain()
	asked := ends()
	for _, step := range []struct {
		name string
		do   func()
		more time.Duration
	}{
		{"nothing", func() {}, 0},
		{"a pause", func() { pass(14 * time.Minute) }, 0},
		{"a short start", func() { pass(14 * time.Minute); h.reopen() }, 0},
		{"a sleep", func() { pass(time.Hour) }, time.Hour},
		{"a start", func() { pass(3 * time.Hour); passed = 0; h.reopen() }, 3 * time.Hour},
		{"a start at once", func() { h.reopen() }, 0},
		{"a clock set ahead", func() { h.move(2 * time.Hour); passed += time.Second }, 0},
		{"and back", func() { h.move(-2 * time.Hour); passed += time.Second }, 0},
	} {
		step.do()
		drain()
		if got := ends().Sub(asked).Round(time.Second); got != step.more {
			t.Errorf("%s: the seller has %v more, want %v", step.name, got, step.more)
		}
		asked = ends()
	}
	if n := h.moves(key, bot.OutageOver); n != 2 {
		t.Errorf("the journal holds %d outages, want 2", n)
	}
	from := h.clock().Add(-20 * time.Minute)
	for range 2 { // stopped in the midst of it, and started again
		h.must(h.engine.ExtendForOutage(t.Context(), from, 20*time.Minute))
	}
	if got := ends().Sub(asked); got != 20*time.Minute {
		t.Errorf("the same outage twice: %v more", got)
	}
}

// TestNoOutage where no second clock is there: the demo's clock is moved by hand.
func TestNoOutage(t *testing.T) {
	h := newHouse(t)
	h.order("81000001")
	h.ask("81000001")
	h.move(23 * time.Hour)
	h.must(h.engine.Drain(t.Context()))
	h.move(time.Hour)
	h.must(h.engine.Drain(t.Context()))
	if got := h.state("case/81000001/0"); got != "refunding" {
		t.Errorf("the case is %s", got)
	}
}
