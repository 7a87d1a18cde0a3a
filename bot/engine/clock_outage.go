package engine

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"nevermind/bot"
)

// The rule for outages: whoever a clock may decide against has as much more time as nobody could be heard, a day at most. The
// engine stores a heartbeat every minute, so that a start knows how long it was away.
const (
	heartbeat     = time.Minute
	outage        = 15 * time.Minute // below it nothing is made up for
	mostMadeUpFor = 24 * time.Hour
	leastLeft     = 4 * time.Hour // after however long an outage, unless less was left before it
	aliveName     = "alive"       // the stored heartbeat
)

// heartbeats is when this process was seen alive last, and when that was stored, both by the monotonic clock BootTime.
type heartbeats struct {
	begun        bool
	seen, stored time.Duration
	text         string // what was stored then
}

// noticeOutage extends what ran meanwhile where this process was away, before its start or while the machine slept, and
// stores the heartbeat.
func (c *clock) noticeOutage(ctx context.Context, now time.Time, trusted bool) error {
	if c.cfg.BootTime == nil {
		return nil
	}
	passed, away := c.cfg.BootTime(), time.Duration(0)
	if c.heartbeats.begun {
		if away = passed - c.heartbeats.seen; away > outage {
			var err error
			if away, err = c.allAway(ctx, now, away); err != nil {
				return fmt.Errorf("read the last heartbeat: %w", err)
			}
		}
	} else if last, err := c.storedTime(ctx, aliveName); err != nil {
		return fmt.Errorf("read the last heartbeat: %w", err)
	} else if !last.IsZero() {
		away = now.Sub(last)
	}
	if away > outage {
		if err := c.extendForOutage(ctx, now.Add(-away), away); err != nil {
			return fmt.Errorf("extend deadlines for an outage: %w", err)
		}
	}
	if trusted && (!c.heartbeats.begun || away > outage || passed-c.heartbeats.stored >= heartbeat) {
		text := now.Format(time.RFC3339)
		if err := c.cfg.Store.SetValue(ctx, aliveName, []byte(text)); err != nil {
			return fmt.Errorf("store a heartbeat: %w", err)
		}
		c.heartbeats.stored, c.heartbeats.text = passed, text
	}
	c.heartbeats.begun, c.heartbeats.seen = true, passed
	return nil
}

// allAway is how long nobody was there, where this process was away for so long: another that works on the same store may have
// stored its heartbeats meanwhile.
func (c *clock) allAway(ctx context.Context, now time.Time, away time.Duration) (time.Duration, error) {
	last, err := c.storedTime(ctx, aliveName)
	if err != nil || last.IsZero() || last.Format(time.RFC3339) == c.heartbeats.text {
		return away, err
	}
	return min(away, max(now.Sub(last), 0)), nil
}

// ExtendForOutage gives everybody who was asked before from, and against whom a clock would decide, as much more time as the
// engine was away, a day at most; but not so little that it is over at once. The same outage counts once.
func (e *Engine) ExtendForOutage(ctx context.Context, from time.Time, away time.Duration) error {
	return e.clock.extendForOutage(ctx, from, away)
}

// extendForOutage goes through every open record of a flow in which a clock may decide against somebody.
func (c *clock) extendForOutage(ctx context.Context, from time.Time, away time.Duration) error {
	more := 0
	for _, f := range c.cfg.Flows.All {
		if !c.rules.JudgesIn(f) {
			continue
		}
		for after := bot.Key(""); ; {
			keys, err := c.cfg.Store.Find(ctx, "open:flow:"+f.Name, after, 500)
			if err != nil {
				return err
			}
			for _, key := range keys {
				given, err := c.extendRecord(ctx, key, from, away)
				if err != nil {
					return err
				}
				more += given
				after = key
			}
			if len(keys) == 0 {
				break
			}
		}
	}
	c.cfg.Log.Warn("the engine was away: who was asked has more time", "away", away, "records", more)
	return nil
}

// extendRecord tells one record, where a deadline that judges somebody ran in the meantime; it returns how many were told. It
// gives the outage's length, a day at most, but so much in any case that after the outage leastLeft is left, or what was
// left before it where that was less.
func (c *clock) extendRecord(ctx context.Context, key bot.Key, from time.Time, away time.Duration) (int, error) {
	conv, err := c.cfg.Store.Conversation(ctx, key)
	v := &bot.View{Conv: &conv, Frame: &conv.Frame}
	i := slices.IndexFunc(conv.Deadlines, func(d bot.Deadline) bool { return d.At.After(from) && len(c.rules.Judged(v, d)) > 0 })
	if err != nil || i < 0 {
		return 0, err
	}
	left := conv.Deadlines[i].At.Sub(from)
	more := max(min(away, mostMadeUpFor), away+min(left, leastLeft)-left).Round(time.Second)
	id := "away:" + from.UTC().Format(time.RFC3339) + ":" + string(key) // the same outage counts once
	ev := bot.Event{ID: id, Name: bot.OutageOver, By: bot.Clock, Facts: bot.Facts{"away": more.String()}}
	err = c.turns.take(ctx, key, bot.Commit{Handled: ev.ID}, event(ev))
	switch {
	case errors.Is(err, bot.ErrSeen):
		return 0, nil
	case errors.Is(err, errTurn): // the other records are extended all the same
		c.cfg.Log.Error("a record cannot be given more time", "conversation", bot.Trace(string(key)), "why", err)
		return 0, nil
	}
	return 1, err
}
