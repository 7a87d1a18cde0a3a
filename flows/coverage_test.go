package flows_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"testing"

	"nevermind/bot"
	"nevermind/flows"
)

// coverage is what the transcripts have not reached yet: every state and every move. A move is a flow's, in a state, on an
// event, with where it leads; one of a flow's Always counts once for the flow, and what every talk hears (talkAlways) once
// for all of them.
type coverage struct {
	mu      sync.Mutex
	missing map[string]bool
	plays   int
}

// strike strikes out what a played transcript has reached.
func (c *coverage) strike(journal []bot.Entry) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.plays++
	for i := range journal {
		reach(c.missing, &journal[i])
	}
}

// whole names every state and move that none of so many transcripts reaches; where only some were played, it says nothing.
func (c *coverage) whole(t *testing.T, files int) {
	if c.plays < files {
		return
	}
	for _, what := range slices.Sorted(maps.Keys(c.missing)) {
		t.Errorf("no transcript reaches %s", what)
	}
}

// all is every flow.
var all = flows.All().All

// keptForStored are the moves that only conversations stored by an older version still take (law 9).
var keptForStored = []string{
	"the move cancel.choosing_lines on all_chosen to choosing_reason",
	"the move cancel.choosing_lines on lines_chosen to choosing_reason",
	"the move cancel.choosing_lines on went_back to kept",
	"the move cancel.choosing_order on more_asked to choosing_order",
	"the move cancel.choosing_rest on all_chosen to choosing_reason",
	"the move cancel.choosing_rest on lines_chosen to choosing_reason",
	"the move cancel.choosing_rest on went_back to kept",
	"the move orders.choosing_order on more_asked to choosing_order",
	"the move problem.choosing_order on more_asked to choosing_order",
	"the move withdrawal.choosing_order on more_asked to choosing_order",
}

// everything is what there is to be reached in transcripts.
func everything() map[string]bool {
	missing := map[string]bool{}
	for _, f := range all {
		for name := range f.States {
			missing[state(f.Name, name)] = true
		}
		for _, e := range f.Edges() {
			for _, to := range leads(e) {
				missing[move(f, e.From, e.Event, to)] = true
			}
		}
	}
	for _, what := range keptForStored {
		delete(missing, what)
	}
	return missing
}

// leads is where an arrow leads, as the journal says it: nowhere in particular for one that leaves.
func leads(e bot.Edge) []string {
	if e.Kind == bot.Goes || e.Kind == bot.Stays {
		return []string{e.To}
	}
	return []string{""}
}

func state(flow, name string) string { return fmt.Sprintf("the state %s.%s", flow, name) }

// move names a move; those that stand for many states or flows have the same name everywhere.
func move(f *bot.Flow, from, event, to string) string {
	m, own := f.States[from].Then[event]
	if !own {
		m = f.Always[event]
		if m.Kind == bot.Stays {
			to = "" // wherever it stands
		}
		from = "*"
	}
	if m.Kind != bot.Goes && m.Kind != bot.Stays {
		to = ""
	}
	name := f.Name
	if base, ok := flows.TalkAlways[event]; ok && !own && f.Talk && base.Kind == m.Kind && base.Talk == m.Talk {
		name = "*"
	}
	return strings.TrimSuffix(fmt.Sprintf("the move %s.%s on %s to %s", name, from, event, to), " to ")
}

// reach strikes out what an entry of the journal has reached.
func reach(missing map[string]bool, e *bot.Entry) {
	if e.Refused != "" {
		return
	}
	f := all[slices.IndexFunc(all, func(f *bot.Flow) bool { return f.Name == e.Flow })]
	to, name := e.To, e.Flow
	if flow, state, elsewhere := strings.Cut(e.To, "."); elsewhere {
		to, name = state, flow
	}
	delete(missing, state(name, to))
	from := e.From
	if from == "" { // a birth; its first state has heard the event too, where it hears it
		from = f.First
		delete(missing, state(f.Name, from))
		if _, heard := f.States[from].Then[e.Event.Name]; !heard {
			return
		}
	}
	delete(missing, move(f, from, e.Event.Name, to))
}
