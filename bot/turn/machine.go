package turn

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"

	"github.com/looplab/fsm"

	"nevermind/bot"
)

// machine is one flow as a looplab state machine, and the pool from which each turn takes an instance. An instance is set
// to the conversation's state, says what can be heard there (Can), makes the move (Event) and says where the conversation
// then stands (Current): nothing else computes the next state. Only a talk that begins without a word is set to its flow's
// First directly: a room's first talk (begin, and the engine before it hears), one whose room has changed hands, and one
// that has come to its end (pop). Instances carry no callbacks and never see a context that
// can be cancelled, for either would leave one stuck between two states. Safe for concurrent use.
type machine struct {
	flow   *bot.Flow
	arrows map[string]map[string][]arrow // by state and event, in the order in which their guards are asked
	exits  map[string]exit               // by the pseudo-state that an arrow out of the flow leads to
	pool   sync.Pool
	heard  func() map[string]map[string]bool // what looplab's table lets be heard, by state and event
}

// arrow is one transition: its name in looplab's table, "event [guard]" as in UML, and the guard.
type arrow struct {
	name  string
	guard *bot.Cond // nil always holds
}

// exit is where an arrow leads that leaves the flow: to another flow, back to the one set aside, or home.
type exit struct {
	kind bot.MoveKind
	flow string
}

// unborn is the pseudo-state of a conversation that has no state yet (UML's initial state), and born the event that leads
// from it to the state it begins in.
const (
	unborn = "(unborn)"
	born   = "born"
)

func newMachine(f *bot.Flow) *machine {
	m := &machine{flow: f, arrows: map[string]map[string][]arrow{}, exits: map[string]exit{}}
	edges := append(f.Births(unborn, born), f.Edges()...)
	for _, e := range edges {
		if m.arrows[e.From] == nil {
			m.arrows[e.From] = map[string][]arrow{}
		}
		m.arrows[e.From][e.Event] = append(m.arrows[e.From][e.Event], arrow{e.Name(), e.Guard})
		if e.To == "" {
			m.exits[pseudo(e)] = exit{e.Kind, e.Talk}
		}
	}
	m.follow(sync.OnceValue(func() []fsm.EventDesc { return tableOf(edges) }))
	return m
}

// follow has the machine's instances follow a table; it is made when the first turn needs it, so that a start stays fast.
func (m *machine) follow(table func() []fsm.EventDesc) {
	m.pool.New = func() any { return fsm.NewFSM(unborn, table(), nil) }
	m.heard = sync.OnceValue(m.ask)
}

// ask asks looplab, once for all turns, which events can be heard in each state: those of which any arrow is there.
func (m *machine) ask() map[string]map[string]bool {
	f := m.pool.Get().(*fsm.FSM)
	defer m.pool.Put(f)
	heard := map[string]map[string]bool{}
	for state, events := range m.arrows {
		heard[state] = map[string]bool{}
		f.SetState(state)
		for event, arrows := range events {
			heard[state][event] = slices.ContainsFunc(arrows, func(a arrow) bool { return f.Can(a.name) })
		}
	}
	return heard
}

// tableOf is the arrows of a flow as looplab reads them, a line each. Drawings are made of the same edges.
func tableOf(edges []bot.Edge) []fsm.EventDesc {
	lines := make([]fsm.EventDesc, 0, len(edges))
	for _, e := range edges {
		to := e.To
		if to == "" {
			to = pseudo(e)
		}
		lines = append(lines, fsm.EventDesc{Name: e.Name(), Src: []string{e.From}, Dst: to})
	}
	return lines
}

// pseudo names the pseudo-state behind an arrow that leaves the flow: "(begin cancel)", "(leave)", "(home)".
func pseudo(e bot.Edge) string {
	if e.Talk == "" {
		return "(" + string(e.Kind) + ")"
	}
	return "(" + string(e.Kind) + " " + e.Talk + ")"
}

// running is an instance of a machine during one turn of one conversation.
type running struct {
	of  *machine
	fsm *fsm.FSM
}

// at takes an instance from the pool and sets it to a conversation's state; give it back with release.
func (m *machine) at(state string) running {
	f := m.pool.Get().(*fsm.FSM)
	if state == "" {
		state = unborn
	}
	f.SetState(state)
	return running{m, f}
}

// release gives an instance back to its pool.
func (r running) release() {
	if r.fsm != nil {
		r.of.pool.Put(r.fsm)
	}
}

// current is the state in which the conversation stands, or the pseudo-state behind an arrow that has left the flow.
func (r running) current() string { return r.fsm.Current() }

// left is where the arrow that was made leads, if it has left the flow.
func (r running) left() (exit, bool) {
	e, ok := r.of.exits[r.fsm.Current()]
	return e, ok
}

// hears says whether an event can be heard here.
func (r running) hears(event string) bool { return r.heard()[event] }

// heard are the events that can be heard here.
func (r running) heard() map[string]bool { return r.of.heard()[r.fsm.Current()] }

// fire makes the move: along the first arrow of the event that is there and whose guard holds. After an error the
// instance is not used again.
func (r running) fire(event string, v *bot.View) error {
	for _, a := range r.of.arrows[r.fsm.Current()][event] {
		if !r.fsm.Can(a.name) || a.guard != nil && !a.guard.Holds(v) {
			continue
		}
		err := r.fsm.Event(context.Background(), a.name)
		var stays fsm.NoTransitionError // looplab's word for an arrow that leads back to where it starts
		if err != nil && (!errors.As(err, &stays) || stays.Err != nil) {
			return fmt.Errorf("flow %s: %w", r.of.flow.Name, err)
		}
		return nil
	}
	return fmt.Errorf("flow %s: no arrow of %s is open in %s", r.of.flow.Name, event, r.fsm.Current())
}
