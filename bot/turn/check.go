package turn

import (
	"fmt"
	"maps"
	"slices"

	"nevermind/bot"
)

// Check lists what is wrong with the flows, one error a fault: what looplab would let pass in silence.
func Check(f *bot.Flows, p *bot.Policy) []error {
	c := &checker{Flows: f, policy: p, flows: map[string]*bot.Flow{}}
	for _, flow := range f.All {
		if c.flows[flow.Name] != nil {
			c.fault("flow %s is there twice", flow.Name)
		}
		c.flows[flow.Name] = flow
	}
	if c.flows[f.Home] == nil || c.flows[f.Form] == nil {
		c.fault("the home flow %q or the form flow %q is missing", f.Home, f.Form)
	}
	if f.More == "" || f.Less == "" {
		c.fault("the buttons that show more and less have no label")
	}
	for _, flow := range f.All {
		c.flow(flow)
	}
	for _, words := range f.Notices {
		c.words("the notices", nil, words)
	}
	for event, stake := range f.Stakes {
		for _, words := range stake.Says {
			c.words("what hangs on "+event, nil, words)
		}
	}
	return c.faults
}

type checker struct {
	*bot.Flows
	policy *bot.Policy
	flows  map[string]*bot.Flow
	faults []error
}

func (c *checker) fault(format string, args ...any) {
	c.faults = append(c.faults, fmt.Errorf(format, args...))
}

func (c *checker) flow(f *bot.Flow) {
	if _, ok := f.States[f.First]; !ok {
		c.fault("flow %s begins in %q, which is no state of it", f.Name, f.First)
	}
	reached := map[string]bool{f.First: true}
	for _, w := range f.Starts {
		reached[w.To] = true
		if _, ok := f.States[w.To]; !ok {
			c.fault("flow %s begins in %q, which is no state of it", f.Name, w.To)
		}
	}
	for _, e := range f.Edges() {
		c.edge(f, e)
		reached[e.To] = true
	}
	for _, name := range slices.Sorted(maps.Keys(f.States)) {
		s := f.States[name]
		if !reached[name] {
			c.fault("%s.%s is never reached", f.Name, name)
		}
		c.state(f, name, &s)
	}
	c.words(f.Name, f, f.Title)
	c.words(f.Name, f, f.Footer)
	c.evidence(f)
}

// evidence checks that evidence which support's people bring is heard wherever a record stands.
func (c *checker) evidence(f *bot.Flow) {
	if f.Evidence == nil {
		return
	}
	c.words(f.Name, f, f.Evidence.Label)
	if _, heard := f.Always[f.Evidence.Event]; !heard || f.Evidence.Form == nil {
		c.fault("%s keeps evidence by %s, which is not heard everywhere or asks for nothing", f.Name, f.Evidence.Event)
	}
}

func (c *checker) edge(f *bot.Flow, e bot.Edge) {
	at := f.Name + "." + e.From + " on " + e.Event
	switch e.Kind {
	case bot.Goes:
		if _, ok := f.States[e.To]; !ok {
			c.fault("%s leads to %q, which is no state", at, e.To)
		}
	case bot.Begins, bot.Becomes:
		if next := c.flows[e.Talk]; next == nil || !next.Talk || !f.Talk {
			c.fault("%s begins %q, which is no talk", at, e.Talk)
		}
	case bot.Leaves, bot.Homes:
		if !f.Talk {
			c.fault("%s leaves, but only a talk can be left", at)
		}
	}
}

// state checks one state: words for each party, a way out, a way to a person, a deadline, and what follows on failure.
func (c *checker) state(f *bot.Flow, name string, s *bot.State) {
	at := f.Name + "." + name
	c.spoken(f, at, s)
	if s.End() {
		if s.Do != "" || len(s.After) > 0 {
			c.fault("%s is an end, yet does or awaits something", at)
		}
		return
	}
	c.moves(f, name)
	lasts := func(w bot.Wait) bool { // else nothing would be waited for once it has passed
		m, _ := f.Move(name, w.Event)
		return certain(w) && (w.Again || m.Kind != bot.Stays)
	}
	if !slices.ContainsFunc(slices.Concat(s.After, f.After), lasts) {
		c.fault("%s waits without a deadline that is surely there", at)
	}
	if _, ok := f.Move(name, "person_asked"); !ok && speaksTo(f, bot.Buyer, bot.Seller) {
		c.fault("%s has no way to a person: person_asked is not heard", at)
	}
	for _, w := range slices.Concat(s.After, f.After) {
		if _, ok := f.Move(name, w.Event); !ok {
			c.fault("%s: the deadline %s leads nowhere: %s is not heard", at, w.Window(), w.Event)
		}
		if _, ok := f.Move(name, bot.FoundBusy); w.Spares != "" && !ok {
			c.fault("%s: the deadline %s spares somebody, yet %s is not heard", at, w.Window(), bot.FoundBusy)
		}
		if c.Windows[w.Window()] == nil && c.policy.Windows[w.Window()].IsZero() {
			c.fault("%s waits for %q, which is no window of the policy", at, w.Window())
		}
	}
	if s.Do != "" {
		c.work(f, name, s.Do)
	}
	c.judges(f, name, s)
	for _, choices := range s.Offer {
		for _, choice := range choices {
			if _, ok := f.Move(name, choice.Event); !ok {
				c.fault("%s offers %s, which is not heard", at, choice.Event)
			}
			c.words(at, f, choice.Label)
		}
	}
}

