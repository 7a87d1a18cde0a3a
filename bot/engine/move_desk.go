package engine

import (
	"context"
	"errors"
	"slices"

	"nevermind/bot"
)

// MoveDesk makes a room support's on its platform, and takes any other one there away from support: the cards in it lose their
// buttons, and open cases are shown in the new one. An empty room leaves support none on that platform. It is idempotent.
func (e *Engine) MoveDesk(ctx context.Context, platform string, to bot.Room) error {
	return e.people.moveDesk(ctx, platform, to)
}

// moveDesk changes support's rooms, with what follows for the open cases, in one commit. Where nothing is taken away, the room is
// put as anybody's is.
func (p *people) moveDesk(ctx context.Context, platform string, to bot.Room) error {
	return retryStale(func() error {
		before, err := p.cfg.Store.Person(ctx, bot.Desk)
		if err != nil && !errors.Is(err, bot.ErrNone) {
			return err
		}
		after := before
		elsewhere := func(r bot.Room) bool { return r.Adapter() == platform && r != to }
		after.Rooms = slices.DeleteFunc(slices.Clone(before.Rooms), elsewhere)
		after.Shut = slices.DeleteFunc(slices.Clone(before.Shut), elsewhere)
		if len(after.Rooms) == len(before.Rooms) {
			if to == "" {
				return nil
			}
			_, err := p.put(ctx, bot.Person{ID: bot.Desk, Rooms: []bot.Room{to}})
			return err
		}
		if to != "" {
			after.Rooms, after.Shut = union(after.Rooms, []bot.Room{to}), less(after.Shut, []bot.Room{to})
		}
		c := bot.Commit{At: p.now(), Person: &after}
		if c.Tasks, err = p.roomsChanged(ctx, &before, &after); err != nil {
			return err
		}
		return p.commit(ctx, &c)
	})
}
