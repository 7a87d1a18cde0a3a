package engine

import (
	"context"
	"errors"
	"slices"

	"nevermind/bot"
)

// Blocked tells that somebody has blocked the assistant in a room of theirs, or lets it write there again (open), under the
// id by which a repeat is known. Their open records hear of it as of a chat that has gone or come; the account stays
// theirs. Nil means that it is stored and may be acknowledged.
func (e *Engine) Blocked(ctx context.Context, id string, room bot.Room, account string, open bool) error {
	return e.people.blocked(ctx, id, room, account, open)
}

// blocked changes the person whose account it is, unless the room is as it says already.
func (p *people) blocked(ctx context.Context, id string, room bot.Room, account string, open bool) error {
	who, err := p.personAt(ctx, account)
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
	p.cfg.Meter.Count(ev.Name, room.Adapter(), 1)
	err = p.change(ctx, who.ID, &ev, bot.Commit{Handled: id}, nil)
	if errors.Is(err, bot.ErrSeen) {
		return nil
	}
	return err
}

// blockedBySend shuts a room that a send has found blocked: the platform's word of it may never have come. It says whether
// nothing of what was to be said is lost by that, because those concerned are told elsewhere.
func (p *people) blockedBySend(ctx context.Context, t *bot.Task) (told bool, err error) {
	who, err := p.personOfRoom(ctx, t)
	if err != nil || who.ID == "" {
		return false, err
	}
	if slices.Contains(who.Rooms, t.Reply.Room) {
		p.cfg.Meter.Count(bot.ChatShut, t.Reply.Room.Adapter(), 1)
		shut := bot.Event{ID: "shut:" + t.ID, Name: bot.ChatShut, Facts: bot.Facts{"guest": string(t.Reply.Room)}}
		if err := p.change(ctx, who.ID, &shut, bot.Commit{Handled: shut.ID}, nil); err != nil && !errors.Is(err, bot.ErrSeen) {
			return false, err
		}
	}
	elsewhere := len(less(who.Rooms, []bot.Room{t.Reply.Room})) > 0 // what concerns them goes to each of their rooms
	return elsewhere || p.load.wouldHear(ctx, t.From, string(who.Party())+"_left"), nil
}

// personOfRoom is the party of a reply's conversation whose room it is for; nobody where the room is support's or none of
// them has it.
func (p *people) personOfRoom(ctx context.Context, t *bot.Task) (*bot.Person, error) {
	c, err := p.cfg.Store.Conversation(ctx, t.From)
	if errors.Is(err, bot.ErrNone) {
		return &bot.Person{}, nil
	}
	if err != nil {
		return nil, err
	}
	for _, id := range c.Parties {
		who, err := p.person(ctx, id)
		if err != nil {
			return nil, err
		}
		if who.Party() != bot.Support && (slices.Contains(who.Rooms, t.Reply.Room) || slices.Contains(who.Shut, t.Reply.Room)) {
			return who, nil
		}
	}
	return &bot.Person{}, nil
}

// reopenRoom opens the room of somebody who speaks where they had blocked the assistant: the platform's word of it may
// never have come. It returns them as they are then.
func (p *people) reopenRoom(ctx context.Context, m *bot.Message, actor *bot.Person) (*bot.Person, error) {
	if m.Public || !slices.Contains(actor.Shut, m.Room) {
		return actor, nil
	}
	if err := p.blocked(ctx, "opened:"+m.ID, m.Room, m.Account, true); err != nil {
		return nil, err
	}
	return p.personAt(ctx, m.Account)
}
