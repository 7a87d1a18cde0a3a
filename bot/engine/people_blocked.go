package engine

import (
	"context"
	"errors"
	"slices"

	"nevermind/bot"
)

// Door tells, under the id by which a repeat is known, that somebody has blocked us in a room of theirs, or lets us write
// there again. Their open records hear of it as of a chat that has gone or come; the account stays theirs.
func (e *Engine) Blocked(ctx context.Context, id string, room bot.Room, account string, open bool) error {
	who, err := e.speaker(ctx, account)
	if err != nil || who.ID == "" {
		return err // a stranger's room is in no record
	}
	from, ev := who.Rooms, bot.Event{ID: id, Name: bot.ChatShut, Facts: bot.Facts{"guest": string(room)}}
	if open {
		from, ev.Name = who.Shut, bot.ChatOpened
	}
	if !slices.Contains(from, room) {
		return nil
	}
	e.cfg.Meter.Count(ev.Name, room.Adapter(), 1)
	err = e.changePerson(ctx, who.ID, &ev, bot.Commit{Handled: id}, nil)
	if errors.Is(err, bot.ErrSeen) {
		return nil
	}
	return err
}

// gone takes in that a room cannot be written to, as a send has found out: the news of it may never have come. It says
// whether nothing of what was to be said is lost by that, or those concerned hear of it otherwise.
func (e *Engine) blockedBySend(ctx context.Context, t *bot.Task) (told bool, err error) {
	who, err := e.personOfRoom(ctx, t)
	if err != nil || who.ID == "" {
		return false, err
	}
	if slices.Contains(who.Rooms, t.Reply.Room) {
		e.cfg.Meter.Count(bot.ChatShut, t.Reply.Room.Adapter(), 1)
		shut := bot.Event{ID: "shut:" + t.ID, Name: bot.ChatShut, Facts: bot.Facts{"guest": string(t.Reply.Room)}}
		if err := e.changePerson(ctx, who.ID, &shut, bot.Commit{Handled: shut.ID}, nil); err != nil && !errors.Is(err, bot.ErrSeen) {
			return false, err
		}
	}
	elsewhere := len(less(who.Rooms, []bot.Room{t.Reply.Room})) > 0 // what concerns them goes to each of their rooms
	return elsewhere || e.wouldHear(ctx, t.From, string(who.Party())+"_left"), nil
}

// tenant is the party of a reply's conversation whose room it is for; nobody where it is support's or none of them has it.
func (e *Engine) personOfRoom(ctx context.Context, t *bot.Task) (*bot.Person, error) {
	c, err := e.cfg.Store.Conversation(ctx, t.From)
	if errors.Is(err, bot.ErrNone) {
		return &bot.Person{}, nil
	}
	if err != nil {
		return nil, err
	}
	for _, id := range c.Parties {
		who, err := e.person(ctx, id)
		if err != nil {
			return nil, err
		}
		if who.Party() != bot.Support && (slices.Contains(who.Rooms, t.Reply.Room) || slices.Contains(who.Shut, t.Reply.Room)) {
			return who, nil
		}
	}
	return &bot.Person{}, nil
}

// opened opens a room from which somebody speaks who had blocked us there: the news of it may never have come.
func (e *Engine) reopenRoom(ctx context.Context, m *bot.Message, actor *bot.Person) (*bot.Person, error) {
	if m.Public || !slices.Contains(actor.Shut, m.Room) {
		return actor, nil
	}
	if err := e.Blocked(ctx, "opened:"+m.ID, m.Room, m.Account, true); err != nil {
		return nil, err
	}
	return e.speaker(ctx, m.Account)
}
