package web

import (
	"cmp"
	"context"
	"slices"
	"time"

	"nevermind/bot"
)

// forecastStep is one move that happens if nobody acts: when, by which event, and from which state to which.
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

// forecast is what happens to a conversation if nobody acts, a few steps far. The engine makes the very turns on copies.
func (d *Demo) forecast(ctx context.Context, c *bot.Conversation) ([]forecastStep, error) {
	seen, err := d.engine.Foresee(ctx, c.Key, maxForecast)
	steps := make([]forecastStep, 0, len(seen))
	for _, s := range seen {
		steps = append(steps, forecastStep{c.Key, c.ID, c.Order, s.At, s.By, s.Event, s.From, s.To, s.Window})
	}
	return steps, err
}

// stateAfter says which state follows a deadline: as the forecast has it, or else the flow's first arrow for it. It is
// empty where neither is known.
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

// maxDue is how many deadlines are looked through, and faraway how far ahead.
const (
	// maxDue is how many deadlines are looked through, and dueHorizon how far ahead.
	maxDue     = 500
	dueHorizon = 50 * 365 * 24 * time.Hour
)

// due lists the deadlines ahead that matter to a marketplace, earliest first. That an idle talk is forgotten matters to
// nobody.
func (d *Demo) due(ctx context.Context, now time.Time) ([]bot.DueDeadline, error) {
	due, err := d.engine.Store().Due(ctx, now.Add(dueHorizon), maxDue)
	return slices.DeleteFunc(due, func(dl bot.DueDeadline) bool { return dl.Key.Kind() == "talk" }), err
}

// forecastUntil is what happens up to an instant to every conversation that has a deadline before it, in order of time.
func (d *Demo) forecastUntil(ctx context.Context, due []bot.DueDeadline, end time.Time) ([]forecastStep, error) {
	steps := []forecastStep{}
	seen := map[bot.Key]bool{}
	for _, dl := range due {
		// A conversation with several deadlines is forecast once.
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
