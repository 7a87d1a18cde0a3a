package turn

import (
	"slices"
	"time"

	"nevermind/bot"
)

// Forecast is what a turn sees ahead: for its own record alone, and it looks at nothing but the view.
func (r *Ruleset) Forecast(v *bot.View, n int) []bot.Foresight {
	copied := *v
	f := NewForecast(r, v.Now, func(string) bool { return false })
	expected := false
	s := r.ByName[v.Conv.Flow].States[v.Conv.State]
	if w := r.Works[s.Do]; w.Expected != nil {
		probe := copied
		soon := w.Expected(f.lend(&probe))
		expected = s.Then[soon.Name].Kind == bot.Goes // else it may have come already, and leads nowhere
	}
	f.Add(&copied, expected, time.Time{})
	steps, err := f.Run(n)
	if err != nil {
		return nil // it is told as far as it can be seen: not at all
	}
	return steps
}

// Forecast runs the records of one order into the future, as if nobody moved. Make it with NewForecast, give it records with
// Add (the first is the one that is asked about), then Run it once.
type Forecast struct {
	rules   *Ruleset
	now     time.Time
	order   *bot.Order           // as it will be then
	idle    func(do string) bool // nobody does it
	records []*runningRecord
}

// runningRecord is one record on its way into the future.
type runningRecord struct {
	v        *bot.View
	expected bool        // the outcome of its state's task is still to come
	after    time.Time   // but not before this
	told     []bot.Event // what others have for it
}

// NewForecast is a forecast of no record yet; idle says which works nobody does.
func NewForecast(rules *Ruleset, now time.Time, idle func(do string) bool) *Forecast {
	return &Forecast{rules: rules, now: now, idle: idle}
}

// Add has a record run along. Expected says whether the outcome of its state's task is still to come, not before after.
func (f *Forecast) Add(v *bot.View, expected bool, after time.Time) {
	if f.order == nil && v.Order != nil {
		o := *v.Order
		o.Items, o.Book = slices.Clone(o.Items), slices.Clone(o.Book)
		f.order = &o
	}
	f.records = append(f.records, &runningRecord{v: v, expected: expected, after: after})
}

// lend gives a view a copy of the order, to be changed by what is reckoned with.
func (f *Forecast) lend(v *bot.View) *bot.View {
	if f.order != nil {
		o := *f.order
		o.Items, o.Book = slices.Clone(o.Items), slices.Clone(o.Book)
		v.Order = &o
	}
	return v
}

// mostAhead is how many steps of all records together are looked at.
const mostAhead = 1000

// Run lists the first n steps of the first record.
func (f *Forecast) Run(n int) ([]bot.Foresight, error) {
	var steps []bot.Foresight
	for range mostAhead {
		r, step, ev := f.next()
		if r == nil || len(steps) == n {
			break
		}
		note, err := f.turn(r, &step, &ev)
		if err != nil {
			return steps, err
		}
		if r == f.records[0] && note == "" {
			steps = append(steps, step)
		}
		if !f.records[0].open() {
			break
		}
	}
	return steps, nil
}

func (r *runningRecord) open() bool { return r.v.Conv.State != "" && r.v.Conv.Closed.IsZero() }

// next is what happens first if nobody moves: what a record is told, a task's likely outcome, the earliest deadline.
func (f *Forecast) next() (*runningRecord, bot.Foresight, bot.Event) {
	var first *runningRecord
	var what bot.Foresight
	var event bot.Event
	for _, r := range f.records {
		if !r.open() {
			continue
		}
		step, ev := f.nextOf(r)
		sooner := first == nil || step.At.Before(what.At) || step.At.Equal(what.At) && step.Window == "" && what.Window != ""
		if ev.Name != "" && sooner {
			first, what, event = r, step, ev
		}
	}
	return first, what, event
}

func (f *Forecast) nextOf(r *runningRecord) (bot.Foresight, bot.Event) {
	step := bot.Foresight{At: f.now, From: r.v.Conv.State, By: bot.Shop}
	if len(r.told) > 0 {
		ev := r.told[0]
		step.By, step.Event = ev.By, ev.Name
		return step, ev
	}
	if r.expected {
		w := f.rules.Works[f.rules.ByName[r.v.Conv.Flow].States[r.v.Conv.State].Do]
		probe := *r.v
		ev := w.Expected(f.lend(&probe))
		ev.By, step.Event, step.At = bot.Shop, ev.Name, later(f.now, r.after)
		return step, ev
	}
	var first bot.Deadline
	for _, d := range r.v.Conv.Deadlines {
		at := later(f.now, d.At)
		if r.v.Conv.Overtaken(d, at) || step.Event != "" && d.Fires(first) >= 0 {
			continue
		}
		first = d
		step.At, step.By, step.Event, step.Window, step.Half = at, bot.Clock, d.Event, d.Window, d.Half
	}
	return step, bot.Event{Name: step.Event, By: bot.Clock}
}

// turn makes a step of a record, and tells the others what comes of it for them.
func (f *Forecast) turn(r *runningRecord, step *bot.Foresight, ev *bot.Event) (note string, err error) {
	f.now = step.At
	before := f.order
	soon := r.expected && len(r.told) == 0
	switch {
	case len(r.told) > 0:
		r.told = r.told[1:]
	case soon:
		w := f.rules.Works[f.rules.ByName[r.v.Conv.Flow].States[r.v.Conv.State].Do]
		w.Expected(f.lend(r.v))
		f.order, r.expected = r.v.Order, false
	}
	if f.order != nil {
		r.v.Order = f.order
	}
	r.v.Event, r.v.Now = ev, step.At
	visit := r.v.Conv.Visit
	t, err := f.rules.Decide(r.v)
	if err != nil {
		return "", err
	}
	r.v.Conv = &t.Conv
	r.v.Frame = &t.Conv.Frame
	step.To = t.Conv.State
	if do := f.rules.ByName[t.Conv.Flow].States[t.Conv.State].Do; t.Conv.Visit != visit {
		r.expected, r.after = f.rules.Works[do].Expected != nil && !f.idle(do), time.Time{}
	}
	if soon && before != nil {
		f.tell(r, f.order.Events(before))
	}
	f.pass(t.Tasks)
	return t.Entry.Refused, nil
}

// tell tells the other records what has happened to the order.
func (f *Forecast) tell(by *runningRecord, news []string) {
	for _, r := range f.records {
		for _, name := range news {
			if r != by {
				r.told = append(r.told, bot.Event{Name: name, By: bot.Shop})
			}
		}
	}
}

// pass gives a record what another one's turn has for it.
func (f *Forecast) pass(tasks []bot.Task) {
	for i := range tasks {
		for _, r := range f.records {
			if tasks[i].Do == bot.DoTell && tasks[i].To == r.v.Conv.Key {
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
