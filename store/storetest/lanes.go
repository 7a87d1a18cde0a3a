package storetest

import (
	"fmt"
	"sync"
	"time"

	"nevermind/bot"
)

var lanes = []behaviour{
	{"a lane is done in order, one task at a time", func(h *house) {
		h.tasks(0, work("a1", "a"), work("a2", "a"))
		h.tasks(0, work("a3", "a"))
		for _, want := range []string{"a1", "a2", "a3"} {
			l := h.claimOne(1)
			h.same("head", l.Task.ID, want)
			h.claims(1, 9) // nobody else gets anything
			h.must(h.Settle(h.Context(), l, minutes(1), bot.Outcome{}))
		}
		h.claims(1, 9)
	}},
	{"order outlives a restart", func(h *house) {
		for i := range 300 {
			h.tasks(0, work(fmt.Sprint("a", i), "a"))
		}
		for i := range 300 {
			if i == 150 {
				h.reopen()
			}
			l := h.claimOne(1)
			h.same("head", l.Task.ID, fmt.Sprint("a", i))
			h.must(h.Settle(h.Context(), l, minutes(1), bot.Outcome{}))
		}
	}},
	{"a claim takes at most n, at most one a lane", func(h *house) {
		h.tasks(0, work("a1", "a"), work("a2", "a"), work("b1", "b"), work("c1", "c"))
		h.claims(1, 0)
		h.claims(1, 2, "a1", "b1")
		h.claims(1, 9, "c1")
		h.claims(1, 9)
	}},
	{"queues say how much waits in each kind of lane, and since when", func(h *house) {
		h.same("nothing", len(h.queues(0)), 0)
		later := work("b2", "conv:b")
		later.NotBefore = minutes(7)
		h.tasks(1, work("a1", "room:a"), work("a2", "room:a"))
		h.tasks(2, work("b1", "conv:b"), later, work("c1", "conv:c"))
		h.each(func() {
			h.same("queues", h.queues(5), []bot.Queue{{Kind: "conv", Waiting: 3, Since: minutes(2)}, {Kind: "room", Waiting: 2, Since: minutes(1)}})
		})
		for range 3 {
			h.must(h.Settle(h.Context(), h.claimOne(5), minutes(5), bot.Outcome{Retry: time.Hour}))
		}
		h.same("put off", h.queues(6), []bot.Queue{{Kind: "conv", Waiting: 3}, {Kind: "room", Waiting: 2}})
		h.same("due again", h.queues(70)[1].Since, minutes(65))
	}},
	{"lanes take turns", func(h *house) {
		h.tasks(0, work("a1", "a"), work("a2", "a"), work("a3", "a"), work("b1", "b"), work("b2", "b"), work("c1", "c"))
		for _, want := range []string{"a1", "b1", "c1", "a2", "b2", "a3"} {
			l := h.claimOne(1)
			h.same("head", l.Task.ID, want)
			h.must(h.Settle(h.Context(), l, minutes(1), bot.Outcome{}))
		}
	}},
	{"a lane that is always full does not hold up one that has waited", func(h *house) {
		late := work("b1", "b")
		late.NotBefore = minutes(5)
		h.tasks(0, late)
		for i := range 20 {
			h.tasks(0, work(fmt.Sprint("a", i), "a"))
		}
		for i := range 20 {
			l := h.claimOne(i)
			if l.Task.ID == "b1" {
				return
			}
			h.must(h.Settle(h.Context(), l, minutes(i), bot.Outcome{}))
		}
		h.Fatal("b1 never had its turn")
	}},
	{"many claims at once give each task to one", func(h *house) {
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
		h.same("claimed", len(got), 50)
		for id, n := range got {
			h.same(id, n, 1)
		}
	}},
	{"a lease that has run out goes to another, above the first", func(h *house) {
		h.tasks(0, work("a1", "a"))
		first := h.claimOne(0)
		h.same("until", first.Until, minutes(10))
		h.claims(9, 9)
		second := h.claimOne(10)
		h.same("task", second.Task.ID, "a1")
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
	{"one who is late but not replaced may still settle", func(h *house) {
		h.tasks(0, work("a1", "a"))
		l := h.claimOne(0)
		h.must(h.Attempt(h.Context(), l))
		h.must(h.Settle(h.Context(), l, minutes(60), bot.Outcome{}))
		h.claims(60, 9)
	}},
	{"a lease from before a restart is void, and its task free", func(h *house) {
		h.tasks(0, work("a1", "a"))
		old := h.claimOne(0)
		h.reopen()
		now := h.claimOne(0)
		h.same("task", now.Task.ID, "a1")
		h.wantErr(h.Settle(h.Context(), old, minutes(1), bot.Outcome{}), bot.ErrFenced)
		h.wantErr(h.Attempt(h.Context(), old), bot.ErrFenced)
		h.must(h.Settle(h.Context(), now, minutes(1), bot.Outcome{}))
	}},
	{"a task is not tried before its time, after a restart neither", func(h *house) {
		late := work("a1", "a")
		late.NotBefore = minutes(30)
		h.tasks(0, late, work("a2", "a"))
		h.each(func() {
			h.claims(29, 9)
			h.nextTask(minutes(30))
		})
		h.same("head", h.claimOne(30).Task.ID, "a1")
	}},
	{"a clock that goes back gives nothing early", func(h *house) {
		late := work("a1", "a")
		late.NotBefore = minutes(30)
		h.tasks(0, late, work("b1", "b"))
		h.claims(40, 0) // both were due then
		l := h.claimOne(20)
		h.same("task", l.Task.ID, "b1")
		h.claims(20, 9)
		h.must(h.Settle(h.Context(), l, minutes(20), bot.Outcome{}))
		h.claims(40, 9, "a1")
	}},
	{"the next task is the earliest that can be claimed", func(h *house) {
		h.nextTask(time.Time{})
		one, two := work("a1", "a"), work("b1", "b")
		one.NotBefore, two.NotBefore = minutes(40), minutes(30)
		h.tasks(0, one, two)
		h.each(func() { h.nextTask(minutes(30)) })
		h.tasks(5, work("c1", "c")) // due as soon as it is made
		next, err := h.NextTask(h.Context())
		if ok(h, err, next).IsZero() || next.After(minutes(5)) {
			h.Fatalf("next task: got %v, want a time up to %v", next, minutes(5))
		}
		h.must(h.Settle(h.Context(), h.claimOne(5), minutes(5), bot.Outcome{}))
		h.nextTask(minutes(30))
	}},
	{"a leased task can be claimed when its lease runs out, and the next task says so", func(h *house) {
		h.tasks(0, work("a1", "a"), work("a2", "a"))
		l := h.claimOne(0)
		h.nextTask(minutes(10))
		h.must(h.Settle(h.Context(), l, minutes(1), bot.Outcome{Retry: 4 * time.Minute}))
		h.nextTask(minutes(5))
	}},
	{"attempts are counted, after a restart too", func(h *house) {
		h.tasks(0, work("a1", "a"), work("b1", "b"))
		ls, err := h.Claim(h.Context(), minutes(0), 9, time.Minute)
		h.must(err)
		h.must(h.Attempt(h.Context(), ls...))
		h.must(h.Attempt(h.Context(), ls[0]))
		h.reopen()
		h.same("attempts", h.task("a1").Task.Attempts, 2)
		h.same("attempts of a lease", h.claimOne(1).Task.Attempts, 2)
		h.same("attempts of the other", h.claimOne(1).Task.Attempts, 1)
	}},
	{"attempts are all counted or none", func(h *house) {
		h.tasks(0, work("a1", "a"), work("b1", "b"))
		a, b := h.claimOne(0), h.claimOne(0)
		h.must(h.Settle(h.Context(), b, minutes(0), bot.Outcome{}))
		h.wantErr(h.Attempt(h.Context(), a, b), bot.ErrFenced)
		h.same("attempts", h.task("a1").Task.Attempts, 0)
	}},
	{"a task with an id that has been is the one that has been", func(h *house) {
		again := func(state bot.TaskState) {
			h.Helper()
			h.tasks(9, work("t", "elsewhere"), send("s", "elsewhere"))
			h.same("lane", h.task("t").Task.Lane, "a")
			h.same("state", h.task("t").State, state)
		}
		h.tasks(0, work("t", "a"), send("s", "telegram:1"))
		again(bot.TaskWaiting)
		t, s := h.claimOne(1), h.claimOne(1)
		again(bot.TaskWaiting)
		h.must(h.Settle(h.Context(), t, minutes(1), bot.Outcome{Pending: true}))
		h.must(h.Settle(h.Context(), s, minutes(1), bot.Outcome{Dead: "blocked"}))
		again(bot.TaskPending)
		h.commit(2, bot.Commit{LateOutcome: &bot.LateOutcome{TaskID: "t"}})
		again(bot.TaskDone)
		h.reopen()
		again(bot.TaskDone)
		h.same("dead stays dead", h.task("s").State, bot.TaskDead)
		h.claims(9, 9)
		h.said("telegram:1", "s")
		h.said("elsewhere")
	}},
	{"one id twice in a commit is one task", func(h *house) {
		h.tasks(0, work("t", "a"), work("t", "a"))
		h.must(h.Settle(h.Context(), h.claimOne(0), minutes(0), bot.Outcome{}))
		h.claims(1, 9)
	}},
}

// work is a task for the world outside; send one that says its own id.
func work(id, lane string) bot.Task {
	return bot.Task{ID: id, Lane: lane, Do: "cancel_order", Class: bot.MoneyClass, From: "case/a"}
}

func send(id string, room bot.Room) bot.Task {
	return bot.Task{
		ID: id, Lane: "room:" + string(room), Do: "send", Class: bot.PostClass, From: bot.TalkKey(room, &bot.Person{}),
		Reply: &bot.Reply{Room: room, Mode: bot.New, From: bot.TalkKey(room, &bot.Person{}), Text: id},
	}
}

// claimOne leases one task for ten minutes.
func (h *house) claimOne(minute int) bot.Lease {
	h.Helper()
	ls, err := h.Claim(h.Context(), minutes(minute), 1, 10*time.Minute)
	if len(ok(h, err, ls)) != 1 {
		h.Fatalf("claimed %d tasks, want 1", len(ls))
	}
	return ls[0]
}

// claims wants a claim to lease just these.
func (h *house) claims(minute, n int, want ...string) {
	h.Helper()
	ls, err := h.Claim(h.Context(), minutes(minute), n, 10*time.Minute)
	ids := []string{}
	for _, l := range ok(h, err, ls) {
		ids = append(ids, l.Task.ID)
	}
	h.same("claimed", ids, append([]string{}, want...))
}

func (h *house) queues(minute int) []bot.Queue {
	h.Helper()
	q, err := h.Queues(h.Context(), minutes(minute))
	return ok(h, err, q)
}

func (h *house) task(id string) bot.TaskRecord {
	h.Helper()
	r, err := h.Task(h.Context(), id)
	return ok(h, err, r)
}

func (h *house) nextTask(want time.Time) {
	h.Helper()
	got, err := h.NextTask(h.Context())
	if !ok(h, err, got).Equal(want) {
		h.Fatalf("next task: got %v, want %v", got, want)
	}
}
