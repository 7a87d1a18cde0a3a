package turn

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"github.com/looplab/fsm"

	"nevermind/bot"
)

// machine is a flow as looplab's table that says no. One is taken from the pool for one turn and only the state's
// name is kept. It has no callbacks and never sees a context that can be cancelled: either would poison it.
type machine struct {
	flow *bot.Flow
	pool sync.Pool
}

func newMachine(f *bot.Flow) *machine {
	table := sync.OnceValue(func() []fsm.EventDesc { return table(f) })
	m := &machine{flow: f}
	m.pool.New = func() any { return fsm.NewFSM(f.First, table(), nil) }
	return m
}

// table lists every arrow of the flow; an arrow's name is its event and where it leads.
func table(f *bot.Flow) []fsm.EventDesc {
	var table []fsm.EventDesc
	for _, e := range f.Edges() {
		to := e.To
		if e.Kind != bot.Goes {
			to = e.From
		}
		table = append(table, fsm.EventDesc{Name: arrow(e.Event, to), Src: []string{e.From}, Dst: to})
	}
	return table
}

// next asks the table whether the event may lead from one state to the other.
func (m *machine) next(from, event, to string) error {
	table := m.pool.Get().(*fsm.FSM)
	table.SetState(from)
	err := table.Event(context.Background(), arrow(event, to))
	var stays fsm.NoTransitionError
	if err != nil && !(errors.As(err, &stays) && stays.Err == nil) {
		return fmt.Errorf("flow %s: %w", m.flow.Name, err) // the instance is dropped
	}
	got := table.Current()
	m.pool.Put(table)
	if got != to {
		return fmt.Errorf("flow %s: %s leads from %s to %s, not %s", m.flow.Name, event, from, got, to)
	}
	return nil
}

func arrow(event, to string) string { return event + ">" + to }
