package storetest

import (
	"fmt"
	"time"

	"nevermind/bot"
)

// lanes: the tasks of one lane are tried in order, lanes take turns, and a task id is idempotent.
var lanes = []behaviour{
	{"a lane is done in order, one task at a time", func(h *fixture) {
		h.tasks(0, work("a1", "a"), work("a2", "a"))
		h.tasks(0, work("a3", "a"))
		for _, want := range []string{"a1", "a2", "a3"} {
			l := h.claimOne(1)
			h.equal("head", l.Task.ID, want)
			h.claims(1, 9) // nobody else gets anything
			h.must(h.Settle(h.Context(), l, minutes(1), bot.Outcome{}))
		}
		h.claims(1, 9)
	}},
	{"order outlives a restart", func(h *fixture) {
		for i := range 300 {
			h.tasks(0, work(fmt.Sprint("a", i), "a"))
		}
		for i := range 300 {
			if i == 150 {
				h.reopen()
			}
			l := h.claimOne(1)
			h.equal("head", l.Task.ID, fmt.Sprint("a", i))
			h.must(h.Settle(h.Context(), l, minutes(1), bot.Outcome{}))
		}
	}},
	{"a claim takes at most n, at most one a lane", func(h *fixture) {
		h.tasks(0, work("a1", "a"), work("a2", "a"), work("b1", "b"), work("c1", "c"))
		h.claims(1, 0)
		h.claims(1, 2, "a1", "b1")
		h.claims(1, 9, "c1")
		h.claims(1, 9)
	}},
	{"queues say how much waits in each kind of lane, and since when", func(h *fixture) {
		h.equal("nothing", len(h.queues(0)), 0)
		later := work("b2", "conv:b")
		later.NotBefore = minutes(7)
		h.tasks(1, work("a1", "room:a"), work("a2", "room:a"))
		h.tasks(2, work("b1", "conv:b"), later, work("c1", "conv:c"))
		h.each(func() {
			h.equal("queues", h.queues(5), []bot.Queue{{Kind: "conv", Waiting: 3, Since: minutes(2)},
				{Kind: "room", Waiting: 2, Since: minutes(1)}})
		})
		for range 3 {
			h.must(h.Settle(h.Context(), h.claimOne(5), minutes(5), bot.Outcome{Retry: time.Hour}))
		}
		h.equal("put off", h.queues(6), []bot.Queue{{Kind: "conv", Waiting: 3}, {Kind: "room", Waiting: 2}})
		h.equal("due again", h.queues(70)[1].Since, minutes(65))
	}},
	{"lanes take turns", func(h *fixture) {
		h.tasks(0, work("a1", "a"), work("a2", "a"), work("a3", "a"), work("b1", "b"), work("b2", "b"), work("c1", "c"))
		for _, want := range []string{"a1", "b1", "c1", "a2", "b2", "a3"} {
			l := h.claimOne(1)
			h.equal("head", l.Task.ID, want)
			h.must(h.Settle(h.Context(), l, minutes(1), bot.Outcome{}))
		}
	}},
	{"a lane that is always full does not hold up one that has waited", func(h *fixture) {
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
	{"a task is not tried before its time, after a restart neither", func(h *fixture) {
		late := work("a1", "a")
		late.NotBefore = minutes(30)
		h.tasks(0, late, work("a2", "a"))
		h.each(func() {
			h.claims(29, 9)
			h.nextTask(minutes(30))
		})
		h.equal("head", h.claimOne(30).Task.ID, "a1")
	}},
	{"a clock that goes back gives nothing early", func(h *fixture) {
		late := work("a1", "a")
		late.NotBefore = minutes(30)
		h.tasks(0, late, work("b1", "b"))
		h.claims(40, 0) // both were due then
		l := h.claimOne(20)
		h.equal("task", l.Task.ID, "b1")
		h.claims(20, 9)
		h.must(h.Settle(h.Context(), l, minutes(20), bot.Outcome{}))
		h.claims(40, 9, "a1")
	}},
	{"the next task is the earliest that can be claimed", func(h *fixture) {
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
	{"a task with an id that has been is the one that has been", func(h *fixture) {
		again := func(state bot.TaskState) {
			h.Helper()
			h.tasks(9, work("t", "elsewhere"), send("s", "elsewhere"))
			h.equal("lane", h.task("t").Task.Lane, "a")
			h.equal("state", h.task("t").State, state)
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
		h.equal("dead stays dead", h.task("s").State, bot.TaskDead)
		h.claims(9, 9)
		h.said("telegram:1", "s")
		h.said("elsewhere")
	}},
	{"one id twice in a commit is one task", func(h *fixture) {
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
func (h *fixture) claimOne(minute int) bot.Lease {
	h.Helper()
	ls, err := h.Claim(h.Context(), minutes(minute), 1, 10*time.Minute)
	if len(ok(h, err, ls)) != 1 {
		h.Fatalf("claimed %d tasks, want 1", len(ls))
	}
	return ls[0]
}

// claims wants a claim to lease just these.
func (h *fixture) claims(minute, n int, want ...string) {
	h.Helper()
	ls, err := h.Claim(h.Context(), minutes(minute), n, 10*time.Minute)
	ids := []string{}
	for _, l := range ok(h, err, ls) {
		ids = append(ids, l.Task.ID)
	}
	h.equal("claimed", ids, append([]string{}, want...))
}

func (h *fixture) queues(minute int) []bot.Queue {
	h.Helper()
	q, err := h.Queues(h.Context(), minutes(minute))
	return ok(h, err, q)
}

func (h *fixture) task(id string) bot.TaskRecord {
	h.Helper()
	r, err := h.Task(h.Context(), id)
	return ok(h, err, r)
}

func (h *fixture) nextTask(want time.Time) {
	h.Helper()
	got, err := h.NextTask(h.Context())
	if !ok(h, err, got).Equal(want) {
		h.Fatalf("next task: got %v, want %v", got, want)
	}
}
