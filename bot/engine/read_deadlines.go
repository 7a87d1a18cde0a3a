package engine

import (
	"context"
	"errors"
	"slices"
	"time"

	"nevermind/bot"
)

// mostDue is how many deadlines are looked through for those that somebody has a stake in.
const mostDue = 5000

// Ledger lists what runs out over all open records, earliest first, n at most: every clock that somebody has a stake
// in, in words for the reader. Reminders halfway are left out.
func (e *Engine) Ledger(ctx context.Context, reader *bot.Person, n int) ([]bot.Countdown, error) {
	return e.lookout.ledger(ctx, reader, n)
}

// ledger goes through the stored deadlines and works out those that matter. It looks at the first mostDue of all, so that a
// store with more shows the earliest.
func (r *lookout) ledger(ctx context.Context, reader *bot.Person, n int) ([]bot.Countdown, error) {
	due, err := r.cfg.Store.Due(ctx, r.now().Add(100*365*24*time.Hour), mostDue)
	if err != nil {
		return nil, err
	}
	var all []bot.Countdown
	for _, d := range due {
		if len(all) == n {
			break
		}
		if d.Half || !r.rules.Matters(d.Key.Kind(), d.Event) {
			continue
		}
		one, err := r.countdowns(ctx, d.Key, reader)
		if err != nil && !errors.Is(err, bot.ErrNone) {
			return nil, err
		}
		for i := range one {
			if one[i].Name == d.Window && one[i].Half == d.Half && one[i].At.Equal(d.At) {
				all = append(all, one[i])
			}
		}
	}
	return all, nil
}

// Countdowns lists every clock that runs in one open record and that the reader may know of, reminders too, earliest
// first; ErrNone where there is no such record.
func (e *Engine) Countdowns(ctx context.Context, key bot.Key, reader *bot.Person) ([]bot.Countdown, error) {
	return e.lookout.countdowns(ctx, key, reader)
}

// countdowns works out each deadline of the record as it stands.
func (r *lookout) countdowns(ctx context.Context, key bot.Key, reader *bot.Person) ([]bot.Countdown, error) {
	v, err := r.load.asItStands(ctx, key)
	if err != nil {
		return nil, err
	}
	if v.Conv.State == "" {
		return nil, bot.ErrNone
	}
	var all []bot.Countdown
	for _, d := range v.Conv.Deadlines {
		if s, _ := r.rules.Stake(v.Conv.Flow, d.Event); s.Only != "" && s.Only != reader.Party() {
			continue
		}
		c, w := r.rules.Countdown(v, d, reader)
		if c.From, err = r.began(ctx, v.Conv, w, d); err != nil {
			return nil, err
		}
		all = append(all, c)
	}
	slices.SortStableFunc(all, func(a, b bot.Countdown) int { return a.At.Compare(b.At) })
	return all, nil
}

// began is when a deadline's clock began to run: a kept one at its first visit, another with the visit, or when it last
// passed and came again.
func (r *lookout) began(ctx context.Context, c *bot.Conversation, w *bot.Wait, d bot.Deadline) (time.Time, error) {
	if at, ok := c.Clocks[w.Window()]; ok && w.Kept {
		return at, nil
	}
	const back = 50
	entries, err := r.cfg.Store.Journal(ctx, c.Key, max(0, c.Entries-back), back)
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
