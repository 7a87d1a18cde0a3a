package bot

import "context"

// Decide makes a pure turn, for tests and benchmarks.
func (e *Engine) Decide(v *View) (Turn, error) { return e.book.decide(v) }

// ViewOf loads what a turn about the event would look at.
func (e *Engine) ViewOf(ctx context.Context, key Key, ev Event) (*View, error) {
	v, err := e.view(ctx, key)
	if err != nil {
		return nil, err
	}
	v.Event = &ev
	return v, e.cast(ctx, v)
}

// FireDue fires deadlines that have passed, some at the same time where n is above 1.
func (e *Engine) FireDue(ctx context.Context, n int) (int, error) { return e.fireDue(ctx, n) }
