package engine_test

import (
	"errors"
	"testing"
	"time"

	"nevermind/bot"
	"nevermind/bot/engine"
)

// TestWaitingIsNoAttempt: a message whose turn is far is not tried, comes back then, and is not taken for one that may
// have arrived, though the engine was started again in between.
func TestWaitingIsNoAttempt(t *testing.T) {
	h := newHarness(t)
	far := true
	h.turn = func(bot.Delivery) error {
		if far {
			return bot.Later{After: time.Minute}
		}
		return nil
	}
	var tries []bot.Delivery
	h.fail = func(d bot.Delivery) error { tries = append(tries, d); return nil }
	h.say(bot.Message{ID: "1", Room: "fake:b-1", Account: "fake:buyer:b-1", Text: "hello"})
	h.move(59 * time.Second)
	h.must(h.engine.Drain(t.Context()))
	if far = false; len(tries) != 0 {
		t.Fatalf("tried %d times before its turn", len(tries))
	}
	h.reopen()
	h.must(h.engine.Drain(t.Context()))
	if len(tries) != 0 {
		t.Error("tried a second too early")
	}
	h.move(time.Second)
	h.must(h.engine.Drain(t.Context()))
	if len(tries) != 1 || tries[0].Attempt != 1 || tries[0].Unsure {
		t.Errorf("got %+v, want one first attempt", tries)
	}
}

// TestUnsure: only an attempt that was cut off may have arrived, and only of what is new: an edit is the same twice.
func TestUnsure(t *testing.T) {
	for name, c := range map[string]struct {
		mode bot.Mode
		end  error // of the first attempt; nil is cut off
		far  bool  // its turn is far then, at first
		want bot.Delivery
	}{
		"cut off":         {bot.New, nil, false, bot.Delivery{Attempt: 2, Unsure: true}},
		"cut off, far":    {bot.New, nil, true, bot.Delivery{Attempt: 2, Unsure: true}},
		"told to wait":    {bot.New, bot.Later{After: time.Second}, false, bot.Delivery{Attempt: 2}},
		"told twice, far": {bot.New, bot.Later{After: time.Second}, true, bot.Delivery{Attempt: 2}},
		"an edit cut off": {bot.Edit, nil, false, bot.Delivery{Attempt: 1}},
	} {
		t.Run(name, func(t *testing.T) {
			h := newHarness(t)
			h.order("81000001")
			h.say(bot.Message{ID: "1", Room: "fake:b-1", Account: "fake:buyer:b-1", Text: "hello"})
			var tries []bot.Delivery
			h.fail = func(d bot.Delivery) error {
				if d.Reply.Mode != c.mode {
					return nil
				}
				if tries = append(tries, d); len(tries) > 1 {
					return nil
				}
				if c.end == nil {
					h.must(h.store.Close())
				}
				return c.end
			}
			m := bot.Message{ID: "2", Room: "fake:b-1", Account: "fake:buyer:b-1", Text: "cancel 81000001"}
			h.must(h.engine.Receive(t.Context(), m))
			if err := h.engine.Drain(t.Context()); c.mode == bot.New && c.end == nil && !errors.Is(err, bot.ErrClosed) {
				t.Fatalf("got %v, want a crash", err)
			}
			if c.mode == bot.Edit {
				h.must(h.engine.Receive(t.Context(), h.press("3", "fake:b-1", "fake:buyer:b-1", "I don't need it any more")))
				if err := h.engine.Drain(t.Context()); !errors.Is(err, bot.ErrClosed) {
					t.Fatalf("got %v, want a crash", err)
				}
			}
			if c.end == nil {
				h.open()
			}
			h.move(2 * time.Second)
			if c.far {
				h.turn = func(bot.Delivery) error { return bot.Later{After: time.Minute} }
				h.must(h.engine.Drain(t.Context()))
				h.move(59 * time.Second)
				h.must(h.engine.Drain(t.Context()))
				if h.turn = nil; len(tries) != 1 {
					t.Errorf("it was tried %d times before its turn", len(tries))
				}
				h.move(time.Second)
			}
			h.must(h.engine.Drain(t.Context()))
			if len(tries) != 2 || tries[1].Attempt != c.want.Attempt || tries[1].Unsure != c.want.Unsure {
				t.Errorf(
					"got %d tries, the last attempt %d, unsure %v; want attempt %d, unsure %v",
					len(tries),
					tries[len(tries)-1].Attempt,
					tries[len(tries)-1].Unsure,
					c.want.Attempt,
					c.want.Unsure,
				)
			}
		})
	}
}

// TestSendLimit: a reply with files may take longer, yet no longer than its worker has it for.
func TestSendLimit(t *testing.T) {
	for size, want := range map[int64]time.Duration{0: 20 * time.Second, 1 << 20: 24 * time.Second, 20 << 20: 35 * time.Second} {
		if got := engine.SendLimit(&bot.Reply{Files: []bot.File{{Size: size}}}); got != want {
			t.Errorf("%d bytes may take %v, want %v", size, got, want)
		}
	}
}
