package turn

import (
	"cmp"
	"maps"
	"slices"
	"time"

	"nevermind/bot"
)

// wait sets the deadlines of a visit, the flow's own besides the state's.
func (t *turn) wait(s *bot.State) {
	t.out.Conv.Deadlines = nil
	if s.End() {
		return
	}
	for _, w := range s.After {
		t.deadline(w)
	}
	for _, w := range t.flow.After {
		t.deadline(w)
	}
}

func (t *turn) deadline(w bot.Wait) {
	if w.When != nil && !w.When.Holds(t.v) {
		return
	}
	c, name := &t.out.Conv, w.Window()
	start := t.v.Now
	if w.Kept {
		if began, ok := c.Clocks[name]; ok {
			start = began
		} else {
			c.Clocks = maps.Clone(c.Clocks)
			if c.Clocks == nil {
				c.Clocks = map[string]time.Time{}
			}
			c.Clocks[name] = start
		}
	}
	at := t.v.Policy.After(t.window(t.v, name), start, ZoneOf(t.v, w.For))
	if w.Half != "" {
		at = start.Add(at.Sub(start) / 2)
		if at.Before(t.v.Now) {
			return // a kept clock is past its half already
		}
	}
	c.Deadlines = append(c.Deadlines, bot.Deadline{Window: name, Half: w.Half != "", At: at, Event: w.Event, Visit: t.v.Frame.Visit})
}

// window finds a window worked out by the flows, or listed in the policy.
func (r *Ruleset) window(v *bot.View, name string) bot.Window {
	if f, ok := r.Windows[name]; ok {
		return f(v)
	}
	return v.Policy.Windows[name]
}

// ZoneOf is the zone in which a party's business days are counted: the seller's where no party is named.
func ZoneOf(v *bot.View, p bot.Party) *time.Location {
	if who := v.People[cmp.Or(p, bot.Seller)]; who != nil {
		return who.Location()
	}
	return v.Actor.Location()
}

// rest takes away the deadline that has just passed; one that comes again starts anew. One that was moved on meanwhile stays.
func (t *turn) rest() {
	e := t.v.Event
	if e.By != bot.Clock {
		return
	}
	c := &t.out.Conv
	c.Deadlines = slices.DeleteFunc(c.Deadlines, func(d bot.Deadline) bool { return d.Event == e.Name && !d.At.After(t.v.Now) })
	for _, w := range slices.Concat(t.flow.States[t.v.Frame.State].After, t.flow.After) {
		if w.Event == e.Name && w.Again {
			w.Kept = false
			t.deadline(w)
		}
	}
}

// restart starts the clocks of windows anew; those that a move leads away from begin anew where it leads to.
func (t *turn) restart(m bot.Move) {
	windows, c := m.Anew, &t.out.Conv
	switch {
	case len(windows) == 0:
		return
	case m.Kind == bot.Goes:
		c.Clocks = maps.Clone(c.Clocks)
		for _, w := range windows {
			delete(c.Clocks, w)
		}
		return
	}
	c.Deadlines = slices.DeleteFunc(c.Deadlines, func(d bot.Deadline) bool { return slices.Contains(windows, d.Window) })
	for _, w := range slices.Concat(t.flow.States[c.State].After, t.flow.After) {
		if slices.Contains(windows, w.Window()) {
			w.Kept = false
			t.deadline(w)
		}
	}
}

// prolong has a window run longer: its deadline, its half, and the clock it keeps.
func (t *turn) prolong(window string, by time.Duration) {
	c := &t.out.Conv
	for i := range c.Deadlines {
		if d := &c.Deadlines[i]; d.Window == window {
			d.At = d.At.Add(by)
		}
	}
	if began, ok := c.Clocks[window]; ok {
		c.Clocks = maps.Clone(c.Clocks)
		c.Clocks[window] = began.Add(by)
	}
}
