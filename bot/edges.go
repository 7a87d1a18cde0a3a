package bot

import (
	"maps"
	"slices"
)

// Edge is one arrow of a flow.
type Edge struct {
	From, To string // To is From for a move that stays, and "" for one that leaves the flow
	Event    string
	If       string // the condition's name
	Kind     MoveKind
	Talk     string // for Begins and Turns
	Always   bool   // it stands in the flow's Always
	Rules    []string
}

// Edges lists the arrows of a flow in a stable order, those of Always too.
func (f *Flow) Edges() []Edge {
	var edges []Edge
	for _, from := range slices.Sorted(maps.Keys(f.States)) {
		s := f.States[from]
		for _, event := range f.Events(from) {
			m, _ := f.Move(from, event)
			_, own := s.Then[event]
			edges = append(edges, m.edges(from, event, !own)...)
		}
	}
	return edges
}

// events lists the events that are heard in a state, sorted; none in an end.
func (f *Flow) Events(state string) []string {
	s := f.States[state]
	if s.End() {
		return nil
	}
	events := slices.AppendSeq(slices.Collect(maps.Keys(s.Then)), maps.Keys(f.Always))
	slices.Sort(events)
	return slices.Compact(events)
}

func (m Move) edges(from, event string, always bool) []Edge {
	e := Edge{From: from, Event: event, Kind: m.Kind, Talk: m.Talk, Always: always, Rules: m.Law}
	switch m.Kind {
	case Stays:
		e.To = from
	case Goes:
		var edges []Edge
		for _, w := range m.Ways {
			e.To, e.If = w.To, ""
			if w.If != nil {
				e.If = w.If.Name
			}
			edges = append(edges, e)
		}
		return edges
	}
	return []Edge{e}
}

// move finds what an event does in a state.
func (f *Flow) Move(state, event string) (Move, bool) {
	s := f.States[state]
	if s.End() {
		return Move{}, false
	}
	if m, ok := s.Then[event]; ok {
		return m, true
	}
	m, ok := f.Always[event]
	return m, ok
}

// Leads says which state an event leads to as the view stands: pure, and nothing is moved. It is the state itself where
// the event is not heard or leads nowhere.
func (f *Flow) Leads(v *View, event string) string {
	from := v.Conv.State
	m, heard := f.Move(from, event)
	if !heard || m.Kind != Goes {
		return from
	}
	c, e := *v.Conv, Event{Name: event, By: Clock}
	c.Facts = maps.Clone(c.Facts)
	if c.Facts == nil {
		c.Facts = Facts{}
	}
	then := *v
	then.Conv, then.Frame, then.Event = &c, &c.Frame, &e
	if m.Learn != nil {
		maps.Copy(c.Facts, m.Learn(v, &e))
	}
	for _, w := range m.Ways {
		if w.If == nil || w.If.Holds(&then) {
			return w.To
		}
	}
	return from
}
