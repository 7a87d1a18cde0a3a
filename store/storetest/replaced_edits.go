package storetest

import (
	"time"

	"nevermind/bot"
)

// edits: a newer edit of a card replaces one that still waits and was never tried.
var edits = []behaviour{
	{"a newer edit of a card replaces one that waits", func(h *fixture) {
		h.tasks(0, edit("e1", "telegram:1", "case/a"), send("t", "telegram:1"))
		h.tasks(1, edit("e2", "telegram:1", "case/a"))
		h.each(func() {
			h.said("telegram:1", "t", "e2")
			h.equal("replaced", h.task("e1").State, bot.TaskDone)
			h.equal("outcome", h.task("e1").Outcome, bot.Outcome{})
		})
		h.tasks(2, edit("e3", "telegram:1", "case/a"))
		h.reopen()
		for _, want := range []string{"t", "e3"} {
			l := h.claimOne(3)
			h.equal("head", l.Task.ID, want)
			h.must(h.Settle(h.Context(), l, minutes(3), bot.Outcome{}))
		}
		h.claims(3, 9)
	}},
	{"within one commit too", func(h *fixture) {
		h.tasks(0, edit("e1", "telegram:1", "case/a"), edit("e2", "telegram:1", "case/a"))
		h.said("telegram:1", "e2")
		h.claims(0, 9, "e2")
	}},
	{"one that is leased stays", func(h *fixture) {
		h.tasks(0, edit("e1", "telegram:1", "case/a"))
		l := h.claimOne(0)
		h.tasks(1, edit("e2", "telegram:1", "case/a"))
		h.tasks(1, edit("e3", "telegram:1", "case/a"))
		h.said("telegram:1", "e1", "e3")
		h.must(h.Settle(h.Context(), l, minutes(1), bot.Outcome{}))
		h.claims(1, 9, "e3")
	}},
	{"one that was tried stays, after a restart too", func(h *fixture) {
		h.tasks(0, edit("e1", "telegram:1", "case/a"))
		l := h.claimOne(0)
		h.must(h.Attempt(h.Context(), l))
		h.must(h.Settle(h.Context(), l, minutes(0), bot.Outcome{Retry: time.Minute}))
		h.reopen()
		h.tasks(1, edit("e2", "telegram:1", "case/a"))
		h.said("telegram:1", "e1", "e2")
		h.claims(1, 9, "e1")
	}},
	{"other cards, other rooms and other modes are left alone", func(h *fixture) {
		card := edit("new", "telegram:1", "case/a")
		card.Reply.Mode = bot.New
		strip := edit("strip", "telegram:1", "case/a")
		strip.Reply.Mode = bot.Strip
		plain, plain2 := edit("plain", "telegram:1", ""), edit("plain 2", "telegram:1", "")
		h.tasks(0, card, strip, edit("b", "telegram:1", "case/b"), edit("far", "telegram:2", "case/a"), plain, plain2)
		h.tasks(1, edit("e", "telegram:1", "case/a"))
		h.said("telegram:1", "new", "strip", "b", "plain", "plain 2", "e")
		h.said("telegram:2", "far")
	}},
	{"a lease knows the live card of its room", func(h *fixture) {
		h.ref("", "")
		card := edit("c1", "telegram:1", "case/a")
		card.Reply.Mode = bot.New
		h.tasks(0, card)
		h.ref("", "77")
		h.tasks(0, edit("e1", "telegram:1", "case/a"))
		h.reopen()
		h.ref("77", "")
		h.tasks(0, edit("other", "telegram:1", "case/b"))
		h.ref("", "") // another conversation's card
		strip := edit("s1", "telegram:1", "case/a")
		strip.Reply.Mode = bot.Strip
		h.tasks(0, strip)
		h.ref("77", "78") // stripping makes no other card
		h.tasks(0, edit("e2", "telegram:1", "case/a"))
		h.ref("77", "79") // the edit had to be a new message
		card.ID = "c2"
		h.tasks(0, card)
		h.ref("79", "80")
		h.reopen()
		h.tasks(0, edit("e3", "telegram:1", "case/a"))
		h.ref("80", "")
		for card, want := range map[bot.Key]bot.Ref{"case/a": "80", "case/b": ""} {
			plain := send("said by "+string(card), "telegram:1")
			plain.Reply.From = card
			h.tasks(0, plain)
			h.ref(want, "")
		}
	}},
}

func edit(id string, room bot.Room, card bot.Key) bot.Task {
	t := send(id, room)
	t.Reply.Mode, t.Reply.Card = bot.Edit, card
	return t
}

// ref wants the next lease to know this live card, and settles it as sent under a ref. With nothing waiting it makes a
// plain message of its own.
func (h *fixture) ref(want, sent bot.Ref) {
	h.Helper()
	next, err := h.NextTask(h.Context())
	if ok(h, err, next).IsZero() {
		h.tasks(0, send("plain", "telegram:1"))
	}
	l := h.claimOne(1)
	h.equal("live card for "+l.Task.ID, l.Ref, want)
	h.must(h.Settle(h.Context(), l, minutes(1), bot.Outcome{Ref: sent}))
}
