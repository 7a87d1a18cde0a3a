package engine_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"nevermind/bot"
)

// TestOutageEndsByItself: a platform that is away for an hour, in three ways, costs no message its tries: nothing dies, what
// must arrive stands there once it is back, within two minutes, and the copies that an unclear end may leave are few.
func TestOutageEndsByItself(t *testing.T) {
	for name, fails := range map[string]error{
		"certainly not sent": bot.ErrNotSent,
		"no answer":          errors.New("no answer"),
		"asked to wait":      bot.Later{After: 40 * time.Second},
	} {
		t.Run(name, func(t *testing.T) {
			h := newHarness(t)
			h.order("81000001")
			h.ask("81000001")
			accept := h.press("accept", "fake:s-1", "fake:seller:s-1", "Cancel and refund 24.90 USD")
			heard, sends, down := len(h.heardBy("fake:b-1")), 0, true
			h.fail = func(bot.Delivery) error {
				if !down {
					return nil
				}
				sends++
				return fails
			}
			h.say(accept)
			for range 120 {
				h.pass(30 * time.Second)
			}
			if got := h.heardBy("fake:b-1"); len(got) != heard {
				t.Errorf("something was said while the platform was away: %q", got[heard:])
			}
			down = false
			for range 4 {
				h.pass(30 * time.Second)
			}
			h.dead(0)
			if got := strings.Join(h.heardBy("fake:b-1")[heard:], " | "); !strings.Contains(got, "agreed") {
				t.Errorf("the buyer was not told once the platform was back: %q", got)
			}
			if most := 130; sends > most {
				t.Errorf("the platform was asked %d times within an hour, want %d at most", sends, most)
			}
		})
	}
}

// TestWaitsAreNoTries: twelve times a platform asks to wait, then an end is unclear (D1 of the findings): the seller is asked all
// the same, and nothing is dead.
func TestWaitsAreNoTries(t *testing.T) {
	h := newHarness(t)
	h.order("81000001")
	calls := 0
	h.fail = func(d bot.Delivery) error {
		if d.Reply.Room != "fake:s-1" || d.Reply.Mode != bot.New {
			return nil
		}
		switch calls++; {
		case calls <= 12:
			return bot.Later{After: 20 * time.Second}
		case calls == 13:
			return errors.New("no answer")
		}
		return nil
	}
	h.ask("81000001")
	for range 30 {
		h.pass(30 * time.Second)
	}
	h.dead(0)
	if got := strings.Join(h.heardBy("fake:s-1"), " | "); calls < 14 || !strings.Contains(got, "would like to cancel") {
		t.Errorf("after %d calls the seller has heard %q", calls, got)
	}
}
