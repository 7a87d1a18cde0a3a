package turn

import (
	"strings"
	"testing"
	"time"

	"nevermind/bot"
)

// sound is a small set of flows in which nothing is wrong.
func sound() *bot.Flows {
	talk := &bot.Flow{Name: "talk1", Talk: true, First: "asking", After: bot.Waits{{Full: "day", Event: "idled"}},
		Always: bot.Moves{"idled": bot.Home(), "person_asked": bot.Stay()},
		States: bot.States{"asking": {Tell: bot.To{bot.Here: "Hello"}, Then: bot.Moves{"left": bot.Leave()}}}}
	record := &bot.Flow{Name: "record", First: "waiting", Born: []string{"begun"}, Facts: []string{"amount"},
		Always: bot.Moves{"person_asked": bot.Stay()},
		States: bot.States{
			"waiting": {
				Tell:  bot.To{bot.Buyer: "Until {day}", bot.Seller: "{amount}", bot.Support: "x"},
				After: bot.Waits{{Full: "day", Event: "passed"}},
				Then:  bot.Moves{"passed": bot.Go("working")},
			},
			"working": {
				Tell:  bot.To{bot.Buyer: "a", bot.Seller: "b", bot.Support: "c"},
				Do:    "work",
				After: bot.Waits{{Full: "day", Event: "passed"}},
				Then:  bot.Moves{"done": bot.Go("over"), "failed": bot.Go("waiting"), "passed": bot.Go("over")},
			},
			"over": {Tell: bot.To{bot.Buyer: "a", bot.Seller: "b", bot.Support: "c"}},
		}}
	return &bot.Flows{
		All:   []*bot.Flow{talk, record},
		Home:  "talk1",
		Form:  "talk1",
		Works: map[string]bot.Work{"work": {Outcomes: []string{"done", "failed"}}},
	}
}

var dayPolicy = &bot.Policy{
	Windows: map[string]bot.Window{"day": {Length: 24 * time.Hour}},
	Choices: map[string]string{"silence": "approve"},
}

func TestCheckPassesSoundFlows(t *testing.T) {
	if faults := Check(sound(), dayPolicy); faults != nil {
		t.Fatal(faults)
	}
}

// TestCheckFinds breaks the sound flows in one way at a time.
func TestCheckFinds(t *testing.T) {
	change := func(state string, f func(*bot.State)) func(*bot.Flows) {
		return func(all *bot.Flows) {
			s := all.All[1].States[state]
			f(&s)
			all.All[1].States[state] = s
		}
	}
	for name, c := range map[string]struct {
		break_ func(*bot.Flows)
		fault  string
	}{
		"a move into nowhere": {change("waiting", func(s *bot.State) { s.Then["passed"] = bot.Go("nowhere") }),
			`leads to "nowhere"`},
		"a state never reached": {func(f *bot.Flows) { f.All[1].States["lost"] = f.All[1].States["over"] },
			"record.lost is never reached"},
		"an offer nobody hears": {change("waiting", func(s *bot.State) { s.Offer = bot.Offers{bot.Buyer: {{Event: "unheard"}}} }),
			"offers unheard"},
		"a wait without a deadline": {change("waiting", func(s *bot.State) { s.After = nil }), "waits without a deadline"},
		"a wait that may not be there": {change("waiting", func(s *bot.State) { s.After[0].When = &bot.Cond{Name: "c"} }),
			"waits without a deadline"},
		"a deadline that leads nowhere": {change("waiting", func(s *bot.State) {
			s.Then = bot.Moves{"passed": bot.Stay(), "worked": bot.Go("working")}
		}), "waits without a deadline"},
		"half of a clock kept": {change("waiting", func(s *bot.State) {
			s.After[0] = bot.Wait{Half: "day", Event: "passed", Kept: true}
		}),
			"waits without a deadline"},
		"a deadline nobody hears": {change("waiting", func(s *bot.State) { s.After = bot.Waits{{Full: "day", Event: "unheard"}} }),
			"leads nowhere"},
		"an unknown window": {change("waiting", func(s *bot.State) { s.After = bot.Waits{{Full: "week", Event: "passed"}} }),
			`"week"`},
		"a task without a failure": {change("working", func(s *bot.State) { delete(s.Then, "failed") }), "does not hear failed"},
		"an unknown task":          {change("working", func(s *bot.State) { s.Do = "nothing" }), `does "nothing"`},
		"no way to a person":       {func(f *bot.Flows) { f.All[1].Always = nil }, "no way to a person"},
		"no way out": {change("waiting", func(s *bot.State) { s.Then = bot.Moves{"passed": bot.Stay()} }),
			"no way out"},
		"no words for the seller": {change("over", func(s *bot.State) { s.Tell = bot.To{bot.Buyer: "a", bot.Support: "c"} }),
			"no words for the seller"},
		"a name nobody knows": {change("over", func(s *bot.State) { s.Tell[bot.Buyer] = "{nobody}" }), "{nobody}"},
		"a choice of ways left open": {change("waiting", func(s *bot.State) {
			s.Then["passed"] = bot.If(&bot.Cond{Name: "c"}, "working")
		}),
			"may find no way open"},
		"a talk begun in a record": {change("waiting", func(s *bot.State) { s.Then["passed"] = bot.Begin("talk1") }), "begins"},
		"a record that is left": {change("waiting", func(s *bot.State) { s.Then["passed"] = bot.Leave() }),
			"only a talk can be left"},
		"a first state that is missing": {func(f *bot.Flows) { f.All[1].First = "gone" }, `begins in "gone"`},
		"a flow that is there twice":    {func(f *bot.Flows) { f.All = append(f.All, f.All[1]) }, "is there twice"},
		"an end that does something":    {change("over", func(s *bot.State) { s.Do = "work" }), "is an end"},
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
