package bot

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
)

// enter begins a visit: offers, words, the task it starts, its deadlines; an end closes the record or the talk.
func (t *turn) enter(state string) error {
	s, ok := t.flow.States[state]
	if !ok {
		return fmt.Errorf("flow %s has no state %.40q", t.flow.Name, state)
	}
	f := t.v.Frame
	f.State, f.Visit, f.Offers, f.Shown = state, f.Visit+1, nil, nil
	t.out.Entry.Rules = append(t.out.Entry.Rules, s.Rules...)
	if t.flow.Talk {
		settle(t.v)
		return t.ask(&s)
	}
	t.wait(&s)
	most := 0
	for _, choices := range s.Offer {
		most += len(choices)
	}
	f.Offers = slices.Grow(f.Offers, most)
	for _, p := range parties {
		t.offer(p, s.Offer[p])
		t.card(p, &s)
	}
	t.guestCard(&s)
	if s.Do != "" {
		t.do(s.Do)
	}
	if s.End() {
		t.out.Conv.Closed, t.out.Conv.Deadlines = t.v.Now, nil
	}
	return nil
}

// first chooses where a flow is born.
func (t *turn) first(f *Flow) string {
	for _, w := range f.Starts {
		if w.If == nil || w.If.Holds(t.v) {
			return w.To
		}
	}
	return f.First
}

// ask enters a talk's state: one question to one person, or the talk's end.
func (t *turn) ask(s *State) error {
	t.wait(s)
	quiet := t.v.Event.By == Clock
	if !s.End() && !quiet {
		t.choices(s)
	}
	if quiet {
		t.hush()
	} else {
		t.question(s)
	}
	if s.End() {
		return t.pop()
	}
	return nil
}

// choices puts a talk's choices on offer to its person: the list that depends on data first, then the state's own.
func (t *turn) choices(s *State) {
	who := t.v.Actor.Party()
	if s.List != nil {
		t.offer(who, s.List(t.v))
		for i := range t.v.Frame.Offers { // what a list shows is data, however much it looks like {words}
			o := &t.v.Frame.Offers[i]
			o.Label, o.Words = Clean(o.Words), ""
		}
	}
	if own, ok := s.Offer[who]; ok {
		t.offer(who, own)
	} else {
		t.offer(who, s.Offer[Here])
	}
}

// offer puts choices on offer to a party for this visit.
func (t *turn) offer(p Party, choices []Choice) {
	for i := range choices {
		c := &choices[i]
		if c.When != nil && !c.When.Holds(t.v) {
			continue
		}
		o := Offer{Token: t.id(), Party: p, Event: c.Event, Facts: c.Facts, Form: c.Form != nil, Once: c.Once, Style: c.Style, Words: c.Label}
		t.v.Frame.Offers = append(t.v.Frame.Offers, o)
	}
}

