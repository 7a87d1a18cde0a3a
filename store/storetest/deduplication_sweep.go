package storetest

import (
	"fmt"
	"slices"
	"time"

	"nevermind/bot"
)

// settledOnce gives every kind of task its end in minute 1, and one that is never settled its lease.
func (h *fixture) settledOnce() {
	h.Helper()
	tell := bot.Task{ID: "tell", Lane: "conv:case/b", Do: "tell", Class: bot.InnerClass, To: "case/b"}
	said := send("said by a case", "telegram:1")
	said.From, said.Reply.From = "case/a", "case/a"
	shown := send("shown still", "telegram:1")
	shown.Reply.Card = shown.From
	h.commit(0, bot.Commit{Handled: "m", Said: &bot.Message{Room: "telegram:1", Text: "hello"},
		Tasks: []bot.Task{tell, work("money", "work:a"), send("said by a talk", "telegram:1"), said, send("unsettled", "telegram:2"),
			send("dead", "telegram:3"), shown}})
	for range 3 {
		for i, l := range h.claimMany(1) {
			o := bot.Outcome{Ref: bot.Ref(fmt.Sprint(l.Task.ID, i))}
			switch l.Task.ID {
			case "dead":
				o = bot.Outcome{Dead: "gone"}
			case "unsettled":
				continue
			}
			h.must(h.Settle(h.Context(), l, minutes(1), o))
		}
	}
}

// settleAll settles what is due of these tasks.
func (h *fixture) settleAll(minute int, ids ...string) {
	h.Helper()
	for _, l := range h.claimMany(minute) {
		if slices.Contains(ids, l.Task.ID) {
			h.must(h.Settle(h.Context(), l, minutes(minute), bot.Outcome{}))
		}
	}
}

// claimMany leases all that is due.
func (h *fixture) claimMany(minute int) []bot.Lease {
	h.Helper()
	ls, err := h.Claim(h.Context(), minutes(minute), 99, 10*time.Minute)
	return ok(h, err, ls)
}

