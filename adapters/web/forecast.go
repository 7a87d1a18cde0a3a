package web

import (
	"cmp"
	"context"
	"errors"
	"net/http"
	"slices"
	"time"

	"nevermind/bot"
)

// forecastStep is one thing that happens if nobody moves.
type forecastStep struct {
	Key    bot.Key   `json:"key"`
	ID     string    `json:"id,omitempty"`
	Order  string    `json:"order,omitempty"`
	At     time.Time `json:"at"`
	By     bot.Party `json:"by"`
	Event  string    `json:"event"`
	From   string    `json:"from"`
	To     string    `json:"to"`
	Window string    `json:"window,omitempty"`
}

// forecast looks at what happens to a conversation if nobody moves.
func (d *Demo) forecast(ctx context.Context, c *bot.Conversation) ([]forecastStep, error) {
	seen, err := d.engine.Foresee(ctx, c.Key, maxForecast)
	steps := make([]forecastStep, 0, len(seen))
	for _, s := range seen {
		steps = append(steps, forecastStep{c.Key, c.ID, c.Order, s.At, s.By, s.Event, s.From, s.To, s.Window})
	}
	return steps, err
}

// stateAfter says which state follows a deadline: as foreseen, or else the first way of the flow.
func stateAfter(f *bot.Flow, state string, dl bot.Deadline, foreseen []forecastStep) string {
	for _, s := range foreseen {
		if s.Event == dl.Event && s.From == state && s.At.Equal(dl.At) {
			return s.To
		}
	}
	if f == nil {
		return ""
	}
	for _, e := range f.Edges() {
		if e.From == state && e.Event == dl.Event {
			return e.To
		}
	}
	return ""
}

type clockView struct {
	Now    time.Time      `json:"now"`
	Offset float64        `json:"offset_seconds"` // ahead of the wall
	Next   *time.Time     `json:"next,omitempty"`
	Ahead  []forecastStep `json:"ahead"` // within a day, or up to the next deadline
}

// maxDue is how many deadlines are looked through, and faraway how far ahead.
const (
	maxDue     = 500
	dueHorizon = 50 * 365 * 24 * time.Hour
)

// clock answers what time it is in the house, and what would happen if it moved.
func (d *Demo) clock(w http.ResponseWriter, r *http.Request) error {
	v := clockView{Now: d.engine.Now(), Offset: d.cfg.Clock.Offset().Seconds(), Ahead: []forecastStep{}}
	due, err := d.due(r.Context(), v.Now)
	if err != nil {
		return err
	}
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

// due lists the deadlines ahead that matter to a marketplace: that a talk is forgotten when idle is nobody's loss.
func (d *Demo) due(ctx context.Context, now time.Time) ([]bot.DueDeadline, error) {
	due, err := d.engine.Store().Due(ctx, now.Add(dueHorizon), maxDue)
	return slices.DeleteFunc(due, func(dl bot.DueDeadline) bool { return dl.Key.Kind() == "talk" }), err
}

// forecastUntil foresees what happens up to an instant to all whose deadlines come before it.
func (d *Demo) forecastUntil(ctx context.Context, due []bot.DueDeadline, end time.Time) ([]forecastStep, error) {
	steps := []forecastStep{}
	seen := map[bot.Key]bool{}
	for _, dl := range due {
		if seen[dl.Key] || dl.At.After(end) {
			continue
		}
		seen[dl.Key] = true
		conv, err := d.engine.Store().Conversation(ctx, dl.Key)
		if err != nil {
			continue // closed meanwhile
		}
		more, err := d.forecast(ctx, &conv)
		if err != nil {
			return nil, err
		}
		steps = append(steps, more...)
	}
	steps = slices.DeleteFunc(steps, func(s forecastStep) bool { return s.At.After(end) })
	slices.SortStableFunc(steps, func(a, b forecastStep) int { return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.Key, b.Key)) })
	return steps, nil
}

// moveClock moves the clock an hour, a day, or to the next deadline.
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
	d.engine.Wake()
	d.hints.tell("clock", "")
	return d.clock(w, r)
}

// clockStep says how far a move of the clock goes.
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
