package engine

import (
	"context"
	"errors"
	"fmt"
	"hash/maphash"
	"log/slog"
	"runtime/debug"
	"time"

	"nevermind/bot"
)

// lock keeps everybody else out of a conversation's turns; call what it returns to let go.
func (e *Engine) lock(key bot.Key) func() {
	m := &e.locks[maphash.String(e.seed, string(key))%uint64(len(e.locks))]
	m.Lock()
	return m.Unlock
}

// turnOf loads a conversation, lets event make an event of it, decides and commits; a stale record is loaded again.
// What is already in c is committed along. It returns ErrSeen where the event was handled before, and ErrNone where
// there is no such conversation and the event begins none.
func (e *Engine) turnOf(ctx context.Context, key bot.Key, c bot.Commit, event func(v *bot.View) (bot.Event, string)) error {
	took := stopwatch()
	defer e.lock(key)()
	for try := 0; ; try++ {
		v, err := e.view(ctx, key)
		if err != nil {
			return err
		}
		turn, err := e.decideOn(ctx, v, event)
		if err != nil {
			return err
		}
		e.cfg.CrashPoint(bot.Decided)
		news, err := e.caseWebhooks(ctx, v, &turn)
		if err != nil {
			return err
		}
		turn.Tasks = append(news, turn.Tasks...) // the shop hears where a case stands before what it is to do
		commit := c
		e.fill(&commit, v, &turn)
		err = e.commit(ctx, &commit)
		if errors.Is(err, bot.ErrStale) && try < 16 {
			continue
		}
		if err == nil {
			e.turned(ctx, v, &turn, took())
		}
		return err
	}
}

// decideOn makes the turn; a panic in it is an error and harms nothing else.
func (e *Engine) decideOn(ctx context.Context, v *bot.View, event func(v *bot.View) (bot.Event, string)) (turn bot.Turn, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = caught(r)
		}
	}()
	ev, note := event(v)
	v.Event = &ev
	if err := e.loadParticipants(ctx, v); err != nil {
		return bot.Turn{}, err
	}
	if v.Conv.State == "" && !e.begin(v) {
		return bot.Turn{}, bot.ErrNone
	}
	if note != "" {
		return e.rules.Refuse(v, note), nil
	}
	if err := e.loadHistory(ctx, v); err != nil {
		return bot.Turn{}, err
	}
	turn, err = e.rules.Decide(v)
	if err != nil {
		err = fmt.Errorf("%w: %w", errTurn, err)
	}
	return turn, err
}

// caught makes an error of a panic in a turn, with the place where it happened; a read that failed stays what it was.
func caught(r any) error {
	if f, ok := r.(readFault); ok {
		return f.err
	}
	return fmt.Errorf("%w: %v\n%s", errTurn, r, debug.Stack())
}

// errTurn marks a fault of ours in making a turn.
var errTurn = errors.New("the turn could not be made")

// fill adds what a turn changes to its commit.
func (e *Engine) fill(c *bot.Commit, v *bot.View, t *bot.Turn) {
	c.At = v.Now
	c.Conversation, c.Entry, c.Tasks = &t.Conv, &t.Entry, append(c.Tasks[:len(c.Tasks):len(c.Tasks)], t.Tasks...)
	c.Terms = e.terms(&t.Conv)
}

// turned tells operator and meter of a turn that was committed.
func (e *Engine) turned(ctx context.Context, v *bot.View, t *bot.Turn, took time.Duration) {
	ev, entry := &t.Entry.Event, &t.Entry
	e.cfg.Meter.Count("turns", v.Conv.Flow+"/"+kind(ev), 1)
	e.cfg.Meter.Took("turn", v.Conv.Flow, took)
	if entry.Refused != "" {
		e.cfg.Meter.Count("refused", entry.Refused, 1)
	}
	if !e.cfg.Log.Enabled(ctx, slog.LevelDebug) {
		return
	}
	asks := make([]string, len(t.Tasks))
	for i := range t.Tasks {
		asks[i] = bot.Trace(t.Tasks[i].ID)
	}
	e.cfg.Log.Debug("turn", "cause", bot.Trace(ev.ID), "kind", kind(ev), "flow", entry.Flow, "event", ev.Name, "from", entry.From, "to", entry.To,
		"note", entry.Refused, "tasks", asks)
}
