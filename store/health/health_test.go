package health

import (
	"path/filepath"
	"testing"
	"time"

	"nevermind/bot"
	"nevermind/store/bolt"
)

// TestMeasure: what waits, what is late and what is set aside is counted, and a closed store answers nothing.
func TestMeasure(t *testing.T) {
	store, err := bolt.Open(filepath.Join(t.TempDir(), "db"), bolt.NoSync())
	must(t, err)
	ctx, start := t.Context(), time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC)
	must(t, store.Commit(ctx, &bot.Commit{At: start, Tasks: []bot.Task{{ID: "a", Lane: "room:1"}, {ID: "b", Lane: "room:2"}},
		Conversation: &bot.Conversation{Key: "case/1", Deadlines: []bot.Deadline{{Window: "w", At: start.Add(time.Hour)}}}}))
	must(t, store.Commit(ctx, &bot.Commit{At: start, Dead: "cannot be read", Tasks: []bot.Task{{ID: "c", Lane: "room:3"}}}))
	for _, c := range []struct {
		after   time.Duration
		overdue time.Duration
	}{{time.Minute, 0}, {3 * time.Hour, 2 * time.Hour}} {
		f := Measure(ctx, store, start.Add(c.after))
		want := Lane{Kind: "room", Waiting: 2, Late: c.after}
		if len(f.Lanes) != 1 || f.Lanes[0] != want || f.Overdue == nil || *f.Overdue != c.overdue || f.Dead == nil || *f.Dead != 1 ||
			f.Schema != store.Schema() {
			t.Errorf("after %v: got %+v", c.after, f)
		}
	}
	must(t, Writable(ctx, store, start))
	must(t, store.Close())
	if f := Measure(ctx, store, start); f.Lanes != nil || f.Overdue != nil || f.Dead != nil {
		t.Errorf("closed: got %+v", f)
	}
	if Writable(ctx, store, start) == nil {
		t.Error("closed: it says it can be written to")
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
