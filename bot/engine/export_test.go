package engine

import (
	"context"
	"time"

	"nevermind/bot"
)

// Decide makes a pure turn, for tests and benchmarks.
func (e *Engine) Decide(v *bot.View) (bot.Turn, error) { return e.rules.Decide(v) }

// ViewOf loads what a turn about the event would look at.
func (e *Engine) ViewOf(ctx context.Context, key bot.Key, ev bot.Event) (*bot.View, error) {
	v, err := e.load.view(ctx, key)
	if err != nil {
		return nil, err
	}
	v.Event = &ev
	return v, e.load.participants(ctx, v)
}

// FireDue fires deadlines that have passed, some at the same time where n is above 1.
func (e *Engine) FireDue(ctx context.Context, n int) (int, error) { return e.clock.fireDue(ctx, n) }

// SendLimit is how long one attempt at a reply may take.
var SendLimit = sendLimit

// Slots are the places of files that are fetched.
type Slots struct{ f *fetches }

// NewSlots are as many as an engine has.
func NewSlots() Slots { return Slots{newFetches()} }

// Take says whether a chat has a place now, and Leave gives one back.
func (s Slots) Take(room bot.Room, now time.Time) bool { return s.f.take(room, now) }
func (s Slots) Leave()                                 { s.f.leave() }
