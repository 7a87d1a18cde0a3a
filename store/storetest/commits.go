package storetest

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"nevermind/bot"
)

var commits = []behaviour{
	{"a commit is found whole, also after a restart", func(h *house) {
		h.must(h.Commit(h.Context(), whole()))
		h.each(func() { h.found() })
	}},
	{"a stale one changes nothing", func(h *house) {
		h.must(h.Commit(h.Context(), whole()))
		c := whole()
		c.Handled, c.Conversation.Version, c.Entry.Seq = "another", 7, 2
		h.refused(bot.ErrStale, *c)
		h.each(func() { h.found() })
		h.unhandled("another")
	}},
	{"version 0 must not exist yet, and no other version may be made up", func(h *house) {
		h.refused(bot.ErrStale, bot.Commit{Conversation: &bot.Conversation{Key: "case/a", Version: 1}})
		h.commit(0, bot.Commit{Conversation: &bot.Conversation{Key: "case/a"}})
		h.refused(bot.ErrStale, bot.Commit{Conversation: &bot.Conversation{Key: "case/a"}})
		h.refused(bot.ErrStale, bot.Commit{Conversation: &bot.Conversation{Key: "case/a", Version: 2}})
		h.commit(0, bot.Commit{Conversation: &bot.Conversation{Key: "case/a", Version: 1}})
		got, err := h.Conversation(h.Context(), "case/a")
		h.same("version", ok(h, err, got.Version), int64(2))
	}},
	{"a repeat of what was handled is refused and changes nothing", func(h *house) {
		h.must(h.Commit(h.Context(), whole()))
		again := whole()
		again.Conversation.Version, again.Conversation.State, again.Tasks[0].ID = 1, "elsewhere", "another"
		h.each(func() {
			h.refused(bot.ErrSeen, *again)
			h.found()
		})
	}},
	{"seen is said before stale", func(h *house) {
		h.commit(0, bot.Commit{Handled: "m1", Conversation: &bot.Conversation{Key: "case/a"}})
		h.refused(bot.ErrSeen, bot.Commit{Handled: "m1", Conversation: &bot.Conversation{Key: "case/a"}})
	}},
	{"what is refused may be tried again", func(h *house) {
		h.refused(bot.ErrStale, bot.Commit{Handled: "m1", Conversation: &bot.Conversation{Key: "case/a", Version: 3}})
		h.commit(0, bot.Commit{Handled: "m1", Conversation: &bot.Conversation{Key: "case/a"}})
	}},
	{"of many commits of one version exactly one wins", func(h *house) {
		won, lost := h.race(16, func(i int) error {
			return h.Commit(h.Context(), &bot.Commit{Conversation: &bot.Conversation{Key: "case/a", ID: fmt.Sprint(i)}})
		}, bot.ErrStale)
		h.same("won and lost", [2]int{won, lost}, [2]int{1, 15})
		got, err := h.Conversation(h.Context(), "case/a")
		h.same("version", ok(h, err, got.Version), int64(1))
	}},
	{"of many commits of one message exactly one wins", func(h *house) {
		won, lost := h.race(16, func(i int) error {
			key := bot.Key(fmt.Sprint("case/", i))
			return h.Commit(h.Context(), &bot.Commit{Handled: "m1", Conversation: &bot.Conversation{Key: key}})
		}, bot.ErrSeen)
		h.same("won and lost", [2]int{won, lost}, [2]int{1, 15})
	}},
	{"many at once are all kept", func(h *house) {
		won, _ := h.race(200, func(i int) error {
			key := bot.Key(fmt.Sprint("case/", i))
			return h.Commit(h.Context(), &bot.Commit{Handled: string(key), Conversation: &bot.Conversation{Key: key}})
		}, nil)
		h.same("won", won, 200)
		h.reopen()
		for i := range 200 {
			_, err := h.Conversation(h.Context(), bot.Key(fmt.Sprint("case/", i)))
			h.must(err)
		}
	}},
	{"a refusal does not touch those committed with it", func(h *house) {
		won, lost := h.race(100, func(i int) error {
			key := bot.Key(fmt.Sprint("case/", i))
			return h.Commit(h.Context(), &bot.Commit{Conversation: &bot.Conversation{Key: key, Version: int64(i % 2)}})
		}, bot.ErrStale)
		h.same("won and lost", [2]int{won, lost}, [2]int{50, 50})
		for i := range 100 {
			_, err := h.Conversation(h.Context(), bot.Key(fmt.Sprint("case/", i)))
			if want := []error{nil, bot.ErrNone}[i%2]; !errors.Is(err, want) {
				h.Fatalf("case/%d: got %v, want %v", i, err, want)
			}
		}
	}},
	{"one that is cancelled before it is made changes nothing", func(h *house) {
		ctx, cancel := context.WithCancel(h.Context())
		cancel()
		h.wantErr(h.Commit(ctx, whole()), context.Canceled)
		_, err := h.Conversation(h.Context(), "case/whole")
		h.wantErr(err, bot.ErrNone)
		_, err = h.Task(h.Context(), "t1")
		h.wantErr(err, bot.ErrNone)
		h.unhandled("m1")
	}},
	{"one that is cancelled on the way is made whole or not at all", func(h *house) {
		for i := range 50 {
			ctx, cancel := context.WithCancel(h.Context())
			key := bot.Key(fmt.Sprint("case/", i))
			var wg sync.WaitGroup
			wg.Go(cancel)
			err := h.Commit(ctx, &bot.Commit{Handled: string(key), Conversation: &bot.Conversation{Key: key}})
			wg.Wait()
			_, there := h.Conversation(h.Context(), key)
			if (err == nil) != (there == nil) {
				h.Fatalf("commit says %v, loading says %v", err, there)
			}
		}
	}},
	{"journal entries are never written over", func(h *house) {
		h.commit(0, bot.Commit{Entry: &bot.Entry{Conversation: "case/a", Seq: 1, Refused: "first"}})
		h.refused(bot.ErrStale, bot.Commit{Entry: &bot.Entry{Conversation: "case/a", Seq: 1, Refused: "second"}})
		got, err := h.Journal(h.Context(), "case/a", 0, 10)
		h.same("note", ok(h, err, got)[0].Refused, "first")
	}},
	{"names that cannot be kept are refused and disturb nobody", func(h *house) {
		h.race(20, func(i int) error {
			key := []bot.Key{"", bot.Key(fmt.Sprint("case/", i))}[i%2]
			_ = h.Commit(h.Context(), &bot.Commit{Conversation: &bot.Conversation{Key: key}})
			return nil
		}, nil)
		for i := 1; i < 20; i += 2 {
			_, err := h.Conversation(h.Context(), bot.Key(fmt.Sprint("case/", i)))
			h.must(err)
		}
	}},
}

// race calls f from n goroutines at once and counts those that won and those that were refused as expected.
func (h *house) race(n int, f func(i int) error, refused error) (won, lost int) {
	h.Helper()
	errs := make([]error, n)
	var wg sync.WaitGroup
	for i := range n {
		wg.Go(func() { errs[i] = f(i) })
	}
	wg.Wait()
	for _, err := range errs {
		switch {
		case err == nil:
			won++
		case refused != nil && errors.Is(err, refused):
			lost++
		default:
			h.Fatalf("got error %v, want none or %v", err, refused)
		}
	}
	return won, lost
}

// unhandled wants the id not to be handled yet, and handles it.
func (h *house) unhandled(id string) {
	h.Helper()
	h.commit(0, bot.Commit{Handled: id})
}
