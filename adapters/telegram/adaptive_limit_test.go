package telegram

import (
	"testing"
	"time"
)

// TestAdaptiveLimit holds that 429s halve a rate down to an eighth, that it is whole again a minute after the last wait is over
// without anything being sent, and that it only grows in between.
func TestAdaptiveLimit(t *testing.T) {
	now := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	l := newAdaptiveLimit(16, 1)
	for i, want := range []float64{8, 4, 2, 2} {
		until := now.Add(30 * time.Second)
		if l.halve(now, until); float64(l.Limit()) != want {
			t.Errorf("after %d 429s: %v a second, want %v", i+1, l.Limit(), want)
		}
	}
	over := now.Add(30 * time.Second)
	if l.recover(over); l.Limit() != 2 {
		t.Errorf("it recovers during the wait: %v a second", l.Limit())
	}
	last := l.Limit()
	for s := range 60 {
		if l.recover(over.Add(time.Duration(s) * time.Second)); l.Limit() < last {
			t.Errorf("after %d s: %v a second, less than before", s, l.Limit())
		}
		last = l.Limit()
	}
	half, again := over.Add(recoveryTime/2), newAdaptiveLimit(16, 1)
	again.halve(now, over)
	if again.recover(half); again.Limit() != 12 {
		t.Errorf("half-way from 8 to 16: %v a second", again.Limit())
	}
	if again.halve(half, half); again.Limit() != 6 {
		t.Errorf("halved half-way: %v a second", again.Limit())
	}
	if l.recover(over.Add(recoveryTime)); l.Limit() != 16 {
		t.Errorf("after a minute: %v a second, want all 16", l.Limit())
	}
	none := newAdaptiveLimit(limitOf(0), 1)
	if none.halve(now, over); none.Limit() != limitOf(0) {
		t.Errorf("no limit became %v", none.Limit())
	}
}
