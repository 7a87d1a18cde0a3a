package engine

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"nevermind/bot"
)

// mostDue is how many deadlines are looked through for those that somebody has a stake in.
const mostDue = 5000

// Ledger lists what runs out over all open records, earliest first, n at most: every clock that somebody has a stake
// in, in words for the reader. Reminders halfway are left out.
func (e *Engine) Ledger(ctx context.Context, reader *bot.Person, n int) ([]bot.Countdown, error) {
	due, err := e.cfg.Store.Due(ctx, e.Now().Add(100*365*24*time.Hour), mostDue)
	if err != nil {
		return nil, err
	}
	var all []bot.Countdown
	for _, d := range due {
		if len(all) == n {
			break
		}
		if strings.HasPrefix(d.Name, "half ") || !e.rules.Matters(d.Key.Kind(), d.Event) {
			continue
		}
		one, err := e.Countdowns(ctx, d.Key, reader)
		if err != nil && !errors.Is(err, bot.ErrNone) {
			return nil, err
		}
		for i := range one {
			if one[i].Name == d.Name && one[i].At.Equal(d.At) {
				all = append(all, one[i])
			}
		}
	}
	return all, nil
}

// Countdowns lists every clock that runs in one open record and that the reader may know of, reminders too, earliest
// first; ErrNone where there is no such record.
func (e *Engine) Countdowns(ctx context.Context, key bot.Key, reader *bot.Person) ([]bot.Countdown, error) {
	v, err := e.standing(ctx, key)
	if err != nil {
		return nil, err
	}
	if v.Conv.State == "" {
		return nil, bot.ErrNone
	}
	var all []bot.Countdown
	for _, d := range v.Conv.Deadlines {
		if s, _ := e.rules.Stake(v.Conv.Flow, d.Event); s.Only != "" && s.Only != reader.Party() {
			continue
		}
		c, w := e.rules.Countdown(v, d, reader)
		if c.From, err = e.began(ctx, v.Conv, &w, d); err != nil {
			return nil, err
		}
		all = append(all, c)
	}
	slices.SortStableFunc(all, func(a, b bot.Countdown) int { return a.At.Compare(b.At) })
	return all, nil
}

// began is when a deadline's clock began to run: a kept one at its first visit, another with the visit, or when it last
// passed and came again.
func (e *Engine) began(ctx context.Context, c *bot.Conversation, w *bot.Wait, d bot.Deadline) (time.Time, error) {
	if at, ok := c.Clocks[w.Window()]; ok && w.Kept {
		return at, nil
	}
	const back = 50
	entries, err := e.cfg.Store.Journal(ctx, c.Key, max(0, c.Entries-back), back)
	if err != nil {
		return time.Time{}, err
	}
	from := c.Opened
	for i := range slices.Backward(entries) {
		if entries[i].Visit < c.Visit {
			break
		}
		if from = entries[i].At; entries[i].Event.Name == d.Event {
			break
		}
	}
	return from, nil
}
