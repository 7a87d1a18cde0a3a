package storetest

import (
	"fmt"

	"nevermind/bot"
)

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

// offers stores a conversation with one button.
func (h *fixture) offers(minute int, key bot.Key, version int64, token string) {
	h.Helper()
	h.commit(minute, bot.Commit{Conversation: &bot.Conversation{Key: key, Version: version,
		Frame: bot.Frame{Offers: []bot.Offer{{Token: token}}}}})
}
