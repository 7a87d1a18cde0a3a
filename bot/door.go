package bot

import (
	"context"
	"errors"
	"slices"
)

// Door tells, under the id by which a repeat is known, that somebody has blocked us in a room of theirs, or lets us write
// there again. Their open records hear of it as of a chat that has gone or come; the account stays theirs.
func (e *Engine) Door(ctx context.Context, id string, room Room, account string, open bool) error {
	who, err := e.speaker(ctx, account)
	if err != nil || who.ID == "" {
		return err // a stranger's room is in no record
	}
	from, ev := who.Rooms, Event{ID: id, Name: ChatShut, Facts: Facts{"guest": string(room)}}
	if open {
		from, ev.Name = who.Shut, ChatOpened
	}
	if !slices.Contains(from, room) {
		return nil
	}
	e.cfg.Meter.Count(ev.Name, room.Adapter(), 1)
	err = e.alter(ctx, who.ID, &ev, Commit{Handled: id}, nil)
	if errors.Is(err, ErrSeen) {
		return nil
	}
	return err
}

// opened opens a room from which somebody speaks who had blocked us there: the news of it may never have come.
func (e *Engine) opened(ctx context.Context, m *Message, actor *Person) (*Person, error) {
	if m.Public || !slices.Contains(actor.Shut, m.Room) {
		return actor, nil
	}
	if err := e.Door(ctx, "opened:"+m.ID, m.Room, m.Account, true); err != nil {
		return nil, err
	}
	return e.speaker(ctx, m.Account)
}
