package bot

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strings"
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

// Foresee runs a conversation forward, deadline after deadline, as if nobody moved, the shop's people neither; at most n
// steps. The other open records of its order run along, since one may change the order for another.
func (e *Engine) Foresee(ctx context.Context, key Key, n int) ([]Foresight, error) {
	v, err := e.standing(ctx, key)
	if err != nil {
		return nil, err
	}
	a := newForecast(e.book, v.Now, func(do string) bool { return e.cfg.Hands[do] == nil })
	if err := e.join(ctx, a, v); err != nil {
		return nil, err
	}
	if v.Order != nil {
		if err := e.joinOthers(ctx, a, v); err != nil {
			return nil, err
		}
	}
	return a.run(n)
}

// Forecast is what a turn sees ahead: for its own record alone, and it looks at nothing but the view.
func (b *book) Forecast(v *View, n int) []Foresight {
	copied := *v
	a := newForecast(b, v.Now, func(string) bool { return false })
	expected := false
	s := b.flows[v.Conv.Flow].States[v.Conv.State]
	if w := b.Works[s.Do]; w.Soon != nil {
		probe := copied
		soon := w.Soon(a.lend(&probe))
		expected = s.Then[soon.Name].Kind == Goes // else it may have come already, and leads nowhere
	}
	a.add(&copied, expected, time.Time{})
	steps, err := a.run(n)
	if err != nil {
		return nil // it is told as far as it can be seen: not at all
	}
	return steps
}

// standing loads a conversation as it stands, for looking at it.
func (e *Engine) standing(ctx context.Context, key Key) (*View, error) {
	v, err := e.view(ctx, key)
	if err != nil {
		return nil, err
	}
	v.Actor, v.Event = &Person{}, &Event{By: Clock}
	return v, e.cast(ctx, v)
}

// joinOthers has the other open records of the order run along.
func (e *Engine) joinOthers(ctx context.Context, a *ahead, v *View) error {
	keys, err := e.cfg.Store.Find(ctx, "open:order:"+v.Order.ID, "", 100)
	if err != nil {
		return err
	}
	for _, key := range keys {
		if key == v.Conv.Key {
			continue
		}
		other, err := e.standing(ctx, key)
		if err != nil {
			return err
		}
		if err := e.join(ctx, a, other); err != nil {
			return err
		}
	}
	return nil
}

// join has a record run along; the outcome of its state's task is reckoned with where that is still under way.
func (e *Engine) join(ctx context.Context, a *ahead, v *View) error {
	do := e.book.flows[v.Conv.Flow].States[v.Conv.State].Do
	if e.book.Works[do].Soon == nil || e.cfg.Hands[do] == nil {
		a.add(v, false, time.Time{})
		return nil
	}
	task, err := e.cfg.Store.Task(ctx, workID(v.Conv, e.book.Works[do].Class, do))
	if err != nil && !errors.Is(err, ErrNone) {
		return err
	}
	a.add(v, task.State == TaskWaiting, task.Task.NotBefore)
	return nil
}

// ahead is the records of an order on their way into the future.
type ahead struct {
	book    *book
	now     time.Time
	order   *Order               // as it will be then
	idle    func(do string) bool // nobody does it
	records []*coming
}

// coming is one record on its way.
type coming struct {
	v     *View
	soon  bool      // the outcome of its state's task is still to come
	after time.Time // but not before this
	told  []Event   // what others have for it
}

// newForecast is a forecast of no record yet; idle says which works nobody does.
func newForecast(b *book, now time.Time, idle func(do string) bool) *ahead {
	return &ahead{book: b, now: now, idle: idle}
}

// add has a record run along. Expected says whether the outcome of its state's task is still to come, not before after.
func (a *ahead) add(v *View, expected bool, after time.Time) {
	if a.order == nil && v.Order != nil {
		o := *v.Order
		o.Items, o.Book = slices.Clone(o.Items), slices.Clone(o.Book)
		a.order = &o
	}
	a.records = append(a.records, &coming{v: v, soon: expected, after: after})
}

// lend gives a view a copy of the order, to be changed by what is reckoned with.
func (a *ahead) lend(v *View) *View {
	if a.order != nil {
		o := *a.order
		o.Items, o.Book = slices.Clone(o.Items), slices.Clone(o.Book)
		v.Order = &o
	}
	return v
}

// mostAhead is how many steps of all records together are looked at.
const mostAhead = 1000

