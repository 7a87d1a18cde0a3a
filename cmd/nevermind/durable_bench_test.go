package main

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"go.etcd.io/bbolt"

	"nevermind/adapters/web"
	"nevermind/store/storetest"
)

// rounds is how often turns and bare writes take turns within one measurement, so that both see the same disk.
const rounds = 5

// BenchmarkDurable makes turns durable: a message on a talk that goes on, received, decided and committed. Beside them the
// barest group commit writes the same keys and bytes to a file of its own; "bare/turn" is how many times faster that is.
func BenchmarkDurable(b *testing.B) {
	for _, n := range []int{1, 16, 256} {
		b.Run(fmt.Sprint(n), func(b *testing.B) { durable(b, n) })
	}
}

func durable(b *testing.B, n int) {
	data := b.TempDir()
	h := benchHouse(b, data)
	seatBuyers(b, h, n)
	must(b, h.store.Close())
	writes := observe(b, data)
	h = benchHouse(b, data)
	defer h.store.Close()
	g := newBareGroup(b, n, writes)
	defer g.close(b)
	var turns, bare, flush time.Duration
	var waits []time.Duration
	each := max(1, b.N/rounds)
	b.ReportAllocs()
	b.ResetTimer()
	for range rounds {
		took, waited, err := side(n, each, func(who int) error { return h.engine.Receive(b.Context(), benchMessage(who, "my orders")) })
		b.StopTimer()
		must(b, err)
		turns, waits = turns+took, append(waits, waited...)
		took, _, err = side(n, each, g.put)
		must(b, err)
		bare += took
		flush += storetest.Flush(b)
		b.StartTimer()
	}
	b.StopTimer()
	slices.Sort(waits)
	rate := func(d time.Duration) float64 { return float64(each*rounds) / d.Seconds() }
	b.ReportMetric(rate(turns), "turns/s")
	b.ReportMetric(rate(bare), "bare/s")
	b.ReportMetric(rate(bare)/rate(turns), "bare/turn")
	b.ReportMetric(float64(waits[len(waits)/2].Microseconds()), "p50-µs")
	b.ReportMetric(float64(waits[len(waits)*99/100].Microseconds()), "p99-µs")
	b.ReportMetric(float64(flush.Microseconds())/rounds, "flush-µs")
	b.ReportMetric(float64(writes.size()), "bytes/turn")
}

func must(tb testing.TB, err error) {
	tb.Helper()
	if err != nil {
		tb.Fatal(err)
	}
}

// bareWrite is one key that a turn writes: the same as before, a new one, or one in place of another.
type bareWrite struct {
	bucket     string
	key, value []byte
	fresh      bool // a key of its own at each turn
	moved      bool // it takes the place of the turn before's
}

type bareWrites []bareWrite

func (w bareWrites) size() (n int) {
	for _, x := range w {
		n += len(x.key) + len(x.value)
	}
	return n
}

// observe finds what a turn writes by looking at the file before and after one.
func observe(b *testing.B, data string) (all bareWrites) {
	say := func() {
		h := benchHouse(b, data)
		must(b, h.engine.Receive(b.Context(), benchMessage(0, "my orders")))
		must(b, h.store.Close())
	}
	say() // the second is like all that follow
	before := contents(b, data)
	say()
	gone := map[string]int{}
	after := contents(b, data)
	for at := range before {
		if _, there := after[at]; !there {
			gone[at[0]]++
		}
	}
	for at, value := range after {
		old, there := before[at]
		if there && old == value || at[0] == "meta" {
			continue
		}
		w := bareWrite{bucket: at[0], key: []byte(at[1]), value: []byte(value), fresh: !there}
		if w.fresh && gone[at[0]] > 0 {
			gone[at[0]]--
			w.moved = true
		}
		all = append(all, w)
	}
	slices.SortFunc(all, func(x, y bareWrite) int { return strings.Compare(x.bucket+string(x.key), y.bucket+string(y.key)) })
	return all
}

// contents is everything in the store's file, by bucket and key.
func contents(tb testing.TB, data string) map[[2]string]string {
	db, err := bbolt.Open(filepath.Join(data, "nevermind.db"), 0o600, &bbolt.Options{ReadOnly: true})
	must(tb, err)
	defer db.Close()
	all := map[[2]string]string{}
	must(tb, db.View(func(tx *bbolt.Tx) error {
		return tx.ForEach(func(name []byte, b *bbolt.Bucket) error {
			return b.ForEach(func(k, v []byte) error { all[[2]string{string(name), string(k)}] = string(v); return nil })
		})
	}))
	return all
}

