package engine_test

import (
	"context"
	"errors"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"nevermind/bot"
	"nevermind/flows"
)

// TestKeptForLater: a turn that panics harms nothing else; the message is stored, acknowledged, and turned once it can be.
func TestKeptForLater(t *testing.T) {
	h := newHarness(t)
	broken, aside := true, 0
	h.flows = withHear(func(_ *bot.View, m *bot.Message) (bot.Event, bool) {
		if m.Text == "hello" && broken {
			panic("a fault of ours")
		}
		return bot.Event{}, false
	})
	h.at = func(p bot.CrashPoint) {
		if p == bot.KeptForLater {
			aside++
		}
	}
	h.must(h.store.Close())
	h.open()
	hello := bot.Message{ID: "1", Room: "fake:b-1", Account: "fake:buyer:b-1", Text: "hello"}
	h.say(hello)
	h.say(hello) // the platform asks again, for whatever reason
	h.say(bot.Message{ID: "2", Room: "fake:s-1", Account: "fake:seller:s-1", Text: "hi"})
	if aside != 1 || len(h.rooms["fake:b-1"]) != 1 || len(h.rooms["fake:s-1"]) != 1 {
		t.Fatalf("kept for later %d times; the buyer heard %d things, the seller %d",
			aside, len(h.rooms["fake:b-1"]), len(h.rooms["fake:s-1"]))
	}
	broken = false
	h.move(time.Hour)
	h.must(h.engine.Drain(t.Context()))
	if n := len(h.rooms["fake:b-1"]); n != 2 {
		t.Errorf("the buyer heard %d things after the fault was mended, want an apology and the answer", n)
	}
}

// withHear is the flows of flows.All with one more thing heard at home.
func withHear(h bot.Hear) *bot.Flows {
	all := *flows.All()
	all.All = slices.Clone(all.All)
	for i, f := range all.All {
		if f.Name == all.Home {
			home := *f
			home.Before = append([]bot.Hear{h}, f.Before...)
			all.All[i] = &home
		}
	}
	return &all
}

// TestStopping: what is in flight when Run is told to stop is finished and settled before it returns.
func TestStopping(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := newHarness(t)
		var stopping sync.Once
		seen := false
		h.at = func(p bot.CrashPoint) {
			if p == bot.Stopping {
				stopping.Do(func() { seen = true })
			}
		}
		release := make(chan struct{})
		h.fail = func(bot.Delivery) error { <-release; return nil }
		h.must(h.store.Close())
		h.open()
		ctx, stop := context.WithCancel(t.Context())
		done := make(chan error, 1)
		go func() { done <- h.engine.Run(ctx) }()
		h.must(h.engine.Receive(ctx, bot.Message{ID: "1", Room: "fake:b-1", Account: "fake:buyer:b-1", Text: "hello"}))
		synctest.Wait()
		stop()
		synctest.Wait()
		select {
		case <-done:
			t.Fatal("Run returned with a message in flight")
		default:
		}
		close(release)
		h.must(<-done)
		if !seen {
			t.Error("the crash point was not passed")
		}
		next, err := h.store.NextTask(t.Context())
		if err != nil || !next.IsZero() {
			t.Errorf("a task still waits: %v, %v", next, err)
		}
	})
}

// TestHowASendEnds: what an unclear, refused, late or impossible send leads to.
func TestHowASendEnds(t *testing.T) {
	for name, c := range map[string]struct {
		err    error
		sends  int // within a quarter of an hour
		answer string
	}{
		"it is unclear whether it arrived": {errors.New("connection reset"), 2, "arrives twice at worst"},
		"the platform asks for time":       {bot.Later{After: 30 * time.Second}, 2, ""},
		"it was surely not sent":           {bot.ErrNotSent, 2, ""},
		"the room is gone":                 {bot.ErrGone, 1, ""},
		"the platform refuses it":          {bot.ErrRefused, 1, ""},
	} {
		t.Run(name, func(t *testing.T) {
			h := newHarness(t)
			tries := 0
			h.fail = func(d bot.Delivery) error {
				if d.Reply.Room != "fake:b-1" { // support hears of it
					return nil
				}
				if tries++; tries == 1 {
					return c.err
				}
				return nil
			}
			h.say(bot.Message{ID: "1", Room: "fake:b-1", Account: "fake:buyer:b-1", Text: "hello"})
			var later bot.Later
			if errors.As(c.err, &later) {
				h.move(later.After - time.Second)
				h.must(h.engine.Drain(t.Context()))
				if tries != 1 {
					t.Errorf("tried again before the platform's time")
				}
			}
			h.move(15 * time.Minute)
			h.must(h.engine.Drain(t.Context()))
			if tries != c.sends {
				t.Errorf("sent %d times, want %d", tries, c.sends)
			}
		})
	}
}

// TestUndelivered: a seller's chat is gone, so support is told, once.
func TestUndelivered(t *testing.T) {
	h := newHarness(t)
	h.fail = func(d bot.Delivery) error {
		if d.Reply.Room == "fake:s-1" {
			return bot.ErrGone
		}
		return nil
	}
	h.order("81000001")
	h.ask("81000001")
	if n := len(h.rooms["fake:desk"]); n != 1 {
		t.Errorf("support was told %d times, want once", n)
	}
}
