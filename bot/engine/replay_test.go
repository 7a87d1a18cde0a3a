package engine_test

import (
	"testing"

	"nevermind/bot"
)

// TestReplayLetters replays a case in which buttons below letters were pressed: each turn of it made buttons of its own.
func TestReplayLetters(t *testing.T) {
	h := newHouse(t)
	h.order("81000001")
	h.ask("81000001")
	write := func(id string, room bot.Room, account, label string) {
		h.say(h.press(id, room, account, label))
		h.say(bot.Message{ID: id + " letter", Room: room, Account: account, Text: "Has it left already?"})
	}
	write("1", "fake:b-1", "fake:buyer:b-1", "Write to the seller")
	write("2", "fake:s-1", "fake:seller:s-1", "Answer")
	write("3", "fake:b-1", "fake:buyer:b-1", "Answer")
	r, err := h.engine.Replay(t.Context(), "case/81000001/0")
	if err != nil || !r.Same || r.Turns != 5 {
		t.Errorf("got %+v (%v), want 5 turns, every one the same", r, err)
	}
}
