package bot

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"maps"
	"slices"
)

// Receive takes a message; nil means that it is stored and may be acknowledged. Where a turn cannot be made, the raw
// message alone is stored and its turn is made later.
func (e *Engine) Receive(ctx context.Context, m Message) error {
	e.cfg.At(Received)
	if m.At.IsZero() {
		m.At = e.Now()
	}
	if m.Link != "" {
		m.Link = hashed(m.Link)
	}
	e.cfg.Log.Debug("received", "message", Trace(m.ID), "adapter", m.Room.Adapter())
	if m.Album != "" || e.albums.open(m.Room) {
		return e.line(ctx, m)
	}
	err := e.receive(ctx, m, Commit{Handled: m.ID, Said: &m})
	switch {
	case errors.Is(err, ErrSeen):
		return nil
	case errors.Is(err, errTurn):
		e.cfg.Meter.Count("set_aside", m.Room.Adapter(), 1)
		e.cfg.Log.Error("a message is set aside", "message", Trace(m.ID), "adapter", m.Room.Adapter(), slog.Any("why", err))
		return e.setAside(ctx, m, Commit{Handled: m.ID, Said: &m}, "again:"+m.ID)
	}
	return err
}

// receive makes a message's turn: a press goes to the conversation that offered it, a reply to the one that sent that
// message, a one-time link to its record, all else to the room's one talk.
func (e *Engine) receive(ctx context.Context, m Message, c Commit) error {
	actor, err := e.speaker(ctx, m.Account)
	if err != nil {
		return err
	}
	if actor, err = e.opened(ctx, &m, actor); err != nil {
		return err
	}
	if m.Keep.In != "" {
		return e.kept(ctx, m, actor, c)
	}
	if m.Note {
		return e.noted(ctx, m, actor, c)
	}
	if m.Public {
		actor, m.Press, m.ReplyTo, m.Files = &Person{}, "", "", nil // whoever they are, the others here need not know
	}
	if m.lost() && (m.Text != "" || len(m.Files) > 0) {
		c.Tasks = append(c.Tasks[:len(c.Tasks):len(c.Tasks)], e.lost(&m, actor)) // the rest is answered as if it had come alone
		m.Odd = ""
	}
	talk := TalkKey(m.Room, actor)
	if m.Press != "" {
		return e.press(ctx, m, actor, talk, c)
	}
	key := talk
	switch {
	case m.Link != "":
		key, err = e.linked(ctx, &m, actor, talk)
	case m.ReplyTo != "" && (m.Odd == "" || m.Heard() != ""): // a sticker answers nothing
		key, err = e.answered(ctx, m, actor, talk)
	}
	if err != nil {
		return err
	}
	return e.heard(ctx, key, m, actor, c)
}

// answered is the record whose message this one answers, if it is any of the person's business; else the talk.
func (e *Engine) answered(ctx context.Context, m Message, actor *Person, talk Key) (Key, error) {
	key, err := e.cfg.Store.Sender(ctx, m.Room, m.ReplyTo)
	if errors.Is(err, ErrNone) || err == nil && key.Kind() == "talk" {
		return talk, nil
	}
	if err != nil {
		return "", err
	}
	c, err := e.cfg.Store.Conversation(ctx, key)
	if errors.Is(err, ErrNone) || err == nil && !c.takesPart(actor) {
		return talk, nil
	}
	return key, err
}

// heard lets a conversation hear a message.
func (e *Engine) heard(ctx context.Context, key Key, m Message, actor *Person, c Commit) error {
	return e.turnOf(ctx, key, c, func(v *View) (Event, string) {
		v.Actor, v.Account = actor, m.Account
		if e.book.flows[v.Conv.Flow].Talk {
			e.own(v)
			v.Look = e.look(ctx, actor)
			if v.Conv.State == "" {
				v.Conv.State = e.book.flows[v.Conv.Flow].First
			}
		}
		ev, note := e.book.hear(v, &m)
		if note == NoteNotUnderstood && v.Conv.Version == 0 {
			ev.Name, note = "greeted", "" // whatever the first words are, they are answered with who we are
		}
		return ev, note
	})
}

