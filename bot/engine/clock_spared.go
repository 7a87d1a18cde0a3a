package engine

import (
	"context"
	"errors"
	"math"
	"time"

	"nevermind/bot"
)

const (
	justNow     = 15 * time.Minute // so long after something was said in a room it is still being talked of there
	mostWaiting = 100              // how many open records of somebody are looked through
)

// spared says whether whom a deadline spares is in the middle of a talk in one of their rooms, or waits for support by
// themselves. Where that cannot be read they are spared as well.
func (c *clock) spared(ctx context.Context, v *bot.View, d bot.Deadline) bool {
	p := c.rules.Spared(v.Conv, d)
	id := v.Conv.Parties[p]
	if p == "" || id == "" {
		return false
	}
	who, err := c.person(ctx, id)
	if err != nil {
		return true
	}
	for _, room := range who.Rooms {
		if talks, err := c.talksIn(ctx, room, who, v.Now); talks || err != nil {
			return true
		}
	}
	keys, err := c.cfg.Store.Find(ctx, "open:"+string(id), "", mostWaiting)
	if err != nil {
		return true
	}
	for _, key := range keys {
		open, err := c.cfg.Store.Conversation(ctx, key)
		if err != nil || c.rules.WaitsAlone(&open, p) {
			return true
		}
	}
	return false
}

// talksIn says whether somebody is in the middle of something in a room: something was said there just now, either way, or a
// question of their talk stands.
func (c *clock) talksIn(ctx context.Context, room bot.Room, who *bot.Person, now time.Time) (bool, error) {
	said, err := c.cfg.Store.Said(ctx, room, 0, math.MaxUint64, 1)
	if err != nil || len(said) > 0 && now.Sub(said[0].At) < justNow {
		return true, err
	}
	talk, err := c.cfg.Store.Conversation(ctx, bot.TalkKey(room, who))
	if errors.Is(err, bot.ErrNone) {
		return false, nil
	}
	return err == nil && c.rules.MidTalk(&talk), err
}
