package storetest

import (
	"slices"
	"strings"

	"nevermind/bot"
)

// finding: conversations are found by their terms, by a press token, and by a message they sent.
var finding = []behaviour{
	{"terms are replaced with every commit of the conversation", func(h *fixture) {
		h.commit(0, bot.Commit{Conversation: &bot.Conversation{Key: "case/a"}, Terms: []string{"open", "order:1"}})
		h.each(func() {
			h.find("open", "", 9, "case/a")
			h.find("order:1", "", 9, "case/a")
		})
		h.commit(0, bot.Commit{Conversation: &bot.Conversation{Key: "case/a", Version: 1}, Terms: []string{"closed", "order:1"}})
		h.each(func() {
			h.find("open", "", 9)
			h.find("closed", "", 9, "case/a")
			h.find("order:1", "", 9, "case/a")
		})
		h.commit(0, bot.Commit{Conversation: &bot.Conversation{Key: "case/a", Version: 2}})
		h.find("order:1", "", 9)
	}},
	{"terms stay where the conversation is not in the commit", func(h *fixture) {
		h.commit(0, bot.Commit{Conversation: &bot.Conversation{Key: "case/a"}, Terms: []string{"open"}})
		h.commit(0, bot.Commit{Handled: "m1"})
		h.find("open", "", 9, "case/a")
	}},
	{"a closed conversation is found by its terms too", func(h *fixture) {
		h.commit(0, bot.Commit{Conversation: &bot.Conversation{Key: "case/a", Closed: minutes(1)}, Terms: []string{"order:1"}})
		h.find("order:1", "", 9, "case/a")
	}},
	{"keys come once and by pages, those of one order as they were begun", func(h *fixture) {
		for _, key := range []bot.Key{"case/c/1", "case/a", "talk/b", "case/c/0", "case/aa", "case/c/2"} {
			h.commit(0, bot.Commit{Conversation: &bot.Conversation{Key: key},
				Terms: []string{"open", "open:" + string(key), "twice", "twice"}})
		}
		h.each(func() {
			all, err := h.Find(h.Context(), "open", "", 9)
			var paged []bot.Key
			for after, n := bot.Key(""), 2; n == 2; {
				page, err := h.Find(h.Context(), "open", after, 2)
				for n = len(ok(h, err, page)); len(page) > 0; page = page[1:] {
					after = page[0]
					paged = append(paged, after)
				}
			}
			h.equal("by pages", paged, ok(h, err, all))
			h.equal("of one order", slices.DeleteFunc(paged, func(k bot.Key) bool { return !strings.HasPrefix(string(k), "case/c/") }),
				[]bot.Key{"case/c/0", "case/c/1", "case/c/2"})
			h.equal("all", slices.Sorted(slices.Values(all)),
				[]bot.Key{"case/a", "case/aa", "case/c/0", "case/c/1", "case/c/2", "talk/b"})
			h.find("open", "", 0)
			h.find("ope", "", 9)
			h.find("twice", "", 9, all...)
		})
	}},
	{"a token leads to its conversation, from what is set aside too", func(h *fixture) {
		h.commit(0, bot.Commit{Conversation: &bot.Conversation{
			Key:   "talk/telegram:1",
			Frame: bot.Frame{Offers: []bot.Offer{{Token: "top"}, {Token: "top 2"}, {}}},
			Aside: []bot.Frame{{Offers: []bot.Offer{{Token: "aside"}}}, {}},
		}})
		h.each(func() {
			h.offered("top", "talk/telegram:1")
			h.offered("top 2", "talk/telegram:1")
			h.offered("aside", "talk/telegram:1")
			h.offered("", "")
			h.offered("forged", "")
		})
	}},
	{"a token no longer on offer leads there still", func(h *fixture) {
		h.commit(0, bot.Commit{Conversation: &bot.Conversation{Key: "case/a", Frame: bot.Frame{Offers: []bot.Offer{{Token: "old"}}}}})
		h.commit(1, bot.Commit{Conversation: &bot.Conversation{Key: "case/a", Version: 1,
			Frame: bot.Frame{Offers: []bot.Offer{{Token: "new"}}}}})
		h.commit(2, bot.Commit{Conversation: &bot.Conversation{Key: "case/a", Version: 2, Closed: minutes(2)}})
		h.each(func() {
			h.offered("old", "case/a")
			h.offered("new", "case/a")
		})
	}},
	{"whoever said a message is known by its ref once it is sent", func(h *fixture) {
		h.tasks(0, send("t1", "telegram:1"), send("t2", "telegram:2"))
		for range 2 {
			l := h.claimOne(1)
			h.must(h.Settle(h.Context(), l, minutes(1), bot.Outcome{Ref: "77"}))
			_, err := h.Sender(h.Context(), "telegram:3", "77")
			h.wantErr(err, bot.ErrNone)
		}
		h.each(func() {
			for _, room := range []bot.Room{"telegram:1", "telegram:2"} {
				key, err := h.Sender(h.Context(), room, "77")
				h.equal("sender", ok(h, err, key), bot.TalkKey(room, &bot.Person{}))
			}
			_, err := h.Sender(h.Context(), "telegram:1", "7")
			h.wantErr(err, bot.ErrNone)
		})
	}},
}

func (h *fixture) find(term string, after bot.Key, n int, want ...bot.Key) {
	h.Helper()
	got, err := h.Find(h.Context(), term, after, n)
	h.equal("find "+term, append([]bot.Key{}, ok(h, err, got)...), append([]bot.Key{}, want...))
}

// offered wants a token to lead to a conversation, or to none.
func (h *fixture) offered(token string, want bot.Key) {
	h.Helper()
	key, err := h.Offered(h.Context(), token)
	if want == "" {
		h.wantErr(err, bot.ErrNone)
		return
	}
	h.equal("offered "+token, ok(h, err, key), want)
}
