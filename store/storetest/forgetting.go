package storetest

import (
	"context"
	"slices"

	"nevermind/bot"
)

// forget wants that many of these records to go.
func (h *fixture) forget(want int, gone ...bot.Record) {
	h.Helper()
	n, err := h.Forget(h.Context(), gone...)
	h.equal("forgotten", ok(h, err, n), want)
}

// all is how many records of each kind there are.
func (h *fixture) all() (n struct{ Orders, Conversations, Entries, Tasks, Said int }) {
	h.Helper()
	h.must(h.Each(context.Background(), func(r bot.Record) error {
		switch {
		case r.Order != nil:
			n.Orders++
		case r.Conversation != nil:
			n.Conversations++
		case r.Entry != nil:
			n.Entries++
		case r.Task != nil:
			n.Tasks++
		case r.Said != nil:
			n.Said++
		}
		return nil
	}))
	return n
}

// written commits a line in which somebody says something, of a record that is closed with it.
func (h *fixture) written(key bot.Key, seq int, prev, text string) bot.Entry {
	h.Helper()
	e := bot.Entry{Conversation: key, Seq: seq, At: minutes(seq), Prev: prev, Event: bot.Event{Actor: "buyer:b", Text: text},
		Learned: bot.Facts{"note": text, "reason": "late"}}
	e.Commit(func(whose bot.PersonID) []byte { return []byte("salt of " + whose) }, nil)
	e.Hash = e.Sum()
	h.commit(seq, bot.Commit{
		Conversation: &bot.Conversation{Key: key, Version: int64(seq - 1), Closed: minutes(seq), Entries: seq, Head: e.Hash,
			Parties: map[bot.Party]bot.PersonID{bot.Buyer: "buyer:b", bot.Seller: "seller:s"}},
		Terms: []string{"order:1"},
		Entry: &e,
	})
	return e
}

