package bot

import (
	"maps"
	"slices"
)

// Edge is one arrow of a flow: a line of the machine's table, and of its drawing.
type Edge struct {
	From, To string // To is From for a move that stays, and "" for one that leaves the flow
	Event    string
	If       string // the guard's name; "" is no guard
	Guard    *Cond  // nil holds always
	Else     bool   // taken where none of the guards before it holds
	Kind     MoveKind
	Talk     string // for Begins and Becomes: the flow
	Always   bool   // it stands in the flow's Always
	Rules    []string
}

// Name is the arrow's name as in UML: "event", "event [guard]" or "event [else]".
func (e *Edge) Name() string {
	switch {
	case e.If != "":
		return e.Event + " [" + e.If + "]"
	case e.Else:
		return e.Event + " [else]"
	}
	return e.Event
}

// Edges lists the arrows of a flow in a stable order, those of Always too; those of one event in the order in which
// their guards are asked.
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

// Births lists the arrows by which a conversation of the flow begins, from a state of that name and by that event.
func (f *Flow) Births(from, event string) []Edge {
	ways := append(f.Starts[:len(f.Starts):len(f.Starts)], Way{To: f.First})
	return Move{Kind: Goes, Ways: ways}.edges(from, event, false)
}

// Events lists the events that are heard in a state, sorted; none in an end.
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
		for i, w := range m.Ways {
			e.To, e.If, e.Guard, e.Else = w.To, "", w.If, w.If == nil && i > 0
			if w.If != nil {
				e.If = w.If.Name
			}
			edges = append(edges, e)
		}
		return edges
	}
	return []Edge{e}
}

// Move finds what an event does in a state: its words, tasks and guards. Where it leads is the machine's to say.
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
