// Package storetest is the contract of bot.Store in executable form: every engine passes it and
// none is named in it.
//
// The contract is a list of behaviours, each one sentence and a check, grouped by file: commits,
// records, orders and people, lookups, the room log, lanes, leases, outcomes, replaced edits, dead
// letters, deadlines, the deduplication sweep, scan and snapshot, close. Most checks look twice,
// before and after a restart (fixture.each), since what a store forgets it forgets there. At the
// end a plain model and the store are driven with the same random steps and must never differ
// (random_model.go).
//
// A new store is tested by one call:
//
//	storetest.Run(t, func(t *testing.T, dir string) bot.Store { … }, restore)
package storetest

import (
	"errors"
	"reflect"
	"testing"
	"time"

	"nevermind/bot"
)

// Run tests the store that open opens. What is committed under a dir must be there again when open
// is called a second time with it after Close; restore opens the snapshot that Backup has written.
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
		{"leases", leases},
		{"outcomes", outcomes},
		{"edits", edits},
		{"dead letters", deadLetters},
		{"deadlines", deadlines},
		{"sweeping", sweeping},
		{"forgetting", forgetting},
		{"keeping", keeping},
		{"closing", closing},
	} {
		t.Run(group.name, func(t *testing.T) {
			for _, b := range group.behaviours {
				t.Run(b.name, func(t *testing.T) {
					h := newFixture(t, open)
					h.restore = restore
					b.check(h)
				})
			}
		})
	}
	t.Run("a plain model agrees", func(t *testing.T) { agreesWithModel(t, open) })
}

// behaviour is one sentence of the contract, and the check that holds it.
type behaviour struct {
	name  string
	check func(h *fixture)
}

// fixture is one store under test in a folder of its own. Its methods fail the test at once where
// the store does what nobody asked about, so that a check reads as what is done and what is wanted.
type fixture struct {
	*testing.T
	bot.Store
	open    func() bot.Store
	restore Restore
}

// newFixture opens an empty store and closes it at the end of the test.
func newFixture(t *testing.T, open func(t *testing.T, dir string) bot.Store) *fixture {
	t.Helper()
	dir := t.TempDir()
	h := &fixture{T: t, open: func() bot.Store { return open(t, dir) }}
	h.Store = h.open()
	t.Cleanup(func() { _ = h.Close() })
	return h
}

// reopen is a restart.
func (h *fixture) reopen() {
	h.Helper()
	h.must(h.Close())
	h.Store = h.open()
}

// each runs a check now and once more after a restart.
func (h *fixture) each(check func()) {
	h.Helper()
	check()
	h.reopen()
	check()
}

// must wants no error.
func (h *fixture) must(err error) {
	h.Helper()
	if err != nil {
		h.Fatalf("got error %v, want none", err)
	}
}

// wantErr wants an error that errors.Is recognizes.
func (h *fixture) wantErr(got, want error) {
	h.Helper()
	if !errors.Is(got, want) {
		h.Fatalf("got error %v, want %v", got, want)
	}
}

// commit makes one change at the given minute.
func (h *fixture) commit(minute int, c bot.Commit) {
	h.Helper()
	c.At = minutes(minute)
	h.must(h.Commit(h.Context(), &c))
}

// refused wants a change to be refused.
func (h *fixture) refused(want error, c bot.Commit) {
	h.Helper()
	c.At = minutes(0)
	h.wantErr(h.Commit(h.Context(), &c), want)
}

// tasks makes a commit of nothing but tasks at the given minute.
func (h *fixture) tasks(minute int, tasks ...bot.Task) {
	h.Helper()
	h.commit(minute, bot.Commit{Tasks: tasks})
}

// equal wants two values to be deeply equal.
func (h *fixture) equal(what string, got, want any) {
	h.Helper()
	if !reflect.DeepEqual(got, want) {
		h.Fatalf("%s: got %+v, want %+v", what, got, want)
	}
}

// start is when every test begins; minutes counts from there.
var start = time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC)

// minutes is so many minutes after start.
func minutes(n int) time.Time { return start.Add(time.Duration(n) * time.Minute) }

// ok passes on a value where there was no error.
func ok[T any](h *fixture, err error, v T) T {
	h.Helper()
	h.must(err)
	return v
}
