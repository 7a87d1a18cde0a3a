package engine

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"

	"nevermind/bot"
)

// work does one leased task.
func (e *Engine) work(ctx context.Context, l bot.Lease) error {
	e.cfg.CrashPoint(bot.Claimed)
	switch l.Task.Do {
	case "send":
		return e.deliver(ctx, l)
	case "tell":
		return e.tell(ctx, l)
	case "pass_on":
		return e.passOn(ctx, l)
	case "receive":
		return e.again(ctx, l)
	case "decode":
		return e.decode(ctx, l)
	default:
		return e.hand(ctx, l)
	}
}

// tell makes the turn of a conversation that another one has something for; that commit settles the task.
func (e *Engine) tell(ctx context.Context, l bot.Lease) error {
	t := l.Task
	if t.To.Kind() == "person" {
		return e.personEvent(ctx, l)
	}
	err := e.turnOf(ctx, t.To, bot.Commit{Handled: t.Event.ID, Settle: &bot.Settlement{Lease: l}}, func(v *bot.View) (bot.Event, string) { return t.Event, "" })
	switch {
	case errors.Is(err, bot.ErrSeen), errors.Is(err, bot.ErrNone):
		return e.settle(ctx, l, bot.Outcome{})
	case errors.Is(err, errTurn):
		return e.stumble(ctx, l, err)
	case err == nil:
		e.cfg.CrashPoint(bot.Settled)
		signal(e.wake)
	}
	return err
}

// again makes the turn of a message that was set aside, or that stands in its room's line.
func (e *Engine) again(ctx context.Context, l bot.Lease) error {
	var m bot.Message
	if err := json.Unmarshal([]byte(l.Task.Facts["message"]), &m); err != nil {
		return e.settle(ctx, l, bot.Outcome{Dead: "cannot be decoded"})
	}
	if l.Task.Lane == albumLane(m.Room) {
		return e.heardInQueue(ctx, l, m)
	}
	return e.hearAgain(ctx, l, m, nil)
}

// hearAgain makes the turn of a message that was kept; that commit settles the task, and says in the room's log what was
// not there before.
func (e *Engine) hearAgain(ctx context.Context, l bot.Lease, m bot.Message, said *bot.Message) error {
	err := e.receive(ctx, m, bot.Commit{Handled: "again:" + m.ID, Said: said, Settle: &bot.Settlement{Lease: l}})
	switch {
	case errors.Is(err, bot.ErrSeen):
		return e.settle(ctx, l, bot.Outcome{})
	case errors.Is(err, errTurn):
		return e.stumble(ctx, l, err)
	case err == nil:
		signal(e.wake)
	}
	return err
}

// stumble tries a turn that failed by our fault again later, and sets it aside for an operator in the end.
func (e *Engine) stumble(ctx context.Context, l bot.Lease, why error) error {
	if err := e.cfg.Store.Attempt(ctx, l); err != nil {
		return err
	}
	if l.Task.Attempts+1 >= mostTries {
		e.cfg.Meter.Count("dead", l.Task.Do, 1)
		e.cfg.Log.Error("a turn is set aside for an operator", "task", bot.Trace(l.Task.ID), slog.Any("why", why))
		return e.tellDesk(ctx, l, bot.Outcome{Dead: "the turn cannot be made"}, bot.NoticeGivenUp)
	}
	return e.settle(ctx, l, bot.Outcome{Retry: pause(l.Task.Attempts + 1)})
}

// hand lets a hand do a task outside. Its outcome is an event for the conversation, in the commit that settles it.
func (e *Engine) hand(ctx context.Context, l bot.Lease) error {
	if l.Task.Do == caseWebhookHand || e.cfg.Flows.Works[l.Task.Do].Shop {
		select {
		case e.shop <- struct{}{}:
			defer func() { <-e.shop }()
		default: // no try, so none is counted
			return e.settle(ctx, l, bot.Outcome{Retry: firstPause})
		}
	}
	if err := e.cfg.Store.Attempt(ctx, l); err != nil {
		return err
	}
	e.cfg.CrashPoint(bot.Attempted)
	l.Task.Attempts++
	took := stopwatch()
	o, err := e.act(ctx, l.Task)
	e.cfg.CrashPoint(bot.Done)
	if err != nil {
		o = bot.Outcome{Retry: pause(l.Task.Attempts)}
	}
	e.ended(&l.Task, "hand", l.Task.Do, o, took())
	switch {
	case err != nil:
		e.cfg.Log.Warn("a task is tried again", "task", bot.Trace(l.Task.ID), "do", l.Task.Do, "attempt", l.Task.Attempts, slog.Any("why", err))
		return e.settle(ctx, l, o)
	case o.Dead != "" && o.Event == "":
		return e.tellDesk(ctx, l, o, bot.NoticeGivenUp)
	case o.Pending || o.Event == "" || o.Retry > 0:
		return e.settle(ctx, l, o)
	}
	c := bot.Commit{Handled: "outcome:" + l.Task.ID, Settle: &bot.Settlement{l, o}}
	if o.Dead != "" { // that is no outcome: it may still come
		c.Handled, c.Settle.Outcome.Event = "given up:"+l.Task.ID, ""
	}
	err = e.outcome(ctx, l.Task, o, c)
	switch {
	case errors.Is(err, bot.ErrNone) && o.Dead != "":
		return e.tellDesk(ctx, l, c.Settle.Outcome, bot.NoticeGivenUp)
	case errors.Is(err, bot.ErrNone):
		return e.settle(ctx, l, c.Settle.Outcome)
	case errors.Is(err, bot.ErrSeen), errors.Is(err, bot.ErrFenced):
		return e.overtaken(ctx, l, c.Settle.Outcome, err)
	case errors.Is(err, errTurn):
		e.cfg.Log.Error("an outcome cannot be heard yet", "task", bot.Trace(l.Task.ID), "do", l.Task.Do, slog.Any("why", err))
		return e.settle(ctx, l, bot.Outcome{Retry: pause(l.Task.Attempts)}) // the hand knows the task by its id and answers as before
	case err == nil:
		e.cfg.CrashPoint(bot.Settled)
		signal(e.wake)
	}
	return err
}

// act calls the hand; a panic in it is an unclear end like any other.
func (e *Engine) act(ctx context.Context, t bot.Task) (o bot.Outcome, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("%s panicked: %v", t.Do, r)
		}
	}()
	do := e.cfg.Hands[t.Do]
	if do == nil {
		return bot.Outcome{}, fmt.Errorf("nobody does %q", t.Do)
	}
	ctx, cancel := context.WithTimeout(ctx, handTime)
	defer cancel()
	return do(ctx, t)
}

// outcome tells the conversation that asked how its task ended.
func (e *Engine) outcome(ctx context.Context, t bot.Task, o bot.Outcome, c bot.Commit) error {
	ev := bot.Event{ID: c.Handled, Name: o.Event, Facts: o.Facts, By: bot.Shop}
	return e.turnOf(ctx, t.From, c, func(v *bot.View) (bot.Event, string) { return ev, "" })
}