// bareGroup is a writer that does nothing but write, all that waits in one transaction.
type bareGroup struct {
	db     *bbolt.DB
	writes bareWrites
	queue  chan bareTurn
	talks  []bareTalk
}

// bareTalk is a talk whose turns are written; only one goroutine has it at a time.
type bareTalk struct {
	room  []byte
	last  [][]byte // the keys that the next turn takes out, by write
	turns uint64
}

type bareTurn struct {
	talk *bareTalk
	keys [][]byte
	done chan error
}

// newBareGroup opens a file of its own with the store's options.
func newBareGroup(b *testing.B, n int, w bareWrites) *bareGroup {
	db, err := bbolt.Open(filepath.Join(b.TempDir(), "bare.db"), 0o600, &bbolt.Options{
		FreelistType: bbolt.FreelistMapType, InitialMmapSize: 1 << 30, NoStatistics: true,
	})
	must(b, err)
	must(b, db.Update(func(tx *bbolt.Tx) error {
		for _, x := range w {
			if _, err := tx.CreateBucketIfNotExists([]byte(x.bucket)); err != nil {
				return err
			}
		}
		return nil
	}))
	g := &bareGroup{db: db, writes: w, queue: make(chan bareTurn, 2048), talks: make([]bareTalk, n)}
	for i := range g.talks {
		g.talks[i] = bareTalk{room: []byte(web.RoomOf(benchBuyer(i))), last: make([][]byte, len(w))}
	}
	go g.write()
	for i := range n { // each talk is there already
		must(b, g.put(i))
	}
	return g
}

func (g *bareGroup) close(tb testing.TB) {
	close(g.queue)
	must(tb, g.db.Close())
}

// put writes one turn of a talk: its keys first, as the engine makes its own before the writer has it.
func (g *bareGroup) put(who int) error {
	t := bareTurn{talk: &g.talks[who], keys: make([][]byte, len(g.writes)), done: make(chan error, 1)}
	t.talk.turns++
	for i, w := range g.writes {
		key := bytes.ReplaceAll(w.key, []byte(web.RoomOf(benchBuyer(0))), t.talk.room)
		switch {
		case w.moved: // a deadline: the time stands in front
			binary.BigEndian.PutUint64(key, 1<<63|uint64(time.Now().UnixNano()))
		case w.bucket == "conversations" && w.fresh:
			binary.BigEndian.PutUint64(key[len(key)-8:], t.talk.turns)
		case w.fresh && w.bucket != "tasks" && w.bucket != "waits" && w.bucket != "said":
			for j := len(key) - 1; j >= max(0, len(key)-16); j-- {
				key[j] = byte('a' + rand.IntN(26))
			}
		}
		t.keys[i] = key
	}
	g.queue <- t
	return <-t.done
}

func (g *bareGroup) write() {
	for first := range g.queue {
		group := []bareTurn{first}
		for more := true; more && len(group) < 1000; {
			select {
			case t, open := <-g.queue:
				if more = open; open {
					group = append(group, t)
				}
			default:
				more = false
			}
		}
		err := g.db.Update(func(tx *bbolt.Tx) error {
			for _, t := range group {
				if err := g.writeTurn(tx, t); err != nil {
					return err
				}
			}
			return nil
		})
		for _, t := range group {
			t.done <- err
		}
	}
}

func (g *bareGroup) writeTurn(tx *bbolt.Tx, t bareTurn) error {
	seqs := tx.Bucket([]byte("tasks"))
	for i, w := range g.writes {
		b := tx.Bucket([]byte(w.bucket))
		switch w.bucket {
		case "tasks", "waits":
			b.FillPercent = 0.9
			fallthrough
		case "said":
			if w.fresh {
				seq, err := seqs.NextSequence()
				if err != nil {
					return err
				}
				binary.BigEndian.PutUint64(t.keys[i][len(t.keys[i])-8:], seq)
			}
		}
		if old := t.talk.last[i]; w.moved && old != nil {
			if err := b.Delete(old); err != nil {
				return err
			}
		}
		if err := b.Put(t.keys[i], w.value); err != nil {
			return err
		}
		t.talk.last[i] = t.keys[i]
	}
	return nil
}
