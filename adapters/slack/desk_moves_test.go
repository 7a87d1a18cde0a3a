package slack_test

import (
	"slices"
	"testing"

	"nevermind/bot"
)

// TestDeskMoves: where another channel is set, support's cards go there and nowhere else, and what is open is shown; without
// one, Slack is none of support's rooms any more, and another platform's stays.
func TestDeskMoves(t *testing.T) {
	t.Parallel()
	h := newHarness(t, false)
	h.putPerson(bot.Person{ID: bot.Desk, Rooms: []bot.Room{"pocket:desk"}})
	h.dispute("81000092")
	h.stop()
	h.slack.Channel("C0NEW", "UMIRA")
	h.cfg.Channel = "C0NEW"
	h.start()
	h.slack.Await("C0NEW", "81000092")
	h.slack.Until("the former channel's card has lost its buttons", func() bool {
		return len(h.card("81000092").Buttons()) == 0
	})
	former := len(h.slack.Messages(desk))
	h.wantDesk("pocket:desk", "slack:C0NEW")
	h.stop()
	h.cfg.Channel = ""
	h.start()
	h.wantDesk("pocket:desk")
	if n := len(h.slack.Messages(desk)); n != former {
		t.Errorf("the former channel got %d messages more", n-former)
	}
}

// wantDesk wants support's rooms to be these.
func (h *harness) wantDesk(rooms ...bot.Room) {
	h.t.Helper()
	who, err := h.store.Person(h.t.Context(), bot.Desk)
	h.must(err)
	if got := slices.Sorted(slices.Values(who.Rooms)); !slices.Equal(got, rooms) {
		h.t.Errorf("support's rooms are %v, want %v", got, rooms)
	}
}