// wait sets the deadlines of a visit, the flow's own besides the state's.
func (t *turn) wait(s *State) {
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

func (t *turn) deadline(w Wait) {
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
	at := t.v.Policy.After(t.window(t.v, name), start, zoneOf(t.v, w.For))
	if w.Half != "" {
		name, at = "half "+name, start.Add(at.Sub(start)/2)
		if at.Before(t.v.Now) {
			return // a kept clock is past its half already
		}
	}
	c.Deadlines = append(c.Deadlines, Deadline{Name: name, At: at, Event: w.Event, Visit: t.v.Frame.Visit})
}

// window finds a window worked out by the flows, or listed in the policy.
func (b *book) window(v *View, name string) Window {
	if f, ok := b.Windows[name]; ok {
		return f(v)
	}
	return v.Policy.Windows[name]
}

// zoneOf is the zone in which a party's business days are counted: the seller's where no party is named.
func zoneOf(v *View, p Party) *time.Location {
	if who := v.People[cmp.Or(p, Seller)]; who != nil {
		return who.Location()
	}
	return v.Actor.Location()
}

// rest takes away the deadline that has just passed; one that comes again starts anew.
func (t *turn) rest() {
	e := t.v.Event
	if e.By != Clock {
		return
	}
	c := &t.out.Conv
	c.Deadlines = slices.DeleteFunc(c.Deadlines, func(d Deadline) bool { return d.Event == e.Name })
	for _, w := range slices.Concat(t.flow.States[t.v.Frame.State].After, t.flow.After) {
		if w.Event == e.Name && w.Again {
			w.Kept = false
			t.deadline(w)
		}
	}
}

// restart starts the clocks of windows anew.
func (t *turn) restart(windows []string) {
	if len(windows) == 0 {
		return
	}
	c := &t.out.Conv
	c.Deadlines = slices.DeleteFunc(c.Deadlines, func(d Deadline) bool { return slices.Contains(windows, strings.TrimPrefix(d.Name, "half ")) })
	for _, w := range slices.Concat(t.flow.States[c.State].After, t.flow.After) {
		if slices.Contains(windows, w.Window()) {
			w.Kept = false
			t.deadline(w)
		}
	}
}

// do starts a state's task. A task that moves money keeps its id until a person starts another (fact "attempt").
func (t *turn) do(name string) {
	c := &t.out.Conv
	lane := "work:" + string(c.Key) + ":" + name
	if t.Works[name].Shop {
		lane = shopLane(c.Key)
	}
	t.out.Tasks = append(t.out.Tasks, Task{ID: workID(c, t.Works[name].Class, name), Lane: lane, Do: name, Class: t.Works[name].Class, From: c.Key, Visit: t.v.Frame.Visit, Order: c.Order, Facts: maps.Clone(t.v.Frame.Facts), Made: t.v.Now})
}

// workID names the task that a conversation has done in its present visit, or attempt.
func workID(c *Conversation, class Class, name string) string {
	mark := fmt.Sprint(c.Visit)
	if class == MoneyClass {
		mark = "attempt " + c.Facts["attempt"]
	}
	sum := sha256.Sum256([]byte(strings.Join([]string{string(c.Key), c.Opened.Format(time.RFC3339Nano), name, mark}, "\x00")))
	return "T-" + hex.EncodeToString(sum[:10])
}

// mostAside is how many talks are kept to come back to.
const mostAside = 8

// push starts another flow on top of this talk.
func (t *turn) push(flow string) error {
	c := &t.out.Conv
	if !t.flow.States[c.State].Light {
		c.Aside = append(c.Aside, c.Frame)
	}
	if n := len(c.Aside); n > mostAside {
		c.Aside = c.Aside[n-mostAside:] // the oldest are not missed
	}
	return t.become(flow)
}

// become starts another flow in this one's place. It takes along the order at hand and what the event said.
func (t *turn) become(flow string) error {
	f, e := t.v.Frame, t.v.Event
	facts := Facts{}
	for _, name := range []string{"order", "case"} {
		if v := f.Facts[name]; v != "" {
			facts[name] = v
		}
	}
	maps.Copy(facts, e.Facts)
	next := t.flows[flow]
	if next == nil {
		return fmt.Errorf("there is no flow %.40q", flow)
	}
	*f = Frame{Flow: flow, Visit: f.Visit, Facts: facts, Fields: e.Fields, Files: e.Files}
	t.flow = next
	settle(t.v)
	return t.enter(t.first(next))
}

// leave ends the flow on top at a person's wish: with nothing set aside, the room is greeted.
func (t *turn) leave() error {
	if n := len(t.out.Conv.Aside); n == 0 || t.out.Conv.Aside[n-1].Flow == t.Home {
		return t.home()
	}
	return t.pop()
}

// pop ends the flow on top: the talk set aside asks its question again; with none, the room is quietly at home.
func (t *turn) pop() error {
	c, visit := &t.out.Conv, t.v.Frame.Visit
	if s := t.flow.States[t.v.Frame.State]; s.End() && t.ended == "" {
		t.ended = t.v.Frame.State
		if t.flow.Name != t.hearer {
			t.ended = t.flow.Name + "." + t.ended
		}
	}
	n := len(c.Aside)
	if n == 0 || c.Aside[n-1].Flow == t.Home {
		c.Aside = nil
		c.Frame = Frame{Flow: t.Home, State: t.flows[t.Home].First, Visit: visit + 1, Facts: Facts{}}
		t.flow, c.Deadlines = t.flows[t.Home], nil
		return nil
	}
	c.Frame, c.Aside = c.Aside[n-1], c.Aside[:n-1]
	c.Visit = visit
	c.Facts = maps.Clone(c.Facts)
	t.flow = t.flows[c.Flow]
	return t.enter(c.State)
}

// home drops everything set aside and greets.
func (t *turn) home() error {
	t.out.Conv.Aside = nil
	*t.v.Frame = Frame{Flow: t.Home, Visit: t.v.Frame.Visit, Facts: Facts{}}
	t.flow = t.flows[t.Home]
	return t.enter(t.first(t.flow))
}
