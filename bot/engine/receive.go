package engine

import (
	"context"
	"errors"
	"time"

	"nevermind/bot"
)

// receiver takes messages in: it finds out which conversation a message is for, and has its turn made at once, or later
// where it belongs to an album or the turn fails. The adapters call it through the API, the deliverer for messages that
// were stored to be heard later. It promises that a message whose receiving returns nil is stored, and that a repeat of
// it changes nothing (deduplicated by the message's id). Its state is the albums and files that wait in this process.
type receiver struct {
	*base
	load    *loader
	turns   *turner
	settler *settler
	people  *people
	albums  *albums
	fetches *fetches

	forgeries *roomLimit // answers to forged presses
	strangers *strangers
	words     *roomLimit // what strangers write
}

// Receive takes a message; nil means that it is stored and may be acknowledged. Where a turn cannot be made, the raw
// message alone is stored and its turn is made later.
func (e *Engine) Receive(ctx context.Context, m bot.Message) error {
	return e.receiver.accept(ctx, m)
}

// accept hears a message at once, unless it has to wait for others of its room, or the turn fails by a fault of this program.
// In all three cases one commit stores it, and that commit is the permission to acknowledge. Anything else, such as a store
// that cannot be read or written just now, is returned: the platform is not answered and sends the message again.
func (r *receiver) accept(ctx context.Context, m bot.Message) error {
	r.cfg.CrashPoint(bot.Received)
	if m.At.IsZero() {
		m.At = r.now()
	}
	if m.Link != "" {
		m.Link = hashed(m.Link)
	}
	r.cfg.Log.Debug("received", "message", bot.Trace(m.ID), "adapter", m.Room.Adapter())
	sender, err := r.takeFiles(ctx, &m)
	if err != nil {
		return err
	}
	if m.Album != "" || len(m.Pending) > 0 || r.albums.open(lineOf(&m)) {
		actor, err := r.personAt(ctx, m.Account)
		switch {
		case err != nil:
			return err
		case r.tooMuch(ctx, &m, actor):
			return nil
		}
		err = r.queue(ctx, m, bot.Commit{Handled: m.ID})
		if err != nil && sender != "" {
			r.fetches.giveBack(sender, m.Pending)
		}
		if !errors.Is(err, bot.ErrSeen) {
			return err
		}
		return nil
	}
	err = r.remember(ctx, func(ctx context.Context) error { return r.route(ctx, m, bot.Commit{Handled: m.ID, Said: &m}) })
	switch {
	case errors.Is(err, bot.ErrSeen):
		return nil
	case errors.Is(err, errTurn):
		return r.keepForLater(ctx, m, bot.Commit{Handled: m.ID, Said: &m}, "again:"+m.ID, err)
	}
	return err
}

// route has a message's turn made by the conversation that it is for, in a commit with what is already in c.
//
// A press goes to the conversation that offered the button, a reply to the one that sent the message it answers, a one-time
// link to its record, evidence and notes to the record they name; all else goes to the room's one talk. What a person may
// not reach falls back to the talk, which answers; it is never an error.
func (r *receiver) route(ctx context.Context, m bot.Message, c bot.Commit) error {
	actor, err := r.personAt(ctx, m.Account)
	if err != nil {
		return err
	}
	if c.Settle == nil && r.tooMuch(ctx, &m, actor) { // what was stored to be heard later was counted then
		return nil
	}
	if actor, err = r.people.reopenRoom(ctx, &m, actor); err != nil {
		return err
	}
	m, actor = anonymous(m, actor)
	if actor, err = r.people.readsAs(ctx, &m, actor); err != nil {
		return err
	}
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
	return r.turnBy(ctx, key, m, actor, c)
}

// ofSupport says whether a message is support's own doing, which is heard as it stands: a note, or evidence.
func ofSupport(m *bot.Message) bool {
	kind := m.Kind()
	return kind == bot.KindNote || kind == bot.KindEvidence
}

// lineOf is where a message waits for its files, and others behind it: its room, so that order holds there. A note with files
// waits with those of its own thread alone: what else happens in the room that support shares is not held up by a colleague's
// file.
func lineOf(m *bot.Message) bot.Room {
	if m.Kind() == bot.KindNote {
		return bot.Room(string(m.Room) + "/" + string(m.ReplyTo))
	}
	return m.Room
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
	c.Tasks = append(c.Tasks[:len(c.Tasks):len(c.Tasks)], r.lostFile(&m, actor, ""))
	m.Unsupported = ""
	return m, c
}

// lostFile says why a file is not kept, below the record's card where it came with a note about one.
func (r *receiver) lostFile(m *bot.Message, actor *bot.Person, of bot.Key) bot.Task {
	words := (&bot.View{Renderer: r.rules}).Say(actor, r.rules.Notices[string(m.Unsupported)])
	reply := bot.Reply{Room: m.Room, Mode: bot.New, From: of, Text: words, Language: actor.Language, Chatter: true,
		Last: actor.ID == ""}
	return sendTask("lost:"+m.ID, bot.PostClass, reply, m.At)
}

