package bot

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// Operators is the key under which what operators do is journalled, chained like every journal.
const Operators Key = "operators/acts"

// What operators do with a task that is set aside, as their journal names it.
const (
	TaskPutBack = "task_put_back"
	TaskGivenUp = "task_dropped"
)

// What an operator may be told; look for these with errors.Is.
var (
	ErrNotDead  = errors.New("the task is not set aside")
	ErrReplaced = errors.New("a newer edit of the same message was made since")
)

// PutBack tries a task that is set aside again, under its id and in its place. ErrNone: there is no such task.
func (e *Engine) PutBack(ctx context.Context, task, why string) (TaskRecord, error) {
	return e.operate(ctx, &Act{Task: task}, TaskPutBack, why)
}

// Drop gives up a task that is set aside. ErrNone: there is no such task.
func (e *Engine) Drop(ctx context.Context, task, why string) (TaskRecord, error) {
	return e.operate(ctx, &Act{Task: task, Drop: true}, TaskGivenUp, why)
}

// operate makes an act and its line in the operators' journal in one commit; the record whose task it was is told.
func (e *Engine) operate(ctx context.Context, a *Act, name, why string) (TaskRecord, error) {
	defer e.lock(Operators)()
	for try := 0; ; try++ {
		r, err := e.cfg.Store.Task(ctx, a.Task)
		if err != nil {
			return r, err
		}
		if r.State != TaskDead {
			return r, fmt.Errorf("%w: it is %s", ErrNotDead, r.State)
		}
		facts := Facts{"task": r.Task.ID, "do": r.Task.Do, "set_aside": r.Outcome.Dead, "why": why}
		c, err := acted(ctx, e.cfg.Store, e.Now(), name, facts)
		if err != nil {
			return r, err
		}
		c.Act, c.Tasks = a, e.tellOwner(&r.Task, c.Entry)
		err = e.commit(ctx, c)
		switch {
		case errors.Is(err, ErrSeen):
			return r, ErrNotDead
		case errors.Is(err, ErrStale) && try < 16: // another process writes this journal, or the edit was replaced
			continue
		case errors.Is(err, ErrStale):
			return r, ErrReplaced
		case err == nil:
			poke(e.wake)
		}
		return r, err
	}
}

// acted is a commit of the next line of the operators' journal.
func acted(ctx context.Context, s Store, now time.Time, name string, facts Facts) (*Commit, error) {
	conv, err := s.Conversation(ctx, Operators)
	if errors.Is(err, ErrNone) {
		conv, err = Conversation{Key: Operators, Frame: Frame{Flow: Operators.Kind()}, Opened: now}, nil
	}
	if err != nil {
		return nil, err
	}
	entry := Entry{Conversation: Operators, Seq: conv.Entries + 1, At: now, Flow: Operators.Kind(), Prev: conv.Head,
		Event: Event{ID: fmt.Sprintf("act:%d", conv.Entries+1), Name: name, By: Operator, Facts: facts}}
	entry.Hash = entry.Sum()
	conv.Entries, conv.Head = entry.Seq, entry.Hash
	return &Commit{At: now, Conversation: &conv, Entry: &entry}, nil
}

// tellOwner lets a record hear what became of a task of its own, so that its journal shows it.
func (e *Engine) tellOwner(t *Task, entry *Entry) []Task {
	flow := e.book.flows[t.From.Kind()]
	if flow == nil || flow.Talk {
		return nil
	}
	ev := entry.Event
	ev.ID = "operator:" + ev.ID
	return []Task{{ID: ev.ID, Lane: "conv:" + string(t.From), Do: "tell", Class: InnerClass, To: t.From, Event: ev, Made: entry.At}}
}
