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
// language of whoever pressed. There are none where the press needs no form, or would not count: Receive answers those. Answers that are in m.Fields
// already are judged as Receive will judge them, but for the last look (Sure), which may still be to come; the error is
// Unfit where one does not fit. Nothing is changed.
func (e *Engine) Form(ctx context.Context, m bot.Message) (title string, fields []bot.Field, err error) {
	actor, err := e.speaker(ctx, m.Account)
	if err != nil {
		return "", nil, err
	}
	form, err := e.formFor(ctx, m, actor)
	if form == nil || err != nil {
		return "", nil, err
	}
	if len(m.Fields) > 0 {
		_, err = e.rules.FillForm(form.Fields, m.Fields, actor, false)
	}
	return form.Title, form.Fields, err
}

// formFor is the form of a press, or of a message that is made evidence; nil where there is none to fill in.
func (e *Engine) formFor(ctx context.Context, m bot.Message, actor *bot.Person) (*turn.OpenForm, error) {
	if m.Evidence.Record != "" {
		return e.evidenceForm(ctx, &m, actor)
	}
	key, err := e.cfg.Store.Offered(ctx, m.Press)
	if errors.Is(err, bot.ErrNone) || err == nil && key.Kind() == "talk" && key != bot.TalkKey(m.Room, actor) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return e.form(ctx, key, m, actor)
}

// form opens the form of a button, if it is on offer to this person and has one.
func (e *Engine) form(ctx context.Context, key bot.Key, m bot.Message, actor *bot.Person) (form *turn.OpenForm, err error) {
	defer func() {
		if r := recover(); r != nil {
			form, err = nil, caught(r)
		}
	}()
	v, err := e.view(ctx, key)
	if err != nil {
		return nil, err
	}
	v.Actor = actor
	ev, note := e.rules.Hear(v, &m)
	v.Event = &ev
	if note != "" || v.Conv.State == "" {
		return nil, nil
	}
	choice, ok := e.rules.Choice(v, m.Press, actor.Party())
	if !ok || choice.Form == nil { // most have none
		return nil, nil
	}
	if err := e.loadParticipants(ctx, v); err != nil {
		return nil, err
	}
	if v.Agents, err = e.agents(ctx, actor); err != nil {
		return nil, err
	}
	if actor.Party() == bot.Support && v.Conv.Parties[bot.Buyer] != "" {
		v.Others = func() []bot.Conversation { return e.others(ctx, v.Conv.Parties[bot.Buyer]) }
	}
	return e.rules.OpenForm(v, key, &choice, m.Fields), nil
}

// mostAgents is how many of support's people can be chosen from.
const mostAgents = 100

// agents are support's people who have an account, for one of them to choose from.
func (e *Engine) agents(ctx context.Context, actor *bot.Person) ([]bot.Person, error) {
	if actor.Party() != bot.Support {
		return nil, nil
	}
	all, err := e.cfg.Store.People(ctx, bot.Support, "", mostAgents)
	return slices.DeleteFunc(all, func(p bot.Person) bool { return p.ID == bot.Desk || len(p.Accounts) == 0 }), err
}

// mostOthers is how many records of a buyer, of one flow, are looked through.
const mostOthers = 100

// others are a buyer's cases of every flow; a read that fails ends the form.
func (e *Engine) others(ctx context.Context, buyer bot.PersonID) []bot.Conversation {
	r := &reader{ctx, e, &bot.Person{ID: bot.Desk}}
	var all []bot.Conversation
	for _, f := range e.cfg.Flows.All {
		if f.Case {
			all = append(all, r.Cases(string(buyer), f.Name, mostOthers)...)
		}
	}
	return all
}

// filled makes the turn of a press that brings its form's answers along. Where no form is on offer they count for
// nothing, but what was written is given back.
func (e *Engine) filled(ctx context.Context, key bot.Key, form *turn.OpenForm, m bot.Message, actor *bot.Person, c bot.Commit) error {
	var facts bot.Facts
	if form != nil {
		var err error
		if facts, err = e.rules.FillForm(form.Fields, m.Fields, actor, true); err != nil {
			return err
		}
	}
	return e.turnOf(ctx, key, c, func(v *bot.View) (bot.Event, string) {
		v.Actor = actor
		ev, note := e.rules.Hear(v, &m)
		ev.Text = turn.Cut(m.Fields["text"])
		if form == nil {
			v.Event = &ev
			if note == "" && e.rules.Legal(v) {
				note = bot.RefusedForged // the button asks for nothing
			}
			return ev, note
		}
		if note == "" {
			ev.Text = facts["text"]
			maps.Copy(ev.Facts, facts)
			delete(ev.Facts, "text")
		}
		return ev, note
	})
}
