package engine_test

import (
	"fmt"
	"runtime/debug"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"nevermind/bot"
)

// BenchmarkDeadlines fires deadlines that pass in the same moment, each a turn that is committed and flushed to the disk:
// talks that end by themselves, one at a time and as the clock does, and cases whose seller is reminded of them.
func BenchmarkDeadlines(b *testing.B) {
	defer debug.SetGCPercent(debug.SetGCPercent(400)) // as serve does
	for _, c := range []struct {
		name string
		n    int
		like func(h *harness, i int) *bot.Commit
	}{{"one at a time", 1, idleTalk}, {"talks", 4096, idleTalk}, {"cases that say something", 4096, unansweredCase}} {
		b.Run(c.name, func(b *testing.B) {
			h := newHarness(b)
			h.must(h.store.Close())
			h.open() // without flushes
			h.order("81000001")
			h.ask("81000001")
			h.move(13 * time.Hour)
			h.side(b.N, func(i int) error { return h.store.Commit(b.Context(), c.like(h, i)) })
			h.must(h.store.Close())
			h.sync = true
			h.open()
			begun := processor(b)
			b.ResetTimer()
			for fired := 0; fired < b.N; {
				got, err := h.engine.FireDue(b.Context(), c.n)
				h.must(err)
				if fired += got; got == 0 {
					b.Fatalf("fired %d of %d", fired, b.N)
				}
			}
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "deadlines/s")
			b.ReportMetric(float64((processor(b)-begun).Microseconds())/float64(b.N), "processor-µs")
		})
	}
}

// idleTalk is the i-th talk that nobody has gone on with.
func idleTalk(h *harness, i int) *bot.Commit {
	return &bot.Commit{Conversation: &bot.Conversation{Key: bot.Key(fmt.Sprint("talk/fake:", i)),
		Frame:     bot.Frame{Flow: "cancel", State: "choosing_reason", Visit: 1},
		Deadlines: []bot.Deadline{{Window: "talk_idle", At: h.now.Add(-time.Hour), Event: "talk_idled", Visit: 1}}}}
}

// unansweredCase is the i-th case, a copy of one whose seller has been asked and is reminded of it now.
func unansweredCase(h *harness, i int) *bot.Commit {
	c, err := h.store.Conversation(h.t.Context(), "case/81000001/0")
	h.must(err)
	c.Key, c.Version, c.Entries, c.Head = bot.Key(fmt.Sprintf("case/9%07d/0", i)), 0, 0, ""
	return &bot.Commit{Conversation: &c}
}

// side does something so often, side by side.
func (h *harness) side(times int, do func(i int) error) {
	var all sync.WaitGroup
	var next atomic.Int64
	for range 256 {
		all.Go(func() {
			for i := next.Add(1) - 1; i < int64(times); i = next.Add(1) - 1 {
				if err := do(int(i)); err != nil {
					h.t.Error(err)
				}
			}
		})
	}
	all.Wait()
}

// processor is the processor time that this process has had.
func processor(b *testing.B) time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
