package engine

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"

	"nevermind/bot"
)

// receiver takes messages in: it finds out which conversation a message is for, and has its turn made at once, or later
// where it belongs to an album or the turn fails. The adapters call it through the API, the deliverer for messages that
// were stored to be heard later. It promises that a message whose receiving returns nil is stored, and that a repeat of
// it changes nothing (deduplicated by the message's id). Its state is the albums that wait in this process.
type receiver struct {
	*base
	load   *loader
	turns  *turner
	tasks  *settler
	people *people
	albums *albums
}

// Receive takes a message; nil means that it is stored and may be acknowledged. Where a turn cannot be made, the raw
// message alone is stored and its turn is made later.
func (e *Engine) Receive(ctx context.Context, m bot.Message) error {
	return e.receiver.accept(ctx, m)
}

// accept hears a message at once, unless it has to wait for others of its room, or the turn fails by our own fault.
func (r *receiver) accept(ctx context.Context, m bot.Message) error {
	r.cfg.CrashPoint(bot.Received)
	if m.At.IsZero() {
		m.At = r.now()
	}
	if m.Link != "" {
		m.Link = hashed(m.Link)
	}
	r.cfg.Log.Debug("received", "message", bot.Trace(m.ID), "adapter", m.Room.Adapter())
	if m.Album != "" || r.albums.open(m.Room) {
		return r.queue(ctx, m)
	}
	err := r.hear(ctx, m, bot.Commit{Handled: m.ID, Said: &m})
	switch {
	case errors.Is(err, bot.ErrSeen):
		return nil
	case errors.Is(err, errTurn):
		return r.setAside(ctx, m, bot.Commit{Handled: m.ID, Said: &m}, "again:"+m.ID, err)
	}
	return err
}

// hear has a message's turn made by the conversation that it is for, in a commit with what is already in c.
func (r *receiver) hear(ctx context.Context, m bot.Message, c bot.Commit) error {
	actor, err := r.personAt(ctx, m.Account)
	if err != nil {
		return err
	}
	if actor, err = r.people.reopenRoom(ctx, &m, actor); err != nil {
		return err
	}
	m, actor = anonymous(m, actor)
	m, c = r.answerLostFile(m, actor, c)
	talk := bot.TalkKey(m.Room, actor)
	key := talk
	switch m.Kind() {
	case bot.KindEvidence:
		return r.evidence(ctx, m, actor, c)
	case bot.KindNote:
		return r.note(ctx, m, actor, c)
	case bot.KindPress:
		return r.press(ctx, m, actor, talk, c)
	case bot.KindLink:
		key, err = r.people.linked(ctx, &m, actor, talk)
	case bot.KindReply:
		key, err = r.answered(ctx, &m, actor, talk)
	}
	if err != nil {
		return err
	}
	return r.heardBy(ctx, key, m, actor, c)
}

// ofSupport says whether a message is support's own doing, which is heard as it stands: a note, or evidence.
func ofSupport(m *bot.Message) bool {
	kind := m.Kind()
	return kind == bot.KindNote || kind == bot.KindEvidence
}

// anonymous strips a message of a public room: the others there need not know who speaks, so nobody is anybody, and only
// words count.
func anonymous(m bot.Message, actor *bot.Person) (bot.Message, *bot.Person) {
	if !m.Public || ofSupport(&m) {
		return m, actor
	}
	m.Press, m.ReplyTo, m.Files = "", "", nil
	return m, &bot.Person{}
}

// answerLostFile has a file that is not stored answered by a reply of its own, where the message carries more than that
// file: the rest is heard as if it had come alone.
func (r *receiver) answerLostFile(m bot.Message, actor *bot.Person, c bot.Commit) (bot.Message, bot.Commit) {
	if !m.FileLost() || m.Text == "" && len(m.Files) == 0 || ofSupport(&m) {
		return m, c
	}
	words := (&bot.View{Renderer: r.rules}).Say(actor, r.rules.Notices[string(m.Unsupported)])
	reply := bot.Reply{Room: m.Room, Mode: bot.New, Text: words, Language: actor.Language, Chatter: true}
	lost := bot.Task{ID: "lost:" + m.ID, Lane: "room:" + string(m.Room), Do: "send", Class: bot.PostClass, Reply: &reply, Made: m.At}
	c.Tasks = append(c.Tasks[:len(c.Tasks):len(c.Tasks)], lost)
	m.Unsupported = ""
	return m, c
}

// answered is the record whose message this one answers, if it is any of the person's business; else the talk.
func (r *receiver) answered(ctx context.Context, m *bot.Message, actor *bot.Person, talk bot.Key) (bot.Key, error) {
	key, err := r.cfg.Store.Sender(ctx, m.Room, m.ReplyTo)
	if errors.Is(err, bot.ErrNone) || err == nil && key.Kind() == "talk" {
		return talk, nil
	}
	if err != nil {
		return "", err
	}
	c, err := r.cfg.Store.Conversation(ctx, key)
	if errors.Is(err, bot.ErrNone) || err == nil && !c.TakesPart(actor) {
		return talk, nil
	}
	return key, err
}

// heardBy lets a conversation hear a message. Whatever the first words in a room are, they are answered with who we are.
func (r *receiver) heardBy(ctx context.Context, key bot.Key, m bot.Message, actor *bot.Person, c bot.Commit) error {
	return r.turns.take(ctx, key, c, func(v *bot.View) (bot.Event, string) {
		v.Actor, v.Account = actor, m.Account
		if flow := r.rules.ByName[v.Conv.Flow]; flow.Talk {
			r.load.talk(ctx, v)
			if v.Conv.State == "" {
				v.Conv.State = flow.First
			}
		}
		ev, refused := r.rules.Hear(v, &m)
		if refused == bot.RefusedNotUnderstood && v.Conv.Version == 0 {
			ev.Name, refused = "greeted", ""
		}
		return ev, refused
	})
}

// setAside stores the raw message of a turn that could not be made, to be heard later by a task of that id, in a commit
// with what is already in c. The person is told that something went wrong.
func (r *receiver) setAside(ctx context.Context, m bot.Message, c bot.Commit, id string, why error) error {
	r.cfg.Meter.Count("set_aside", m.Room.Adapter(), 1)
	r.cfg.Log.Error("a message is set aside", "message", bot.Trace(m.ID), "adapter", m.Room.Adapter(), slog.Any("why", why))
	raw, err := json.Marshal(m)
	if err != nil {
		return err
	}
	now := r.now()
	sorry := bot.Reply{Room: m.Room, Mode: bot.New, Text: r.rules.Notices[bot.RefusedFailed], Chatter: true}
	c.At, c.Tasks = now, []bot.Task{
		{ID: id, Lane: "again:" + string(m.Room), Do: "receive", Class: bot.InnerClass, Facts: bot.Facts{"message": string(raw)}, NotBefore: now.Add(firstPause), Made: now},
		{ID: "sorry:" + m.ID, Lane: "room:" + string(m.Room), Do: "send", Class: bot.PostClass, Reply: &sorry, Made: now},
	}
	if err := r.commit(ctx, &c); errors.Is(err, bot.ErrSeen) {
		return nil
	} else if err != nil {
		return err
	}
	r.cfg.CrashPoint(bot.SetAside)
	return nil
}