// judges checks the deadlines that decide against somebody: those are told by a card, and the state hears it where the card has
// come late, or cannot come at all, which leads on.
func (c *checker) judges(f *bot.Flow, name string, s *bot.State) {
	rules := &Ruleset{Flows: c.Flows}
	for _, w := range slices.Concat(s.After, f.After) {
		if !w.Judges {
			continue
		}
		at := fmt.Sprintf("%s.%s decides by %s", f.Name, name, w.Event)
		stake, _ := rules.Stake(f.Name, w.Event)
		judged := stake.Whose
		if stake.Asked != "" {
			judged = []bot.Party{bot.Buyer, bot.Seller}
		}
		if len(judged) == 0 {
			c.fault("%s, yet its stake does not say whose move it is", at)
		}
		if m, _ := f.Move(name, bot.ToldLate); !m.MakesUp {
			c.fault("%s, yet %s makes up for nothing", at, bot.ToldLate)
		}
		for _, p := range judged {
			if m, _ := f.Move(name, bot.Untold(p)); p != bot.Support && m.Kind != bot.Goes {
				c.fault("%s, yet %s does not lead on", at, bot.Untold(p))
			}
			if s.Tell[p] == "" {
				c.fault("%s, yet the %s is told nothing", at, p)
			}
		}
	}
}

// certain says whether a wait is there in every visit of its state: it has no condition, and is not half of a clock that may
// have run on from a visit before.
func certain(w bot.Wait) bool { return w.When == nil && (w.Half == "" || !w.Kept) }

// speaksTo says whether a flow speaks to one of these parties.
func speaksTo(f *bot.Flow, these ...bot.Party) bool {
	return slices.ContainsFunc(these, func(p bot.Party) bool { return !slices.Contains(f.Without, p) })
}

func (c *checker) moves(f *bot.Flow, name string) {
	out := false
	for _, event := range f.Events(name) {
		m, _ := f.Move(name, event)
		at := f.Name + "." + name + " on " + event
		out = out || m.Kind != bot.Stays && !(m.Kind == bot.Goes && len(m.Ways) == 1 && m.Ways[0].To == name)
		if m.Kind == bot.Goes && (len(m.Ways) == 0 || m.Ways[len(m.Ways)-1].If != nil) && !c.whole(m) {
			c.fault("%s may find no way open", at)
		}
		for _, words := range m.Says {
			c.words(at, f, words)
		}
		for _, a := range slices.Concat(slices.Collect(maps.Values(m.Answers))...) {
			if _, ok := f.Move(name, a.Event); !ok {
				c.fault("%s offers %s as an answer, which is not heard", at, a.Event)
			}
			c.words(at, f, a.Label)
		}
	}
	if !out {
		c.fault("%s.%s has no way out", f.Name, name)
	}
}

// whole says whether a move without a last resort is meant so: every value of a choice of policy is listed.
func (c *checker) whole(m bot.Move) bool {
	for key, value := range c.policy.Choices {
		for _, w := range m.Ways {
			if w.If != nil && w.If.Name == key+" = "+value {
				return true
			}
		}
	}
	return false
}

func (c *checker) work(f *bot.Flow, name, do string) {
	at := f.Name + "." + name
	w, ok := c.Works[do]
	if !ok || len(w.Outcomes) == 0 {
		c.fault("%s does %q, of which nothing is known", at, do)
	}
	for _, o := range w.Outcomes {
		if _, ok := f.Move(name, o); !ok {
			c.fault("%s does %s, yet does not hear %s", at, do, o)
		}
	}
}

func (c *checker) spoken(f *bot.Flow, at string, s *bot.State) {
	for _, to := range []bot.To{s.Tell, s.Card} {
		for _, words := range to {
			c.words(at, f, words)
		}
	}
	if f.Talk {
		if !s.End() && len(s.Tell) == 0 {
			c.fault("%s says nothing", at)
		}
		return
	}
	for _, p := range bot.Parties {
		if s.Tell[p] == "" && s.Card[p] == "" && !slices.Contains(f.Without, p) {
			c.fault("%s has no words for the %s", at, p)
		}
	}
}

// words checks that every {name} is known.
func (c *checker) words(at string, f *bot.Flow, words string) {
	for _, name := range parse(words).names() {
		_, isTerm := c.Terms[name]
		_, isWindow := c.policy.Windows[name]
		if isTerm || isWindow || c.Windows[name] != nil || f != nil && slices.Contains(f.Facts, name) {
			continue
		}
		c.fault("%s speaks of {%s}, which nobody knows", at, name)
	}
}
