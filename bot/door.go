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

// gone takes in that a room cannot be written to, as a send has found out: the news of it may never have come. It says
// whether nothing of what was to be said is lost by that, or those concerned hear of it otherwise.
func (e *Engine) gone(ctx context.Context, t *Task) (told bool, err error) {
	who, err := e.tenant(ctx, t)
	if err != nil || who.ID == "" {
		return false, err
	}
	if slices.Contains(who.Rooms, t.Reply.Room) {
		e.cfg.Meter.Count(ChatShut, t.Reply.Room.Adapter(), 1)
		shut := Event{ID: "shut:" + t.ID, Name: ChatShut, Facts: Facts{"guest": string(t.Reply.Room)}}
		if err := e.alter(ctx, who.ID, &shut, Commit{Handled: shut.ID}, nil); err != nil && !errors.Is(err, ErrSeen) {
			return false, err
		}
	}
	elsewhere := len(less(who.Rooms, []Room{t.Reply.Room})) > 0 // what concerns them goes to each of their rooms
	return elsewhere || e.wouldHear(ctx, t.From, string(who.Party())+"_left"), nil
}

// tenant is the party of a reply's conversation whose room it is for; nobody where it is support's or none of them has it.
func (e *Engine) tenant(ctx context.Context, t *Task) (*Person, error) {
	c, err := e.cfg.Store.Conversation(ctx, t.From)
	if errors.Is(err, ErrNone) {
		return &Person{}, nil
	}
	if err != nil {
		return nil, err
	}
	for _, id := range c.Parties {
		who, err := e.person(ctx, id)
		if err != nil {
			return nil, err
		}
		if who.Party() != Support && (slices.Contains(who.Rooms, t.Reply.Room) || slices.Contains(who.Shut, t.Reply.Room)) {
			return who, nil
		}
	}
	return &Person{}, nil
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
