package storetest

import (
	"reflect"
	"time"

	"nevermind/bot"
)

// records: every field of every record comes back as it was, and nothing returned is shared with
// the store.
var records = []behaviour{
	{"what is not there is none", func(h *fixture) {
		ctx := h.Context()
		_, err := h.Conversation(ctx, "case/a")
		h.wantErr(err, bot.ErrNone)
		_, err = h.Order(ctx, "1")
		h.wantErr(err, bot.ErrNone)
		_, err = h.Person(ctx, "buyer:b")
		h.wantErr(err, bot.ErrNone)
		_, err = h.PersonAt(ctx, "telegram:1")
		h.wantErr(err, bot.ErrNone)
		_, err = h.Offered(ctx, "token")
		h.wantErr(err, bot.ErrNone)
		_, err = h.Sender(ctx, "telegram:1", "2")
		h.wantErr(err, bot.ErrNone)
		_, err = h.Task(ctx, "t")
		h.wantErr(err, bot.ErrNone)
		_, err = h.Value(ctx, "clock")
		h.wantErr(err, bot.ErrNone)
	}},
	{"every field of a conversation is kept", func(h *fixture) {
		keepsEveryField(h, func(c *bot.Conversation) (bot.Commit, *int64) { return bot.Commit{Conversation: c}, &c.Version },
			func(c *bot.Conversation) (bot.Conversation, error) { return h.Conversation(h.Context(), c.Key) })
	}},
	{"every field of an order is kept", func(h *fixture) {
		keepsEveryField(h, func(o *bot.Order) (bot.Commit, *int64) { return bot.Commit{Order: o}, &o.Version },
			func(o *bot.Order) (bot.Order, error) { return h.Order(h.Context(), o.ID) })
	}},
	{"every field of a person is kept", func(h *fixture) {
		keepsEveryField(h, func(p *bot.Person) (bot.Commit, *int64) { return bot.Commit{Person: p}, &p.Version },
			func(p *bot.Person) (bot.Person, error) { return h.Person(h.Context(), p.ID) })
	}},
	{"every field of an entry is kept", func(h *fixture) {
		var want bot.Entry
		fill(&want)
		want.Event.Facts["note"], want.Learned["rejection"] = "please", "no"
		want.Commit(func(whose bot.PersonID) []byte { return []byte("salt of " + whose) }, nil)
		h.commit(0, bot.Commit{Entry: &want})
		h.each(func() {
			got, err := h.Journal(h.Context(), want.Conversation, 0, 10)
			h.equal("journal", ok(h, err, got), []bot.Entry{want})
		})
	}},
	{"every field of a task is kept", func(h *fixture) {
		var want bot.Task
		fill(&want)
		want.Attempts = 0
		h.tasks(1, want)
		h.each(func() {
			got, err := h.Task(h.Context(), want.ID)
			want.Seq = ok(h, err, got).Task.Seq // the store's own
			h.equal("task", got, bot.TaskRecord{Task: want, State: bot.TaskWaiting, At: minutes(1)})
		})
	}},
	{"every field of an outcome is kept", func(h *fixture) {
		var want bot.Outcome
		fill(&want)
		h.tasks(0, work("t", "conv:a"))
		h.must(h.Settle(h.Context(), h.claimOne(1), minutes(2), want))
		h.each(func() {
			got, err := h.Task(h.Context(), "t")
			h.equal("outcome", ok(h, err, got).Outcome, want)
			h.equal("when", got.At, minutes(2))
		})
	}},
	{"every field of a message is kept", func(h *fixture) {
		var want bot.Message
		fill(&want)
		want.Link, want.ReplyPress = "", "" // a secret, and what only says where it goes: neither is stored
		want.Pending = nil                  // the tasks that fetch them name them
		h.commit(3, bot.Commit{Said: &want})
		h.each(func() {
			got, err := h.Said(h.Context(), want.Room, 0, 0, 10)
			seq := ok(h, err, got)[0].Seq
			h.equal("said", got, []bot.Said{{Seq: seq, At: minutes(3), In: &want}})
		})
	}},
	{"what people type is kept as it came", func(h *fixture) {
		odd := "a\x00b\xff\xfe é 🦔"
		h.commit(0, bot.Commit{Said: &bot.Message{Room: "telegram:1", Text: odd}})
		got, err := h.Said(h.Context(), "telegram:1", 0, 0, 1)
		h.equal("text", ok(h, err, got)[0].In.Text, odd)
	}},
	{"a time is the same instant, in UTC; the zero time stays zero", func(h *fixture) {
		times := []time.Time{{}, time.Unix(0, 0), time.Unix(-1, 5), start.Add(1), start.In(time.FixedZone("", 3600))}
		for i, want := range times {
			h.commit(0, bot.Commit{Conversation: &bot.Conversation{Key: "case/a", Opened: want, Version: int64(i)}})
			got, err := h.Conversation(h.Context(), "case/a")
			h.equal("opened", ok(h, err, got).Opened, want.UTC())
		}
	}},
	{"nothing that is returned is shared", func(h *fixture) {
		c := fullCommit()
		h.must(h.Commit(h.Context(), c))
		mutate(reflect.ValueOf(c)) // nor is what was given
		for _, loaded := range h.expectFullCommit() {
			mutate(reflect.ValueOf(loaded))
		}
		h.expectFullCommit()
	}},
	{"values are kept and written over", func(h *fixture) {
		ctx := h.Context()
		given := []byte("one")
		h.must(h.SetValue(ctx, "clock", given))
		given[0] = 'X'
		got, err := h.Value(ctx, "clock")
		h.equal("value", string(ok(h, err, got)), "one")
		got[0] = 'X'
		h.must(h.SetValue(ctx, "empty", nil))
		h.each(func() {
			got, err := h.Value(ctx, "clock")
			h.equal("value", string(ok(h, err, got)), "one")
			got, err = h.Value(ctx, "empty")
			h.equal("value", len(ok(h, err, got)), 0)
		})
		h.must(h.SetValue(ctx, "clock", []byte("two")))
		got, err = h.Value(ctx, "clock")
		h.equal("value", string(ok(h, err, got)), "two")
	}},
	{"the journal is read in order and by pages", func(h *fixture) {
		for i := 1; i <= 300; i++ {
			h.commit(i, bot.Commit{
				Conversation: &bot.Conversation{Key: "case/a", Version: int64(i - 1)},
				Entry:        &bot.Entry{Conversation: "case/a", Seq: i},
			})
		}
		h.commit(0, bot.Commit{Entry: &bot.Entry{Conversation: "case/ab", Seq: 1}})
		seqs := func(after, n int) (out []int) {
			got, err := h.Journal(h.Context(), "case/a", after, n)
			for _, e := range ok(h, err, got) {
				out = append(out, e.Seq)
			}
			return out
		}
		h.each(func() {
			h.equal("first page", seqs(0, 3), []int{1, 2, 3})
			h.equal("middle page", seqs(254, 4), []int{255, 256, 257, 258})
			h.equal("last page", seqs(298, 10), []int{299, 300})
			h.equal("beyond", len(seqs(300, 10)), 0)
			h.equal("none asked for", len(seqs(0, 0)), 0)
		})
	}},
}

