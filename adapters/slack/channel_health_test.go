package slack_test

import (
	"context"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"nevermind/adapters/slack"
	"nevermind/adapters/slack/slacktest"
	"nevermind/bot"
)

// TestChannelArchived: while the support channel is archived we are not ready and say why, nothing for it is given up, and once
// it is back the cards of what has come meanwhile are there at once.
func TestChannelArchived(t *testing.T) {
	t.Parallel()
	for way, http := range map[string]bool{"socket": false, "http": true} {
		t.Run(way, func(t *testing.T) {
			h := newHarness(t, http)
			h.slack.Archive("UMIRA", desk)
			h.slack.Until("it is not ready", func() bool { return h.notReady("is_archived") })
			h.askToCancel("81000082", "seller:s-1")
			h.tap("s-1", "Say no")
			h.write("s-1", "packed 81000082")
			h.reads("b-1", "haven't settled this by")
			h.tap("b-1", "Let support decide")
			h.reads("b-1", "Our support team now decides")
			h.slack.Unarchive("UMIRA", desk)
			h.slack.Until("it is ready", func() bool { return h.adapter.Ready(t.Context()) == nil })
			h.slack.Until("the card is there", func() bool { return h.card("81000082") != nil && has(h.card("81000082"), "Full refund") })
			if n := len(h.slack.Messages(desk)); n != 1 {
				t.Errorf("%d messages in the channel, want the card alone", n)
			}
			if dead, err := h.store.Dead(t.Context(), 0, 10); err != nil || len(dead) > 0 {
				t.Errorf("given up: %+v, %v", dead, err)
			}
		})
	}
}

// notReady says whether we are not ready for that reason.
func (h *harness) notReady(why string) bool {
	err := h.adapter.Ready(h.t.Context())
	return err != nil && strings.Contains(err.Error(), why)
}

// TestChannelLost: the other ways to lose the support channel, found out by an event or by a post, and how each ends.
func TestChannelLost(t *testing.T) {
	t.Parallel()
	h := newHarness(t, false)
	h.slack.Leave(slacktest.BotUser, desk)
	h.slack.Until("it is not ready", func() bool { return h.notReady("not_in_channel") })
	h.slack.Join(slacktest.BotUser, desk)
	h.slack.Until("it is ready", func() bool { return h.adapter.Ready(t.Context()) == nil })
	for _, fault := range []string{"is_archived", "not_in_channel", "channel_not_found", "restricted_action"} {
		h.slack.Fail("chat.postMessage", slacktest.Fault{Error: fault})
		_, err := h.deliver("t-"+fault, 1, bot.Reply{Mode: bot.New, Text: "x"})
		if later, ok := asLater(err); !ok || later.After > 5*time.Second || is(err, bot.ErrGone) || !h.notReady(fault) {
			t.Errorf("%s: %v, %v", fault, err, h.adapter.Ready(t.Context()))
		}
		if _, err := h.deliver("t-"+fault, 2, bot.Reply{Mode: bot.New, Text: "x"}); err != nil || h.adapter.Ready(t.Context()) != nil {
			t.Errorf("%s: it can be written to again, and %v", fault, err)
		}
	}
}

// TestChannelIsLookedAt: without any event the loss of the support channel, and its return, are noticed within a minute, and what
// is for it is held back meanwhile.
func TestChannelIsLookedAt(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := &simulated{}
		a := simulate(t, s, func(c *slack.Config) { c.Channel = "C0DESK" })
		synctest.Wait()
		d := bot.Delivery{ID: "a", Reply: bot.Reply{Room: "slack:C0DESK", Mode: bot.New, Text: "x"}}
		if err := a.Turn(t.Context(), d); err != nil || a.Ready(t.Context()) != nil {
			t.Fatalf("%v, %v", err, a.Ready(t.Context()))
		}
		s.archive(true)
		pass(time.Minute + time.Second)
		calls := s.called("conversations.info")
		if _, ok := asLater(a.Turn(t.Context(), d)); !ok || a.Ready(t.Context()) == nil {
			t.Error("the archived channel is not noticed")
		}
		pass(10 * time.Minute)
		if n := s.called("conversations.info") - calls; n > 10 {
			t.Errorf("%d looks in ten minutes", n)
		}
		other := bot.Delivery{ID: "b", Reply: bot.Reply{Room: "slack:D1", Mode: bot.New, Text: "x"}}
		if err := a.Turn(t.Context(), other); err != nil {
			t.Errorf("another room waits too: %v", err)
		}
		s.archive(false)
		begun := time.Now()
		within, cancel := context.WithTimeout(t.Context(), 5*time.Minute)
		defer cancel()
		if attempts, _ := delivered(within, a, d); attempts != 1 || time.Since(begun) > time.Minute+5*time.Second {
			t.Errorf("delivered at attempt %d after %s", attempts, time.Since(begun))
		}
		if err := a.Ready(t.Context()); err != nil {
			t.Error(err)
		}
	})
}
