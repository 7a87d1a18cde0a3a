package engine

import (
	"context"
	"errors"
	"fmt"
	"time"

	"nevermind/bot"
)

// PutBack tries a task that is set aside again, under its id and in its place. ErrNone: there is no such task.
func (e *Engine) PutBack(ctx context.Context, task, why string) (bot.TaskRecord, error) {
	return e.operate(ctx, &bot.Act{Task: task}, bot.TaskPutBack, why)
}

// Drop gives up a task that is set aside. ErrNone: there is no such task.
func (e *Engine) Drop(ctx context.Context, task, why string) (bot.TaskRecord, error) {
	return e.operate(ctx, &bot.Act{Task: task, Drop: true}, bot.TaskGivenUp, why)
}

// operate makes an act and its line in the operators' journal in one commit; the record whose task it was is told.
func (e *Engine) operate(ctx context.Context, a *bot.Act, name, why string) (bot.TaskRecord, error) {
	defer e.lock(bot.Operators)()
	for try := 0; ; try++ {
		r, err := e.cfg.Store.Task(ctx, a.Task)
		if err != nil {
			return r, err
		}
		if r.State != bot.TaskDead {
			return r, fmt.Errorf("%w: it is %s", bot.ErrNotDead, r.State)
		}
		facts := bot.Facts{"task": r.Task.ID, "do": r.Task.Do, "set_aside": r.Outcome.Dead, "why": why}
		c, err := acted(ctx, e.cfg.Store, e.Now(), name, facts)
		if err != nil {
			return r, err
		}
		c.Act, c.Tasks = a, e.tellOwner(&r.Task, c.Entry)
		err = e.commit(ctx, c)
		switch {
		case errors.Is(err, bot.ErrSeen):
			return r, bot.ErrNotDead
		case errors.Is(err, bot.ErrStale) && try < 16: // another process writes this journal, or the edit was replaced
			continue
		case errors.Is(err, bot.ErrStale):
			return r, bot.ErrReplaced
		case err == nil:
			signal(e.wake)
		}
		return r, err
	}
}

// acted is a commit of the next line of the operators' journal.
func acted(ctx context.Context, s bot.Store, now time.Time, name string, facts bot.Facts) (*bot.Commit, error) {
	conv, err := s.Conversation(ctx, bot.Operators)
	if errors.Is(err, bot.ErrNone) {
		conv, err = bot.Conversation{Key: bot.Operators, Frame: bot.Frame{Flow: bot.Operators.Kind()}, Opened: now}, nil
	}
	if err != nil {
		return nil, err
	}
	entry := bot.Entry{Conversation: bot.Operators, Seq: conv.Entries + 1, At: now, Flow: bot.Operators.Kind(), Prev: conv.Head,
		Event: bot.Event{ID: fmt.Sprintf("act:%d", conv.Entries+1), Name: name, By: bot.Operator, Facts: facts}}
	entry.Hash = entry.Sum()
	conv.Entries, conv.Head = entry.Seq, entry.Hash
	return &bot.Commit{At: now, Conversation: &conv, Entry: &entry}, nil
}

// tellOwner lets a record hear what became of a task of its own, so that its journal shows it.
func (e *Engine) tellOwner(t *bot.Task, entry *bot.Entry) []bot.Task {
	flow := e.rules.ByName[t.From.Kind()]
	if flow == nil || flow.Talk {
		return nil
	}
	ev := entry.Event
	ev.ID = "operator:" + ev.ID
	return []bot.Task{{ID: ev.ID, Lane: "conv:" + string(t.From), Do: "tell", Class: bot.InnerClass, To: t.From, Event: ev, Made: entry.At}}
}