// forgetting: what was kept long enough goes with all that hangs on it, and nothing else does.
var forgetting = []behaviour{
	{"a conversation goes with its journal and what it is found by", func(h *fixture) {
		first := h.written("case/1/0", 1, "", "one")
		h.written("case/1/0", 2, first.Hash, "two")
		h.written("case/1/1", 1, "", "another")
		c, err := h.Conversation(h.Context(), "case/1/0")
		h.forget(1, bot.Record{Conversation: ok(h, err, &c)})
		h.each(func() {
			_, err := h.Conversation(h.Context(), "case/1/0")
			h.wantErr(err, bot.ErrNone)
			lines, err := h.Journal(h.Context(), "case/1/0", 0, 9)
			h.equal("its journal", len(ok(h, err, lines)), 0)
			h.find("order:1", "", 9, "case/1/1")
			lines, err = h.Journal(h.Context(), "case/1/1", 0, 9)
			h.equal("the other's journal", len(ok(h, err, lines)), 1)
		})
		h.written("case/1/0", 1, "", "begun anew")
		h.find("order:1", "", 9, "case/1/0", "case/1/1")
	}},
	{"what has changed since it was read stays", func(h *fixture) {
		h.order("1", "buyer:b", "seller:s", 1)
		h.written("case/1/0", 1, "", "one")
		c, err := h.Conversation(h.Context(), "case/1/0")
		h.must(err)
		o, err := h.Order(h.Context(), "1")
		h.must(err)
		older, newer := c, o
		older.Version--
		newer.Version++
		h.forget(0, bot.Record{Conversation: &older}, bot.Record{Order: &newer}, bot.Record{})
		h.forget(0, bot.Record{Conversation: &bot.Conversation{Key: "case/none"}}, bot.Record{Order: &bot.Order{ID: "none"}})
		h.each(func() {
			_, err := h.Conversation(h.Context(), "case/1/0")
			h.must(err)
			_, err = h.Order(h.Context(), "1")
			h.must(err)
		})
	}},
	{"an order goes from its buyer's and its seller's", func(h *fixture) {
		h.order("1", "buyer:b", "seller:s", 1)
		h.order("2", "buyer:b", "seller:s", 2)
		o, err := h.Order(h.Context(), "1")
		h.forget(1, bot.Record{Order: ok(h, err, &o)})
		h.each(func() {
			_, err := h.Order(h.Context(), "1")
			h.wantErr(err, bot.ErrNone)
			h.ordersOf("buyer:b", 0, 9, "2")
			h.ordersOf("seller:s", 0, 9, "2")
		})
	}},
	{"a task goes with its id and its line, unless it waits", func(h *fixture) {
		h.settledOnce()
		before := h.all()
		var gone []bot.Record
		for _, id := range []string{"money", "said by a case", "dead", "unsettled"} {
			r := h.task(id)
			gone = append(gone, bot.Record{Task: &r})
		}
		h.forget(3, gone...)
		h.forget(0, gone...)
		h.each(func() {
			h.equal("tasks", h.all().Tasks, before.Tasks-3)
			for _, id := range []string{"money", "said by a case", "dead"} {
				_, err := h.Task(h.Context(), id)
				h.wantErr(err, bot.ErrNone)
			}
			h.dead(0, 9)
			h.said("telegram:1", "hello", "said by a talk", "shown still")
			h.equal("unsettled", h.task("unsettled").State, bot.TaskWaiting)
		})
	}},
	{"what somebody said goes", func(h *fixture) {
		h.commit(1, bot.Commit{Said: &bot.Message{Room: "telegram:1", Text: "one"}, Tasks: []bot.Task{send("answer", "telegram:1")}})
		h.commit(2, bot.Commit{Said: &bot.Message{Room: "telegram:1", Text: "two"}})
		log, err := h.Said(h.Context(), "telegram:1", 0, 0, 9)
		h.equal("lines", len(ok(h, err, log)), 3)
		h.forget(1, bot.Record{Said: &log[0]}, bot.Record{Said: &log[1]})
		h.each(func() { h.said("telegram:1", "answer", "two") })
	}},
	{"words go from a journal, and its chain holds", func(h *fixture) {
		first := h.written("case/1/0", 1, "", "WORDS-ONE")
		last := h.written("case/1/0", 2, first.Hash, "WORDS-TWO")
		h.written("case/1/1", 1, "", "another")
		money := work("money", "work:a")
		money.From, money.Facts = "case/1/0", bot.Facts{"note": "WORDS-THREE", "amount": "24.90 USD"}
		h.tasks(3, money)
		for range 2 { // twice harms nothing
			h.must(h.ForgetWords(h.Context(), "case/1/0", "money", "none"))
		}
		h.must(h.ForgetWords(h.Context(), "case/none"))
		h.each(func() {
			lines, err := h.Journal(h.Context(), "case/1/0", 0, 9)
			h.equal("lines", len(ok(h, err, lines)), 2)
			h.equal("the task's facts", h.task("money").Task.Facts, bot.Facts{"amount": "24.90 USD"})
			prev := ""
			for _, e := range lines {
				h.equal("the chain", []string{e.Prev, e.Hash}, []string{prev, e.Sum()})
				h.equal("what is said", []string{e.Event.Text, e.Learned["note"], e.Learned["reason"]},
					[]string{bot.Erased, bot.Erased, "late"})
				prev = e.Hash
			}
			h.equal("the head", prev, last.Hash)
			other, err := h.Journal(h.Context(), "case/1/1", 0, 9)
			h.equal("the other's", ok(h, err, other)[0].Event.Text, "another")
			n := 0
			h.must(h.Each(h.Context(), func(r bot.Record) error {
				if r.Entry != nil && slices.Contains([]string{"WORDS-ONE", "WORDS-TWO"}, r.Entry.Event.Text) {
					n++
				}
				return nil
			}))
			h.equal("words left", n, 0)
		})
	}},
}
