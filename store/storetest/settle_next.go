package storetest

import (
	"fmt"
	"runtime"
	"sync/atomic"
	"time"

	"nevermind/bot"
)

// settlingNext: one change settles a task and leases, and where that is wanted attempts, the next of its lane.
var settlingNext = []behaviour{
	{"the next of the lane is leased with what is settled, and its attempt is durable", func(h *fixture) {
		h.tasks(0, work("a1", "a"), work("a2", "a"), work("a3", "a"))
		next := h.settleNext(1, h.claimOne(1), bot.Outcome{Ref: "1"}, true, "a2")
		h.equal("attempts before this one", next.Task.Attempts, 0)
		h.stands("a1", bot.TaskDone, 1)
		h.equal("attempts", h.task("a2").Task.Attempts, 1)
		h.claims(1, 9)
		next = h.settleNext(2, next, bot.Outcome{}, false, "a3")
		h.equal("attempts", h.task("a3").Task.Attempts, 0)
		h.must(h.Attempt(h.Context(), next))
		h.each(func() {
			h.stands("a2", bot.TaskDone, 2)
			h.equal("attempts", h.task("a3").Task.Attempts, 1)
		})
		h.settleNext(3, h.claimOne(3), bot.Outcome{}, true, "")
		h.stands("a3", bot.TaskDone, 3)
	}},
	{"a lease that came so runs out and is fenced like any other", func(h *fixture) {
		h.tasks(0, work("a1", "a"), work("a2", "a"))
		old := h.settleNext(1, h.claimOne(1), bot.Outcome{}, true, "a2")
		h.claims(10, 9)
		h.claims(11, 9, "a2")
		h.wantErr(h.Settle(h.Context(), old, minutes(11), bot.Outcome{}), bot.ErrFenced)
	}},
	{"a lost lease settles nothing and leases nothing", func(h *fixture) {
		h.tasks(0, work("a1", "a"), work("a2", "a"))
		old := h.claimOne(0)
		h.claims(10, 9, "a1")
		_, got, err := h.SettleNext(h.Context(), old, minutes(10), bot.Outcome{}, time.Minute, true)
		h.wantErr(err, bot.ErrFenced)
		h.equal("leased", got, false)
		h.stands("a1", bot.TaskWaiting, 0)
		h.equal("attempts", h.task("a2").Task.Attempts, 0)
	}},
	{"what is not due yet is not leased, and a retry keeps the lane", func(h *fixture) {
		later := work("a2", "a")
		later.NotBefore = minutes(5)
		h.tasks(0, work("a1", "a"), later, work("b1", "b"), work("b2", "b"))
		for range 2 {
			l := h.claimOne(1)
			o := bot.Outcome{}
			if l.Task.Lane == "b" {
				o.Retry = time.Minute
			}
			h.settleNext(1, l, o, true, "")
		}
		h.claims(2, 9, "b1")
		h.claims(5, 9, "a2")
	}},
	{"what the same moment has replaced is not leased", func(h *fixture) {
		first := send("first", "telegram:1")
		h.tasks(0, first, edit("one", "telegram:1", "case/a"))
		l := h.claimOne(1)
		h.tasks(1, edit("two", "telegram:1", "case/a"))
		h.settleNext(1, l, bot.Outcome{Ref: "1"}, true, "two")
		h.stands("one", bot.TaskDone, 1)
	}},
	{"while edits are asked for and replaced, each ends once and no lease is lost", func(h *fixture) {
		const edits = 150
		var asked atomic.Int32
		h.race(edits+1, func(i int) error {
			if i > 0 {
				defer asked.Add(1)
				return h.Commit(h.Context(), &bot.Commit{Tasks: []bot.Task{edit(fmt.Sprint("t", i), "telegram:1", "case/a")}})
			}
			return h.workUntil(func() bool { return asked.Load() == edits })
		}, nil)
		for i := range edits {
			h.equal("state", h.task(fmt.Sprint("t", i+1)).State, bot.TaskDone)
		}
	}},
}

// workUntil settles what it can lease, each with the next of its lane, until over holds and nothing waits.
func (h *fixture) workUntil(over func() bool) error {
	for {
		last := over()
		leases, err := h.Claim(h.Context(), minutes(0), 1, 10*time.Minute)
		if err != nil || last && len(leases) == 0 {
			return err
		}
		for _, l := range leases {
			for ok := true; ok && err == nil; {
				l, ok, err = h.SettleNext(h.Context(), l, minutes(0), bot.Outcome{}, 10*time.Minute, true)
			}
		}
		if err != nil {
			return err
		}
		runtime.Gosched()
	}
}

// settleNext settles a lease and wants the task of that id to be leased with it; none where id is empty.
func (h *fixture) settleNext(minute int, l bot.Lease, o bot.Outcome, attempt bool, id string) bot.Lease {
	h.Helper()
	next, leased, err := h.SettleNext(h.Context(), l, minutes(minute), o, 10*time.Minute, attempt)
	h.must(err)
	if leased != (id != "") || next.Task.ID != id {
		h.Fatalf("leased %q (%v), want %q", next.Task.ID, leased, id)
	}
	return next
}
