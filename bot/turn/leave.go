package turn

import (
	"fmt"
	"maps"

	"nevermind/bot"
)

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

// become starts another flow in this one's place. It takes along the order at hand and what the event said; the same flow, once
// more, also what was wanted of it.
func (t *turn) become(flow string) error {
	f, e := t.v.Frame, t.v.Event
	facts := bot.Facts{}
	taken := []string{"order", "case"}
	if f.Flow == flow {
		taken = append(taken, "wanted", "problem", "claim_kind")
	}
	for _, name := range taken {
		if v := f.Facts[name]; v != "" {
			facts[name] = v
		}
	}
	maps.Copy(facts, e.Facts)
	next := t.ByName[flow]
	if next == nil {
		return fmt.Errorf("there is no flow %.40q", flow)
	}
	*f = bot.Frame{Flow: flow, Visit: f.Visit, Facts: facts, Fields: e.Fields, Files: e.Files}
	t.goTo(next, "")
	t.applyOverrides()
	return t.born()
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
		c.Frame = bot.Frame{Flow: t.Home, State: t.ByName[t.Home].First, Visit: visit + 1, Facts: bot.Facts{}}
		t.goTo(t.ByName[t.Home], c.State)
		c.Deadlines = nil
		return nil
	}
	c.Frame, c.Aside = c.Aside[n-1], c.Aside[:n-1]
	c.Visit = visit
	c.Facts = maps.Clone(c.Facts)
	t.goTo(t.ByName[c.Flow], c.State)
	return t.enter()
}

// home drops everything set aside and greets.
func (t *turn) home() error {
	t.out.Conv.Aside = nil
	*t.v.Frame = bot.Frame{Flow: t.Home, Visit: t.v.Frame.Visit, Facts: bot.Facts{}}
	t.goTo(t.ByName[t.Home], "")
	return t.born()
}
