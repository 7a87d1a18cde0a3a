package engine_test

import (
	"fmt"
	"testing"
	"time"

	"nevermind/bot"
)

// TestDeadlinesOfOneMoment: those of many conversations are fired at the same time, each once, those of one in their
// order, and one that cannot be fired holds up nobody.
func TestDeadlinesOfOneMoment(t *testing.T) {
	h := newHouse(t)
	ctx := t.Context()
	wait := func(after time.Duration) bot.Deadline {
		return bot.Deadline{Name: "talk_idle", At: h.now.Add(after - time.Hour), Event: "talk_idled", Visit: 1}
	}
	for i := range 200 {
		frame := bot.Frame{Flow: "cancel", State: "choosing_reason", Visit: 1}
		h.must(h.store.Commit(ctx, &bot.Commit{Conversation: &bot.Conversation{Key: bot.Key(fmt.Sprint("talk/fake:", i)), Frame: frame,
			Deadlines: []bot.Deadline{wait(0), wait(time.Minute)}}}))
	}
	h.must(h.store.Close())
	h.poison = "talk/fake:7"
	h.open()
	n, err := h.engine.FireDue(ctx, 1000)
	h.must(err)
	if n != 398 {
		t.Errorf("fired %d, want all but the two of the damaged one", n)
	}
	if n, err = h.engine.FireDue(ctx, 1000); n != 0 || err != nil {
		t.Errorf("fired %d more (%v)", n, err)
	}
	for i := range 200 {
		if i == 7 {
			continue
		}
		entries, err := h.store.Journal(ctx, bot.Key(fmt.Sprint("talk/fake:", i)), 0, 9)
		h.must(err)
		if len(entries) != 2 || entries[0].Refused != "" || entries[1].Refused != bot.RefusedUnheard {
			t.Fatalf("talk %d: got %d turns, want one that moves and one that comes too late", i, len(entries))
		}
	}
}
