package main

import (
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"nevermind/adapters/shop"
	"nevermind/adapters/web"
	"nevermind/bot"
)

// benchHouse opens the whole house on a folder, as the demo does.
func benchHouse(tb testing.TB, data string) *house { return houseAt(tb, data, 0) }

// houseAt opens it at a time to come.
func houseAt(tb testing.TB, data string, by time.Duration) *house {
	tb.Helper()
	p := &program{in: strings.NewReader(""), out: io.Discard, err: io.Discard, set: &settings{Data: data, Log: "error"}}
	p.now = func() time.Time { return time.Now().Add(by) }
	p.log = p.set.logger(io.Discard, false, nil)
	h, err := p.open(context.Background(), plan{welcome: true})
	if err != nil {
		tb.Fatal(err)
	}
	return h
}

// benchBuyer is the n-th buyer, always with a name of the same length.
func benchBuyer(n int) bot.PersonID { return bot.PersonID(fmt.Sprintf("buyer:b-%07d", n)) }

// seatBuyers gives so many buyers three orders each and lets them say hello: from then on each has a talk.
func seatBuyers(tb testing.TB, h *house, buyers int) {
	tb.Helper()
	all := newParallel(func(n int) error {
		for i := range 3 {
			line := order(fmt.Sprintf("8%07d%02d", n, i), strings.TrimPrefix(string(benchBuyer(n)), "buyer:"))
			o, err := shop.Decode([]byte(line), h.engine.Policy())
			if err == nil {
				err = h.importOrder(context.Background(), o)
			}
			if err != nil {
				return err
			}
		}
		return h.engine.Receive(context.Background(), benchMessage(n, "hello"))
	})
	for n := range buyers {
		if err := all.put(fmt.Sprint(n), n); err != nil {
			tb.Fatal(err)
		}
	}
	if _, err := all.wait(); err != nil {
		tb.Fatal(err)
	}
}

// benchMessage is something a buyer says; its id has the length of Telegram's.
func benchMessage(n int, text string) bot.Message {
	who := benchBuyer(n)
	return bot.Message{ID: fmt.Sprintf("web:%020x", rand.Uint64()), Room: web.RoomOf(who), Account: web.AccountOf(who), Text: text}
}

// side runs f so often on n goroutines side by side, each with its own number, and says how long each waited.
func side(n, times int, f func(who int) error) (took time.Duration, waits []time.Duration, err error) {
	var next atomic.Int64
	var all sync.WaitGroup
	var fault atomic.Pointer[error]
	waits = make([]time.Duration, times)
	begun := time.Now()
	for who := range n {
		all.Go(func() {
			for i := next.Add(1) - 1; i < int64(times) && fault.Load() == nil; i = next.Add(1) - 1 {
				at := time.Now()
				if err := f(who); err != nil {
					fault.CompareAndSwap(nil, &err)
				}
				waits[i] = time.Since(at)
			}
		})
	}
	all.Wait()
	if e := fault.Load(); e != nil {
		err = *e
	}
	slices.Sort(waits)
	return time.Since(begun), waits, err
}
