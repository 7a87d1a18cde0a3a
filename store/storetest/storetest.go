// Package storetest is the contract of bot.Store in executable form. Every engine passes it, none is named in it.
package storetest

import (
	"errors"
	"reflect"
	"testing"
	"time"

	"nevermind/bot"
)

// Run tests the store that open opens. What is kept under a dir is there again when it is opened a second time after
// Close; restore opens what its Backup has written.
func Run(t *testing.T, open func(t *testing.T, dir string) bot.Store, restore Restore) {
	for _, group := range []struct {
		name       string
		behaviours []behaviour
	}{
		{"commits", commits},
		{"records", records},
		{"people and orders", peopleAndOrders},
		{"finding", finding},
		{"said", saidLog},
		{"lanes", lanes},
		{"outcomes", outcomes},
		{"edits", edits},
		{"dead letters", deadLetters},
		{"deadlines", deadlines},
		{"sweeping", sweeping},
		{"keeping", keeping},
		{"closing", closing},
	} {
		t.Run(group.name, func(t *testing.T) {
			for _, b := range group.behaviours {
				t.Run(b.name, func(t *testing.T) {
					h := begin(t, open)
					h.restore = restore
					b.check(h)
				})
			}
		})
	}
	t.Run("a plain model agrees", func(t *testing.T) { agree(t, open) })
}

// behaviour is one sentence of the contract and how to see that it holds.
type behaviour struct {
	name  string
	check func(h *house)
}

// house is one store under test; it fails the test where the store does what nobody asked about.
type house struct {
	*testing.T
	bot.Store
	open    func() bot.Store
	restore Restore
}

func begin(t *testing.T, open func(t *testing.T, dir string) bot.Store) *house {
	t.Helper()
	dir := t.TempDir()
	h := &house{T: t, open: func() bot.Store { return open(t, dir) }}
	h.Store = h.open()
	t.Cleanup(func() { _ = h.Close() })
	return h
}

// reopen is a restart.
func (h *house) reopen() {
	h.Helper()
	h.must(h.Close())
	h.Store = h.open()
}

// each runs a check now and once more after a restart.
func (h *house) each(check func()) {
	h.Helper()
	check()
	h.reopen()
	check()
}

func (h *house) must(err error) {
	h.Helper()
	if err != nil {
		h.Fatalf("got error %v, want none", err)
	}
}

func (h *house) wantErr(got, want error) {
	h.Helper()
	if !errors.Is(got, want) {
		h.Fatalf("got error %v, want %v", got, want)
	}
}

// commit makes one change at the given minute.
func (h *house) commit(minute int, c bot.Commit) {
	h.Helper()
	c.At = minutes(minute)
	h.must(h.Commit(h.Context(), &c))
}

// refused wants a change to be refused.
func (h *house) refused(want error, c bot.Commit) {
	h.Helper()
	c.At = minutes(0)
	h.wantErr(h.Commit(h.Context(), &c), want)
}

// task makes a commit of nothing but tasks.
func (h *house) tasks(minute int, tasks ...bot.Task) {
	h.Helper()
	h.commit(minute, bot.Commit{Tasks: tasks})
}

func (h *house) same(what string, got, want any) {
	h.Helper()
	if !reflect.DeepEqual(got, want) {
		h.Fatalf("%s: got %+v, want %+v", what, got, want)
	}
}

// start is when every test begins; minutes counts from there.
var start = time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC)

func minutes(n int) time.Time { return start.Add(time.Duration(n) * time.Minute) }

// ok passes on a value where there was no error.
func ok[T any](h *house, err error, v T) T {
	h.Helper()
	h.must(err)
	return v
}
