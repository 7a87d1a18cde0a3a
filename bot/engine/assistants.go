package engine

import (
	"cmp"
	"context"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"nevermind/bot"
)

// Assistants lets people's own AI assistants in, and shows people what these suggest. What an assistant may do is decided by the
// record of it, in a turn; here it is only found, by the hash of its token. It has no state and is safe for concurrent use.
type Assistants struct {
	*base
	load     *loader
	turns    *turner
	receiver *receiver
}

// Assistants is the door of people's own AI assistants.
func (e *Engine) Assistants() *Assistants { return e.assistants }

// Connect gives an assistant the token by which it is known from then on, for the code that its person was told in their chat.
// The code works once. The token, 43 characters of base64url, is stored nowhere: only its hash is. ErrNone where the code is
// unknown, used or expired.
func (a *Assistants) Connect(ctx context.Context, code, name string) (token string, err error) {
	code = hashed(strings.ToUpper(strings.TrimSpace(code)))
	c, err := a.filed(ctx, "code", code)
	if err != nil {
		return "", err
	}
	var secret [32]byte
	rand.Read(secret[:]) // never fails
	token = base64.RawURLEncoding.EncodeToString(secret[:])
	owner := ownerOf(&c)
	ev := bot.Event{ID: "assistant:" + hashed(token), Name: bot.AssistantConnected, By: owner.party, Actor: owner.id,
		Facts: bot.Facts{"token": hashed(token), "assistant_name": name}}
	if err := a.turns.take(ctx, c.Key, bot.Commit{Handled: ev.ID}, event(ev)); err != nil {
		return "", fmt.Errorf("connect an assistant: %w", err)
	}
	if c, err = a.cfg.Store.Conversation(ctx, c.Key); err == nil && c.Facts["token"] != hashed(token) {
		err = bot.ErrNone // another was quicker with the same code
	}
	return token, err
}

// owner is whose assistant a record is about.
type owner struct {
	party bot.Party
	id    bot.PersonID
}

func ownerOf(c *bot.Conversation) owner {
	for _, p := range bot.Parties[:2] {
		if id := c.Parties[p]; id != "" {
			return owner{p, id}
		}
	}
	return owner{}
}

// filed finds the open record that is filed under a fact; ErrNone where there is none.
func (a *Assistants) filed(ctx context.Context, fact, value string) (bot.Conversation, error) {
	if a.rules.Assistants == nil {
		return bot.Conversation{}, bot.ErrNone
	}
	keys, err := a.cfg.Store.Find(ctx, fact+":"+value, "", 1)
	if err == nil && len(keys) == 0 {
		err = bot.ErrNone
	}
	if err != nil {
		return bot.Conversation{}, err
	}
	c, err := a.cfg.Store.Conversation(ctx, keys[0])
	if err == nil && (c.Flow != a.rules.Assistants.Record || !c.Closed.IsZero() || c.Facts[fact] != value) {
		err = bot.ErrNone
	}
	return c, err
}

// Of says whose assistant has a token; ErrNone where the token is unknown or revoked.
func (a *Assistants) Of(ctx context.Context, token string) (bot.Person, error) {
	_, who, err := a.of(ctx, token)
	return who, err
}

// Suggest says what a proposal would ask of its person, as their chat would, and changes nothing. It is Declined, as unfit, where
// it cannot be sent as things stand; Unfit where an answer does not fit its field.
func (a *Assistants) Suggest(ctx context.Context, who *bot.Person, p bot.Proposal) (words string, err error) {
	_, words, err = a.suggested(ctx, who, p)
	return words, err
}

// of finds the record of the assistant that has a token, and its person.
func (a *Assistants) of(ctx context.Context, token string) (bot.Conversation, bot.Person, error) {
	c, err := a.filed(ctx, "token", hashed(token))
	if err != nil {
		return c, bot.Person{}, err
	}
	who, err := a.person(ctx, ownerOf(&c).id)
	if err == nil && who.WasErased() { // with whom it was connected is nobody any more
		err = bot.ErrNone
	}
	if err != nil {
		return c, bot.Person{}, err
	}
	return c, *who, nil
}

