package engine

import (
	"context"
	"errors"
	"maps"
	"slices"

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

// buttonForm opens the form of a button, if it is on offer to this person and has one; nil where there is nothing to fill in.
// It only looks: the conversation is not locked, and the turn that follows judges the press again.
func (r *receiver) buttonForm(ctx context.Context, key bot.Key, m bot.Message, actor *bot.Person) (*turn.OpenForm, error) {
	v, err := r.load.view(ctx, key)
	if err != nil {
		return nil, err
	}
	v.Actor = actor
	var form *turn.OpenForm
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
		form = r.rules.FormOf(v, key, &choice, m.Fields)
		return nil
	}
	if err := guard(open, func() error { return errors.Join(readFault(v.Look), others.err) }); err != nil {
		return nil, err
	}
	return form, nil
}

// needsForm is the reason by which an eventOf says that a form has to be filled in first, and errNeedsForm the error that the
// turner makes of it: no turn is made.
const needsForm = "needs_form"

var errNeedsForm = errors.New("a form has to be filled in first")

// unlessForm hears a press unless its button asks for something first. The offer knows whether it does, so that most presses
// are heard without looking for a form.
func unlessForm(m *bot.Message, hear eventOf) eventOf {
	return func(v *bot.View) (bot.Event, string) {
		if slices.ContainsFunc(v.Frame.Offers, func(o bot.Offer) bool { return o.Token == m.Press && o.Form }) {
			return bot.Event{ID: m.ID}, needsForm
		}
		return hear(v)
	}
}

// pressOpens has the room's talk ask a button's form, field by field. Where the button has none for this person after all,
// the press is heard as it is, and refused for what it lacks.
func (r *receiver) pressOpens(
	ctx context.Context, key bot.Key, m bot.Message, actor *bot.Person, talk bot.Key, c bot.Commit,
) error {
	form, err := r.buttonForm(ctx, key, m, actor)
	if err != nil {
		return err
	}
	if form == nil {
		return r.turnBy(ctx, key, m, actor, c)
	}
	return r.turns.take(ctx, talk, c, func(v *bot.View) (bot.Event, string) {
		v.Actor = actor
		return form.Event(m), ""
	})
}

// pressFilled makes the turn of a press that brings its form's answers along. Where no form is on offer they count for
// nothing, but what was written is given back.
func (r *receiver) pressFilled(ctx context.Context, key bot.Key, m bot.Message, actor *bot.Person, c bot.Commit) error {
	form, err := r.buttonForm(ctx, key, m, actor)
	if err != nil {
		return err
	}
	var facts bot.Facts
	if form != nil {
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
