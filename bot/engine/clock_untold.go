package engine

import (
	"context"
	"errors"
	"slices"

	"nevermind/bot"
)

// waitsToTell is why a deadline makes no turn so far, and errUntold what its firing ends with then: whom it would decide against
// has not been told.
const waitsToTell = "waits to tell"

var errUntold = errors.New("who would lose by it has not been told")

// unlessUntold is the event of a deadline that has passed, unless it would decide against somebody who has not been told. While
// what tells them is on its way, the deadline waits; it runs longer once they have it. Where nothing is on its way any more,
// as after a restore, the record hears that they cannot be told.
func (c *clock) unlessUntold(ctx context.Context, v *bot.View, d bot.Deadline, ev bot.Event) (bot.Event, string) {
	for _, a := range v.Conv.Asked {
		if !c.decidesAgainst(v, d, a.Party) || len(a.Tasks) == 0 {
			continue
		}
		state, err := c.told(ctx, a.Tasks)
		switch {
		case err != nil, state == stillToTell:
			return ev, waitsToTell
		case state == nobodyTold && c.rules.Hears(v.Conv, bot.Untold(a.Party)):
			ev.Name, ev.By, ev.Facts = bot.Untold(a.Party), bot.Shop, bot.Facts{"untold_why": bot.UntoldUnsent}
			return ev, ""
		}
	}
	if v.Conv.Overtaken(d, v.Now) {
		if c.waitsForClock(v, d) {
			return ev, waitsToTell
		}
		return ev, bot.RefusedUnheard
	}
	if unheard, err := c.unheard(ctx, v, d); err != nil || unheard {
		return ev, waitsToTell
	}
	return ev, ""
}

// waitsForClock says whether the whole window of which a deadline is half has passed by a wrong clock alone: it is held, and the
// half is still to be said in time.
func (c *clock) waitsForClock(v *bot.View, half bot.Deadline) bool {
	return !c.trusted() && slices.ContainsFunc(v.Conv.Deadlines, func(whole bot.Deadline) bool {
		return whole.Window == half.Window && !whole.Half && c.irreversible[whole.Event]
	})
}

// unheard says whether somebody against whom a deadline would decide has said something that waits for its files, or behind such:
// they have answered in time. Nobody holds a deadline up for longer than a file is waited for.
func (c *clock) unheard(ctx context.Context, v *bot.View, d bot.Deadline) (bool, error) {
	if v.Now.Sub(d.At) > fetchLong+fetchTime+albumStart {
		return false, nil
	}
	for party, who := range v.Conv.Parties {
		if who == "" || !c.decidesAgainst(v, d, party) {
			continue
		}
		p, err := c.cfg.Store.Person(ctx, who)
		if errors.Is(err, bot.ErrNone) {
			continue
		}
		if err != nil {
			return false, err
		}
		if slices.ContainsFunc(p.Rooms, c.waiting.open) {
			return true, nil
		}
	}
	return false, nil
}

// decidesAgainst says whether a deadline, or the whole window of which it is half, decides against a party.
func (c *clock) decidesAgainst(v *bot.View, d bot.Deadline, p bot.Party) bool {
	for _, whole := range v.Conv.Deadlines {
		if whole.Window != d.Window {
			continue
		}
		for _, judged := range c.rules.Judged(v, whole) {
			if judged == p {
				return true
			}
		}
	}
	return false
}
