package engine_test

import (
	"fmt"
	"runtime/debug"
	"slices"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"nevermind/bot"
)

// BenchmarkDeadlines fires deadlines that pass in the same moment, each a turn that is committed and flushed to the disk:
// talks that end by themselves, one at a time and as the clock does, cases whose seller is reminded or was silent, and all of
// them mixed. Each is of another buyer and order, and none was read before.
func BenchmarkDeadlines(b *testing.B) {
	defer debug.SetGCPercent(debug.SetGCPercent(400)) // as serve does
	for _, c := range []struct {
		name string
		n    int
		like func(h *harness, i int) *bot.Commit
	}{{"one at a time", 1, idleTalk}, {"talks", 4096, idleTalk}, {"cases that say something", 4096, unansweredCase},
		{"cases whose seller was silent", 4096, silentCase}, {"a house", 4096, houseful}} {
		b.Run(c.name, func(b *testing.B) {
			h := newHarness(b)
			h.must(h.store.Close())
			h.open() // without flushes
			h.order("81000001")
			h.order("81000002")
			h.ask("81000001")
			h.say(bot.Message{ID: "again", Room: "fake:b-1", Account: "fake:buyer:b-1", Text: "cancel 81000002"})
			for i := range b.N/100 + 1 {
				h.person(bot.PersonID(fmt.Sprint("seller:s-9", i)), bot.Room(fmt.Sprint("fake:s-9", i)))
			}
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

// idleTalk is the i-th talk that nobody has gone on with, a copy of one in which a buyer was asked why they cancel.
func idleTalk(h *harness, i int) *bot.Commit {
	c := h.anothers("talk/fake:b-1", fmt.Sprint("talk/fake:b-9", i), i)
	for d := range c.Conversation.Deadlines {
		c.Conversation.Deadlines[d].At = h.now.Add(-time.Hour)
	}
	return c
}

// unansweredCase is the i-th case, a copy of one whose seller has been asked and is reminded of it now: with one message.
func unansweredCase(h *harness, i int) *bot.Commit {
	return h.anothers("case/81000001/0", fmt.Sprintf("case/9%07d/0", i), i)
}

// silentCase is the i-th case whose seller was reminded and has not answered: the policy approves it. The shop is asked to
// cancel the order, and everybody's card is sent or changed.
func silentCase(h *harness, i int) *bot.Commit {
	c := unansweredCase(h, i)
	c.Conversation.Deadlines = slices.DeleteFunc(c.Conversation.Deadlines, func(d bot.Deadline) bool { return d.Half })
	for d := range c.Conversation.Deadlines {
		c.Conversation.Deadlines[d].At = h.now.Add(-time.Hour)
	}
	return c
}

// houseful is the i-th of what is due in a house after an outage: of ten deadlines six are talks that end by themselves, three
// remind a seller, and one has passed for a seller who was silent.
func houseful(h *harness, i int) *bot.Commit {
	switch i % 10 {
	case 0:
		return silentCase(h, i)
	case 3, 6, 9:
		return unansweredCase(h, i)
	}
	return idleTalk(h, i)
}

// anothers is a conversation as the i-th buyer has it about an order of their own, as if it had never been stored, with both. A
// seller has one order in a hundred.
func (h *harness) anothers(key bot.Key, as string, i int) *bot.Commit {
	c, err := h.store.Conversation(h.t.Context(), key)
	h.must(err)
	o, err := h.store.Order(h.t.Context(), "81000001")
	h.must(err)
	buyer, err := h.store.Person(h.t.Context(), "buyer:b-1")
	h.must(err)
	c.Key, c.Version, c.Entries, c.Head = bot.Key(as), 0, 0, ""
	o.ID, o.Version, buyer.Version = fmt.Sprintf("9%07d", i), 0, 0
	buyer.ID, buyer.Rooms = bot.PersonID(fmt.Sprint("buyer:b-9", i)), []bot.Room{bot.Room(fmt.Sprint("fake:b-9", i))}
	buyer.Accounts = []string{fmt.Sprint("fake:buyer:b-9", i)}
	o.Buyer, o.Seller = buyer.ID, bot.PersonID(fmt.Sprint("seller:s-9", i/100))
	for p, who := range map[bot.Party]bot.PersonID{bot.Here: o.Buyer, bot.Buyer: o.Buyer, bot.Seller: o.Seller} {
		if c.Parties[p] != "" {
			c.Parties[p] = who
		}
	}
	for name, value := range c.Facts {
		if value == "81000001" || value == "81000002" {
			c.Facts[name] = o.ID
		}
	}
	if c.Order != "" {
		c.Order = o.ID
	}
	for r, room := range c.Live {
		switch room {
		case "fake:b-1":
			c.Live[r] = buyer.Rooms[0]
		case "fake:s-1":
			c.Live[r] = bot.Room(fmt.Sprint("fake:s-9", i/100))
		}
	}
	return &bot.Commit{Conversation: &c, Order: &o, Person: &buyer}
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
