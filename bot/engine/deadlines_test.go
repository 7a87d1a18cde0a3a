package engine_test

import (
	"fmt"
	"testing"
	"time"

	"nevermind/bot"
)

// TestDeadlinesOfOneMoment: those of many conversations are fired at the same time, each once, those of one in their
// order, and one that cannot be fired holds up nobody.
func TestDeadlinesOfOneMoment(t *testing.T) {
	h := newHarness(t)
	ctx := t.Context()
	wait := func(after time.Duration) bot.Deadline {
		return bot.Deadline{Window: "talk_idle", At: h.now.Add(after - time.Hour), Event: "talk_idled", Visit: 1}
	}
	for i := range 200 {
		frame := bot.Frame{Flow: "cancel", State: "choosing_reason", Visit: 1}
		h.must(h.store.Commit(ctx, &bot.Commit{Conversation: &bot.Conversation{Key: bot.Key(fmt.Sprint("talk/fake:", i)), Frame: frame,
			Deadlines: []bot.Deadline{wait(0), wait(time.Minute)}}}))
	}
	h.must(h.store.Close())
	h.poison = "talk/fake:7"
	h.open()
	n, err := h.engine.FireDue(ctx, 1000)
	h.must(err)
	if n != 398 {
		t.Errorf("fired %d, want all but the two of the damaged one", n)
	}
	if n, err = h.engine.FireDue(ctx, 1000); n != 0 || err != nil {
		t.Errorf("fired %d more (%v)", n, err)
	}
	for i := range 200 {
		if i == 7 {
			continue
		}
		entries, err := h.store.Journal(ctx, bot.Key(fmt.Sprint("talk/fake:", i)), 0, 9)
		h.must(err)
		if len(entries) != 2 || entries[0].Refused != "" || entries[1].Refused != bot.RefusedUnheard {
			t.Fatalf("talk %d: got %d turns, want one that moves and one that comes too late", i, len(entries))
		}
	}
}

// TestDeadlineMovedOnWhileRead: a deadline that is moved on after it was read as due, and before its turn, does not fire then.
func TestDeadlineMovedOnWhileRead(t *testing.T) {
	h := newHarness(t)
	moved := false
	h.at = func(p bot.CrashPoint) {
		if p == bot.DeadlineRead && !moved && h.state("case/81000001/0") == "awaiting_seller" && h.clock().After(h.judgedAt()) {
			moved = true
			h.must(h.engine.ExtendForOutage(t.Context(), h.clock().Add(-25*time.Hour), 5*time.Hour))
		}
	}
	h.reopen()
	h.order("81000001")
	h.ask("81000001")
	h.pass(13 * time.Hour) // the reminder
	h.pass(11*time.Hour + time.Second)
	if got := h.state("case/81000001/0"); !moved || got != "awaiting_seller" {
		t.Errorf("moved on is %v, and the case is %s", moved, got)
	}
	h.pass(h.judgedAt().Sub(h.clock()))
	if got := h.state("case/81000001/0"); got != "refunding" {
		t.Errorf("when its time has come the case is %s", got)
	}
}

// TestOutageOfAMonth: who was asked before an outage gets back the time that it took, a day at most; after a month away the
// least time that is left to anybody, four hours, is left.
func TestOutageOfAMonth(t *testing.T) {
	for away, left := range map[time.Duration]time.Duration{5 * time.Hour: 24 * time.Hour, 30 * time.Hour: 18 * time.Hour,
		30 * 24 * time.Hour: 4 * time.Hour} {
		h := newHarness(t)
		h.order("81000001")
		h.ask("81000001")
		from := h.clock()
		h.move(away)
		h.must(h.engine.ExtendForOutage(t.Context(), from, away))
		if got := h.judgedAt().Sub(h.clock()); got != left {
			t.Errorf("after %v the seller has %v, want %v", away, got, left)
		}
	}
}