// sweeping: ids kept to deduplicate and tokens of long ago are forgotten, and nothing else is.
var sweeping = []behaviour{
	{"what was handled long ago is forgotten, the rest is not", func(h *fixture) {
		h.commit(1, bot.Commit{Handled: "old"})
		h.commit(5, bot.Commit{Handled: "edge"})
		h.commit(6, bot.Commit{Handled: "new"})
		h.sweep(5, 1)
		h.sweep(5, 0)
		h.each(func() {
			h.refused(bot.ErrSeen, bot.Commit{Handled: "edge"})
			h.refused(bot.ErrSeen, bot.Commit{Handled: "new"})
		})
		h.unhandled("old")
	}},
	{"more than fits one transaction is forgotten too", func(h *fixture) {
		h.race(2500, func(i int) error {
			return h.Commit(h.Context(), &bot.Commit{At: minutes(i % 2), Handled: fmt.Sprint("m", i)})
		}, nil)
		h.sweep(1, 1250)
		h.sweep(2, 1250)
	}},
	{"tokens of a conversation closed long ago are retired", func(h *fixture) {
		for key, closed := range map[bot.Key]int{"case/old": 2, "case/new": 8} {
			h.offers(0, key, 0, string(key))
			h.commit(closed, bot.Commit{Conversation: &bot.Conversation{Key: key, Version: 1, Closed: minutes(closed)}})
		}
		h.offers(0, "case/open", 0, "case/open")
		h.sweep(5, 1)
		h.each(func() {
			h.offered("case/old", "")
			h.offered("case/new", "case/new")
			h.offered("case/open", "case/open")
		})
	}},
	{"tasks settled long ago are forgotten, but not what can still be asked for", func(h *fixture) {
		h.settledOnce()
		h.sweep(1, 1) // the message; nothing was settled before minute 1
		h.sweep(2, 2)
		h.sweep(2, 0)
		h.each(func() {
			for _, id := range []string{"tell", "said by a talk"} {
				_, err := h.Task(h.Context(), id)
				h.wantErr(err, bot.ErrNone)
			}
			h.stands("money", bot.TaskDone, 1)
			h.stands("said by a case", bot.TaskDone, 1)
			h.stands("shown still", bot.TaskDone, 1)
			h.stands("unsettled", bot.TaskWaiting, 0)
			h.stands("dead", bot.TaskDead, 1)
			h.said("telegram:1", "hello", "said by a case", "shown still")
		})
		h.tasks(3, work("money", "work:a"))
		h.stands("money", bot.TaskDone, 1)
	}},
	{"tasks with ids as turns make them are found and forgotten like any other", func(h *fixture) {
		ids := []string{"-6L0KqF-xCwo3RkWVbSj7k", "-6L0KqF-xCwo3RkWVbSj7V", "-6L0KqG-0PZb2TfHsyNh5V"} // two differ at their end only
		look := func(id string) bot.Task {
			return bot.Task{ID: id, Lane: "work:" + id, Do: "look", Class: bot.EditClass, From: "case/b"}
		}
		h.tasks(0, look(ids[0]), work("money", "work:a"), look(ids[1]), look(ids[2]))
		h.tasks(0, work("money", "work:a"), look("-6L0KqF-xCwo3RkWVbSj7F"))
		h.each(func() {
			for _, id := range append(ids, "-6L0KqF-xCwo3RkWVbSj7F", "money") {
				h.stands(id, bot.TaskWaiting, 0)
			}
			_, err := h.Task(h.Context(), "-6L0KqF-xCwo3RkWVbSj70")
			h.wantErr(err, bot.ErrNone)
		})
		h.equal("waiting, each once", len(h.claimMany(0)), 5)
		h.settleAll(20, ids[0])
		h.sweep(30, 1)
		h.each(func() {
			_, err := h.Task(h.Context(), ids[0])
			h.wantErr(err, bot.ErrNone)
			h.stands(ids[1], bot.TaskWaiting, 0)
		})
		h.settleAll(40, ids[1:]...)
		h.sweep(50, 0)
		h.stands("money", bot.TaskWaiting, 0)
	}},
	{"tokens as turns make them are found and retired like any other", func(h *fixture) {
		h.offers(0, "talk/a", 0, "-6L0KqF-xCwo3RkWVbSj7k", "-6L0KqF-0PZb2TfHsyNh5V", "-6L0KqG-0PZb2TfHsyNh5V")
		h.offers(0, "talk/b", 0, "-6L0KqF-7dPZb2TfHsyNh5")
		h.offers(1, "talk/a", 1, "-6L0KqF-0PZb2TfHsyNh5V", "-6L0KqH-0PZb2TfHsyNh5V")
		h.sweep(10, 1)
		h.each(func() {
			h.offered("-6L0KqF-xCwo3RkWVbSj7k", "talk/a") // made with one that is on offer
			h.offered("-6L0KqF-0PZb2TfHsyNh5V", "talk/a")
			h.offered("-6L0KqG-0PZb2TfHsyNh5V", "")
			h.offered("-6L0KqF-7dPZb2TfHsyNh5", "talk/b")
			h.offered("-6L0KqF-7dPZb2TfHsyNh6", "")
		})
		h.commit(12, bot.Commit{Conversation: &bot.Conversation{Key: "talk/a", Version: 2, Closed: minutes(12)}})
		h.sweep(13, 2)
		h.offered("-6L0KqF-0PZb2TfHsyNh5V", "")
		h.offered("-6L0KqF-7dPZb2TfHsyNh5", "talk/b")
	}},
	{"late tokens of a talk that goes on are retired when they have been late for long", func(h *fixture) {
		h.offers(0, "talk/a", 0, "first")
		h.offers(1, "talk/a", 1, "second")
		h.offers(20, "talk/a", 2, "third")
		h.sweep(10, 0) // they may have been on offer until minute 20
		h.offered("first", "talk/a")
		h.sweep(20, 0)
		h.offered("second", "talk/a")
		h.sweep(30, 2)
		h.each(func() {
			h.offered("first", "")
			h.offered("second", "")
			h.offered("third", "talk/a") // on offer, however old
		})
	}},
}

func (h *fixture) sweep(before, want int) {
	h.Helper()
	got, err := h.Sweep(h.Context(), minutes(before))
	h.equal("forgotten", ok(h, err, got), want)
}

// offers stores a conversation with these buttons.
func (h *fixture) offers(minute int, key bot.Key, version int64, tokens ...string) {
	h.Helper()
	c := bot.Conversation{Key: key, Version: version}
	for _, token := range tokens {
		c.Offers = append(c.Offers, bot.Offer{Token: token})
	}
	h.commit(minute, bot.Commit{Conversation: &c})
}
