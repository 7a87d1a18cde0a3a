package slack_test

import (
	"fmt"
	"sync"
	"testing"
	"time"

	"nevermind/adapters/slack/slacktest"
	"nevermind/bot"
)

// TestSocketReplaced: Slack lets its sockets go every few hours; nothing that people do meanwhile is lost or left waiting.
func TestSocketReplaced(t *testing.T) {
	t.Parallel()
	h := newHarness(t, false)
	key, card := h.dispute("81000031")
	h.slack.Until("two sockets stand", func() bool { return h.slack.Standing() == 2 })
	stop := make(chan struct{})
	said := 0
	var talking sync.WaitGroup
	talking.Go(func() {
		for {
			select {
			case <-stop:
				return
			default:
				if said++; said > 2000 {
					return
				}
				h.slack.Say("UMIRA", desk, card.TS, fmt.Sprint("note ", said))
			}
		}
	})
	written := func(n int) {
		h.slack.Until("more is said", func() bool { return len(h.slack.Thread(desk, card.TS)) > n })
	}
	for i, reason := range []string{"warning", "refresh_requested", "too_many_websockets"} {
		written(5 * i)
		h.slack.Refresh(reason)
		h.slack.Until("others stand", func() bool { return h.slack.Standing() == 2 })
		h.slack.Drop(false)
	}
	close(stop)
	talking.Wait()
	if n := h.meter.count("redelivered slack"); n > 0 || h.slack.Again() > 0 {
		t.Errorf("there was a gap: %d things came again", n)
	}
	if got := h.notes(key, "note_added")[bot.RefusedColleagueNote]; got != said || said < 10 { // some were said in each life
		t.Errorf("%d notes kept of %d", got, said)
	}
	if h.meter.count("socket_refreshed slack") < 6 {
		t.Errorf("refreshed: %v", h.meter.counts)
	}
}

// TestSocketCut: sockets that are cut without a word are opened anew, and what was not acknowledged comes again, once.
func TestSocketCut(t *testing.T) {
	t.Parallel()
	h := newHarness(t, false)
	key, card := h.dispute("81000032")
	h.slack.Until("two sockets stand", func() bool { return h.slack.Standing() == 2 })
	for i := range 5 {
		h.slack.Drop(true)
		h.slack.Say("UMIRA", desk, card.TS, fmt.Sprint("note ", i))
	}
	h.slack.Until("sockets stand again", func() bool { return h.slack.Standing() == 2 && h.adapter.Ready(t.Context()) == nil })
	for range 4 {
		h.slack.Again()
		h.move(time.Minute)
	}
	if got := h.notes(key, "note_added")[bot.RefusedColleagueNote]; got != 5 {
		t.Errorf("%d notes kept of 5", got)
	}
}

// TestSocketOutage: while no socket can be opened the adapter says that it is not ready, tries on, and comes back.
func TestSocketOutage(t *testing.T) {
	t.Parallel()
	h := newHarness(t, false)
	h.slack.Until("two sockets stand", func() bool { return h.slack.Standing() == 2 })
	h.slack.Fail("apps.connections.open", slacktest.Fault{Status: 500}, slacktest.Fault{Error: "internal_error"},
		slacktest.Fault{Status: 429, RetryAfter: 1}, slacktest.Fault{Lost: true})
	h.slack.Drop(true)
	h.slack.Until("it is not ready", func() bool { return h.adapter.Ready(t.Context()) != nil })
	h.slack.Until("it is ready again", func() bool { return h.adapter.Ready(t.Context()) == nil && h.slack.Standing() == 2 })
	if got := h.meter.count("socket_faults slack"); got < 4 { // more where a socket was cut before it had said hello
		t.Errorf("%d faults counted, want 4 or more", got)
	}
}

// TestRestart: after a restart the engine goes on where it ended; a press on a card of before counts.
func TestRestart(t *testing.T) {
	t.Parallel()
	h := newHarness(t, false)
	key, card := h.dispute("81000033")
	h.stop()
	h.start()
	t.Cleanup(func() { h.stop() })
	h.slack.Press("UMIRA", card, "Refuse")
	v := h.slack.AwaitView("UMIRA").Fill("What are your reasons? The buyer and the seller will read them.", "No.")
	v.Send()
	v.Send()
	h.slack.Until("it is refused", func() bool { return h.state(key) == "refused" })
	h.slack.Until("the card has no buttons", func() bool { return len(h.card("81000033").Buttons()) == 0 })
}

// TestSilentSocket: a socket that stands but lets nothing through is noticed and replaced.
func TestSilentSocket(t *testing.T) {
	t.Parallel()
	h := newHarness(t, false, func(h *harness) { h.pingEvery = 100 * time.Millisecond })
	key, card := h.dispute("81000034")
	h.slack.Until("two sockets stand", func() bool { return h.slack.Standing() == 2 })
	h.slack.Deafen()
	h.slack.Until("others stand", func() bool { return h.slack.Standing() == 2 })
	h.slack.Say("UMIRA", desk, card.TS, "heard")
	h.slack.Until("it is heard", func() bool { return h.notes(key, "note_added")[bot.RefusedColleagueNote] == 1 })
	if h.meter.count("socket_lost slack") != 2 {
		t.Errorf("lost: %v", h.meter.counts)
	}
}

// TestSlowSlack: where Slack does not say in time who somebody is, what it said last is believed for a while, and not for long.
func TestSlowSlack(t *testing.T) {
	t.Parallel()
	h := newHarness(t, false)
	key, card := h.dispute("81000035")
	h.slack.Press("UMIRA", card, "Full refund")
	h.slack.AwaitView("UMIRA")
	h.move(2 * time.Minute)
	h.slack.Fail("conversations.members", slacktest.Fault{Status: 500})
	h.slack.Fail("users.info", slacktest.Fault{Lost: true})
	h.slack.Say("UMIRA", desk, card.TS, "still me")
	h.slack.Until("it is kept", func() bool { return h.notes(key, "note_added")[bot.RefusedColleagueNote] == 1 })
	h.move(11 * time.Minute)
	h.slack.Fail("conversations.members", slacktest.Fault{Status: 500})
	if a := h.slack.Pressing("UMIRA", card, "Full refund").Send(); a.Acked {
		t.Error("somebody decides of whom Slack says nothing")
	}
	if a := h.slack.Press("UMIRA", card, "Refuse"); !a.Acked {
		t.Error("it stays so when Slack answers again")
	}
}
