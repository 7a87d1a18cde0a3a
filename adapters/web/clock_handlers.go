package web

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"time"

	"nevermind/bot"
)

// clockView is the demo's clock and what would happen if it moved.
type clockView struct {
	Now    time.Time      `json:"now"`
	Offset float64        `json:"offset_seconds"` // ahead of the wall
	Next   *time.Time     `json:"next,omitempty"`
	Ahead  []forecastStep `json:"ahead"` // within a day, or up to the next deadline
}

// clock answers what time it is for the engine, and what would happen within a day, or up to the next deadline if that is
// later. The next deadline is that of the case that is looked at, where it has one.
func (d *Demo) clock(w http.ResponseWriter, r *http.Request) error {
	return d.showClock(w, r, bot.Key(r.FormValue("case")))
}

// showClock answers what time it is.
func (d *Demo) showClock(w http.ResponseWriter, r *http.Request, chosen bot.Key) error {
	v := clockView{Now: d.engine.Now(), Offset: d.cfg.Clock.Offset().Seconds(), Ahead: []forecastStep{}}
	due, err := d.due(r.Context(), v.Now)
	if err != nil {
		return err
	}
	// At least the next deadline is shown, however far away it is.
	until := v.Now.Add(24 * time.Hour)
	if next := nextOf(due, chosen); !next.IsZero() {
		v.Next = &next
		if next.After(until) {
			until = next
		}
	}
	if v.Ahead, err = d.forecastUntil(r.Context(), due, until); err != nil {
		return err
	}
	return writeJSON(w, v)
}

// nextOf is the first deadline of a case, or of all where it has none; zero where there is none at all.
func nextOf(due []bot.DueDeadline, chosen bot.Key) time.Time {
	if i := slices.IndexFunc(due, func(dl bot.DueDeadline) bool { return dl.Key == chosen }); i >= 0 {
		return due[i].At
	}
	if len(due) > 0 {
		return due[0].At
	}
	return time.Time{}
}

// moveClock moves the clock an hour, a day, or to the next deadline.
func (d *Demo) moveClock(w http.ResponseWriter, r *http.Request) error {
	var ask struct {
		Move string  `json:"move"`
		Case bot.Key `json:"case"`
	}
	if err := readJSON(r, &ask); err != nil {
		return err
	}
	by, err := d.clockStep(r.Context(), ask.Move, ask.Case)
	if err == nil {
		err = d.advance(r.Context(), d.engine.Now().Add(by))
	}
	if errors.Is(err, errTooFar) {
		return fault{http.StatusConflict, wordsTooFar}
	}
	if err != nil {
		return err
	}
	d.hints.tell("clock", "")
	return d.showClock(w, r, ask.Case)
}

// maxStops is how many deadlines one move of the clock stops at; a longer way goes on at the next press.
const maxStops = 200

// advance moves the clock on to an instant. It stops at each deadline on its way until what that one leads to is done, so
// that all happens in its order and at its time, as if somebody had waited.
func (d *Demo) advance(ctx context.Context, end time.Time) error {
	for range maxStops {
		due, err := d.engine.Store().Due(ctx, end, 1)
		if err != nil {
			return err
		}
		at := end
		if len(due) > 0 {
			at = due[0].At
		}
		if err := d.cfg.Clock.Move(ctx, at.Sub(d.engine.Now())); err != nil {
			return err
		}
		d.engine.Wake() // the engine's timers run by the wall clock and know nothing of the move
		if len(due) == 0 {
			return nil
		}
		if err := d.settled(ctx); err != nil {
			return err
		}
	}
	return nil
}

// settled waits until nothing is due any more: twice in a row, since what was just done may lead to more.
func (d *Demo) settled(ctx context.Context) error {
	quiet := 0
	_, err := poll(ctx, func() (bool, bool, error) {
		is, err := d.engine.Quiet(ctx)
		if quiet++; !is {
			quiet = 0
		}
		return true, quiet > 1, err
	})
	if errors.Is(err, errTooSlow) {
		return nil // something is tried again and again; the clock goes on without it
	}
	return err
}

// clockStep is how far a move of the clock goes; the error is a fault for a move that is not known.
func (d *Demo) clockStep(ctx context.Context, move string, chosen bot.Key) (time.Duration, error) {
	switch move {
	case "1h":
		return time.Hour, nil
	case "24h":
		return 24 * time.Hour, nil
	case "next":
		now := d.engine.Now()
		due, err := d.due(ctx, now)
		if next := nextOf(due, chosen); !next.IsZero() {
			return next.Sub(now), err
		}
		return 0, err
	}
	return 0, fault{http.StatusBadRequest, `"move" must be "1h", "24h" or "next"`}
}
