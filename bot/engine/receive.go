package engine

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"

	"nevermind/bot"
)

// Receive takes a message; nil means that it is stored and may be acknowledged. Where a turn cannot be made, the raw
// message alone is stored and its turn is made later.
func (e *Engine) Receive(ctx context.Context, m bot.Message) error {
	e.cfg.CrashPoint(bot.Received)
	if m.At.IsZero() {
		m.At = e.Now()
	}
	if m.Link != "" {
		m.Link = hashed(m.Link)
	}
	e.cfg.Log.Debug("received", "message", bot.Trace(m.ID), "adapter", m.Room.Adapter())
	if m.Album != "" || e.albums.open(m.Room) {
		return e.queueInRoom(ctx, m)
	}
	err := e.receive(ctx, m, bot.Commit{Handled: m.ID, Said: &m})
	switch {
	case errors.Is(err, bot.ErrSeen):
		return nil
	case errors.Is(err, errTurn):
		e.cfg.Meter.Count("set_aside", m.Room.Adapter(), 1)
		e.cfg.Log.Error("a message is set aside", "message", bot.Trace(m.ID), "adapter", m.Room.Adapter(), slog.Any("why", err))
		return e.setAside(ctx, m, bot.Commit{Handled: m.ID, Said: &m}, "again:"+m.ID)
	}
	return err
}

// receive makes a message's turn: a press goes to the conversation that offered it, a reply to the one that sent that
// message, a one-time link to its record, all else to the room's one talk.
func (e *Engine) receive(ctx context.Context, m bot.Message, c bot.Commit) error {
	actor, err := e.speaker(ctx, m.Account)
	if err != nil {
		return err
	}
	if actor, err = e.reopenRoom(ctx, &m, actor); err != nil {
		return err
	}
	if m.Evidence.Record != "" {
		return e.receiveEvidence(ctx, m, actor, c)
	}
	if m.Note {
		return e.noted(ctx, m, actor, c)
	}
	if m.Public {
		actor, m.Press, m.ReplyTo, m.Files = &bot.Person{}, "", "", nil // whoever they are, the others here need not know
	}
	if m.FileLost() && (m.Text != "" || len(m.Files) > 0) {
		c.Tasks = append(c.Tasks[:len(c.Tasks):len(c.Tasks)], e.lost(&m, actor)) // the rest is answered as if it had come alone
		m.Unsupported = ""
	}
	talk := bot.TalkKey(m.Room, actor)
	if m.Press != "" {
		return e.press(ctx, m, actor, talk, c)
	}
	key := talk
	switch {
	case m.Link != "":
		key, err = e.linked(ctx, &m, actor, talk)
	case m.ReplyTo != "" && (m.Unsupported == "" || m.Heard() != ""): // a sticker answers nothing
		key, err = e.answered(ctx, m, actor, talk)
	}
	if err != nil {
		return err
	}
	return e.heard(ctx, key, m, actor, c)
}

// answered is the record whose message this one answers, if it is any of the person's business; else the talk.
func (e *Engine) answered(ctx context.Context, m bot.Message, actor *bot.Person, talk bot.Key) (bot.Key, error) {
	key, err := e.cfg.Store.Sender(ctx, m.Room, m.ReplyTo)
	if errors.Is(err, bot.ErrNone) || err == nil && key.Kind() == "talk" {
		return talk, nil
	}
	if err != nil {
		return "", err
	}
	c, err := e.cfg.Store.Conversation(ctx, key)
	if errors.Is(err, bot.ErrNone) || err == nil && !c.TakesPart(actor) {
		return talk, nil
	}
	return key, err
}

