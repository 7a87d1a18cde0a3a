package storetest

import (
	"fmt"
	"time"

	"nevermind/bot"
)

var deadLetters = []behaviour{
	{"what is set aside is listed in the order in which it was asked for, by pages", func(h *house) {
		h.tasks(0, work("a1", "a"), work("b1", "b"), work("c1", "c"), work("d1", "d"))
		h.dead(0, 9)
		for i, id := range []string{"c1", "a1", "d1"} { // not the order in which they die
			h.die(i+1, id)
		}
		h.each(func() {
			h.dead(0, 9, "a1", "c1", "d1")
			h.dead(0, 2, "a1", "c1")
			h.dead(h.task("c1").Task.Seq, 2, "d1")
			h.dead(h.task("b1").Task.Seq, 9, "c1", "d1")
			h.dead(0, 0)
		})
		h.stands("b1", bot.TaskWaiting, 0)
	}},
	{"a result can end a task as dead, and it is listed", func(h *house) {
		h.tasks(0, work("a1", "a"))
		h.commit(1, bot.Commit{LateOutcome: &bot.LateOutcome{TaskID: "a1", Outcome: bot.Outcome{Event: "refund_failed", Dead: "no"}}})
		h.each(func() { h.dead(0, 9, "a1") })
	}},
	{"tasks of a dead commit are set aside from the start and never tried", func(h *house) {
		one := bot.Commit{Handled: "m1", Dead: "cannot be read", Tasks: []bot.Task{work("a1", "a"), send("s1", "telegram:1")}}
		h.commit(1, one)
		h.refused(bot.ErrSeen, one)
		h.each(func() {
			h.claims(9, 9)
			h.nextTask(time.Time{})
			h.dead(0, 9, "a1", "s1")
			h.stands("a1", bot.TaskDead, 1)
			h.same("why", h.task("a1").Outcome.Dead, "cannot be read")
		})
	}},
	{"one put back keeps its id and its place in the lane, and begins anew", func(h *house) {
		h.tasks(0, work("a1", "a"), work("a2", "a"), work("a3", "a"))
		l := h.claimOne(1)
		h.must(h.Attempt(h.Context(), l))
		h.must(h.Settle(h.Context(), l, minutes(1), bot.Outcome{Dead: "gone"}))
		seq := h.task("a1").Task.Seq
		h.act(5, "a1", false)
		h.each(func() {
			h.dead(0, 9)
			h.stands("a1", bot.TaskWaiting, 5)
			h.same("place", h.task("a1").Task.Seq, seq)
			h.same("attempts", h.task("a1").Task.Attempts, 0)
		})
		for _, want := range []string{"a1", "a2", "a3"} {
			l := h.claimOne(6)
			h.same("head", l.Task.ID, want)
			if want == "a1" && !l.Since.Equal(minutes(5)) {
				h.Fatalf("since: got %v, want %v", l.Since, minutes(5))
			}
			h.must(h.Settle(h.Context(), l, minutes(6), bot.Outcome{}))
		}
	}},
	{"one put back into an empty lane is due at once", func(h *house) {
		h.tasks(0, work("a1", "a"))
		h.die(1, "a1")
		h.act(5, "a1", false)
		h.each(func() {
			next, err := h.NextTask(h.Context())
			if ok(h, err, next).IsZero() || next.After(minutes(5)) {
				h.Fatalf("next task: got %v, want a time up to %v", next, minutes(5))
			}
		})
		h.claims(5, 9, "a1")
	}},
	{"one put back does not take the lease of who is at work in its lane", func(h *house) {
		h.tasks(0, work("a1", "a"), work("a2", "a"), work("a3", "a"))
		h.die(1, "a1")
		l := h.claimOne(2)
		h.same("leased", l.Task.ID, "a2")
		h.act(3, "a1", false)
		h.claims(3, 9)
		h.must(h.Attempt(h.Context(), l))
		h.must(h.Settle(h.Context(), l, minutes(3), bot.Outcome{}))
		h.settleOne(3, bot.Outcome{})
		h.stands("a1", bot.TaskDone, 3)
		h.same("then", h.claimOne(3).Task.ID, "a3")
	}},
	{"one put back behind a head that is tried again waits for its turn", func(h *house) {
		h.tasks(0, work("a1", "a"), work("a2", "a"))
		h.die(1, "a1")
		l := h.claimOne(2)
		h.act(2, "a1", false)
		h.must(h.Settle(h.Context(), l, minutes(2), bot.Outcome{Retry: time.Minute}))
		done := map[string]bool{}
		for range 2 {
			l := h.claimOne(3)
			done[l.Task.ID] = true
			h.must(h.Settle(h.Context(), l, minutes(3), bot.Outcome{}))
		}
		h.same("done", done, map[string]bool{"a1": true, "a2": true})
		h.claims(9, 9)
	}},
	{"one dropped is never tried and never listed, and its id stays taken", func(h *house) {
		h.tasks(0, work("a1", "a"), work("a2", "a"))
		h.die(1, "a1")
		h.act(5, "a1", true)
		h.tasks(6, work("a1", "a"))
		h.each(func() {
			h.dead(0, 9)
			h.stands("a1", bot.TaskDropped, 5)
			h.same("why it died", h.task("a1").Outcome.Dead, "gone")
		})
		h.claims(9, 9, "a2")
	}},
	{"only what is set aside can be put back or dropped, once", func(h *house) {
		h.tasks(0, work("a1", "a"), work("b1", "b"))
		h.die(1, "b1")
		won, lost := h.race(8, func(i int) error {
			return h.Commit(h.Context(), &bot.Commit{Act: &bot.Act{Task: "b1", Drop: i%2 == 0}})
		}, bot.ErrSeen)
		h.same("won and lost", [2]int{won, lost}, [2]int{1, 7})
		h.refused(bot.ErrSeen, bot.Commit{Handled: "m1", Act: &bot.Act{Task: "a1"}})
		h.unhandled("m1")
		h.refused(bot.ErrNone, bot.Commit{Act: &bot.Act{Task: "unknown"}})
	}},
	{"an act is made with the rest of its commit or not at all", func(h *house) {
		h.tasks(0, work("a1", "a"))
		h.die(1, "a1")
		h.refused(bot.ErrStale, bot.Commit{Act: &bot.Act{Task: "a1"}, Conversation: &bot.Conversation{Key: "case/a", Version: 3}})
		h.dead(0, 9, "a1")
		h.commit(2, bot.Commit{Act: &bot.Act{Task: "a1"}, Conversation: &bot.Conversation{Key: "case/a"}})
		h.dead(0, 9)
	}},
	{"an edit that a newer one has replaced is not put back, and can be dropped", func(h *house) {
		edit := func(id string) bot.Task {
			e := send(id, "telegram:1")
			e.Reply.Mode, e.Reply.Card = bot.Edit, "case/a"
			return e
		}
		h.tasks(0, edit("e1"))
		h.die(1, "e1")
		h.tasks(2, edit("e2"))
		h.refused(bot.ErrStale, bot.Commit{Act: &bot.Act{Task: "e1"}})
		h.act(3, "e1", true)
		h.die(4, "e2")
		h.act(5, "e2", false)
		h.same("head", h.claimOne(5).Task.ID, "e2")
	}},
	{"a result of one set aside without an outcome counts", func(h *house) {
		h.tasks(0, work("a1", "a"), work("b1", "b"))
		h.die(1, "a1")
		h.die(2, "b1")
		h.act(2, "b1", true)
		for _, id := range []string{"a1", "b1"} {
			h.commit(3, bot.Commit{LateOutcome: &bot.LateOutcome{TaskID: id, Outcome: bot.Outcome{Event: "refund_settled"}}})
			h.refused(bot.ErrSeen, bot.Commit{LateOutcome: &bot.LateOutcome{TaskID: id, Outcome: bot.Outcome{Event: "refund_failed"}}})
		}
		h.each(func() {
			h.dead(0, 9)
			h.stands("a1", bot.TaskDone, 3)
			h.stands("b1", bot.TaskDone, 3)
		})
	}},
	{"everything that waits can be set aside", func(h *house) {
		var want []string
		for i := range 600 {
			id := fmt.Sprint("t", i)
			h.tasks(0, work(id, fmt.Sprint("lane", i%7)))
			want = append(want, id)
		}
		h.die(1, "t0")
		l := h.claimOne(2)
		n, err := h.SetAside(h.Context(), minutes(3), "restored")
		h.same("set aside", ok(h, err, n), 599)
		h.wantErr(h.Settle(h.Context(), l, minutes(3), bot.Outcome{}), bot.ErrFenced)
		h.each(func() {
			h.claims(9, 9)
			h.nextTask(time.Time{})
			h.dead(0, 1000, want...)
			h.stands("t0", bot.TaskDead, 1)
			h.stands("t599", bot.TaskDead, 3)
			h.same("why", h.task("t599").Outcome.Dead, "restored")
		})
	}},
}

// die claims what is due and sets this one aside; the others are given back until the next minute.
func (h *house) die(minute int, id string) {
	h.Helper()
	ls, err := h.Claim(h.Context(), minutes(minute), 1000, time.Minute)
	for _, l := range ok(h, err, ls) {
		o := bot.Outcome{Retry: time.Nanosecond}
		if l.Task.ID == id {
			o = bot.Outcome{Dead: "gone"}
		}
		h.must(h.Settle(h.Context(), l, minutes(minute), o))
	}
	h.same("state of "+id, h.task(id).State, bot.TaskDead)
}

func (h *house) act(minute int, task string, drop bool) {
	h.Helper()
	h.commit(minute, bot.Commit{Act: &bot.Act{Task: task, Drop: drop}})
}

// dead wants just these to be listed.
func (h *house) dead(after uint64, n int, want ...string) {
	h.Helper()
	got, err := h.Dead(h.Context(), after, n)
	ids := []string{}
	for _, r := range ok(h, err, got) {
		h.same("state", r.State, bot.TaskDead)
		ids = append(ids, r.Task.ID)
	}
	h.same("dead", ids, append([]string{}, want...))
}