// press finds who offered the button. One that needs a form first opens it in the room's talk.
func (e *Engine) press(ctx context.Context, m Message, actor *Person, talk Key, c Commit) error {
	key, err := e.cfg.Store.Offered(ctx, m.Press)
	switch {
	case errors.Is(err, ErrNone):
		return e.refused(ctx, talk, m, actor, NoteForged, c)
	case err != nil:
		return err
	case key.Kind() == "talk" && key != talk:
		return e.refused(ctx, talk, m, actor, NoteNotYours, c)
	}
	form, err := e.form(ctx, key, m, actor)
	switch {
	case err != nil:
		return err
	case len(m.Fields) > 0:
		return e.filled(ctx, key, form, m, actor, c)
	case form != nil:
		return e.turnOf(ctx, talk, c, func(v *View) (Event, string) {
			v.Actor = actor
			return form.opened(m), ""
		})
	}
	return e.heard(ctx, key, m, actor, c)
}

// choice finds the choice behind an offer of a flow's place: below a letter the one that answers it, below other words the
// one that follows them, else the state's own.
func (b *book) choice(v *View, token string, p Party) (Choice, bool) {
	f := v.Frame
	i := slices.IndexFunc(f.Offers, func(o Offer) bool { return o.Token == token })
	if i < 0 {
		return Choice{}, false
	}
	o, flow := f.Offers[i], b.flows[f.Flow]
	s := flow.States[f.State]
	choices := slices.Concat(s.Offer[p], s.Offer[Here])
	if o.Answer {
		choices = nil
		for _, moves := range []Moves{s.Then, flow.Always} {
			for _, event := range slices.Sorted(maps.Keys(moves)) {
				choices = append(choices, moves[event].Answers[p]...)
				if moves[event].Follows != nil {
					choices = append(choices, moves[event].Follows(v)...)
				}
			}
		}
	}
	i = slices.IndexFunc(choices, func(c Choice) bool { return c.Event == o.Event && c.Label == o.Words })
	if i < 0 {
		return Choice{}, false
	}
	return choices[i], true
}

// refused answers a press in the room's talk that could not be led anywhere.
func (e *Engine) refused(ctx context.Context, talk Key, m Message, actor *Person, note string, c Commit) error {
	return e.turnOf(ctx, talk, c, func(v *View) (Event, string) {
		v.Actor = actor
		return Event{ID: m.ID, By: actor.Party(), Actor: actor.ID, Room: m.Room, Offer: m.Press}, note
	})
}

// lost tells a person that a file of theirs is not kept, and why.
func (e *Engine) lost(m *Message, actor *Person) Task {
	words := (&View{Renderer: e.book}).Say(actor, e.book.Notes[string(m.Odd)])
	r := Reply{Room: m.Room, Mode: New, Text: words, Language: actor.Language, Chatter: true}
	return Task{ID: "lost:" + m.ID, Lane: "room:" + string(m.Room), Do: "send", Class: PostClass, Reply: &r, Made: m.At}
}

// speaker finds whose account it is; a stranger is nobody in particular.
func (e *Engine) speaker(ctx context.Context, account string) (*Person, error) {
	p, err := e.cfg.Store.PersonAt(ctx, account)
	if errors.Is(err, ErrNone) {
		return &Person{}, nil
	}
	return &p, err
}

// setAside stores the raw message, to be turned later by a task of that id, with what is in the commit already.
func (e *Engine) setAside(ctx context.Context, m Message, c Commit, id string) error {
	raw, err := json.Marshal(m)
	if err != nil {
		return err
	}
	now := e.Now()
	sorry := Reply{Room: m.Room, Mode: New, Text: e.book.Notes[NoteFailed], Chatter: true}
	c.At, c.Tasks = now, []Task{
		{ID: id, Lane: "again:" + string(m.Room), Do: "receive", Class: InnerClass, Facts: Facts{"message": string(raw)}, NotBefore: now.Add(firstPause), Made: now},
		{ID: "sorry:" + m.ID, Lane: "room:" + string(m.Room), Do: "send", Class: PostClass, Reply: &sorry, Made: now},
	}
	if err := e.commit(ctx, &c); errors.Is(err, ErrSeen) {
		return nil
	} else if err != nil {
		return err
	}
	e.cfg.At(SetAside)
	return nil
}
