package turn

import (
	"errors"
	"fmt"
	"maps"

	"nevermind/bot"
)

// Ruleset is the flows made ready for turns: each as a machine, and the languages their words are said in. It is made once
// at the start, never changes and is safe for concurrent use. Decide is its heart; of a record all it does
// is pure, so that the same view gives the same turn, now and in a replay.
type Ruleset struct {
	*bot.Flows
	ByName   map[string]*bot.Flow
	catalog  bot.Catalog
	machines map[string]*machine
	judging  map[string]bool // the events by which some flow's deadline decides against somebody
}

// Prepare checks flows against a policy and makes them ready for turns; every fault of theirs is in the error.
func Prepare(f *bot.Flows, p *bot.Policy, c bot.Catalog) (*Ruleset, error) {
	if err := errors.Join(Check(f, p)...); err != nil {
		return nil, fmt.Errorf("check flows: %w", err)
	}
	return NewRuleset(f, c), nil
}

// NewRuleset makes flows ready; the catalog has their words in other languages, nil has none. Flows that Check finds a
// fault in must not be used.
func NewRuleset(f *bot.Flows, c bot.Catalog) *Ruleset {
	r := &Ruleset{Flows: f, catalog: c, ByName: map[string]*bot.Flow{}, machines: map[string]*machine{}}
	for _, flow := range f.All {
		r.ByName[flow.Name] = flow
		r.machines[flow.Name] = newMachine(flow)
	}
	r.judging = judging(f)
	return r
}

// Hears says whether a conversation, where it stands, would move or speak on an event. A closed one hears nothing.
func (r *Ruleset) Hears(c *bot.Conversation, event string) bool {
	m := r.machines[c.Flow]
	if m == nil || c.State == "" || !c.Closed.IsZero() {
		return false
	}
	here := m.at(c.State)
	defer here.release()
	return here.hears(event)
}

// Leads says which state an event leads to as the view stands: nothing is moved. It is the state itself where the event
// is not heard there, or leads out of the flow.
func (r *Ruleset) Leads(v *bot.View, event string) string {
	from := v.Conv.State
	m, heard := r.ByName[v.Conv.Flow].Move(from, event)
	if !heard || m.Kind != bot.Goes {
		return from
	}
	c, e := *v.Conv, bot.Event{Name: event, By: bot.Clock}
	c.Facts = maps.Clone(c.Facts)
	if c.Facts == nil {
		c.Facts = bot.Facts{}
	}
	then := *v
	then.Conv, then.Frame, then.Event = &c, &c.Frame, &e
	if m.Learn != nil {
		maps.Copy(c.Facts, m.Learn(v, &e))
	}
	here := r.machines[c.Flow].at(from)
	if here.fire(event, &then) != nil {
		return from // no arrow of it is there
	}
	defer here.release()
	return here.current()
}

// HistoryFact is the event's fact that says how much of each record a move that reads history has read, so that a replay
// reads the very same.
const HistoryFact = "past"

// ReadsHistory says whether the event's move reads what the records about the order have gone through.
func (r *Ruleset) ReadsHistory(v *bot.View) bool {
	f := r.ByName[v.Conv.Flow]
	m, heard := f.Move(v.Conv.State, v.Event.Name)
	return heard && m.History && !f.Talk
}

// Irreversible lists the events of deadlines that may start a task that moves money: what they do cannot be taken back.
func (r *Ruleset) Irreversible() map[string]bool {
	events := map[string]bool{}
	for _, f := range r.All {
		for _, s := range f.States {
			for _, w := range append(s.After[:len(s.After):len(s.After)], f.After...) {
				for _, way := range s.Then[w.Event].Ways {
					if do := f.States[way.To].Do; do != "" && r.Works[do].Class == bot.MoneyClass {
						events[w.Event] = true
					}
				}
			}
		}
	}
	return events
}
