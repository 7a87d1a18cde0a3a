package storetest

import (
	"fmt"
	"time"

	"nevermind/bot"
)

var outcomes = []behaviour{
	{"done takes a task out of its lane", func(h *house) {
		h.tasks(0, work("a1", "a"), work("a2", "a"))
		h.settleOne(1, bot.Outcome{Event: "order_cancelled", Facts: bot.Facts{"amount": "1.00 USD"}})
		h.each(func() {
			h.stands("a1", bot.TaskDone, 1)
			h.same("outcome", h.task("a1").Outcome.Facts["amount"], "1.00 USD")
			h.stands("a2", bot.TaskWaiting, 0)
		})
		h.claims(1, 9, "a2")
	}},
	{"dead takes a task out of its lane", func(h *house) {
		h.tasks(0, work("a1", "a"), work("a2", "a"))
		h.settleOne(1, bot.Outcome{Dead: "blocked"})
		h.each(func() {
			h.stands("a1", bot.TaskDead, 1)
			h.same("why", h.task("a1").Outcome.Dead, "blocked")
		})
		h.claims(1, 9, "a2")
	}},
	{"a retry stays at the head of its lane and is not tried before", func(h *house) {
		h.tasks(0, work("a1", "a"), work("a2", "a"))
		h.settleOne(1, bot.Outcome{Retry: 9 * time.Minute})
		h.stands("a1", bot.TaskWaiting, 0)
		h.each(func() {
			h.claims(9, 9)
			h.nextTask(minutes(10))
		})
		h.claims(10, 9, "a1")
	}},
	{"a retry gives its lease back", func(h *house) {
		h.tasks(0, work("a1", "a"))
		l := h.claimOne(0)
		h.must(h.Settle(h.Context(), l, minutes(0), bot.Outcome{Retry: time.Minute}))
		h.wantErr(h.Attempt(h.Context(), l), bot.ErrFenced)
		h.wantErr(h.Settle(h.Context(), l, minutes(0), bot.Outcome{}), bot.ErrFenced)
		h.claims(1, 9, "a1")
	}},
	{"a pending task lets the next one go and waits for its result", func(h *house) {
		h.tasks(0, work("a1", "a"), work("a2", "a"))
		h.settleOne(1, bot.Outcome{Pending: true})
		h.each(func() { h.stands("a1", bot.TaskPending, 1) })
		h.claims(1, 9, "a2")
		h.commit(5, bot.Commit{Handled: "r1", LateOutcome: &bot.LateOutcome{TaskID: "a1", Outcome: bot.Outcome{Event: "refund_settled"}}})
		h.each(func() {
			h.stands("a1", bot.TaskDone, 5)
			h.same("outcome", h.task("a1").Outcome, bot.Outcome{Event: "refund_settled"})
		})
	}},
	{"the first result wins, another one is seen", func(h *house) {
		h.tasks(0, work("a1", "a"))
		h.settleOne(1, bot.Outcome{Pending: true})
		won, lost := h.race(8, func(i int) error {
			return h.Commit(h.Context(), &bot.Commit{Handled: fmt.Sprint("r", i), LateOutcome: &bot.LateOutcome{TaskID: "a1", Outcome: bot.Outcome{Event: "refund_failed", Dead: "failed"}}})
		}, bot.ErrSeen)
		h.same("won and lost", [2]int{won, lost}, [2]int{1, 7})
		h.each(func() {
			h.stands("a1", bot.TaskDead, -1)
			h.refused(bot.ErrSeen, bot.Commit{Handled: "late", LateOutcome: &bot.LateOutcome{TaskID: "a1"}})
		})
		h.unhandled("late")
		h.refused(bot.ErrNone, bot.Commit{LateOutcome: &bot.LateOutcome{TaskID: "unknown"}})
	}},
	{"a result that comes before the attempt is settled counts, and the lease is lost", func(h *house) {
		h.tasks(0, work("a1", "a"), work("a2", "a"))
		l := h.claimOne(0)
		h.commit(1, bot.Commit{LateOutcome: &bot.LateOutcome{TaskID: "a1", Outcome: bot.Outcome{Event: "refund_settled"}}})
		h.wantErr(h.Settle(h.Context(), l, minutes(1), bot.Outcome{Pending: true}), bot.ErrFenced)
		h.each(func() { h.stands("a1", bot.TaskDone, 1) })
		h.claims(1, 9, "a2")
	}},
	{"a task is settled in the commit of the turn it caused", func(h *house) {
		h.tasks(0, work("a1", "a"), work("a2", "a"))
		l := h.claimOne(1)
		h.commit(2, bot.Commit{
			Handled: "a1", Conversation: &bot.Conversation{Key: "case/a"}, Tasks: []bot.Task{work("a3", "a")},
			Settle: &bot.Settlement{Lease: l, Outcome: bot.Outcome{Event: "told"}},
		})
		h.each(func() {
			h.stands("a1", bot.TaskDone, 2)
			h.same("outcome", h.task("a1").Outcome.Event, "told")
		})
		h.settleOne(3, bot.Outcome{})
		h.same("head", h.claimOne(3).Task.ID, "a3")
	}},
	{"a refused commit leaves its task leased", func(h *house) {
		h.tasks(0, work("a1", "a"))
		l := h.claimOne(0)
		h.refused(bot.ErrStale, bot.Commit{Conversation: &bot.Conversation{Key: "case/a", Version: 3}, Settle: &bot.Settlement{Lease: l}})
		h.claims(1, 9)
		h.stands("a1", bot.TaskWaiting, 0)
		h.commit(2, bot.Commit{Conversation: &bot.Conversation{Key: "case/a"}, Settle: &bot.Settlement{Lease: l}})
		h.stands("a1", bot.TaskDone, 2)
	}},
	{"of many that settle one lease one wins", func(h *house) {
		for i := range 20 {
			id := fmt.Sprint("t", i)
			h.tasks(0, work(id, id))
			l := h.claimOne(0)
			won, _ := h.race(8, func(k int) error {
				if k%2 == 0 {
					return h.Settle(h.Context(), l, minutes(0), bot.Outcome{Retry: time.Hour})
				}
				return h.Commit(h.Context(), &bot.Commit{Settle: &bot.Settlement{Lease: l}})
			}, bot.ErrFenced)
			h.same("won", won, 1)
		}
	}},
}

// settleOne claims one task and settles it.
func (h *house) settleOne(minute int, o bot.Outcome) {
	h.Helper()
	h.must(h.Settle(h.Context(), h.claimOne(minute), minutes(minute), o))
}

// stands wants a task to be in a state, and to have come to it at that minute where it is not negative.
func (h *house) stands(id string, state bot.TaskState, minute int) {
	h.Helper()
	r := h.task(id)
	h.same("state of "+id, r.State, state)
	if minute >= 0 && !r.At.Equal(minutes(minute)) {
		h.Fatalf("%s came to %s at %v, want %v", id, state, r.At, minutes(minute))
	}
}
