package storetest

import (
	"fmt"
	"sync"
	"time"

	"nevermind/bot"
)

// leases: a task is tried by one worker at a time, and a lease that was given to another fences the
// earlier holder off.
var leases = []behaviour{
	{"many claims at once give each task to one", func(h *fixture) {
		for i := range 50 {
			h.tasks(0, work(fmt.Sprint("t", i), fmt.Sprint("lane", i)))
		}
		var mu sync.Mutex
		got := map[string]int{}
		h.race(16, func(int) error {
			for {
				ls, err := h.Claim(h.Context(), minutes(1), 3, time.Hour)
				if err != nil || len(ls) == 0 {
					return err
				}
				mu.Lock()
				for _, l := range ls {
					got[l.Task.ID]++
				}
				mu.Unlock()
			}
		}, nil)
		h.equal("claimed", len(got), 50)
		for id, n := range got {
			h.equal(id, n, 1)
		}
	}},
	{"a lease that has run out goes to another, above the first", func(h *fixture) {
		h.tasks(0, work("a1", "a"))
		first := h.claimOne(0)
		h.equal("until", first.Until, minutes(10))
		h.claims(9, 9)
		second := h.claimOne(10)
		h.equal("task", second.Task.ID, "a1")
		if second.Epoch <= first.Epoch {
			h.Fatalf("epoch %d is not above %d", second.Epoch, first.Epoch)
		}
		ctx := h.Context()
		h.wantErr(h.Settle(ctx, first, minutes(11), bot.Outcome{}), bot.ErrFenced)
		h.wantErr(h.Attempt(ctx, first), bot.ErrFenced)
		h.refused(bot.ErrFenced, bot.Commit{Handled: "m1", Settle: &bot.Settlement{Lease: first}})
		h.unhandled("m1")
		h.must(h.Attempt(ctx, second))
		h.must(h.Settle(ctx, second, minutes(11), bot.Outcome{}))
		h.wantErr(h.Settle(ctx, second, minutes(11), bot.Outcome{}), bot.ErrFenced)
	}},
	{"one who is late but not replaced may still settle", func(h *fixture) {
		h.tasks(0, work("a1", "a"))
		l := h.claimOne(0)
		h.must(h.Attempt(h.Context(), l))
		h.must(h.Settle(h.Context(), l, minutes(60), bot.Outcome{}))
		h.claims(60, 9)
	}},
	{"a lease from before a restart is void, and its task free", func(h *fixture) {
		h.tasks(0, work("a1", "a"))
		old := h.claimOne(0)
		h.reopen()
		now := h.claimOne(0)
		h.equal("task", now.Task.ID, "a1")
		h.wantErr(h.Settle(h.Context(), old, minutes(1), bot.Outcome{}), bot.ErrFenced)
		h.wantErr(h.Attempt(h.Context(), old), bot.ErrFenced)
		h.must(h.Settle(h.Context(), now, minutes(1), bot.Outcome{}))
	}},
	{"a leased task can be claimed when its lease runs out, and the next task says so", func(h *fixture) {
		h.tasks(0, work("a1", "a"), work("a2", "a"))
		l := h.claimOne(0)
		h.nextTask(minutes(10))
		h.must(h.Settle(h.Context(), l, minutes(1), bot.Outcome{Retry: 4 * time.Minute}))
		h.nextTask(minutes(5))
	}},
	{"attempts are counted, after a restart too", func(h *fixture) {
		h.tasks(0, work("a1", "a"), work("b1", "b"))
		ls, err := h.Claim(h.Context(), minutes(0), 9, time.Minute)
		h.must(err)
		h.must(h.Attempt(h.Context(), ls...))
		h.must(h.Attempt(h.Context(), ls[0]))
		h.reopen()
		h.equal("attempts", h.task("a1").Task.Attempts, 2)
		h.equal("attempts of a lease", h.claimOne(1).Task.Attempts, 2)
		h.equal("attempts of the other", h.claimOne(1).Task.Attempts, 1)
	}},
	{"attempts are all counted or none", func(h *fixture) {
		h.tasks(0, work("a1", "a"), work("b1", "b"))
		a, b := h.claimOne(0), h.claimOne(0)
		h.must(h.Settle(h.Context(), b, minutes(0), bot.Outcome{}))
		h.wantErr(h.Attempt(h.Context(), a, b), bot.ErrFenced)
		h.equal("attempts", h.task("a1").Task.Attempts, 0)
	}},
}
