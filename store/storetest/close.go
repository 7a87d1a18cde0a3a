package storetest

import (
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"nevermind/bot"
)

// closing: Close waits for the commit under way, and every call after it is refused.
var closing = []behaviour{
	{"a closed store says so, and closing twice is no harm", func(h *fixture) {
		h.tasks(0, work("a1", "a"))
		l := h.claimOne(0)
		h.must(h.Close())
		h.must(h.Close())
		ctx := h.Context()
		_, err := h.Conversation(ctx, "case/a")
		h.wantErr(err, bot.ErrClosed)
		_, err = h.Claim(ctx, start, 1, time.Minute)
		h.wantErr(err, bot.ErrClosed)
		_, err = h.NextTask(ctx)
		h.wantErr(err, bot.ErrClosed)
		_, err = h.Due(ctx, start, 1)
		h.wantErr(err, bot.ErrClosed)
		_, err = h.Sweep(ctx, start)
		h.wantErr(err, bot.ErrClosed)
		_, err = h.Rebuild(ctx)
		h.wantErr(err, bot.ErrClosed)
		h.wantErr(h.Settle(ctx, l, start, bot.Outcome{}), bot.ErrClosed)
		h.wantErr(h.Attempt(ctx, l), bot.ErrClosed)
		h.wantErr(h.SetValue(ctx, "clock", nil), bot.ErrClosed)
		h.refused(bot.ErrClosed, bot.Commit{})
	}},
	{"work in flight is done or told that the store is closed", func(h *fixture) {
		var made atomic.Int64
		var wg sync.WaitGroup
		begun := make(chan bool, 8)
		for i := range 8 {
			wg.Go(func() {
				for n := 0; ; n++ {
					key := bot.Key(fmt.Sprint("case/", i, "-", n))
					err := h.Commit(h.Context(), &bot.Commit{Conversation: &bot.Conversation{Key: key}, Terms: []string{"made"}})
					if err == nil {
						made.Add(1)
						_, err = h.Find(h.Context(), "made", "", 10)
					}
					if n == 5 {
						begun <- true
					}
					if errors.Is(err, bot.ErrClosed) {
						return
					}
					if err != nil {
						h.Errorf("got error %v, want none or %v", err, bot.ErrClosed)
						return
					}
				}
			})
		}
		for range 8 {
			<-begun
		}
		h.must(h.Close())
		wg.Wait()
		h.Store = h.open()
		keys, err := h.Find(h.Context(), "made", "", 1<<30)
		h.equal("kept", len(ok(h, err, keys)), int(made.Load()))
	}},
	{"the schema has a number", func(h *fixture) {
		if h.Schema() < 1 {
			h.Fatalf("schema %d, want at least 1", h.Schema())
		}
	}},
}
