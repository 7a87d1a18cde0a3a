package engine_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"nevermind/bot"
	"nevermind/bot/engine"
)

// judgedAt is when the seller's time in the case is over.
func (h *harness) judgedAt() time.Time {
	h.t.Helper()
	c, err := h.store.Conversation(h.t.Context(), "case/81000001/0")
	h.must(err)
	for _, d := range c.Deadlines {
		if d.Event == "seller_silent" {
			return d.At
		}
	}
	h.t.Fatalf("the case is %s and waits for no seller", c.State)
	return time.Time{}
}

// TestNobodyIsJudgedUntold: a platform that is away for an hour, in three ways, when a seller is to be asked. Nothing is dead,
// all stands there within two minutes of its return, and the seller's time is as long as if they had been asked then.
func TestNobodyIsJudgedUntold(t *testing.T) {
	for name, fails := range map[string]error{
		"errors":  bot.ErrNotSent,
		"silence": errors.New("no answer"),
		"waits":   bot.Later{After: 40 * time.Second},
	} {
		t.Run(name, func(t *testing.T) {
			h := newHarness(t)
			h.order("81000001")
			down := false
			h.fail = func(bot.Delivery) error {
				if down {
					return fails
				}
				return nil
			}
			h.asks("81000001", func() { down = true })
			for range 120 {
				h.pass(30 * time.Second)
			}
			asked := h.clock()
			down = false
			for range 4 {
				h.pass(30 * time.Second)
			}
			h.dead(0)
			if got := strings.Join(h.heardBy("fake:s-1"), " | "); !strings.Contains(got, "would like to cancel") {
				t.Errorf("the seller was not asked once the platform was back: %q", got)
			}
			if left := h.judgedAt().Sub(asked); left < 24*time.Hour || left > 24*time.Hour+2*time.Minute {
				t.Errorf("the seller has %v from when the platform was back, want what they would have had", left)
			}
			if n := h.moves("case/81000001/0", bot.ToldLate); n != 1 {
				t.Errorf("the case heard %d times that the seller was told late, want once", n)
			}
		})
	}
}

// asks walks the buyer to an open case, and does something before the last press.
func (h *harness) asks(order string, before func()) {
	room, who := bot.Room("fake:b-1"), "fake:buyer:b-1"
	h.say(bot.Message{ID: order + "-1", Room: room, Account: who, Text: "cancel " + order})
	h.say(h.press(order+"-2", room, who, "I don't need it any more"))
	last := h.press(order+"-4", room, who, "Yes, ask the seller")
	before()
	h.say(last)
}

// TestDeadlineWaitsForTheQuestion: while a question is on its way, the deadline that would decide against whom it asks does
// not pass, after a restart neither; a day later support has the case, and nothing was paid.
func TestDeadlineWaitsForTheQuestion(t *testing.T) {
	h := newHarness(t)
	h.order("81000001")
	h.fail = func(d bot.Delivery) error {
		if d.Reply.Room == "fake:s-1" {
			return bot.Later{After: time.Minute}
		}
		return nil
	}
	h.ask("81000001")
	for _, hours := range []time.Duration{13, 10} {
		h.pass(hours * time.Hour)
		if got := h.state("case/81000001/0"); got != "awaiting_seller" {
			t.Fatalf("the case is %s, and nobody was asked", got)
		}
		h.reopen()
	}
	h.pass(59*time.Minute + 59*time.Second)
	h.pass(time.Second) // now the seller's time would be over
	if got := h.state("case/81000001/0"); got != "awaiting_seller" || h.moves("case/81000001/0", "seller_reminded") != 0 {
		t.Errorf("the case is %s, with %d reminders; want it to wait", got, h.moves("case/81000001/0", "seller_reminded"))
	}
	h.pass(2 * time.Minute) // tried for a day
	if got := h.state("case/81000001/0"); got != "with_support" {
		t.Errorf("the case is %s, want it with support", got)
	}
	if got := strings.Join(h.heardBy("fake:desk"), " | "); !strings.Contains(got, "Fake hasn't taken my message for 24 hours") {
		t.Errorf("support hears %q, want the true reason", got)
	}
	o, err := h.store.Order(t.Context(), "81000001")
	if h.must(err); slices.ContainsFunc(o.Book, func(p bot.Posting) bool { return p.Do == "pay_refund" }) {
		t.Errorf("money went back: %+v", o.Book)
	}
}

// TestToldElsewhere: whoever was asked in one of their rooms has been told, however late the others are.
func TestToldElsewhere(t *testing.T) {
	h := newHarness(t)
	h.person("seller:s-1", "fake:s-1", "fake:s-2")
	h.order("81000001")
	late := true
	h.fail = func(d bot.Delivery) error {
		if late && d.Reply.Room == "fake:s-1" {
			return bot.Later{After: time.Minute}
		}
		return nil
	}
	h.ask("81000001")
	was := h.judgedAt()
	h.pass(3 * time.Hour)
	late = false
	h.pass(2 * time.Minute)
	if n := h.moves("case/81000001/0", bot.ToldLate); n != 0 || !h.judgedAt().Equal(was) {
		t.Errorf("the case heard %d times of it, and the seller has until %v, was %v", n, h.judgedAt(), was)
	}
}

// TestOutageIsMadeUpForOnce: a question that waits through an outage of the engine itself, and then of the platform, is late by
// both, each counted once.
func TestOutageIsMadeUpForOnce(t *testing.T) {
	h := newHarness(t)
	h.order("81000001")
	late := true
	h.fail = func(d bot.Delivery) error {
		if late && d.Reply.Room == "fake:s-1" {
			return bot.Later{After: time.Minute}
		}
		return nil
	}
	h.ask("81000001")
	was, asked := h.judgedAt(), h.clock()
	h.move(3 * time.Hour)
	h.must(h.engine.ExtendForOutage(t.Context(), asked, 3*time.Hour))
	h.pass(time.Hour)
	late = false
	h.pass(time.Minute)
	if got := h.judgedAt().Sub(was); got != 4*time.Hour+time.Minute {
		t.Errorf("the seller has %v more, want four hours and a minute", got)
	}
}

// TestSetAsideIsNotTold: what a restore has set aside was told to nobody, so that a deadline decides nothing by it.
func TestSetAsideIsNotTold(t *testing.T) {
	h := newHarness(t)
	h.order("81000001")
	h.fail = func(d bot.Delivery) error {
		if d.Reply.Room == "fake:s-1" {
			return bot.Later{After: time.Minute}
		}
		return nil
	}
	h.ask("81000001")
	_, err := engine.Restored(t.Context(), h.store, h.clock(), h.clock())
	h.must(err)
	h.pass(25 * time.Hour)
	if got := h.state("case/81000001/0"); got != "with_support" {
		t.Errorf("the case is %s, want it with support", got)
	}
}
