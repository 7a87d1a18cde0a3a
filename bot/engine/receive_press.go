package engine

import (
	"context"
	"errors"
	"maps"

	"nevermind/bot"
	"nevermind/bot/turn"
)

// press has a press heard by the conversation that offered the button. One that needs a form first opens it in the room's
// talk; one that brings the form's answers along is judged with them.
func (r *receiver) press(ctx context.Context, m bot.Message, actor *bot.Person, talk bot.Key, c bot.Commit) error {
	key, err := r.cfg.Store.Offered(ctx, m.Press)
	switch {
	case errors.Is(err, bot.ErrNone):
		return r.refuse(ctx, talk, m, actor, bot.RefusedForged, c)
	case err != nil:
		return err
	case key.Kind() == "talk" && key != talk:
		return r.refuse(ctx, talk, m, actor, bot.RefusedNotYours, c)
	}
	form, err := r.buttonForm(ctx, key, m, actor)
	switch {
	case err != nil:
		return err
	case len(m.Fields) > 0:
		return r.pressFilled(ctx, key, form, m, actor, c)
	case form != nil:
		return r.turns.take(ctx, talk, c, func(v *bot.View) (bot.Event, string) {
			v.Actor = actor
			return form.Event(m), ""
		})
	}
	return r.heardBy(ctx, key, m, actor, c)
}

// refuse answers a press that leads to no conversation, in the room's talk.
func (r *receiver) refuse(ctx context.Context, talk bot.Key, m bot.Message, actor *bot.Person, why string, c bot.Commit) error {
	return r.turns.take(ctx, talk, c, func(v *bot.View) (bot.Event, string) {
		v.Actor = actor
		return bot.Event{ID: m.ID, By: actor.Party(), Actor: actor.ID, Room: m.Room, Offer: m.Press}, why
	})
}

// pressFilled makes the turn of a press that brings its form's answers along. Where no form is on offer they count for
// nothing, but what was written is given back.
func (r *receiver) pressFilled(ctx context.Context, key bot.Key, form *turn.OpenForm, m bot.Message, actor *bot.Person, c bot.Commit) error {
	var facts bot.Facts
	if form != nil {
		var err error
		if facts, err = r.rules.FillForm(form.Fields, m.Fields, actor, true); err != nil {
			return err
		}
	}
	return r.turns.take(ctx, key, c, func(v *bot.View) (bot.Event, string) {
		v.Actor = actor
		ev, refused := r.rules.Hear(v, &m)
		ev.Text = turn.Cut(m.Fields["text"])
		if form == nil {
			v.Event = &ev
			if refused == "" && r.rules.Legal(v) {
				refused = bot.RefusedForged // the button asks for nothing
			}
			return ev, refused
		}
		if refused == "" {
			ev.Text = facts["text"]
			maps.Copy(ev.Facts, facts)
			delete(ev.Facts, "text")
		}
		return ev, refused
	})
}
