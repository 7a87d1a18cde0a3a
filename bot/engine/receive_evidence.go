package engine

import (
	"context"
	"maps"
	"strings"
	"time"

	"nevermind/bot"
	"nevermind/bot/turn"
)

// Keepable finds the open record that a message can be made evidence of, by the short name or the order's number that
// people know it by; the newest of several. ErrNone where there is none.
func (e *Engine) Keepable(ctx context.Context, called string) (bot.Key, error) {
	called = strings.TrimPrefix(strings.TrimSpace(called), "#")
	var newest bot.Conversation
	for _, term := range []string{"id:" + strings.ToUpper(called), "open:order:" + called} {
		keys, err := e.cfg.Store.Find(ctx, term, "", mostEvidenceRecords)
		if err != nil {
			return "", err
		}
		for _, key := range keys {
			c, err := e.cfg.Store.Conversation(ctx, key)
			if err != nil {
				return "", err
			}
			if e.takesEvidence(&c) && (newest.Key == "" || c.Opened.After(newest.Opened)) {
				newest = c
			}
		}
	}
	if newest.Key == "" {
		return "", bot.ErrNone
	}
	return newest.Key, nil
}

// mostKeepable is how many records of one order are looked through.
const mostEvidenceRecords = 100

// mayKeep says whether evidence can be brought to a record now.
func (e *Engine) takesEvidence(c *bot.Conversation) bool {
	f := e.rules.ByName[c.Flow]
	return f != nil && f.Evidence != nil && c.Version > 0 && c.Closed.IsZero()
}

// keeping is the form by which a message is made evidence; nil where it cannot be, or not by them.
func (e *Engine) evidenceForm(ctx context.Context, m *bot.Message, actor *bot.Person) (form *turn.OpenForm, err error) {
	defer func() {
		if r := recover(); r != nil {
			form, err = nil, caught(r)
		}
	}()
	v, err := e.view(ctx, m.Evidence.Record)
	if err != nil || actor.Party() != bot.Support || !e.takesEvidence(v.Conv) {
		return nil, err
	}
	choice := e.rules.ByName[v.Conv.Flow].Evidence
	ev := bot.Event{ID: m.ID, Name: choice.Event, By: bot.Support, Actor: actor.ID, Room: m.Room}
	v.Actor, v.Event = actor, &ev
	if err := e.loadParticipants(ctx, v); err != nil {
		return nil, err
	}
	return e.rules.OpenForm(v, m.Evidence.Record, choice, m.Fields), nil
}

// kept makes a message evidence. What was said stands in its room already; the record hears it, with who said it and when.
func (e *Engine) receiveEvidence(ctx context.Context, m bot.Message, actor *bot.Person, c bot.Commit) error {
	form, err := e.evidenceForm(ctx, &m, actor)
	if err != nil {
		return err
	}
	var facts bot.Facts
	if form != nil {
		if facts, err = e.rules.FillForm(form.Fields, m.Fields, actor, true); err != nil {
			return err
		}
	}
	c.Said = nil
	return e.turnOf(ctx, m.Evidence.Record, c, func(v *bot.View) (bot.Event, string) {
		v.Actor = actor
		ev := bot.Event{ID: m.ID, Name: noEvidence, By: actor.Party(), Actor: actor.ID, Room: m.Room, Offer: noEvidence}
		if f := e.rules.ByName[v.Conv.Flow]; f.Evidence != nil {
			ev.Name = f.Evidence.Event
		}
		switch {
		case actor.Party() != bot.Support:
			return ev, bot.RefusedNotYours
		case form == nil || !e.takesEvidence(v.Conv):
			return ev, bot.RefusedLate
		}
		ev.Offer, ev.Text, ev.Facts = "", turn.Cut(m.Text), bot.Facts{"said_by": m.Evidence.By, "said_at": m.Evidence.At.UTC().Format(time.RFC3339)}
		maps.Copy(ev.Facts, facts)
		ev.Facts["kept"], ev.Files = fresh(v.Conv, turn.Received(&m))
		return ev, ""
	})
}

// noKeep names what a message that cannot be made evidence would have been; a passing word answers it, as a press.
const noEvidence = "keep"

// fresh are the files that neither side has brought itself, and the hashes of all.
func fresh(c *bot.Conversation, files []bot.File) (hashes string, fresh []bot.File) {
	var all []string
	for _, f := range files {
		all = append(all, f.Hash)
		if !c.Brought(f, bot.Buyer) && !c.Brought(f, bot.Seller) {
			fresh = append(fresh, f)
		}
	}
	return strings.Join(all, " "), fresh
}
