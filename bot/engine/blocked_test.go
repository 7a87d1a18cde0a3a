package engine_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"nevermind/bot"
)

// TestGoneIsShut holds that a room which a send finds gone is shut as if its person had said so: it is asked no more, their
// cases hear of it once, and a word from there opens it.
func TestGoneIsShut(t *testing.T) {
	h := newHouse(t)
	h.order("81000001")
	h.ask("81000001")
	lumen := bot.Room("fake:s-1")
	tried := 0
	h.fail = func(d bot.Delivery) error {
		if d.Reply.Room == lumen && d.Reply.Mode != bot.Strip {
			tried++
			return fmt.Errorf("%w: blocked", bot.ErrGone)
		}
		return nil
	}
	h.move(13 * time.Hour) // the seller is reminded
	h.must(h.engine.Drain(t.Context()))
	p, err := h.store.Person(t.Context(), "seller:s-1")
	h.must(err)
	if len(p.Rooms) != 0 || !slices.Contains(p.Shut, lumen) {
		t.Errorf("rooms %q, shut %q; want the room shut", p.Rooms, p.Shut)
	}
	if got := h.state("case/81000001/0"); got != "seeking_seller" || h.moves("case/81000001/0", "seller_left") != 1 {
		t.Errorf("the case is %s and heard of it %d times", got, h.moves("case/81000001/0", "seller_left"))
	}
	h.move(2 * time.Hour)
	h.must(h.engine.Drain(t.Context()))
	if tried != 1 {
		t.Errorf("tried %d times, want once", tried)
	}
	h.fail = nil
	h.say(bot.Message{ID: "back", Room: lumen, Account: "fake:seller:s-1", Text: "hello"})
	if got := h.state("case/81000001/0"); got != "awaiting_seller" {
		t.Errorf("the seller is back and the case is %s", got)
	}
}

// TestOneRoomGone holds that nobody is alarmed where somebody can still be reached in another room.
func TestOneRoomGone(t *testing.T) {
	h := newHouse(t)
	h.person("seller:s-1", "fake:s-1", "fake:s-2")
	h.order("81000001")
	h.fail = func(d bot.Delivery) error {
		if d.Reply.Room == "fake:s-1" {
			return bot.ErrGone
		}
		return nil
	}
	h.ask("81000001")
	if got := fmt.Sprint(h.heardBy("fake:desk")); strings.Contains(got, "deliver") || h.state("case/81000001/0") != "awaiting_seller" {
		t.Errorf("the case is %s, and support hears %s", h.state("case/81000001/0"), got)
	}
	if got := fmt.Sprint(h.heardBy("fake:s-2")); !strings.Contains(got, "would like to cancel") {
		t.Errorf("the other room hears %s", got)
	}
}

// TestDeskGone holds that support's own room is never shut.
func TestDeskGone(t *testing.T) {
	h := newHouse(t)
	h.order("81000001")
	h.ask("81000001")
	h.fail = func(d bot.Delivery) error {
		if d.Reply.Room == "fake:desk" {
			return bot.ErrGone
		}
		return nil
	}
	h.say(h.press("person", "fake:b-1", "fake:buyer:b-1", "A person, please"))
	desk, err := h.store.Person(t.Context(), bot.Desk)
	h.must(err)
	if len(desk.Rooms) != 1 {
		t.Errorf("support has the rooms %q", desk.Rooms)
	}
}
