package engine

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math"
	"runtime/debug"
	"slices"
	"time"

	"nevermind/bot"
)

// How long things may take and how often they are tried.
const (
	leaseTime   = time.Minute
	sendTime    = 20 * time.Second
	handTime    = 30 * time.Second
	mostTries   = 12             // of a message, before it is set aside
	longestTry  = 24 * time.Hour // of a message, from when it was made or put back
	firstPause  = time.Second    // doubled at every further try
	longestWait = 5 * time.Minute
)

// deliver sends one reply to its room and settles how that ended.
func (e *Engine) deliver(ctx context.Context, l bot.Lease) error {
	d := e.delivery(l)
	if far := e.turnFar(ctx, d); far > 0 && e.Now().Sub(l.Since) <= longestTry {
		return e.settle(ctx, l, bot.Outcome{Retry: far}) // no try, so none is counted
	}
	l.Task.Attempts++
	if e.counts(l, d) {
		if err := e.cfg.Store.Attempt(ctx, l); err != nil {
			return err
		}
	}
	e.cfg.CrashPoint(bot.Attempted)
	took := stopwatch()
	ref, err := e.send(ctx, l, d)
	e.cfg.CrashPoint(bot.Done)
	o := e.sent(l, ref, err)
	e.ended(&l.Task, "send", l.Task.Reply.Room.Adapter(), o, took())
	if o.Retry > 0 && l.Task.Class == bot.PostClass && unclear(err) {
		e.cfg.Meter.Count("twins", l.Task.Reply.Room.Adapter(), 1)
	}
	if o.Dead != "" {
		e.cfg.Log.Warn("a message cannot be delivered", "task", bot.Trace(l.Task.ID), "adapter", l.Task.Reply.Room.Adapter(), "why", o.Dead)
		return e.undelivered(ctx, l, o)
	}
	return e.settle(ctx, l, o)
}

// delivery is what an adapter is given of a leased message.
func (e *Engine) delivery(l bot.Lease) bot.Delivery {
	t := l.Task
	d := bot.Delivery{ID: t.ID, Attempt: t.Attempts + 1, Ref: l.Ref, Reply: *t.Reply}
	d.Unsure = t.Attempts > 0 && t.NotBefore.IsZero()
	if t.Reply.Card == "" {
		d.Ref, d.Under = "", l.Ref
	}
	d.Was = func(ctx context.Context) (*bot.Reply, error) { return e.was(ctx, t.Reply.Room, d.Ref) }
	if d.Ref == "" && d.Reply.Mode == bot.Edit {
		d.Reply.Mode = bot.New
	}
	return d
}

// turnFar waits for a message's turn where its platform has a pace, and says how far it is where that is too long.
func (e *Engine) turnFar(ctx context.Context, d bot.Delivery) time.Duration {
	a, ok := e.adapters[d.Reply.Room.Adapter()].(bot.Paced)
	if !ok || nothing(&d) {
		return 0
	}
	ctx, cancel := context.WithTimeout(ctx, sendTime)
	defer cancel()
	var later bot.Later
	if errors.As(a.Turn(ctx, d), &later) {
		return max(later.After, firstPause)
	}
	return 0
}

// counts says whether an attempt is written down before it is made: where it could be seen twice, should its end stay
// unknown. An edit is the same however often it is made; but one that has waited long may be what we fall over.
func (e *Engine) counts(l bot.Lease, d bot.Delivery) bool {
	return d.Reply.Mode == bot.New || e.Now().Sub(l.Since) > leaseTime
}

// nothing says whether there is nothing to be sent: the buttons of a message that never was.
func nothing(d *bot.Delivery) bool { return d.Ref == "" && d.Reply.Mode == bot.Strip }

// send hands the reply to the room's adapter.
func (e *Engine) send(ctx context.Context, l bot.Lease, d bot.Delivery) (bot.Ref, error) {
	a := e.adapters[d.Reply.Room.Adapter()]
	switch {
	case a == nil:
		return "", bot.Later{longestWait} // its platform is not running now
	case nothing(&d):
		return "", nil
	}
	ctx, cancel := context.WithTimeout(ctx, sendTime)
	defer cancel()
	ref, err := sendBy(ctx, a, d)
	if errors.Is(err, bot.ErrCardGone) && d.Reply.Mode == bot.Edit {
		d.Reply.Mode = bot.New
		if err := e.cfg.Store.Attempt(ctx, l); err != nil {
			return "", fmt.Errorf("%w: %w", bot.ErrNotSent, err)
		}
		ref, err = sendBy(ctx, a, d)
	}
	if errors.Is(err, bot.ErrCardGone) {
		return ref, nil
	}
	return ref, err
}

// sendBy lets an adapter send; a panic in it is an unclear end like any other.
func sendBy(ctx context.Context, a bot.Adapter, d bot.Delivery) (ref bot.Ref, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("panic in %s: %v\n%s", a.Name(), r, debug.Stack())
		}
	}()
	return a.Send(ctx, d)
}

// farBack is how many messages of a room are looked through for what one of them says.
const farBack = 5000

// was finds what a message in a room says now.
func (e *Engine) was(ctx context.Context, room bot.Room, ref bot.Ref) (*bot.Reply, error) {
	const page = 200
	before := uint64(math.MaxUint64)
	for range farBack / page {
		said, err := e.cfg.Store.Said(ctx, room, 0, before, page)
		if err != nil || len(said) == 0 {
			return nil, err
		}
		for _, s := range slices.Backward(said) {
			if s.Out != nil && s.Ref == ref && s.Out.Mode != bot.Strip {
				return s.Out, nil
			}
		}
		before = said[0].Seq
	}
	return nil, nil
}

// sent judges how a send ended: what class of effect it is says what an unclear end means.
func (e *Engine) sent(l bot.Lease, ref bot.Ref, err error) bot.Outcome {
	t := l.Task
	var later bot.Later
	switch {
	case err == nil:
		return bot.Outcome{Ref: ref}
	case errors.Is(err, bot.ErrGone):
		return bot.Outcome{Dead: roomGone}
	case errors.Is(err, bot.ErrRefused):
		return bot.Outcome{Dead: "refused by the platform"}
	case t.Class == bot.AnswerClass:
		return bot.Outcome{}
	case e.Now().Sub(l.Since) > longestTry:
		return bot.Outcome{Dead: "tried too long"}
	case errors.As(err, &later):
		return bot.Outcome{Retry: max(later.After, firstPause)}
	case !errors.Is(err, bot.ErrNotSent) && t.Class == bot.PostClass && t.Reply.Chatter:
		return bot.Outcome{} // it may have arrived, and nobody misses it
	case t.Attempts >= mostTries:
		return bot.Outcome{Dead: "tried too often"}
	}
	e.cfg.Log.Debug("a message is tried again", "task", bot.Trace(t.ID), "attempt", t.Attempts, slog.Any("why", err))
	return bot.Outcome{Retry: pause(t.Attempts)}
}

func (e *Engine) settle(ctx context.Context, l bot.Lease, o bot.Outcome) error {
	err := e.cfg.Store.Settle(ctx, l, e.Now(), o)
	if err == nil {
		e.cfg.CrashPoint(bot.Settled)
		signal(e.wake) // the lane has a new head
	}
	return err
}

// pause is how long to wait after so many tries.
func pause(tries int) time.Duration {
	d := firstPause
	for i := 1; i < tries && d < longestWait; i++ {
		d *= 2
	}
	return min(d, longestWait)
}