// told has an assistant's record hear what it does, and returns what the record has learned by it: why that was turned down, as
// an error, or else its facts.
func (a *Assistants) told(ctx context.Context, token, name string, facts bot.Facts) (bot.Facts, bot.Person, error) {
	c, who, err := a.of(ctx, token)
	if err != nil {
		return nil, who, err
	}
	id := newSeed()
	facts["token"], facts["proposal"] = hashed(token), base64.RawURLEncoding.EncodeToString(id[:])
	ev := bot.Event{ID: "assistant:" + facts["proposal"], Name: name, By: who.Party(), Actor: who.ID, Facts: facts}
	if err := a.turns.take(ctx, c.Key, bot.Commit{Handled: ev.ID}, event(ev)); err != nil {
		return nil, who, err
	}
	entry, err := a.entryOf(ctx, c.Key, ev.ID)
	if err != nil {
		return nil, who, err
	}
	_, why, _ := strings.Cut(entry.Learned["turned_down"], " ")
	switch {
	case entry.Refused != "" || why == string(bot.DeclinedToken):
		return nil, who, bot.ErrNone // disconnected meanwhile
	case why != "":
		return nil, who, bot.Declined(why)
	}
	return entry.Learned, who, nil
}

// entryOf is the line of a record's journal that an event has made a moment ago.
func (a *Assistants) entryOf(ctx context.Context, key bot.Key, event string) (bot.Entry, error) {
	c, err := a.cfg.Store.Conversation(ctx, key)
	if err != nil {
		return bot.Entry{}, err
	}
	for last := c.Entries; last > 0; last -= journalPart {
		entries, err := a.cfg.Store.Journal(ctx, key, max(0, last-journalPart), min(last, journalPart))
		if err != nil {
			return bot.Entry{}, err
		}
		for _, e := range slices.Backward(entries) {
			if e.Event.ID == event {
				return e, nil
			}
		}
	}
	return bot.Entry{}, bot.ErrNone
}

// journalPart is how many lines of a journal are read at once.
const journalPart = 32

// Look notes that an assistant reads something, and says for whom. ErrNone where its token is unknown or revoked, ErrTooMany
// where it has read too much today.
func (a *Assistants) Look(ctx context.Context, token, what, order string) (bot.Person, error) {
	_, who, err := a.told(ctx, token, bot.AssistantLooked, bot.Facts{"looked": what, "order": order})
	var declined bot.Declined
	if errors.As(err, &declined) {
		err = bot.ErrTooMany
	}
	return who, err
}

// Propose has a proposal asked in the chat of the assistant's person, and says what is asked there and until when. Declined says
// why it is not; ErrNone that the token is unknown or revoked.
func (a *Assistants) Propose(ctx context.Context, token string, p bot.Proposal) (words string, until time.Time, err error) {
	_, who, err := a.of(ctx, token)
	if err != nil {
		return "", until, err
	}
	facts, words, err := a.suggested(ctx, &who, p)
	if err != nil {
		return words, until, err
	}
	learned, _, err := a.told(ctx, token, bot.ProposalMade, facts)
	if err != nil {
		return "", until, err
	}
	until, err = time.Parse(time.RFC3339, learned["until"])
	return words, until, err
}

