package bot

import (
	"context"
	"maps"
	"strings"
	"time"
)

// Keepable finds the open record that a message can be made evidence of, by the short name or the order's number that
// people know it by; the newest of several. ErrNone where there is none.
func (e *Engine) Keepable(ctx context.Context, called string) (Key, error) {
	called = strings.TrimPrefix(strings.TrimSpace(called), "#")
	var newest Conversation
	for _, term := range []string{"id:" + strings.ToUpper(called), "open:order:" + called} {
		keys, err := e.cfg.Store.Find(ctx, term, "", mostKeepable)
		if err != nil {
			return "", err
		}
		for _, key := range keys {
			c, err := e.cfg.Store.Conversation(ctx, key)
			if err != nil {
				return "", err
			}
			if e.mayKeep(&c) && (newest.Key == "" || c.Opened.After(newest.Opened)) {
				newest = c
			}
		}
	}
	if newest.Key == "" {
		return "", ErrNone
	}
	return newest.Key, nil
}

// mostKeepable is how many records of one order are looked through.
const mostKeepable = 100

// mayKeep says whether evidence can be brought to a record now.
func (e *Engine) mayKeep(c *Conversation) bool {
	f := e.book.flows[c.Flow]
	return f != nil && f.Keep != nil && c.Version > 0 && c.Closed.IsZero()
}

// keeping is the form by which a message is made evidence; nil where it cannot be, or not by them.
func (e *Engine) keeping(ctx context.Context, m *Message, actor *Person) (form *asked, err error) {
	defer func() {
		if r := recover(); r != nil {
			form, err = nil, caught(r)
		}
	}()
	v, err := e.view(ctx, m.Keep.In)
	if err != nil || actor.Party() != Support || !e.mayKeep(v.Conv) {
		return nil, err
	}
	choice := e.book.flows[v.Conv.Flow].Keep
	ev := Event{ID: m.ID, Name: choice.Event, By: Support, Actor: actor.ID, Room: m.Room}
	v.Actor, v.Event = actor, &ev
	if err := e.cast(ctx, v); err != nil {
		return nil, err
	}
	return e.book.openForm(v, m.Keep.In, choice, m.Fields), nil
}

// kept makes a message evidence. What was said stands in its room already; the record hears it, with who said it and when.
func (e *Engine) kept(ctx context.Context, m Message, actor *Person, c Commit) error {
	form, err := e.keeping(ctx, &m, actor)
	if err != nil {
		return err
	}
	var facts Facts
	if form != nil {
		if facts, err = e.book.fill(form.fields, m.Fields, actor, true); err != nil {
			return err
		}
	}
	c.Said = nil
	return e.turnOf(ctx, m.Keep.In, c, func(v *View) (Event, string) {
		v.Actor = actor
		ev := Event{ID: m.ID, Name: noKeep, By: actor.Party(), Actor: actor.ID, Room: m.Room, Offer: noKeep}
		if f := e.book.flows[v.Conv.Flow]; f.Keep != nil {
			ev.Name = f.Keep.Event
		}
		switch {
		case actor.Party() != Support:
			return ev, NoteNotYours
		case form == nil || !e.mayKeep(v.Conv):
			return ev, NoteLate
		}
		ev.Offer, ev.Text, ev.Facts = "", cut(m.Text), Facts{"said_by": m.Keep.By, "said_at": m.Keep.At.UTC().Format(time.RFC3339)}
		maps.Copy(ev.Facts, facts)
		ev.Facts["kept"], ev.Files = fresh(v.Conv, received(&m))
		return ev, ""
	})
}

// noKeep names what a message that cannot be made evidence would have been; a passing word answers it, as a press.
const noKeep = "keep"

// fresh are the files that neither side has brought itself, and the hashes of all.
func fresh(c *Conversation, files []File) (hashes string, fresh []File) {
	var all []string
	for _, f := range files {
		all = append(all, f.Hash)
		if !c.brought(f, Buyer) && !c.brought(f, Seller) {
			fresh = append(fresh, f)
		}
	}
	return strings.Join(all, " "), fresh
}
