package engine

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"nevermind/bot"
	"nevermind/bot/turn"
)

// The rule for outages: who is asked something whose silence moves money has as much more time as nobody could be heard,
// a day at most. The house writes down every minute that it is there.
const (
	heartbeat     = time.Minute
	outage        = 15 * time.Minute // below it nothing is made up for
	mostMadeUpFor = 24 * time.Hour
	leastLeft     = 4 * time.Hour // after however long an outage, unless less was left before it
	aliveName     = "alive"
)

// pulse is what the house knows of having been there, by the clock that nobody sets.
type heartbeats struct {
	begun      bool
	seen, kept time.Duration
}

// beat notices that the house was away, after a start or a machine's sleep, and writes down that it is there.
func (e *Engine) noticeOutage(ctx context.Context, now time.Time, trusted bool) error {
	if e.cfg.BootTime == nil {
		return nil
	}
	passed, away := e.cfg.BootTime(), time.Duration(0)
	if e.pulse.begun {
		away = passed - e.pulse.seen
	} else if last, err := e.moment(ctx, aliveName); err != nil {
		return fmt.Errorf("when the house was last there: %w", err)
	} else if !last.IsZero() {
		away = now.Sub(last)
	}
	if away > outage {
		if err := e.ExtendForOutage(ctx, now.Add(-away), away); err != nil {
			return fmt.Errorf("make up for an outage: %w", err)
		}
	}
	if trusted && (!e.pulse.begun || away > outage || passed-e.pulse.kept >= heartbeat) {
		if err := e.cfg.Store.SetValue(ctx, aliveName, []byte(now.Format(time.RFC3339))); err != nil {
			return fmt.Errorf("note that the house is there: %w", err)
		}
		e.pulse.kept = passed
	}
	e.pulse.begun, e.pulse.seen = true, passed
	return nil
}

// MakeUp gives everybody who was asked before from, and whose silence would move money, as much more time as the house
// was away, a day at most; but not so little that it is over at once. The same outage counts once.
func (e *Engine) ExtendForOutage(ctx context.Context, from time.Time, away time.Duration) error {
	more := 0
	for _, f := range e.cfg.Flows.All {
		if !turn.Hears(f, bot.OutageOver) {
			continue
		}
		for after := bot.Key(""); ; {
			keys, err := e.cfg.Store.Find(ctx, "open:flow:"+f.Name, after, 500)
			if err != nil {
				return err
			}
			for _, key := range keys {
				given, err := e.extendRecord(ctx, key, from, away)
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
	e.cfg.Log.Warn("the house was away: who was asked has more time", "away", away, "records", more)
	return nil
}

// longer tells one record, where a deadline that may move money ran in the meantime; it returns how many were told.
func (e *Engine) extendRecord(ctx context.Context, key bot.Key, from time.Time, away time.Duration) (int, error) {
	c, err := e.cfg.Store.Conversation(ctx, key)
	i := slices.IndexFunc(c.Deadlines, func(d bot.Deadline) bool { return e.irreversible[d.Event] && d.At.After(from) })
	if err != nil || i < 0 {
		return 0, err
	}
	left := c.Deadlines[i].At.Sub(from)
	more := max(min(away, mostMadeUpFor), away+min(left, leastLeft)-left).Round(time.Second)
	id := "away:" + from.UTC().Format(time.RFC3339) + ":" + string(key)
	err = e.turnOf(ctx, key, bot.Commit{Handled: id}, func(*bot.View) (bot.Event, string) {
		return bot.Event{ID: id, Name: bot.OutageOver, By: bot.Clock, Facts: bot.Facts{"away": more.String()}}, ""
	})
	switch {
	case errors.Is(err, bot.ErrSeen):
		return 0, nil
	case errors.Is(err, errTurn): // that record's own trouble
		e.cfg.Log.Error("a record cannot be given more time", "conversation", bot.Trace(string(key)), "why", err)
		return 0, nil
	}
	return 1, err
}
