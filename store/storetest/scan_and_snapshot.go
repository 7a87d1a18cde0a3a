package storetest

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"nevermind/bot"
)

// Restore opens what Backup has written to a file.
type Restore func(t *testing.T, file string) bot.Store

// keeping: Each hands out every record once, and a snapshot taken under load is a store of its own
// that holds a prefix of the commits.
var keeping = []behaviour{
	{"everything kept is handed out once, kind by kind", func(h *fixture) {
		h.commit(0, bot.Commit{Order: &bot.Order{ID: "2"}, Tasks: []bot.Task{work("t1", "a"), work("t2", "a")}})
		h.commit(0, bot.Commit{Order: &bot.Order{ID: "1"}, Person: &bot.Person{ID: "buyer:b"}})
		for i, key := range []bot.Key{"case/bb", "case/a", "talk/b"} {
			h.commit(i, bot.Commit{Conversation: &bot.Conversation{Key: key}, Entry: &bot.Entry{Conversation: key, Seq: 1},
				Said: &bot.Message{ID: string(key), Room: "telegram:1"}})
			h.commit(i, bot.Commit{Conversation: &bot.Conversation{Key: key, Version: 1}, Entry: &bot.Entry{Conversation: key, Seq: 2}})
		}
		h.tasks(1, send("s1", "telegram:1"))
		h.must(h.SetValue(h.Context(), "clock", []byte("12:00")))
		h.settleOne(1, bot.Outcome{Dead: "gone"})
		want := []string{
			"order 1", "order 2", "person buyer:b", "conversation case/a", "conversation talk/b", "conversation case/bb",
			"entry case/a 1", "entry case/a 2", "entry talk/b 1", "entry talk/b 2", "entry case/bb 1", "entry case/bb 2",
			"task t1 dead", "task t2 waiting", "task s1 waiting", "said case/bb", "said case/a", "said talk/b", "value clock 12:00",
		}
		h.each(func() {
			all := everything(h, h.Store)
			h.equal("kinds", kinds(all), kinds(want))
			h.equal("lines", of("entry case/bb", all), of("entry case/bb", want))
			h.equal("everything", slices.Sorted(slices.Values(all)), slices.Sorted(slices.Values(want)))
		})
	}},
	{"more than fits one look is handed out too", func(h *fixture) {
		h.race(1500, func(i int) error {
			key := bot.Key(fmt.Sprint("case/", i))
			return h.Commit(h.Context(), &bot.Commit{Order: &bot.Order{ID: fmt.Sprint(i)}, Conversation: &bot.Conversation{Key: key},
				Entry: &bot.Entry{Conversation: key, Seq: 1}})
		}, nil)
		all := everything(h, h.Store)
		h.equal("records", len(slices.Compact(slices.Sorted(slices.Values(all)))), 4500)
	}},
	{"whoever takes the records may stop", func(h *fixture) {
		h.tasks(0, work("t1", "a"), work("t2", "a"))
		enough := errors.New("enough")
		n := 0
		h.wantErr(h.Each(h.Context(), func(bot.Record) error { n++; return enough }), enough)
		h.equal("records", n, 1)
	}},
	{"a backup taken under load opens and equals a prefix", func(h *fixture) {
		const writers, each = 8, 150
		var wg sync.WaitGroup
		half := make(chan bool, writers)
		for w := range writers {
			wg.Go(func() {
				head := ""
				for i := range each {
					if i == each/3 {
						half <- true
					}
					key := bot.Key(fmt.Sprint("case/", w))
					e := bot.Entry{Conversation: key, Seq: i + 1, Prev: head}
					e.Hash = e.Sum()
					head = e.Hash
					c := bot.Commit{
						Conversation: &bot.Conversation{Key: key, Version: int64(i), Entries: e.Seq, Head: head}, Entry: &e,
						Tasks: []bot.Task{work(fmt.Sprint(w, "-", i), fmt.Sprint("lane", w))}, Handled: fmt.Sprint("m", w, "-", i),
					}
					if err := h.Commit(h.Context(), &c); err != nil {
						h.Errorf("commit: %v", err)
						return
					}
				}
			})
		}
		for range writers {
			<-half
		}
		b := h.backup()
		wg.Wait()
		for w := range writers {
			key := bot.Key(fmt.Sprint("case/", w))
			c, err := b.Conversation(h.Context(), key)
			n := int(ok(h, err, c).Version)
			if n < each/3 || n > each {
				h.Fatalf("%s stands at %d, want at least %d", key, n, each/3)
			}
			entries, err := b.Journal(h.Context(), key, 0, 1000)
			h.equal("entries", len(ok(h, err, entries)), n)
			_, err = b.Task(h.Context(), fmt.Sprint(w, "-", n-1))
			h.must(err)
			_, err = b.Task(h.Context(), fmt.Sprint(w, "-", n))
			h.wantErr(err, bot.ErrNone)
			h.wantErr(b.Commit(h.Context(), &bot.Commit{Handled: fmt.Sprint("m", w, "-", n-1)}), bot.ErrSeen)
			h.must(b.Commit(h.Context(), &bot.Commit{Handled: fmt.Sprint("m", w, "-", n)}))
		}
	}},
	{"a backup is a store of its own, with the order of its lanes", func(h *fixture) {
		h.tasks(0, work("a1", "a"), work("a2", "a"))
		h.settleOne(0, bot.Outcome{})
		b := h.backup()
		h.settleOne(0, bot.Outcome{})
		h.tasks(1, work("a3", "a"))
		ls, err := b.Claim(h.Context(), minutes(1), 9, 1)
		if len(ok(h, err, ls)) != 1 || ls[0].Task.ID != "a2" {
			h.Fatalf("claimed from the copy: %+v", ls)
		}
	}},
	{"a backup that cannot be written fails", func(h *fixture) {
		h.tasks(0, work("a1", "a"))
		full := errors.New("the disk is full")
		h.wantErr(h.Backup(h.Context(), failing{full}), full)
		h.tasks(0, work("a2", "a"))
	}},
}

