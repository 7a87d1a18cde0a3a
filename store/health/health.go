// Package health measures how a store is doing, for an operator's machines: what waits in it and for how long, what is
// set aside, and whether it can be written to. It knows a bot.Store by the few methods it asks.
package health

import (
	"context"
	"time"

	"nevermind/bot"
)

// MostDead is how many dead letters are counted: an operator who has so many needs no better figure.
const MostDead = 1000

// readyName is the name under which Writable leaves its mark in the store.
const readyName = "ready"

// Store is the part of bot.Store that is measured.
type Store interface {
	Queues(ctx context.Context, now time.Time) ([]bot.Queue, error)
	NextDeadline(ctx context.Context) (time.Time, error)
	Dead(ctx context.Context, after uint64, n int) ([]bot.TaskRecord, error)
	Schema() int
}

// Figures is how a store is doing at one time. What it did not answer is nil.
type Figures struct {
	Lanes   []Lane         // by kind
	Overdue *time.Duration // how long the earliest deadline has been due without being acted on
	Dead    *int           // dead letters, MostDead at most
	Schema  int            // the version of the stored form
}

// Lane is how much waits in the lanes of one kind.
type Lane struct {
	Kind    string        // as bot.Queue's
	Waiting int           // tasks
	Late    time.Duration // how long the longest overdue task has been due; 0 where none is
}

// Measure asks a store how it is doing at now. It reads a few keys and is cheap enough for every scrape of metrics.
func Measure(ctx context.Context, store Store, now time.Time) Figures {
	f := Figures{Schema: store.Schema()}
	if queues, err := store.Queues(ctx, now); err == nil {
		for _, q := range queues {
			f.Lanes = append(f.Lanes, Lane{q.Kind, q.Waiting, overdue(now, q.Since)})
		}
	}
	if next, err := store.NextDeadline(ctx); err == nil {
		late := overdue(now, next)
		f.Overdue = &late
	}
	if dead, err := store.Dead(ctx, 0, MostDead); err == nil {
		n := len(dead)
		f.Dead = &n
	}
	return f
}

// overdue is how long ago something was due; 0 where it is not due yet, or where there is nothing.
func overdue(now, due time.Time) time.Duration {
	if due.IsZero() {
		return 0
	}
	return max(0, now.Sub(due))
}

// Writable writes a mark with the time and returns why it could not: a store that can only be read is not ready.
func Writable(ctx context.Context, store interface {
	SetValue(ctx context.Context, name string, value []byte) error
}, now time.Time) error {
	return store.SetValue(ctx, readyName, []byte(now.UTC().Format(time.RFC3339)))
}
