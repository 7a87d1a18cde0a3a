package bot

import (
	"strings"
	"testing"
	"time"
)

// sound is a small set of flows in which nothing is wrong.
func sound() *Flows {
	talk := &Flow{Name: "talk1", Talk: true, First: "asking", After: Waits{{Full: "day", Event: "idled"}},
		Always: Moves{"idled": Home(), "person_asked": Stay()},
		States: States{"asking": {Tell: To{Here: "Hello"}, Then: Moves{"left": Leave()}}}}
	record := &Flow{Name: "record", First: "waiting", Born: []string{"begun"}, Facts: []string{"amount"},
		Always: Moves{"person_asked": Stay()},
		States: States{
			"waiting": {Tell: To{Buyer: "Until {day}", Seller: "{amount}", Support: "x"}, After: Waits{{Full: "day", Event: "passed"}},
				Then: Moves{"passed": Go("working")}},
			"working": {Tell: To{Buyer: "a", Seller: "b", Support: "c"}, Do: "work", After: Waits{{Full: "day", Event: "passed"}},
				Then: Moves{"done": Go("over"), "failed": Go("waiting"), "passed": Go("over")}},
			"over": {Tell: To{Buyer: "a", Seller: "b", Support: "c"}},
		}}
	return &Flows{All: []*Flow{talk, record}, Home: "talk1", Form: "talk1", Works: map[string]Work{"work": {Outcomes: []string{"done", "failed"}}}}
}

var dayPolicy = &Policy{Windows: map[string]Window{"day": {Length: 24 * time.Hour}}, Choices: map[string]string{"silence": "approve"}}

func TestCheckPassesSoundFlows(t *testing.T) {
	if faults := Check(sound(), dayPolicy); faults != nil {
		t.Fatal(faults)
	}
}

// TestCheckFinds breaks the sound flows in one way at a time.
func TestCheckFinds(t *testing.T) {
	change := func(state string, f func(*State)) func(*Flows) {
		return func(all *Flows) {
			s := all.All[1].States[state]
			f(&s)
			all.All[1].States[state] = s
		}
	}
	for name, c := range map[string]struct {
		break_ func(*Flows)
		fault  string
	}{
		"a move into nowhere":           {change("waiting", func(s *State) { s.Then["passed"] = Go("nowhere") }), `leads to "nowhere"`},
		"a state never reached":         {func(f *Flows) { f.All[1].States["lost"] = f.All[1].States["over"] }, "record.lost is never reached"},
		"an offer nobody hears":         {change("waiting", func(s *State) { s.Offer = Offers{Buyer: {{Event: "unheard"}}} }), "offers unheard"},
		"a wait without a deadline":     {change("waiting", func(s *State) { s.After = nil }), "waits without a deadline"},
		"a deadline nobody hears":       {change("waiting", func(s *State) { s.After = Waits{{Full: "day", Event: "unheard"}} }), "leads nowhere"},
		"an unknown window":             {change("waiting", func(s *State) { s.After = Waits{{Full: "week", Event: "passed"}} }), `"week"`},
		"a task without a failure":      {change("working", func(s *State) { delete(s.Then, "failed") }), "does not hear failed"},
		"an unknown task":               {change("working", func(s *State) { s.Do = "nothing" }), `does "nothing"`},
		"no way to a person":            {func(f *Flows) { f.All[1].Always = nil }, "no way to a person"},
		"no way out":                    {change("waiting", func(s *State) { s.Then = Moves{"passed": Stay()} }), "no way out"},
		"no words for the seller":       {change("over", func(s *State) { s.Tell = To{Buyer: "a", Support: "c"} }), "no words for the seller"},
		"a name nobody knows":           {change("over", func(s *State) { s.Tell[Buyer] = "{nobody}" }), "{nobody}"},
		"a choice of ways left open":    {change("waiting", func(s *State) { s.Then["passed"] = If(&Cond{Name: "c"}, "working") }), "may find no way open"},
		"a talk begun in a record":      {change("waiting", func(s *State) { s.Then["passed"] = Begin("talk1") }), "begins"},
		"a record that is left":         {change("waiting", func(s *State) { s.Then["passed"] = Leave() }), "only a talk can be left"},
		"a first state that is missing": {func(f *Flows) { f.All[1].First = "gone" }, `begins in "gone"`},
		"a flow that is there twice":    {func(f *Flows) { f.All = append(f.All, f.All[1]) }, "is there twice"},
		"an end that does something":    {change("over", func(s *State) { s.Do = "work" }), "is an end"},
	} {
		t.Run(name, func(t *testing.T) {
			f := sound()
			c.break_(f)
			for _, fault := range Check(f, dayPolicy) {
				if strings.Contains(fault.Error(), c.fault) {
					return
				}
			}
			t.Errorf("not found; the faults are %v", Check(f, dayPolicy))
		})
	}
}

func TestMachineSaysNo(t *testing.T) {
	m := newMachine(sound().All[1])
	for _, c := range []struct {
		from, event, to string
		ok              bool
	}{
		{"waiting", "passed", "working", true}, {"waiting", "person_asked", "waiting", true},
		{"waiting", "done", "over", false}, {"waiting", "passed", "over", false}, {"over", "passed", "over", false}, {"nowhere", "passed", "working", false},
	} {
		for range 3 { // a refusal does not poison the pool
			if err := m.next(c.from, c.event, c.to); (err == nil) != c.ok {
				t.Errorf("%s from %s to %s: %v", c.event, c.from, c.to, err)
			}
		}
	}
}