type failing struct{ err error }

func (f failing) Write([]byte) (int, error) { return 0, f.err }

// backup writes a backup to a file and opens it.
func (h *fixture) backup() bot.Store {
	h.Helper()
	file := filepath.Join(h.TempDir(), "backup")
	f, err := os.Create(file)
	h.must(err)
	h.must(errors.Join(h.Backup(h.Context(), f), f.Close()))
	b := h.restore(h.T, file)
	h.Cleanup(func() { _ = b.Close() })
	return b
}

// everything names each record that is handed out.
// kinds is the first word of each line.
func kinds(all []string) (words []string) {
	for _, line := range all {
		kind, _, _ := strings.Cut(line, " ")
		words = append(words, kind)
	}
	return words
}

// of are the lines that begin so.
func of(begin string, all []string) (some []string) {
	for _, line := range all {
		if strings.HasPrefix(line, begin) {
			some = append(some, line)
		}
	}
	return some
}

func everything(h *fixture, s bot.Store) (all []string) {
	h.Helper()
	h.must(s.Each(h.Context(), func(r bot.Record) error {
		switch {
		case r.Order != nil:
			all = append(all, "order "+r.Order.ID)
		case r.Person != nil:
			all = append(all, "person "+string(r.Person.ID))
		case r.Conversation != nil:
			all = append(all, "conversation "+string(r.Conversation.Key))
		case r.Entry != nil:
			all = append(all, fmt.Sprint("entry ", r.Entry.Conversation, " ", r.Entry.Seq))
		case r.Task != nil:
			all = append(all, fmt.Sprint("task ", r.Task.Task.ID, " ", r.Task.State))
		case r.Said != nil:
			all = append(all, "said "+r.Said.In.ID)
		case r.Value != nil:
			all = append(all, fmt.Sprint("value ", r.Value.Name, " ", string(r.Value.Value)))
		}
		return nil
	}))
	return all
}
