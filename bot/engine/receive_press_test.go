package engine_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"nevermind/bot"
)

// TestPressAnswerIsKnown holds that a press is answered with nothing where its turn moves, with a passing word where it is
// refused,
// and with what is not known yet where it comes again.
func TestPressAnswerIsKnown(t *testing.T) {
	h := newHarness(t)
	h.order("81000001")
	h.ask("81000001")
	seller, account := bot.Room("fake:s-1"), "fake:seller:s-1"
	accept := h.press("accept", seller, account, "Cancel and refund 24.90 USD")
	for _, c := range []struct {
		id             string
		words, decided bool
	}{{"accept", false, true}, {"accept", false, false}, {"too late", true, true}} {
		accept.ID = c.id
		words, decided, err := h.engine.ReceivePress(t.Context(), accept)
		if err != nil || decided != c.decided || (words != "") != c.words {
			t.Errorf("%s: answered with %q, decided %v, %v", c.id, words, decided, err)
		}
		h.must(h.engine.Drain(t.Context()))
	}
}

// TestForgedPressesAreNotKept: a press of a button that nobody ever offered is answered, three times a minute, and leaves
// nothing behind but its id, which a sweep forgets (finding A9).
func TestForgedPressesAreNotKept(t *testing.T) {
	h := newHarness(t)
	h.say(bot.Message{ID: "hello", Room: anasRoom, Account: ana, Text: "hello"})
	talk := bot.TalkKey(anasRoom, &bot.Person{ID: "buyer:b-1"})
	before, err := h.store.Conversation(t.Context(), talk)
	h.must(err)
	said, err := h.store.Said(t.Context(), anasRoom, 0, 0, 1000)
	h.must(err)
	asides := func() (n int) {
		for _, d := range h.told {
			if d.Reply.Mode == bot.Aside && strings.Contains(d.Reply.Text, "I don't know that button") {
				n++
			}
		}
		return n
	}
	for n := range 300 {
		h.say(bot.Message{ID: fmt.Sprint("forged", n), Room: anasRoom, Account: ana, Press: fmt.Sprintf("%022d", n)})
	}
	if asides() != 3 {
		t.Errorf("answered %d times, want three times", asides())
	}
	after, err := h.store.Conversation(t.Context(), talk)
	h.must(err)
	now, err := h.store.Said(t.Context(), anasRoom, 0, 0, 1000)
	h.must(err)
	if after.Version != before.Version || after.Entries != before.Entries || len(now) > len(said)+3 {
		t.Errorf("the talk went from version %d to %d, its journal from %d to %d lines, the room's log from %d to %d",
			before.Version, after.Version, before.Entries, after.Entries, len(said), len(now))
	}
	h.pass(2 * time.Minute)
	words, decided, err := h.engine.ReceivePress(t.Context(), bot.Message{ID: "later", Room: anasRoom, Account: ana, Press: "never"})
	if err != nil || !decided || !strings.Contains(words, "I don't know that button") {
		t.Errorf("a later one is answered with %q, %v, %v", words, decided, err)
	}
}
