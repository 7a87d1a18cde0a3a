package engine

import (
	"context"
	"errors"

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

// messageForm is the form of a press, or of a message that is made evidence; nil where there is none to fill in.
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

// buttonForm opens the form of a button, if it is on offer to this person and has one.
func (r *receiver) buttonForm(ctx context.Context, key bot.Key, m bot.Message, actor *bot.Person) (form *turn.OpenForm, err error) {
	v, err := r.load.view(ctx, key)
	if err != nil {
		return nil, err
	}
	v.Actor = actor
	others := r.load.furtherReading(ctx, &bot.Person{ID: bot.Desk})
	open := func() error {
		ev, refused := r.rules.Hear(v, &m)
		v.Event = &ev
		if refused != "" || v.Conv.State == "" {
			return nil
		}
		choice, ok := r.rules.Choice(v, m.Press, actor.Party())
		if !ok || choice.Form == nil { // most have none
			return nil
		}
		if err := r.load.participants(ctx, v); err != nil {
			return err
		}
		if v.Agents, err = r.load.agents(ctx, actor); err != nil {
			return err
		}
		if buyer := v.Conv.Parties[bot.Buyer]; actor.Party() == bot.Support && buyer != "" {
			v.Others = func() []bot.Conversation { return others.casesOf(buyer) }
		}
		form = r.rules.OpenForm(v, key, &choice, m.Fields)
		return nil
	}
	if err := guard(open, func() error { return errors.Join(readFault(v.Look), others.err) }); err != nil {
		return nil, err
	}
	return form, nil
}
