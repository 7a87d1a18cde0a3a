package engine

import (
	"context"
	"errors"
	"log/slog"
	"math"
	"slices"
	"time"

	"nevermind/bot"
)

// delivery is what an adapter is given of a leased message. The store knows the card to edit or to answer by the lease; an
// edit of a card that was never shown becomes a new one. An attempt that was recorded and has no instant to be tried again
// at was cut off by a crash.
func (d *deliverer) delivery(l bot.Lease) bot.Delivery {
	t := l.Task
	out := bot.Delivery{ID: t.ID, Attempt: t.Attempts + 1, Ref: l.Ref, Reply: *t.Reply}
	out.Unsure = t.Attempts > 0 && t.NotBefore.IsZero()
	if t.Reply.Card == "" {
		out.Ref, out.Under = "", l.Ref
	}
	out.Was = func(ctx context.Context) (*bot.Reply, error) { return d.shown(ctx, t.Reply.Room, out.Ref) }
	if out.Ref == "" && out.Reply.Mode == bot.Edit {
		out.Reply.Mode = bot.New
	}
	return out
}

// awaitPace waits until a message may go out under its platform's rate limit, and says how far that is where it is too long
// to wait for.
func (d *deliverer) awaitPace(ctx context.Context, out bot.Delivery) time.Duration {
	a, ok := d.adapters[out.Reply.Room.Adapter()].(bot.Paced)
	if !ok || nothing(&out) {
		return 0
	}
	ctx, cancel := context.WithTimeout(ctx, sendTime)
	defer cancel()
	var later bot.Later
	if errors.As(a.Turn(ctx, out), &later) {
		return max(later.After, firstPause)
	}
	return 0
}

// recordsAttempt says whether an attempt is recorded before it is made: where the message could be seen twice should its
// end stay unknown. Edits are idempotent, so theirs are not recorded, except for one that has waited long: it may be what
// this process crashes at, and a message that is tried too often has to be noticed.
func (d *deliverer) recordsAttempt(l bot.Lease, out bot.Delivery) bool {
	return out.Reply.Mode == bot.New || d.now().Sub(l.Since) > leaseTime
}

// nothing says whether there is nothing to be sent: the buttons of a message that never was.
func nothing(out *bot.Delivery) bool { return out.Ref == "" && out.Reply.Mode == bot.Strip }

// farBack is how many messages of a room are looked through for what one of them says.
const farBack = 5000

// shown finds what a message in a room says now; nil where that is not known any more.
func (d *deliverer) shown(ctx context.Context, room bot.Room, ref bot.Ref) (*bot.Reply, error) {
	const page = 200
	before := uint64(math.MaxUint64)
	for range farBack / page {
		said, err := d.cfg.Store.Said(ctx, room, 0, before, page)
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

// sent judges how a send ended. A clear refusal is final, and so is a room that is gone. What an unclear end means depends on
// the task's class of effect: a passing word is dropped, and so is chatter that may have arrived; anything else is repeated
// with a backoff. What must arrive, and an edit, is tried for a day, however often that is; chatter until it was tried too
// often. Then it is a dead letter. A wait that the platform asked for is never too many.
func (d *deliverer) sent(l bot.Lease, ref bot.Ref, err error, away bool) bot.Outcome {
	t := l.Task
	var later bot.Later
	switch {
	case err == nil:
		return bot.SentAs(ref)
	case errors.Is(err, bot.ErrGone):
		return bot.GivenUp(roomGone)
	case errors.Is(err, bot.ErrRefused):
		return bot.GivenUp(refusedByPlatform)
	case t.Class == bot.AnswerClass:
		return bot.Finished()
	case d.now().Sub(l.Since) > longestTry:
		return bot.GivenUp("tried too long")
	case errors.As(err, &later):
		return bot.RetryAfter(max(later.After, firstPause))
	case !errors.Is(err, bot.ErrNotSent) && t.Class == bot.PostClass && t.Reply.Chatter:
		return bot.Finished() // it may have arrived, and nobody misses it
	case away:
		return bot.RetryAfter(firstPause) // outages.wait says when it is asked again, and that is no try
	case t.Attempts >= mostTries && t.Reply.Chatter:
		return bot.GivenUp("tried too often")
	}
	d.cfg.Log.Debug("a message is tried again", "task", bot.Trace(t.ID), "attempt", t.Attempts, slog.Any("why", err))
	if errors.Is(err, bot.ErrNotSent) {
		return bot.RetryAfter(min(backoff(t.Attempts), longestNotSent)) // no copy can come of trying again soon
	}
	return bot.RetryAfter(backoff(t.Attempts))
}

// unclear says whether a send may have arrived although it failed, so that a repeat may be a second copy.
func unclear(err error) bool {
	return err != nil && !errors.Is(err, bot.ErrNotSent) && !errors.Is(err, bot.ErrGone) && !errors.Is(err, bot.ErrRefused)
}
