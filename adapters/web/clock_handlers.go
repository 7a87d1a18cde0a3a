package web

import (
	"context"
	"errors"
	"net/http"
	"time"
)

// clockView is the demo's clock and what would happen if it moved.
type clockView struct {
	Now    time.Time      `json:"now"`
	Offset float64        `json:"offset_seconds"` // ahead of the wall
	Next   *time.Time     `json:"next,omitempty"`
	Ahead  []forecastStep `json:"ahead"` // within a day, or up to the next deadline
}

// clock answers what time it is for the engine, and what would happen within a day, or up to the next deadline if that is
// later.
func (d *Demo) clock(w http.ResponseWriter, r *http.Request) error {
	v := clockView{Now: d.engine.Now(), Offset: d.cfg.Clock.Offset().Seconds(), Ahead: []forecastStep{}}
	due, err := d.due(r.Context(), v.Now)
	if err != nil {
		return err
	}
	// At least the next deadline is shown, however far away it is.
	until := v.Now.Add(24 * time.Hour)
	if len(due) > 0 {
		v.Next = &due[0].At
		if due[0].At.After(until) {
			until = due[0].At
		}
	}
	if v.Ahead, err = d.forecastUntil(r.Context(), due, until); err != nil {
		return err
	}
	return writeJSON(w, v)
}

// moveClock moves the clock an hour, a day, or to the next deadline, and wakes the engine, which fires what is due.
func (d *Demo) moveClock(w http.ResponseWriter, r *http.Request) error {
	var ask struct {
		Move string `json:"move"`
	}
	if err := readJSON(r, &ask); err != nil {
		return err
	}
	by, err := d.clockStep(r.Context(), ask.Move)
	if err == nil {
		err = d.cfg.Clock.Move(r.Context(), by)
	}
	if errors.Is(err, errTooFar) {
		return fault{http.StatusConflict, err.Error()}
	}
	if err != nil {
		return err
	}
	// The engine's timers run by the wall clock and know nothing of the move.
	d.engine.Wake()
	d.hints.tell("clock", "")
	return d.clock(w, r)
}

// clockStep is how far a move of the clock goes; the error is a fault for a move that is not known.
func (d *Demo) clockStep(ctx context.Context, move string) (time.Duration, error) {
	switch move {
	case "1h":
		return time.Hour, nil
	case "24h":
		return 24 * time.Hour, nil
	case "next":
		now := d.engine.Now()
		due, err := d.due(ctx, now)
		if err != nil || len(due) == 0 {
			return 0, err
		}
		return due[0].At.Sub(now), nil
	}
	return 0, fault{http.StatusBadRequest, `"move" must be "1h", "24h" or "next"`}
}
