package engine

import (
	"context"
	"time"

	"nevermind/bot"
)

// Somebody who writes faster than a platform lets us answer is answered once for all of it: a menu of their talk that a newer one
// has taken the place of before it was sent is dropped, and so are words that the talk says again behind them. Nothing else
// is, and nothing that was tried: it may stand there already.
const (
	waitedLong = time.Second // what goes out at once is not looked at
	lookBehind = 100         // messages behind it in the room
)

// superseded says whether a message that waits is no longer worth sending.
func (d *deliverer) superseded(ctx context.Context, l bot.Lease) (bool, error) {
	t, r := l.Task, l.Task.Reply
	if r.From.Kind() != "talk" || r.Mode != bot.New || t.Attempts > 0 || d.now().Sub(t.Made) <= waitedLong {
		return false, nil
	}
	behind, err := d.cfg.Store.Said(ctx, r.Room, t.Seq, 0, lookBehind)
	if err != nil {
		return false, err
	}
	for _, s := range behind {
		if s.Out != nil && s.Out.From == r.From && replaces(s.Out, r) {
			d.cfg.Meter.Count("superseded", r.Room.Adapter(), 1)
			return true, nil
		}
	}
	return false, nil
}

// replaces says whether a later reply of the same talk leaves nothing to say for an earlier one.
func replaces(later, r *bot.Reply) bool {
	switch {
	case later.Mode != bot.New && later.Mode != bot.Edit:
		return false
	case r.Card != "":
		return later.Card == r.Card && len(r.Choices) > 0
	}
	return later.Card == "" && later.Text == r.Text && later.Press == r.Press && r.Quote == "" && len(r.Files)+len(r.Choices) == 0
}
