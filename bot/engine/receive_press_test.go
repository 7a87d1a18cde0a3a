package engine_test

import (
	"testing"

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
