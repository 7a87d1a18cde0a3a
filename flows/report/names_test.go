package report

import (
	"maps"
	"slices"
	"testing"

	"nevermind/bot"
	"nevermind/flows"
)

// TestNamesAreTheFlows: every state and event that the report goes by is there in the flows, and every end of a request is one
// that it can say.
func TestNamesAreTheFlows(t *testing.T) {
	all := map[string]*bot.Flow{}
	for _, f := range flows.All().All {
		all[f.Name] = f
	}
	states, events := map[string]bool{}, map[string]bool{}
	for _, name := range []string{"case", "dispute", "arrival"} {
		f := all[name]
		for _, born := range f.Born {
			events[born] = true
		}
		for state, s := range f.States {
			states[state] = true
			for event := range s.Then {
				events[event] = true
			}
		}
		for event := range f.Always {
			events[event] = true
		}
	}
	for name := range allNames(carriedOut, ends, arrivals) {
		if !states[name] {
			t.Errorf("the report knows a state %s, the flows do not", name)
		}
	}
	for name := range allNames(nil, sellersAnswers, settledBy) {
		if !events[name] {
			t.Errorf("the report knows an event %s, the flows do not", name)
		}
	}
	for _, name := range []string{"case", "dispute"} {
		for state, s := range all[name].States {
			if _, known := ends[state]; len(s.Then) == 0 && !known && state != "refunded" {
				t.Errorf("%s can end as %s, which the report would call open", name, state)
			}
		}
	}
	for state := range all["arrival"].States {
		if _, known := arrivals[state]; !known {
			t.Errorf("money can stand as %s, which the report does not know", state)
		}
	}
}

func allNames(states map[string]bool, more ...map[string]string) map[string]bool {
	all := map[string]bool{}
	maps.Copy(all, states)
	for _, m := range more {
		for _, name := range slices.Sorted(maps.Keys(m)) {
			all[name] = true
		}
	}
	return all
}
