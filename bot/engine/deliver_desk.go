package engine

import (
	"context"
	"errors"
	"time"

	"nevermind/bot"
)

// What is for support's own rooms is never given up because a platform takes nothing: a channel that is archived, or that the bot
// was taken out of, comes back when somebody puts it right, and then all that waited is there at once. See alarms for how support
// hears of it meanwhile.
const (
	longestDeskTry = 30 * 24 * time.Hour
	deskPause      = time.Minute // between tries of a room that is gone
)

// mayWait says whether a message may still wait for its platform: what is for support for longer than anything else.
func (d *deliverer) mayWait(ctx context.Context, l bot.Lease) bool {
	waited := d.now().Sub(l.Since)
	return waited <= longestTry || waited <= longestDeskTry && d.load.atDesk(ctx, l.Task.Reply.Room)
}

// held notes that a message had to wait for its turn.
func (d *deliverer) held(ctx context.Context, room bot.Room) {
	d.outages.held(room.Adapter(), room, d.now())
	if d.load.atDesk(ctx, room) {
		d.desk.held(string(room), room, d.now())
	}
}

// sentToDesk judges how a send to one of support's rooms has ended, where it would be given up or dropped otherwise, and notes
// whether the room takes anything. Only a message that the platform will never take is given up.
func (d *deliverer) sentToDesk(ctx context.Context, l bot.Lease, err error, o bot.Outcome) bot.Outcome {
	room := l.Task.Reply.Room
	if err == nil || !d.load.atDesk(ctx, room) {
		d.desk.heard(string(room), room, nil, d.now())
		return o
	}
	gone := errors.Is(err, bot.ErrGone)
	if gone {
		d.desk.held(string(room), room, d.now())
	} else {
		d.desk.heard(string(room), room, err, d.now())
	}
	var later bot.Later
	switch {
	case o.Retry > 0, l.Task.Class == bot.AnswerClass, taken(err) && !gone, d.now().Sub(l.Since) > longestDeskTry:
		return o
	case gone:
		return bot.RetryAfter(deskPause)
	case errors.As(err, &later):
		return bot.RetryAfter(max(later.After, firstPause))
	}
	return bot.RetryAfter(min(backoff(l.Task.Attempts), longestNotSent))
}
