package main

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"nevermind/adapters/shop"
	"nevermind/adapters/web"
	"nevermind/bot"
)

// mostCaseBytes is what a case that was played to its end may take in the file: its keys and values in every bucket, with
// what the buyer's talk has left on the way. Encrypting costs 30 bytes a value and 17 a name,
// a quarter of it all, and personal keys with the commitments of the journal another eighth.
const mostCaseBytes = 15_900

// TestCaseSize plays cases from the buyer's wish to the refund and measures what each has added to a file in which the
// order is known and the buyer has said hello.
func TestCaseSize(t *testing.T) {
	const played = 20
	data := t.TempDir()
	h := settlingHouse(t, data)
	must(t, h.populate(t.Context()))
	endCase(t, h, 0) // the first also makes what all share
	for n := range played {
		takeOrder(t, h, n+1)
		must(t, h.engine.Receive(t.Context(), benchMessage(n+1, "hello")))
		must(t, h.engine.Drain(t.Context()))
	}
	must(t, h.store.Close())
	before := contents(t, data)
	h = settlingHouse(t, data)
	for n := range played {
		endCase(t, h, n+1)
	}
	must(t, h.store.Close())
	total := report(t, "a case", grown(before, contents(t, data)), played)
	if total > mostCaseBytes {
		t.Errorf("a case played to its end takes %d bytes, want at most %d", total, mostCaseBytes)
	}

	h = settlingHouse(t, data)
	_, err := h.store.Sweep(t.Context(), time.Now().Add(time.Hour))
	must(t, err)
	must(t, h.store.Close())
	if swept := report(t, "a case that is old", grown(before, contents(t, data)), played); swept > total*3/4 {
		t.Errorf("an old case takes %d bytes, want at most three quarters of %d", swept, total)
	}
}

// report logs what one of so many things takes, by bucket, and returns the sum in bytes.
func report(t *testing.T, what string, sizes map[string]*bucketSize, many int) int {
	t.Helper()
	total, keys := 0, 0
	for _, name := range slices.Sorted(maps.Keys(sizes)) {
		s := sizes[name]
		t.Logf("%-14s %5.1f keys %7.0f bytes of keys %7.0f of values", name,
			float64(s.keys)/float64(many), float64(s.keyBytes)/float64(many), float64(s.valueBytes)/float64(many))
		total += s.keyBytes + s.valueBytes
		keys += s.keys
	}
	t.Logf("%s: %.1f keys, %d bytes", what, float64(keys)/float64(many), total/many)
	return total / many
}

// endCase walks an order from the buyer's wish through the seller's yes to the refund.
func endCase(t *testing.T, h *house, n int) {
	t.Helper()
	openCase(t, h, n)
	room := web.RoomOf("seller:s-9")
	must(t, h.engine.Receive(t.Context(), bot.Message{ID: fmt.Sprintf("web:%020d", n), Room: room,
		Account: web.AccountOf("seller:s-9"),
		Press:   pressable(t, h, room, "Cancel and refund")}))
	must(t, h.engine.Drain(t.Context()))
	c, err := h.store.Conversation(t.Context(), bot.Key("case/"+caseOrder(n)+"/0"))
	must(t, err)
	if c.State != "refunded" {
		t.Fatalf("the case stands in %s, want refunded", c.State)
	}
}

// bucketSize is how much a bucket has grown by.
type bucketSize struct{ keys, keyBytes, valueBytes int }

// grown adds up, by bucket, what is in the file now and was not before, or has changed its length.
func grown(before, after map[[2]string]string) map[string]*bucketSize {
	sizes := map[string]*bucketSize{}
	add := func(at [2]string, v string, sign int) {
		s := sizes[at[0]]
		if s == nil {
			s = &bucketSize{}
			sizes[at[0]] = s
		}
		s.keys, s.keyBytes, s.valueBytes = s.keys+sign, s.keyBytes+sign*len(at[1]), s.valueBytes+sign*len(v)
	}
	for at, v := range after {
		add(at, v, 1)
	}
	for at, v := range before {
		add(at, v, -1)
	}
	return sizes
}

// takeOrder has the shop say that there is a buyer's order.
func takeOrder(t *testing.T, h *house, n int) {
	t.Helper()
	o, err := shop.Decode([]byte(order(caseOrder(n), strings.TrimPrefix(string(benchBuyer(n)), "buyer:"))), h.engine.Policy())
	must(t, err)
	must(t, h.importOrder(t.Context(), o))
}

// caseOrder is the n-th order, always with an id of the same length.
func caseOrder(n int) string { return fmt.Sprint("7", 100000+n) }

// openCase walks a buyer from their wish to an open case.
func openCase(t *testing.T, h *house, n int) {
	t.Helper()
	takeOrder(t, h, n)
	say := func(m bot.Message) {
		must(t, h.engine.Receive(t.Context(), m))
		must(t, h.engine.Drain(t.Context()))
	}
	say(benchMessage(n, "cancel "+caseOrder(n)))
	for _, label := range []string{"I don't need it", "Yes, ask"} {
		m := benchMessage(n, "")
		m.Press = pressable(t, h, m.Room, label)
		say(m)
	}
}

// pressable finds the newest button with a label in a room.
func pressable(t *testing.T, h *house, r bot.Room, label string) string {
	t.Helper()
	said, err := h.store.Said(t.Context(), r, 0, math.MaxInt64, 20)
	must(t, err)
	for _, s := range slices.Backward(said) {
		if s.Out == nil {
			continue
		}
		for _, b := range s.Out.Choices {
			if strings.HasPrefix(b.Label, label) {
				return b.Token
			}
		}
	}
	t.Fatalf("%s has no button %q", r, label)
	return ""
}
