package engine

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"time"

	"nevermind/bot"
)

// A clock that decides against somebody does not run while they could not be told. A record keeps by which messages it told
// whom (Conversation.Asked). Here it hears when the first of them came late, and when none can come at all; the clock holds
// the deadline until then (told). A message that came in time says nothing to anybody.

// late is how late a message may come without that being made up for.
const late = 5 * time.Minute

// arrived settles a message that was sent. Where it told a party late, and they had not been told otherwise, the record hears
// of it in that commit.
func (d *deliverer) arrived(ctx context.Context, l bot.Lease, o bot.Outcome) error {
	t := l.Task
	if t.Reply.Mode != bot.New || t.Reply.Card == "" || d.now().Sub(t.Made) <= late {
		return d.settler.settle(ctx, l, o)
	}
	asked, others, err := d.askedBy(ctx, &t)
	away := min(d.now().Sub(asked.Since), mostMadeUpFor).Round(time.Second)
	if err != nil {
		return err
	}
	if asked.Party == "" || others == somebodyKnows || away <= late {
		return d.settler.settle(ctx, l, o)
	}
	ev := bot.Event{ID: "told late:" + t.ID, Name: bot.ToldLate, By: bot.Shop,
		Facts: bot.Facts{"told": string(asked.Party), "away": away.String()}}
	err = d.turns.take(ctx, t.From, bot.Commit{Handled: ev.ID, Settle: &bot.Settlement{Lease: l, Outcome: o}}, stillAsked(ev, &t))
	return d.settler.finish(ctx, l, o, err, func(why error) error {
		d.cfg.Log.Error("a record cannot make up for a late message", "task", bot.Trace(t.ID), slog.Any("why", why))
		return d.settler.settle(ctx, l, o) // it has arrived, so it is not sent again
	})
}

// untold ends a message that will never arrive and was the last by which its record could have told a party what a clock would
// hold against them: the record hears of it. False where it was not, or the record does not hear that.
func (d *deliverer) untold(ctx context.Context, l bot.Lease, o bot.Outcome) (heard bool, err error) {
	t := l.Task
	asked, others, err := d.askedBy(ctx, &t)
	if err != nil || asked.Party == "" || others != nobodyTold {
		return false, err
	}
	name := bot.Untold(asked.Party)
	if !d.load.wouldHear(ctx, t.From, name) {
		return false, nil
	}
	ev := bot.Event{ID: "untold:" + t.ID, Name: name, By: bot.Shop, Facts: d.whyUntold(l, o)}
	c := bot.Commit{Handled: ev.ID, Settle: &bot.Settlement{Lease: l, Outcome: o}}
	err = d.turns.take(ctx, t.From, c, stillAsked(ev, &t))
	return true, d.settler.finish(ctx, l, o, err, func(error) error {
		return d.settler.giveUp(ctx, l, o, bot.NoticeUndelivered, d.whyUntold(l, o))
	})
}

// whyUntold says in facts why a message will never arrive.
func (d *deliverer) whyUntold(l bot.Lease, o bot.Outcome) bot.Facts {
	facts := bot.Facts{"untold_why": bot.UntoldAway, "untold_on": l.Task.Reply.Room.Adapter()}
	switch o.Dead {
	case roomGone:
		facts["untold_why"] = bot.UntoldNoChat
	case refusedByPlatform:
		facts["untold_why"] = bot.UntoldRefused
	default:
		facts["untold_for"] = d.now().Sub(l.Since).Round(time.Second).String()
	}
	return facts
}

// untoldCard adds whose card it was that will never arrive, where it was one: a record that knows of them already need not hear
// it of each of its cards.
func (d *deliverer) untoldCard(ctx context.Context, t *bot.Task, facts bot.Facts) error {
	if t.Reply.Card == "" {
		return nil
	}
	who, err := d.people.personOfRoom(ctx, t)
	if err == nil && who.ID != "" {
		facts["untold_card"] = string(who.Party())
	}
	return err
}

// stillAsked makes the event where the record has not gone on meanwhile.
func stillAsked(ev bot.Event, t *bot.Task) eventOf {
	return func(v *bot.View) (bot.Event, string) {
		if !slices.ContainsFunc(v.Conv.Asked, func(a bot.Asked) bool { return slices.Contains(a.Tasks, t.ID) }) {
			return ev, bot.RefusedUnheard
		}
		return ev, ""
	}
}

// askedBy is whom a message asks what a clock will hold against them, and how the other messages by which they are asked stand.
// Nobody where it asks nobody, or its record has gone on.
func (d *deliverer) askedBy(ctx context.Context, t *bot.Task) (a bot.Asked, others toldState, err error) {
	if t.Reply.Mode != bot.New || t.Reply.Card == "" {
		return bot.Asked{}, nobodyTold, nil
	}
	c, err := d.cfg.Store.Conversation(ctx, t.From)
	if errors.Is(err, bot.ErrNone) {
		return bot.Asked{}, nobodyTold, nil
	}
	for _, a := range c.Asked {
		if slices.Contains(a.Tasks, t.ID) {
			others, err = d.told(ctx, less(a.Tasks, []string{t.ID}))
			return a, others, err
		}
	}
	return bot.Asked{}, nobodyTold, err
}

// toldState is how the messages stand by which a party is told.
type toldState int

const (
	nobodyTold  toldState = iota // none has arrived, and none will
	stillToTell                  // none has arrived so far
	somebodyKnows
)

// told says whether one of several messages has arrived, or may yet. One that the store does not know any more was sent long ago.
func (b *base) told(ctx context.Context, tasks []string) (toldState, error) {
	state := nobodyTold
	for _, id := range tasks {
		r, err := b.cfg.Store.Task(ctx, id)
		switch {
		case errors.Is(err, bot.ErrNone):
			return somebodyKnows, nil
		case err != nil:
			return state, err
		case r.State == bot.TaskWaiting:
			state = stillToTell
		case r.State != bot.TaskDead && r.State != bot.TaskDropped:
			return somebodyKnows, nil
		}
	}
	return state, nil
}
