package engine

import (
	"context"
	"errors"
	"fmt"
	"log/slog"

	"nevermind/bot"
)

// tell makes the turn of a conversation that another one has something for; that commit settles the task, so that neither can
// be lost or repeated alone. What is told to a person changes the person instead.
func (d *deliverer) tell(ctx context.Context, l bot.Lease) error {
	t := l.Task
	if t.To.Kind() == "person" {
		return d.people.tell(ctx, l)
	}
	err := d.turns.take(ctx, t.To, bot.Commit{Handled: heardOnce(&t), Settle: &bot.Settlement{Lease: l}}, event(t.Event))
	return d.settler.finish(ctx, l, bot.Finished(), err, d.settler.tryLater(ctx, l))
}

// heardOnce is what the event of a telling is deduplicated by, besides the task that it comes with: nothing where it is that
// task's own, since the commit that hears it settles that one.
func heardOnce(t *bot.Task) string {
	if t.Event.ID == "task:"+t.ID {
		return ""
	}
	return t.Event.ID
}

// passOn moves a telling that has waited in another lane into its record's own.
func (d *deliverer) passOn(ctx context.Context, l bot.Lease) error {
	c := bot.Commit{At: d.now(), Settle: &bot.Settlement{Lease: l}, Tasks: []bot.Task{d.tellTask(l.Task.To, l.Task.Event)}}
	err := d.commit(ctx, &c)
	if err == nil {
		d.settler.settled()
	}
	return err
}

// hand lets a hand do a task outside. Its outcome is an event for the conversation, in the commit that settles it.
//
// The attempt is recorded first. An error leaves it open whether the work was done, so it is asked for again under the same
// id, with a backoff and without end: the hand is idempotent by the task's id, and gives up by itself (GivenUp) when it
// should. Of the workers, only atShop may ask the shop at once; a task beyond them goes back without an attempt.
func (d *deliverer) hand(ctx context.Context, l bot.Lease) error {
	if work := d.cfg.Flows.Works[l.Task.Do]; work.Shop || work.AsksShop || l.Task.Do == caseWebhookHand {
		select {
		case d.shop <- struct{}{}:
			defer func() { <-d.shop }()
		default: // no attempt, so none is counted
			return d.settler.settle(ctx, l, bot.RetryAfter(firstPause))
		}
	}
	if err := d.cfg.Store.Attempt(ctx, l); err != nil {
		return err
	}
	d.cfg.CrashPoint(bot.Attempted)
	l.Task.Attempts++
	took := stopwatch()
	o, err := d.act(ctx, l.Task)
	d.cfg.CrashPoint(bot.Answered)
	if err != nil {
		o = bot.RetryAfter(backoff(l.Task.Attempts))
		d.cfg.Log.Warn("a task is tried again", "task", bot.Trace(l.Task.ID), "do", l.Task.Do,
			"attempt", l.Task.Attempts, slog.Any("why", err))
	}
	d.measureAttempt(&l.Task, "hand", l.Task.Do, o, took())
	switch {
	case o.Dead != "" && o.Event == "":
		return d.settler.giveUp(ctx, l, o, bot.NoticeGivenUp, nil)
	case o.Pending || o.Event == "" || o.Retry > 0:
		return d.settler.settle(ctx, l, o)
	}
	return d.handDone(ctx, l, o)
}

// handDone tells the conversation that asked what a hand's work has come to, and settles the task in that commit. A task that
// is given up tells so under another id than its outcome, which may still come late and then counts.
func (d *deliverer) handDone(ctx context.Context, l bot.Lease, o bot.Outcome) error {
	c := bot.Commit{Handled: "outcome:" + l.Task.ID, Settle: &bot.Settlement{Lease: l, Outcome: o}}
	if o.Dead != "" { // that is no outcome: it may still come
		c.Handled, c.Settle.Outcome.Event = "given up:"+l.Task.ID, ""
	}
	err := d.tellOutcome(ctx, l.Task, o, c)
	switch {
	case errors.Is(err, bot.ErrNone) && o.Dead != "":
		return d.settler.giveUp(ctx, l, c.Settle.Outcome, bot.NoticeGivenUp, nil)
	case errors.Is(err, bot.ErrSeen), errors.Is(err, bot.ErrFenced):
		return d.overtaken(ctx, l, c.Settle.Outcome, err)
	}
	return d.settler.finish(ctx, l, c.Settle.Outcome, err, func(why error) error {
		d.cfg.Log.Error("an outcome cannot be heard yet", "task", bot.Trace(l.Task.ID), "do", l.Task.Do, slog.Any("why", why))
		return d.settler.settle(ctx, l, bot.RetryAfter(backoff(l.Task.Attempts))) // the hand is idempotent by the task's id
	})
}

// act calls the hand; a panic in it is an unclear end like any other.
func (d *deliverer) act(ctx context.Context, t bot.Task) (o bot.Outcome, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("%s panicked: %v", t.Do, p)
		}
	}()
	do := d.cfg.Hands[t.Do]
	if do == nil {
		return bot.Outcome{}, fmt.Errorf("nobody does %q", t.Do)
	}
	ctx, cancel := context.WithTimeout(ctx, handTime)
	defer cancel()
	return do(ctx, t)
}

// tellOutcome tells the conversation that asked how its task ended.
func (d *deliverer) tellOutcome(ctx context.Context, t bot.Task, o bot.Outcome, c bot.Commit) error {
	return d.turns.take(ctx, t.From, c, func(v *bot.View) (bot.Event, string) {
		ev := bot.Event{ID: c.Handled, Name: o.Event, Facts: o.Facts, By: bot.Shop}
		if d.cfg.Flows.Works[t.Do].ByAttempt && v.Frame.Facts["attempt"] != t.Facts["attempt"] {
			return ev, bot.RefusedUnheard
		}
		return ev, ""
	})
}
