package engine_test

import (
	"fmt"
	"testing"
	"time"

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

// BenchmarkDeadlines fires deadlines that pass in the same moment, each a turn that is committed and flushed to the disk;
// one at a time and as the clock does.
func BenchmarkDeadlines(b *testing.B) {
	for _, n := range []int{1, 256} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			h := newHarness(b)
			h.must(h.store.Close())
			h.sync = true
			h.open()
			for i := range b.N {
				key := bot.Key(fmt.Sprint("talk/fake:", i))
				h.must(
					h.store.Commit(
						b.Context(),
						&bot.Commit{Conversation: &bot.Conversation{Key: key, Frame: bot.Frame{Flow: "cancel", State: "choosing_reason", Visit: 1},
							Deadlines: []bot.Deadline{{Window: "talk_idle", At: h.now.Add(-time.Hour), Event: "talk_idled", Visit: 1}}}},
					),
				)
			}
			b.ResetTimer()
			for fired := 0; fired < b.N; {
				got, err := h.engine.FireDue(b.Context(), n)
				h.must(err)
				if fired += got; got == 0 {
					b.Fatalf("fired %d of %d", fired, b.N)
				}
			}
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "deadlines/s")
		})
	}
}
