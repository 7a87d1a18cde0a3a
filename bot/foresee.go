package bot

import (
	"context"
	"time"
)

// Foresight is one step of what happens if nobody moves.
type Foresight struct {
	At       time.Time
	By       Party // Clock, or Shop for the outcome of a task
	Event    string
	From, To string
	Window   string // the window that passes, for a deadline
}

// Foresee runs a conversation forward, deadline after deadline, as if nobody moved; at most n steps.
func (e *Engine) Foresee(ctx context.Context, key Key, n int) ([]Foresight, error) {
	v, err := e.view(ctx, key)
	if err != nil {
		return nil, err
	}
	v.Actor, v.Event = &Person{}, &Event{By: Clock}
	if err := e.cast(ctx, v); err != nil {
		return nil, err
	}
	var steps []Foresight
	for len(steps) < n && v.Conv.State != "" && v.Conv.Closed.IsZero() {
		step, ev := e.next(v)
		if ev.Name == "" {
			break
		}
		v.Event, v.Now = &ev, step.At
		t, err := e.book.decide(v)
		if err != nil {
			return steps, err
		}
		step.To = t.Conv.State
		steps = append(steps, step)
		v.Conv = &t.Conv
		v.Frame = &v.Conv.Frame
	}
	return steps, nil
}

// next is what happens first if nobody moves: a task's likely outcome, else the earliest deadline.
func (e *Engine) next(v *View) (Foresight, Event) {
	s := e.book.flows[v.Conv.Flow].States[v.Conv.State]
	step := Foresight{At: v.Now, From: v.Conv.State}
	if soon := e.cfg.Flows.Works[s.Do].Soon; soon != "" {
		step.By, step.Event = Shop, soon
		return step, Event{Name: soon, By: Shop}
	}
	for _, d := range v.Conv.Deadlines {
		if step.Event == "" || d.At.Before(step.At) {
			step.At, step.By, step.Event, step.Window = d.At, Clock, d.Event, d.Name
		}
	}
	return step, Event{Name: step.Event, By: Clock}
}
