package slack_test

import (
	"strings"
	"testing"

	"nevermind/bot"
)

// TestWholeConversation: who asks for the whole conversation reads it alone where it is short; a long one stands in the
// thread, in parts.
func TestWholeConversation(t *testing.T) {
	t.Parallel()
	h := newHarness(t, false)
	key, card := h.dispute("81000095")
	h.slack.Press("UMIRA", card, "The whole conversation")
	h.slack.Until("Mira reads it", func() bool { return len(h.slack.Whispers(desk, "UMIRA")) == 1 })
	w := h.slack.Whispers(desk, "UMIRA")[0]
	for _, want := range []string{"Everything that was said about this order, by your clock:", "Ana asks to cancel",
		"Lumen says no. “packed 81000095”.", "Ana asks support to decide"} {
		if !strings.Contains(w.Shown(), want) {
			t.Errorf("%q is not in\n%s", want, w.Shown())
		}
	}
	if n := len(h.slack.Thread(desk, card.TS)); n != 0 {
		t.Errorf("%d messages in the thread", n)
	}
	for _, words := range []string{"one", "two", "three"} {
		h.must(h.engine.Receive(t.Context(), bot.Message{ID: words, Room: "pocket:b-1", Account: "pocket:b-1",
			Press:  h.button("b-1", "Add something"),
			Fields: bot.Facts{"text": words + strings.Repeat(" and more", 100)}}))
		h.slack.Await(desk, words+" and more")
	}
	h.slack.Press("UMIRA", card, "The whole conversation")
	first := h.slack.Await(desk, "What was said about this order, 1 to ")
	if first.Thread != card.TS || !has(first, "More of it") {
		t.Fatalf("it stands in %q, with %v", first.Thread, first.Buttons())
	}
	h.slack.Press("UJONAS", first, "More of it")
	h.slack.Until("Jonas reads the rest", func() bool {
		w := h.slack.Whispers(desk, "UJONAS")
		return len(w) == 1 && strings.Contains(w[0].Shown(), "6 to 6 of 6") && strings.Contains(w[0].Shown(), "three and more")
	})
	if r, err := h.engine.Replay(t.Context(), key); err != nil || !r.Same {
		t.Errorf("replay: %+v %v", r, err)
	}
	h.slack.Press("UGUEST", card, "The whole conversation")
	h.slack.Until("a guest is refused", func() bool { return h.notes(key, "talk_asked")[bot.RefusedNotYours] == 1 })
}
