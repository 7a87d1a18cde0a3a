package bolt

import (
	"fmt"
	"testing"

	"nevermind/bot"
)

// BenchmarkCommitEncrypted commits a turn of a record with its line of the journal and two replies: plain, encrypted, and under
// personal keys besides.
func BenchmarkCommitEncrypted(b *testing.B) {
	house := func(o *options) {
		encrypted(houseKey)(o)
		o.ring = nil
	}
	for _, kind := range []struct {
		name string
		opts []Option
	}{{"plain", nil}, {"house", []Option{house}}, {"personal", []Option{encrypted(houseKey)}}} {
		b.Run(kind.name, func(b *testing.B) {
			s, err := Open(b.TempDir()+"/nevermind.db", append(kind.opts, NoSync())...)
			if err != nil {
				b.Fatal(err)
			}
			defer s.Close()
			parties := map[bot.Party]bot.PersonID{bot.Buyer: "buyer:b-1", bot.Seller: "seller:s-1"}
			n := 0
			for b.Loop() {
				n++
				key := bot.Key(fmt.Sprintf("case/8%07d/0", n))
				e := bot.Entry{Conversation: key, Seq: 1, At: base, Flow: "case", To: "awaiting_seller",
					Event:   bot.Event{Name: "submitted", Actor: "buyer:b-1", Room: "telegram:1", Text: "I have found another lamp."},
					Learned: bot.Facts{"note": "I have found another lamp.", "reason": "not_needed"}}
				e.Commit(func(whose bot.PersonID) []byte { return []byte("sixteen bytes of" + whose)[:16] }, nil)
				e.Hash = e.Sum()
				c := bot.Commit{At: base, Entry: &e, Conversation: &bot.Conversation{Key: key, Parties: parties, Entries: 1, Head: e.Hash,
					Frame: bot.Frame{Flow: "case", State: "awaiting_seller", Facts: e.Learned},
					Whose: map[string]bot.PersonID{"note": "buyer:b-1"}}}
				for i, room := range []bot.Room{"telegram:1", "telegram:2"} {
					c.Tasks = append(c.Tasks, bot.Task{ID: fmt.Sprint(n, "-", i), Lane: "room:" + string(room), Do: bot.DoSend, Made: base,
						Reply: &bot.Reply{Room: room, From: key, Text: "Ana would like to cancel: I have found another lamp."}})
				}
				if err := s.Commit(b.Context(), &c); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
