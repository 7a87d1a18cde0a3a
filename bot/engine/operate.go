package engine

import (
	"context"
	"errors"
	"fmt"
	"time"

	"nevermind/bot"
)

// operators does what an operator decides about dead letters, each act with its line in the operators' own journal, in one
// commit. The API calls it. It has no state.
type operators struct {
	*base
	turns *turner
}

// PutBack tries a dead letter again, under its id and in its place. ErrNone: there is no such task; ErrNotDead: it is not
// set aside; ErrReplaced: a newer edit of the same message was made since.
func (e *Engine) PutBack(ctx context.Context, task, why string) (bot.TaskRecord, error) {
	return e.operators.act(ctx, &bot.Act{Task: task}, bot.TaskPutBack, why)
}

// Drop gives a dead letter up for ever; its errors are those of PutBack.
func (e *Engine) Drop(ctx context.Context, task, why string) (bot.TaskRecord, error) {
	return e.operators.act(ctx, &bot.Act{Task: task, Drop: true}, bot.TaskGivenUp, why)
}

// act commits an act with its line in the operators' journal; the record whose task it was is told. The journal is one record,
// so acts are made one after the other, and its hashes chain who did what to which task in which order.
func (o *operators) act(ctx context.Context, a *bot.Act, name, why string) (r bot.TaskRecord, err error) {
	defer o.turns.lock(bot.Operators)()
	err = retryStale(func() error { // another process writes this journal
		if r, err = o.cfg.Store.Task(ctx, a.Task); err != nil {
			return err
		}
		if r.State != bot.TaskDead {
			return fmt.Errorf("%w: it is %s", bot.ErrNotDead, r.State)
		}
		facts := bot.Facts{"task": r.Task.ID, "do": r.Task.Do, "set_aside": r.Outcome.Dead, "why": why}
		c, err := acted(ctx, o.cfg.Store, o.now(), name, facts)
		if err != nil {
			return err
		}
		c.Act, c.Tasks = a, o.tellOwner(&r.Task, c.Entry)
		return o.commit(ctx, c)
	})
	switch {
	case errors.Is(err, bot.ErrSeen):
		return r, bot.ErrNotDead
	case errors.Is(err, bot.ErrStale): // however often it was tried: the edit was replaced
		return r, bot.ErrReplaced
	case err == nil:
		signal(o.tasksDue)
	}
	return r, err
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

// tellOwner lets a record hear what became of a task of its own, so that its journal shows it; a talk is not told.
func (o *operators) tellOwner(t *bot.Task, entry *bot.Entry) []bot.Task {
	flow := o.rules.ByName[t.From.Kind()]
	if flow == nil || flow.Talk {
		return nil
	}
	ev := entry.Event
	ev.ID = "operator:" + ev.ID
	tell := o.tellTask(t.From, ev)
	tell.Made = entry.At
	return []bot.Task{tell}
}
