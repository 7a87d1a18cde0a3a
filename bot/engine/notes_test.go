package engine_test

import (
	"slices"
	"testing"
	"time"

	"nevermind/bot"
)

// TestNotesStayInOrder: a note said behind one whose file is still being fetched is heard after it; a note about another
// card waits for neither.
func TestNotesStayInOrder(t *testing.T) {
	h := newHarness(t)
	first, other := h.dispute("81000012"), h.dispute("81000013")
	note := func(id string, of bot.Key, text string) bot.Message {
		i := slices.IndexFunc(h.told, func(d bot.Delivery) bool { return d.Reply.Room == desk && d.Reply.Card == of })
		return bot.Message{ID: id, Room: desk, Account: mira, Text: text, ReplyTo: bot.Ref(ref(i)), Note: true}
	}
	file := note("n1", first, "The photo")
	file.Pending = []bot.PendingFile{{Ref: "p", Name: "p.jpg", Size: 1}}
	h.must(h.engine.Receive(t.Context(), file))
	h.must(h.engine.Receive(t.Context(), note("n2", first, "shows the scratch")))
	h.must(h.engine.Receive(t.Context(), note("n3", other, "Ask the seller")))
	notes := func(key bot.Key) (out []string) {
		entries, err := h.store.Journal(t.Context(), key, 0, 1000)
		h.must(err)
		for _, e := range entries {
			if e.Event.Name == "note_added" {
				out = append(out, e.Event.Text)
			}
		}
		return out
	}
	if got := notes(other); !slices.Equal(got, []string{"Ask the seller"}) {
		t.Errorf("the other card has %q at once, want its note", got)
	}
	h.pass(5 * time.Second)
	if got, want := notes(first), []string{"The photo", "shows the scratch"}; !slices.Equal(got, want) {
		t.Errorf("the card has %q, want %q", got, want)
	}
}
