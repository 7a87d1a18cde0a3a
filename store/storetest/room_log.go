package storetest

import (
	"fmt"

	"nevermind/bot"
)

// saidLog: a room's log shows both sides in the order of commit, by pages in both directions.
var saidLog = []behaviour{
	{"both sides are there, in the order of their commits", func(h *fixture) {
		h.commit(0, bot.Commit{Said: &bot.Message{Room: "telegram:1", Text: "one"},
			Tasks: []bot.Task{send("two", "telegram:1"), send("elsewhere", "telegram:11")}})
		h.commit(1, bot.Commit{Said: &bot.Message{Room: "telegram:1", Text: "three"},
			Tasks: []bot.Task{send("four", "telegram:1"), work("silent", "conv:a")}})
		h.each(func() {
			h.said("telegram:1", "one", "two", "three", "four")
			h.said("telegram:11", "elsewhere")
			h.said("telegram:111")
		})
	}},
	{"a reply knows its task, and later its ref and how it ended", func(h *fixture) {
		h.tasks(0, send("t1", "telegram:1"), send("t2", "telegram:1"))
		h.each(func() { h.sentAs("telegram:1", "t1 waiting ", "t2 waiting ") })
		l := h.claimOne(1)
		h.must(h.Attempt(h.Context(), l))
		h.must(h.Settle(h.Context(), l, minutes(1), bot.Outcome{Ref: "77"}))
		h.each(func() { h.sentAs("telegram:1", "t1 done 77", "t2 waiting ") })
		h.must(h.Settle(h.Context(), h.claimOne(2), minutes(2), bot.Outcome{Dead: "blocked"}))
		h.each(func() { h.sentAs("telegram:1", "t1 done 77", "t2 dead ") })
	}},
	{"it is read by pages, forwards and backwards", func(h *fixture) {
		seqs := make([]uint64, 300)
		for i := range seqs {
			h.commit(i, bot.Commit{Said: &bot.Message{Room: "telegram:1", Text: fmt.Sprint(i)}})
		}
		all, err := h.Said(h.Context(), "telegram:1", 0, 0, 1000)
		for i, s := range ok(h, err, all) {
			seqs[i] = s.Seq
		}
		page := func(after, before uint64, n int, want ...int) {
			h.Helper()
			got, err := h.Said(h.Context(), "telegram:1", after, before, n)
			h.equal("length", len(ok(h, err, got)), len(want))
			for i, s := range got {
				h.equal("page", s.In.Text, fmt.Sprint(want[i]))
			}
		}
		h.each(func() {
			page(0, 0, 2, 0, 1)
			page(seqs[1], 0, 2, 2, 3)
			page(seqs[297], 0, 9, 298, 299)
			page(seqs[299], 0, 9)
			page(0, seqs[299], 2, 297, 298)
			page(0, seqs[1], 9, 0)
			page(0, seqs[0], 9)
			page(0, 1<<62, 2, 298, 299)
			page(seqs[9], seqs[12], 9, 10, 11)
			page(0, 0, 0)
		})
	}},
}

// said wants these texts to be what was said in the room.
func (h *fixture) said(room bot.Room, want ...string) {
	h.Helper()
	got, err := h.Said(h.Context(), room, 0, 0, 100)
	texts := []string{}
	last := uint64(0)
	for _, s := range ok(h, err, got) {
		if s.Seq <= last {
			h.Fatalf("seq %d comes after %d", s.Seq, last)
		}
		last = s.Seq
		if s.In != nil {
			texts = append(texts, s.In.Text)
		} else {
			texts = append(texts, s.Out.Text)
		}
	}
	h.equal("said", texts, append([]string{}, want...))
}

// sentAs wants the replies of a room to stand as described: task, state and ref.
func (h *fixture) sentAs(room bot.Room, want ...string) {
	h.Helper()
	got, err := h.Said(h.Context(), room, 0, 0, 100)
	lines := []string{}
	for _, s := range ok(h, err, got) {
		lines = append(lines, fmt.Sprint(s.Task, " ", s.State, " ", s.Ref))
	}
	h.equal("replies", lines, want)
}