// suggested are the facts of a proposal, and what it would ask in the person's chat.
func (a *Assistants) suggested(ctx context.Context, who *bot.Person, p bot.Proposal) (facts bot.Facts, words string, err error) {
	if a.rules.Assistants == nil {
		return nil, "", bot.ErrNone
	}
	facts = bot.Facts{"kind": string(p.Kind), "order": p.Order}
	if p.Kind == bot.ProposeAnswer {
		if err := a.button(ctx, who, &p, facts); err != nil {
			return nil, "", err
		}
	} else {
		for name, value := range p.Facts {
			facts[name] = value
		}
	}
	asked := bot.Facts{"until": a.now().Add(time.Minute).Format(time.RFC3339)}
	for name, value := range facts {
		asked[name] = value
	}
	ev := bot.Event{Name: bot.ProposalMade, Facts: asked}
	made, err := a.Rehearse(ctx, who, "", ev)
	if err != nil {
		return nil, "", err
	}
	if made.Conv.Flow != a.rules.Assistants.Talk {
		return nil, "", bot.DeclinedUnfit
	}
	return facts, lastWords(&made), nil
}

// button finds the button that answers what an order's records have on offer to a person, and adds it to the facts with the
// answers to its form, judged as the form would.
func (a *Assistants) button(ctx context.Context, who *bot.Person, p *bot.Proposal, facts bot.Facts) error {
	events := a.rules.Assistants.Answers[p.Answer]
	keys, err := a.cfg.Store.Find(ctx, "open:order:"+p.Order, "", 100)
	if err != nil {
		return err
	}
	for _, key := range keys {
		c, err := a.cfg.Store.Conversation(ctx, key)
		if err != nil {
			return err
		}
		i := slices.IndexFunc(c.Offers, func(o bot.Offer) bool {
			return o.Party == who.Party() && slices.Contains(events, o.Event) && !o.Used && !o.Answer
		})
		if i >= 0 && c.TakesPart(who) {
			return a.filledIn(ctx, who, key, &c.Offers[i], p.Facts, facts)
		}
	}
	return bot.DeclinedUnfit
}

// filledIn adds a button to the facts of a proposal, with its form's answers and the last look that its form shows.
func (a *Assistants) filledIn(ctx context.Context, who *bot.Person, key bot.Key, o *bot.Offer, given, facts bot.Facts) error {
	facts["form_key"], facts["form_event"], facts["form_offer"] = string(key), o.Event, o.Token
	if !o.Form {
		return nil
	}
	form, err := a.receiver.buttonForm(ctx, key, bot.Message{Press: o.Token, Fields: given}, who)
	if err == nil && form == nil {
		err = bot.DeclinedUnfit
	}
	if err != nil {
		return err
	}
	answers, err := a.rules.FillForm(form.Fields, given, who, false)
	if err != nil {
		return err
	}
	for name, value := range answers {
		facts["field_"+name] = value
	}
	for _, f := range form.Fields {
		if f.Kind == bot.Sure {
			facts["form_look"] = f.Ask
		}
	}
	return nil
}

// rehearsal is the room of turns that are thrown away: no platform has it.
const rehearsal bot.Room = "rehearsal:"

// Rehearse makes the turn that an event of a person's would make in a conversation, as it would be said to them, and throws it
// away. ErrNone where the person takes no part in it. Without a key it is a talk from its beginning.
func (a *Assistants) Rehearse(ctx context.Context, who *bot.Person, key bot.Key, ev bot.Event) (made bot.Turn, err error) {
	if key == "" {
		key = bot.TalkKey(rehearsal, who)
	}
	v, err := a.load.view(ctx, key)
	if err != nil {
		return made, err
	}
	if key.Kind() != "talk" && !v.Conv.TakesPart(who) {
		return made, bot.ErrNone
	}
	id := newSeed()
	ev.ID = "rehearsed:" + base64.RawURLEncoding.EncodeToString(id[:])
	ev.By, ev.Actor, ev.Room = who.Party(), who.ID, cmp.Or(ev.Room, rehearsal)
	v.Actor = who
	return a.turns.decide(ctx, v, event(ev))
}

// lastWords is what a turn says last.
func lastWords(made *bot.Turn) string {
	for i := len(made.Replies) - 1; i >= 0; i-- {
		if made.Replies[i].Text != "" {
			return made.Replies[i].Text
		}
	}
	return ""
}