// run lists the first n steps of the first record.
func (a *ahead) run(n int) ([]Foresight, error) {
	var steps []Foresight
	for range mostAhead {
		r, step, ev := a.next()
		if r == nil || len(steps) == n {
			break
		}
		note, err := a.turn(r, &step, &ev)
		if err != nil {
			return steps, err
		}
		if r == a.records[0] && note == "" {
			steps = append(steps, step)
		}
		if !a.records[0].open() {
			break
		}
	}
	return steps, nil
}

func (r *coming) open() bool { return r.v.Conv.State != "" && r.v.Conv.Closed.IsZero() }

// next is what happens first if nobody moves: what a record is told, a task's likely outcome, the earliest deadline.
func (a *ahead) next() (*coming, Foresight, Event) {
	var first *coming
	var what Foresight
	var event Event
	for _, r := range a.records {
		if !r.open() {
			continue
		}
		step, ev := a.nextOf(r)
		if ev.Name != "" && (first == nil || step.At.Before(what.At) || step.At.Equal(what.At) && step.Window == "" && what.Window != "") {
			first, what, event = r, step, ev
		}
	}
	return first, what, event
}

func (a *ahead) nextOf(r *coming) (Foresight, Event) {
	step := Foresight{At: a.now, From: r.v.Conv.State, By: Shop}
	if len(r.told) > 0 {
		ev := r.told[0]
		step.By, step.Event = ev.By, ev.Name
		return step, ev
	}
	if r.soon {
		w := a.book.Works[a.book.flows[r.v.Conv.Flow].States[r.v.Conv.State].Do]
		probe := *r.v
		ev := w.Soon(a.lend(&probe))
		ev.By, step.Event, step.At = Shop, ev.Name, later(a.now, r.after)
		return step, ev
	}
	var first Deadline
	for _, d := range r.v.Conv.Deadlines {
		at := later(a.now, d.At)
		if a.overtaken(r, d, at) || step.Event != "" && fires(d, first) >= 0 {
			continue
		}
		first = d
		step.At, step.By, step.Event, step.Window = at, Clock, d.Event, d.Name
	}
	return step, Event{Name: step.Event, By: Clock}
}

// fires compares two deadlines of one conversation as Store.Due lists them: the earlier one first, of one instant the one
// with the shorter name, then the lesser one.
func fires(a, b Deadline) int {
	return cmp.Or(a.At.Compare(b.At), cmp.Compare(len(a.Name), len(b.Name)), cmp.Compare(a.Name, b.Name))
}

// overtaken says whether a deadline is half of a window that has passed whole by then.
func (a *ahead) overtaken(r *coming, d Deadline, at time.Time) bool {
	whole, isHalf := strings.CutPrefix(d.Name, "half ")
	return isHalf && slices.ContainsFunc(r.v.Conv.Deadlines, func(o Deadline) bool { return o.Name == whole && !o.At.After(at) })
}

// turn makes a step of a record, and tells the others what comes of it for them.
func (a *ahead) turn(r *coming, step *Foresight, ev *Event) (note string, err error) {
	a.now = step.At
	before := a.order
	soon := r.soon && len(r.told) == 0
	switch {
	case len(r.told) > 0:
		r.told = r.told[1:]
	case soon:
		w := a.book.Works[a.book.flows[r.v.Conv.Flow].States[r.v.Conv.State].Do]
		w.Soon(a.lend(r.v))
		a.order, r.soon = r.v.Order, false
	}
	if a.order != nil {
		r.v.Order = a.order
	}
	r.v.Event, r.v.Now = ev, step.At
	visit := r.v.Conv.Visit
	t, err := a.book.decide(r.v)
	if err != nil {
		return "", err
	}
	r.v.Conv = &t.Conv
	r.v.Frame = &t.Conv.Frame
	step.To = t.Conv.State
	if do := a.book.flows[t.Conv.Flow].States[t.Conv.State].Do; t.Conv.Visit != visit {
		r.soon, r.after = a.book.Works[do].Soon != nil && !a.idle(do), time.Time{}
	}
	if soon && before != nil {
		a.tell(r, a.order.News(before))
	}
	a.pass(t.Tasks)
	return t.Entry.Note, nil
}

// tell tells the other records what has happened to the order.
func (a *ahead) tell(by *coming, news []string) {
	for _, r := range a.records {
		for _, name := range news {
			if r != by {
				r.told = append(r.told, Event{Name: name, By: Shop})
			}
		}
	}
}

// pass gives a record what another one's turn has for it.
func (a *ahead) pass(tasks []Task) {
	for i := range tasks {
		for _, r := range a.records {
			if tasks[i].Do == "tell" && tasks[i].To == r.v.Conv.Key {
				r.told = append(r.told, tasks[i].Event)
			}
		}
	}
}

func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}
