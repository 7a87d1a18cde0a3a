package engine

import (
	"context"
	"errors"

	"nevermind/bot"
	"nevermind/bot/turn"
)

// note stores a colleague's note with the record whose message it stands below. Nothing is answered, unless a file of it is not
// kept; anybody else's words there are stored nowhere.
func (r *receiver) note(ctx context.Context, m bot.Message, actor *bot.Person, c bot.Commit) error {
	key, err := r.cfg.Store.Sender(ctx, m.Room, m.ReplyTo)
	if errors.Is(err, bot.ErrNone) || err == nil && (key.Kind() == "talk" || actor.Party() != bot.Support) {
		return r.passOver(ctx, c)
	}
	if err != nil {
		return err
	}
	if m.FileLost() {
		c.Tasks = append(c.Tasks[:len(c.Tasks):len(c.Tasks)], r.lostFile(&m, actor, key))
	}
	err = r.turns.take(ctx, key, c, func(v *bot.View) (bot.Event, string) {
		v.Actor = actor
		return bot.Event{ID: m.ID, Name: noteEvent(m.Unsupported), By: bot.Support, Actor: actor.ID, Room: m.Room,
			Text: turn.Cut(m.Text), Files: turn.Received(&m)}, bot.RefusedColleagueNote
	})
	if errors.Is(err, bot.ErrNone) {
		return r.passOver(ctx, c)
	}
	return err
}

// passOver stores nothing of a message; the task that it was heard for, if any, is over.
func (r *receiver) passOver(ctx context.Context, c bot.Commit) error {
	if c.Settle == nil {
		return nil
	}
	return r.commit(ctx, &bot.Commit{At: r.now(), Settle: c.Settle})
}

// noteEvent is what has become of a note; the journal still has what it said before.
func noteEvent(how bot.Unsupported) string {
	switch how {
	case bot.Edited:
		return "note_changed"
	case bot.Deleted:
		return "note_deleted"
	}
	return "note_added"
}
