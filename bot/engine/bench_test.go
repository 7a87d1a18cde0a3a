package engine_test

import (
	"testing"

	"nevermind/bot"
)

// BenchmarkTurn makes pure turns: what one event costs before anything is stored.
func BenchmarkTurn(b *testing.B) {
	h := newHarness(b)
	h.order("81000001")
	h.order("81000002")
	h.ask("81000001")
	h.say(bot.Message{ID: "talk", Room: "fake:b-1", Account: "fake:buyer:b-1", Text: "cancel 81000002"})
	for name, c := range map[string]struct {
		key bot.Key
		ev  bot.Event
		to  string
	}{
		"case accepted": {"case/81000001/0", bot.Event{
			Name: "seller_accepted", By: bot.Seller, Actor: "seller:s-1", Room: "fake:s-1",
		}, "cancelling"},
		"case rejected": {"case/81000001/0", bot.Event{Name: "seller_rejected", By: bot.Seller, Actor: "seller:s-1", Room: "fake:s-1",
			Facts: bot.Facts{"rejection": "It is packed already."}}, "negotiating"},
		"talk": {"talk/fake:b-1", bot.Event{Name: "reason_chosen", By: bot.Buyer, Actor: "buyer:b-1", Room: "fake:b-1", Offer: "",
			Facts: bot.Facts{"reason": "not_needed"}}, "confirming"},
	} {
		b.Run(name, func(b *testing.B) {
			v, err := h.engine.ViewOf(b.Context(), c.key, c.ev)
			h.must(err)
			b.ReportAllocs()
			for b.Loop() {
				turn, err := h.engine.Decide(v)
				if err != nil || turn.Conv.State != c.to {
					b.Fatalf("got %s (%v), want %s", turn.Conv.State, err, c.to)
				}
			}
		})
	}
}
