package flows_test

import (
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"

	"nevermind/bot"
	"nevermind/flows"
)

// TestTranscriptsReachEverything plays every transcript without a restart, looks after each line and at what is left in the end,
// and names every state and every move that no transcript reaches. A move is a flow's, in a state, on an event, with where it
// leads; one of a flow's Always counts once for the flow, and what every talk hears (talkAlways) once for all of them.
func TestTranscriptsReachEverything(t *testing.T) {
	missing := everything()
	var mu sync.Mutex
	t.Run("played", func(t *testing.T) {
		for _, file := range transcripts(t) {
			t.Run(file, func(t *testing.T) {
				t.Parallel()
				text, err := os.ReadFile(file)
				if err != nil {
					t.Fatal(err)
				}
				_, s := play(t, string(text), (*stage).conserves)
				s.replaysAll()
				mu.Lock()
				defer mu.Unlock()
				for i := range s.journal {
					reach(missing, &s.journal[i])
				}
			})
		}
	})
	for _, what := range slices.Sorted(maps.Keys(missing)) {
		t.Errorf("no transcript reaches %s", what)
	}
}

// all is every flow.
var all = flows.All().All

// everything is what there is to be reached.
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
