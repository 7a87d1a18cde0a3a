package engine

import (
	"context"
	"errors"

	"nevermind/bot"
	"nevermind/bot/turn"
)

// noted keeps a colleague's words with the record whose message they stand below. Nothing is answered; anybody else's
// words there are nobody's business.
func (e *Engine) noted(ctx context.Context, m bot.Message, actor *bot.Person, c bot.Commit) error {
	key, err := e.cfg.Store.Sender(ctx, m.Room, m.ReplyTo)
	if errors.Is(err, bot.ErrNone) || err == nil && (key.Kind() == "talk" || actor.Party() != bot.Support) {
		return nil
	}
	if err != nil {
		return err
	}
	err = e.turnOf(ctx, key, c, func(v *bot.View) (bot.Event, string) {
		v.Actor = actor
		return bot.Event{ID: m.ID, Name: noteEvent(m.Unsupported), By: bot.Support, Actor: actor.ID, Room: m.Room, Text: turn.Cut(m.Text), Files: turn.Received(&m)}, bot.RefusedColleagueNote
	})
	if errors.Is(err, bot.ErrNone) {
		return nil
	}
	return err
}

// noteEvent is what has become of a note: the journal keeps what it said before.
func noteEvent(odd bot.Unsupported) string {
	switch odd {
	case bot.Edited:
		return "note_changed"
	case bot.Deleted:
		return "note_deleted"
	}
	return "note_added"
}