// keepsEveryField commits a record with every field filled in and wants it back as it was, before
// and after a restart, as version 1. commit wraps the record and points at its version, which a new
// record has as 0.
func keepsEveryField[T any](h *fixture, commit func(*T) (bot.Commit, *int64), load func(*T) (T, error)) {
	var want T
	fill(&want)
	c, version := commit(&want)
	*version = 0
	h.commit(0, c)
	*version = 1
	h.each(func() {
		got, err := load(&want)
		h.equal("record", ok(h, err, got), want)
	})
}

// fullCommit is a commit of all that a turn may change.
func fullCommit() *bot.Commit {
	return &bot.Commit{
		At: minutes(1), Handled: "m1",
		Said: &bot.Message{ID: "m1", Room: "telegram:1", Text: "cancel it", Files: []bot.File{{Name: "a.jpg"}}},
		Conversation: &bot.Conversation{
			Key: "case/whole", Parties: map[bot.Party]bot.PersonID{bot.Buyer: "buyer:b"},
			Frame: bot.Frame{State: "awaiting_seller", Facts: bot.Facts{"reason": "late"},
				Offers: []bot.Offer{{Token: "tok", Event: "withdrawn"}}},
			Deadlines: []bot.Deadline{{Window: "seller_answer", At: minutes(60), Event: "seller_silent"}},
		},
		Terms: []string{"open", "order:1"},
		Tasks: []bot.Task{{ID: "t1", Lane: "room:telegram:1", Do: "send",
			Reply: &bot.Reply{Room: "telegram:1", Mode: bot.New, Text: "Asked."}}},
		Entry: &bot.Entry{Conversation: "case/whole", Seq: 1, To: "awaiting_seller", Learned: bot.Facts{"reason": "late"},
			Rules: []string{"S41"}},
	}
}

// expectFullCommit wants all of fullCommit to be there, once, and returns what was loaded.
func (h *fixture) expectFullCommit() []any {
	h.Helper()
	ctx, want := h.Context(), fullCommit()
	want.Conversation.Version = 1
	c, err := h.Conversation(ctx, "case/whole")
	h.equal("conversation", ok(h, err, c), *want.Conversation)
	entries, err := h.Journal(ctx, "case/whole", 0, 10)
	h.equal("journal", ok(h, err, entries), []bot.Entry{*want.Entry})
	said, err := h.Said(ctx, "telegram:1", 0, 0, 10)
	h.equal("said", len(ok(h, err, said)), 2)
	h.equal("message", said[0].In, want.Said)
	h.equal("reply", said[1].Out, want.Tasks[0].Reply)
	task, err := h.Task(ctx, "t1")
	want.Tasks[0].Seq = ok(h, err, task).Task.Seq
	h.equal("task", task.Task, want.Tasks[0])
	for _, term := range want.Terms {
		keys, err := h.Find(ctx, term, "", 10)
		h.equal("find "+term, ok(h, err, keys), []bot.Key{"case/whole"})
	}
	key, err := h.Offered(ctx, "tok")
	h.equal("offered", ok(h, err, key), bot.Key("case/whole"))
	due, err := h.NextDeadline(ctx)
	h.equal("deadline", ok(h, err, due), minutes(60))
	return []any{&c, &entries, &said, &task}
}