// answered is the record whose message this one answers, if it is any of the person's business; else the talk. In a room that
// several share, somebody else's answer to a card is therefore not taken for that of a party. A message whose
// ref is not stored is known by its buttons.
func (r *receiver) answered(ctx context.Context, m *bot.Message, actor *bot.Person, talk bot.Key) (bot.Key, error) {
	key, err := r.cfg.Store.Sender(ctx, m.Room, m.ReplyTo)
	if errors.Is(err, bot.ErrNone) && m.ReplyPress != "" {
		key, err = r.cfg.Store.Offered(ctx, m.ReplyPress) // its ref is not known yet, or it is a duplicate
	}
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

// turnBy has a conversation make its turn of a message; of unclear words a listener's guess is got first.
func (r *receiver) turnBy(ctx context.Context, key bot.Key, m bot.Message, actor *bot.Person, c bot.Commit) error {
	err := r.turns.take(ctx, key, c, r.eventOfMessage(ctx, m, actor))
	if !errors.Is(err, errNeedsGuess) {
		return err
	}
	m.Guess = r.guess(ctx, &m, actor)
	if c.Said != nil {
		c.Said.Guess = m.Guess
	}
	return r.turns.take(ctx, key, c, r.eventOfMessage(ctx, m, actor))
}

// eventOfMessage makes an event of a message. Words that are not understood are a greeting where they are a room's first.
func (r *receiver) eventOfMessage(ctx context.Context, m bot.Message, actor *bot.Person) eventOf {
	return func(v *bot.View) (bot.Event, string) {
		v.Actor, v.Account = actor, m.Account
		if flow := r.rules.ByName[v.Conv.Flow]; flow.Talk {
			r.load.talk(ctx, v)
			if v.Conv.State == "" {
				v.Conv.State = flow.First
			}
		}
		ev, refused := r.rules.Hear(v, &m)
		if refused == bot.RefusedNotUnderstood && r.mayGuess(v, &m) {
			return ev, needsGuess
		}
		if refused == bot.RefusedNotUnderstood && v.Conv.Version == 0 {
			ev.Name, refused = "greeted", ""
		}
		return ev, refused
	}
}

// press has a press heard by the conversation that offered the button. One that needs a form first opens it in the room's
// talk; one that brings the form's answers along, from a platform with forms of its own, is judged with them. A token that
// nobody ever offered is forged and reaches no conversation; one of another room's talk is somebody else's, which the room's own
// talk refuses.
func (r *receiver) press(ctx context.Context, m bot.Message, actor *bot.Person, talk bot.Key, c bot.Commit) error {
	key, err := r.cfg.Store.Offered(ctx, m.Press)
	switch {
	case errors.Is(err, bot.ErrNone):
		return r.forged(ctx, m, actor, c)
	case err != nil:
		return err
	case key.Kind() == "talk" && key != talk:
		return r.refuse(ctx, talk, m, actor, bot.RefusedNotYours, c)
	}
	if len(m.Fields) > 0 {
		return r.pressFilled(ctx, key, m, actor, c)
	}
	err = r.turns.take(ctx, key, c, unlessForm(&m, r.eventOfMessage(ctx, m, actor)))
	if errors.Is(err, errNeedsForm) {
		return r.pressOpens(ctx, key, m, actor, talk, c)
	}
	return err
}

// A room gets so many answers to forged presses in that time.
const (
	forgedPause   = time.Minute
	forgedAnswers = 3
)

// forged counts a press of a button that nobody ever offered, and answers it, once in a while. Of the press nothing is stored
// but its id, for a time, so whoever sends many leaves nothing behind.
func (r *receiver) forged(ctx context.Context, m bot.Message, actor *bot.Person, c bot.Commit) error {
	r.cfg.Meter.Count("presses_forged", m.Room.Adapter(), 1)
	c.At, c.Said = r.now(), nil
	if r.forgeries.allows(m.Room, c.At) {
		reply := bot.Reply{Room: m.Room, Mode: bot.Aside, Press: m.ID, Language: actor.Language, Chatter: true, Last: actor.ID == "",
			Text: (&bot.View{Renderer: r.rules}).Say(actor, r.rules.Notices[bot.RefusedForged])}
		c.Tasks = append(c.Tasks[:len(c.Tasks):len(c.Tasks)], sendTask("forged:"+m.ID, bot.AnswerClass, reply, c.At))
	}
	if err := r.commit(ctx, &c); err != nil {
		return err
	}
	tellPressAnswer(ctx, c.Tasks)
	return nil
}

// refuse answers a press that leads to no conversation, in the room's talk.
func (r *receiver) refuse(ctx context.Context, talk bot.Key, m bot.Message, actor *bot.Person, why string, c bot.Commit) error {
	return r.turns.take(ctx, talk, c, func(v *bot.View) (bot.Event, string) {
		v.Actor = actor
		return bot.Event{ID: m.ID, By: actor.Party(), Actor: actor.ID, Room: m.Room, Offer: m.Press}, why
	})
}
