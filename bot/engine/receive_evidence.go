package engine

import (
	"context"
	"maps"
	"strings"
	"time"

	"nevermind/bot"
	"nevermind/bot/turn"
)

// mostEvidenceRecords is how many records of one order are looked through.
const mostEvidenceRecords = 100

// noEvidence names what a message that cannot be made evidence would have been; a passing word answers it, as a press. It
// is stored in journals: a promise.
const noEvidence = "keep"

// EvidenceRecord finds the open record that a message can be made evidence of, by the short name or the order's number that
// people know it by; the newest of several. ErrNone where there is none.
func (e *Engine) EvidenceRecord(ctx context.Context, called string) (bot.Key, error) {
	return e.receiver.evidenceRecord(ctx, called)
}

// evidenceRecord looks under both names, as they are filed.
func (r *receiver) evidenceRecord(ctx context.Context, called string) (bot.Key, error) {
	called = strings.TrimPrefix(strings.TrimSpace(called), "#")
	var newest bot.Conversation
	for _, term := range []string{"id:" + strings.ToUpper(called), "open:order:" + called} {
		keys, err := r.cfg.Store.Find(ctx, term, "", mostEvidenceRecords)
		if err != nil {
			return "", err
		}
		for _, key := range keys {
			c, err := r.cfg.Store.Conversation(ctx, key)
			if err != nil {
				return "", err
			}
			if r.load.takesEvidence(&c) && (newest.Key == "" || c.Opened.After(newest.Opened)) {
				newest = c
			}
		}
	}
	if newest.Key == "" {
		return "", bot.ErrNone
	}
	return newest.Key, nil
}

// evidenceForm is the form by which a message is made evidence; nil where it cannot be, or not by them.
func (r *receiver) evidenceForm(ctx context.Context, m *bot.Message, actor *bot.Person) (form *turn.OpenForm, err error) {
	v, err := r.load.view(ctx, m.Evidence.Record)
	if err != nil || actor.Party() != bot.Support || !r.load.takesEvidence(v.Conv) {
		return nil, err
	}
	choice := r.rules.ByName[v.Conv.Flow].Evidence
	v.Actor, v.Event = actor, &bot.Event{ID: m.ID, Name: choice.Event, By: bot.Support, Actor: actor.ID, Room: m.Room}
	open := func() error {
		if err := r.load.participants(ctx, v); err != nil {
			return err
		}
		form = r.rules.FormOf(v, m.Evidence.Record, choice, m.Fields)
		return nil
	}
	if err := guard(open, func() error { return readFault(v.Look) }); err != nil {
		return nil, err
	}
	return form, nil
}

// evidence makes a message evidence. What was said stands in its room already, so it is not said again (Said); the record hears
// it, with who said it and when, and the answers of the form that its flow asks for. Where that cannot be, the turn refuses
// it in the record, as a press that is late or not theirs.
func (r *receiver) evidence(ctx context.Context, m bot.Message, actor *bot.Person, c bot.Commit) error {
	form, err := r.evidenceForm(ctx, &m, actor)
	if err != nil {
		return err
	}
	var facts bot.Facts
	if form != nil {
		if facts, err = r.rules.FillForm(form.Fields, m.Fields, actor, true); err != nil {
			return err
		}
	}
	c.Said = nil
	return r.turns.take(ctx, m.Evidence.Record, c, func(v *bot.View) (bot.Event, string) {
		v.Actor = actor
		ev := bot.Event{ID: m.ID, Name: noEvidence, By: actor.Party(), Actor: actor.ID, Room: m.Room, Offer: noEvidence}
		if f := r.rules.ByName[v.Conv.Flow]; f.Evidence != nil {
			ev.Name = f.Evidence.Event
		}
		switch {
		case actor.Party() != bot.Support:
			return ev, bot.RefusedNotYours
		case form == nil || !r.load.takesEvidence(v.Conv):
			return ev, bot.RefusedLate
		}
		ev.Offer, ev.Text = "", turn.Cut(m.Text)
		ev.Facts = bot.Facts{"said_by": m.Evidence.By, "said_at": m.Evidence.At.UTC().Format(time.RFC3339)}
		maps.Copy(ev.Facts, facts)
		ev.Facts["kept"], ev.Files = unbrought(v.Conv, turn.Received(&m))
		return ev, ""
	})
}

// unbrought are the files that neither buyer nor seller has brought to a record, and the hashes of all.
func unbrought(c *bot.Conversation, files []bot.File) (hashes string, fresh []bot.File) {
	var all []string
	for _, f := range files {
		all = append(all, f.Hash)
		if !c.Brought(f, bot.Buyer) && !c.Brought(f, bot.Seller) {
			fresh = append(fresh, f)
		}
	}
	return strings.Join(all, " "), fresh
}
