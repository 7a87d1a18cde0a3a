package engine

import (
	"context"
	"errors"

	"nevermind/bot"
)

// Why a message is dead whose reader has left, or whose platform will not take it.
const (
	roomGone          = "the room is gone"
	refusedByPlatform = "refused by the platform"
)

// undelivered ends a message that will never arrive. Its record hears of it and tells support, in the commit that settles
// the task; where no record can, support is told all the same. Nobody is told of what nobody misses: an edit, chatter, an
// answer to somebody who has left in the middle of a talk, or what reaches the person in another room. A room that is gone
// is shut first, so that nothing else is sent there.
func (d *deliverer) undelivered(ctx context.Context, l bot.Lease, o bot.Outcome) error {
	t := l.Task
	told := false
	if o.Dead == roomGone {
		var err error
		if told, err = d.people.blockedBySend(ctx, &t); err != nil {
			return err
		}
	}
	left := o.Dead == roomGone && t.From.Kind() == "talk" // in the middle of talking: nobody waits for the answer
	if t.Reply.Mode != bot.New || t.Reply.Chatter || left || told {
		return d.settler.settle(ctx, l, o)
	}
	if heard, err := d.untold(ctx, l, o); heard || err != nil {
		return err
	}
	if d.load.atDesk(ctx, t.Reply.Room) {
		return d.settler.giveUp(ctx, l, o, bot.NoticeDeskRefused, d.whyUntold(l, o))
	}
	if !d.load.wouldHear(ctx, t.From, "not_delivered") {
		return d.settler.giveUp(ctx, l, o, bot.NoticeUndelivered, d.whyUntold(l, o))
	}
	ev := bot.Event{ID: "undelivered:" + t.ID, Name: "not_delivered", By: bot.Shop, Facts: d.whyUntold(l, o)}
	if err := d.untoldCard(ctx, &t, ev.Facts); err != nil {
		return err
	}
	err := d.turns.take(ctx, t.From, bot.Commit{Handled: ev.ID, Settle: &bot.Settlement{Lease: l, Outcome: o}}, event(ev))
	unheard := func(error) error { return d.settler.giveUp(ctx, l, o, bot.NoticeUndelivered, d.whyUntold(l, o)) }
	if errors.Is(err, bot.ErrNone) {
		return unheard(err)
	}
	return d.settler.finish(ctx, l, o, err, unheard)
}
