package engine

import (
	"context"
	"errors"
	"maps"

	"nevermind/bot"
	"nevermind/bot/turn"
)

// Form is what a platform with forms of its own asks for before a press: what it is about, and its fields, in the
// language of whoever pressed. There are none where the press needs no form, or would not count: Receive answers those.
// Answers that are in m.Fields already are judged as Receive will judge them, but for the last look (Sure), which may still
// be to come; the error is Unfit where one does not fit. Nothing is changed.
func (e *Engine) Form(ctx context.Context, m bot.Message) (title string, fields []bot.Field, err error) {
	return e.receiver.askedFields(ctx, m)
}

// askedFields opens the form and judges the answers that are there already.
func (r *receiver) askedFields(ctx context.Context, m bot.Message) (title string, fields []bot.Field, err error) {
	actor, err := r.personAt(ctx, m.Account)
	if err != nil {
		return "", nil, err
	}
	form, err := r.messageForm(ctx, m, actor)
	if form == nil || err != nil {
		return "", nil, err
	}
	if len(m.Fields) > 0 {
		_, err = r.rules.FillForm(form.Fields, m.Fields, actor, false)
	}
	return form.Title, form.Fields, err
}

// messageForm is the form of a press, or of a message that is made evidence; nil where there is none to fill in. It finds the
// conversation as receiver.press does.
func (r *receiver) messageForm(ctx context.Context, m bot.Message, actor *bot.Person) (*turn.OpenForm, error) {
	if m.Evidence.Record != "" {
		return r.evidenceForm(ctx, &m, actor)
	}
	key, err := r.cfg.Store.Offered(ctx, m.Press)
	if errors.Is(err, bot.ErrNone) || err == nil && key.Kind() == "talk" && key != bot.TalkKey(m.Room, actor) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return r.buttonForm(ctx, key, m, actor)
}

// pressFilled makes the turn of a press that brings its form's answers along. Where no form is on offer they count for
// nothing, but what was written is given back.
func (r *receiver) pressFilled(
	ctx context.Context, key bot.Key, form *turn.OpenForm, m bot.Message, actor *bot.Person, c bot.Commit,
) error {
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