// heard lets a conversation hear a message.
func (e *Engine) heard(ctx context.Context, key bot.Key, m bot.Message, actor *bot.Person, c bot.Commit) error {
	return e.turnOf(ctx, key, c, func(v *bot.View) (bot.Event, string) {
		v.Actor, v.Account = actor, m.Account
		if e.rules.ByName[v.Conv.Flow].Talk {
			e.claimTalk(v)
			v.Look = e.look(ctx, actor)
			if v.Conv.State == "" {
				v.Conv.State = e.rules.ByName[v.Conv.Flow].First
			}
		}
		ev, note := e.rules.Hear(v, &m)
		if note == bot.RefusedNotUnderstood && v.Conv.Version == 0 {
			ev.Name, note = "greeted", "" // whatever the first words are, they are answered with who we are
		}
		return ev, note
	})
}

// press finds who offered the button. One that needs a form first opens it in the room's talk.
func (e *Engine) press(ctx context.Context, m bot.Message, actor *bot.Person, talk bot.Key, c bot.Commit) error {
	key, err := e.cfg.Store.Offered(ctx, m.Press)
	switch {
	case errors.Is(err, bot.ErrNone):
		return e.refused(ctx, talk, m, actor, bot.RefusedForged, c)
	case err != nil:
		return err
	case key.Kind() == "talk" && key != talk:
		return e.refused(ctx, talk, m, actor, bot.RefusedNotYours, c)
	}
	form, err := e.form(ctx, key, m, actor)
	switch {
	case err != nil:
		return err
	case len(m.Fields) > 0:
		return e.filled(ctx, key, form, m, actor, c)
	case form != nil:
		return e.turnOf(ctx, talk, c, func(v *bot.View) (bot.Event, string) {
			v.Actor = actor
			return form.Event(m), ""
		})
	}
	return e.heard(ctx, key, m, actor, c)
}

// refused answers a press in the room's talk that could not be led anywhere.
func (e *Engine) refused(ctx context.Context, talk bot.Key, m bot.Message, actor *bot.Person, note string, c bot.Commit) error {
	return e.turnOf(ctx, talk, c, func(v *bot.View) (bot.Event, string) {
		v.Actor = actor
		return bot.Event{ID: m.ID, By: actor.Party(), Actor: actor.ID, Room: m.Room, Offer: m.Press}, note
	})
}

// lost tells a person that a file of theirs is not kept, and why.
func (e *Engine) lost(m *bot.Message, actor *bot.Person) bot.Task {
	words := (&bot.View{Renderer: e.rules}).Say(actor, e.rules.Notices[string(m.Unsupported)])
	r := bot.Reply{Room: m.Room, Mode: bot.New, Text: words, Language: actor.Language, Chatter: true}
	return bot.Task{ID: "lost:" + m.ID, Lane: "room:" + string(m.Room), Do: "send", Class: bot.PostClass, Reply: &r, Made: m.At}
}

// speaker finds whose account it is; a stranger is nobody in particular.
func (e *Engine) speaker(ctx context.Context, account string) (*bot.Person, error) {
	p, err := e.cfg.Store.PersonAt(ctx, account)
	if errors.Is(err, bot.ErrNone) {
		return &bot.Person{}, nil
	}
	return &p, err
}

// setAside stores the raw message, to be turned later by a task of that id, with what is in the commit already.
func (e *Engine) setAside(ctx context.Context, m bot.Message, c bot.Commit, id string) error {
	raw, err := json.Marshal(m)
	if err != nil {
		return err
	}
	now := e.Now()
	sorry := bot.Reply{Room: m.Room, Mode: bot.New, Text: e.rules.Notices[bot.RefusedFailed], Chatter: true}
	c.At, c.Tasks = now, []bot.Task{
		{ID: id, Lane: "again:" + string(m.Room), Do: "receive", Class: bot.InnerClass, Facts: bot.Facts{"message": string(raw)}, NotBefore: now.Add(firstPause), Made: now},
		{ID: "sorry:" + m.ID, Lane: "room:" + string(m.Room), Do: "send", Class: bot.PostClass, Reply: &sorry, Made: now},
	}
	if err := e.commit(ctx, &c); errors.Is(err, bot.ErrSeen) {
		return nil
	} else if err != nil {
		return err
	}
	e.cfg.CrashPoint(bot.SetAside)
	return nil
}
