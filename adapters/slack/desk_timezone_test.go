package slack_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"nevermind/adapters/slack/slacktest"
	"nevermind/bot"
)

// TestDeskTimeZone: once one of support's people is known, the channel's cards tell the time by their clock.
func TestDeskTimeZone(t *testing.T) {
	t.Parallel()
	const zone = "Asia/Kathmandu" // a quarter of an hour beside everybody else's
	h := newHarness(t, false, func(h *harness) {
		h.slack.Person(slacktest.Person{ID: "UMIRA", Name: "Mira", Locale: "en-GB", Zone: zone})
	})
	key, card := h.dispute("81000077")
	h.slack.Press("UMIRA", card, "Take it")
	h.slack.Until("the desk has a clock", func() bool {
		p, err := h.store.Person(t.Context(), bot.Desk)
		return err == nil && p.Zone == zone
	})
	c, err := h.store.Conversation(t.Context(), key)
	h.must(err)
	i := slices.IndexFunc(c.Deadlines, func(d bot.Deadline) bool { return d.Name() == "support_answer" })
	there, err := time.LoadLocation(zone)
	h.must(err)
	if i < 0 {
		t.Fatalf("support has no deadline: %v", c.Deadlines)
	}
	want := c.Deadlines[i].At.In(there).Format("15:04")
	h.slack.Until("the card says "+want, func() bool { return strings.Contains(h.card("81000077").Shown(), want) })
}
