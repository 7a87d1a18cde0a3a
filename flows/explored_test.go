package flows_test

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"nevermind/bot"
	"nevermind/flows/policies"
)

// begun is how a story begins that is explored to its end: an order, what its buyer says, a policy, and what the shop may do
// of its own accord besides.
type begun struct {
	name   string
	order  string
	lines  []string
	policy string
	acts   int // bits of ownActs
}

// The bits of ownActs.
const (
	shipsIt = 1 << iota
	deliversIt
	cancelsIt
	returnsPart
)

var beginnings = []begun{
	{"case", "81000001 processing", asks("81000001"), "", 0},
	{"case-and-the-shop", "81000001 processing", asks("81000001"), "", shipsIt | cancelsIt},
	{"case-and-money", "81000001 processing", asks("81000001"), "", returnsPart | cancelsIt},
	{"case-second-person", "81000001 processing", asks("81000001"), "second_person_above: 10.00 USD", 0},
	{"case-silence-asks", "81000001 processing", asks("81000001"), "windows: {seller_silence: support, support_silence: buyer}",
		shipsIt},
	{"damaged", "81000004 delivered items=Lamp=20 sent=240h came=24h",
		claims("81000004", "It's damaged", "Keep it and get all the money back"), "", 0},
	{"sent-back", "81000006 delivered items=Desk=90 sent=240h came=48h method=wallet",
		claims("81000006", "It isn't as described", "Send it back and get all the money"), "", 0},
	{"not-come", "81000005 shipped items=Cup=8 sent=480h due=-24h track=LP123456785CN", claims("81000005", "It hasn't come", ""), "",
		deliversIt},
	{"by-law", "81000008 delivered items=Vase=30 sent=40h came=24h country=ES",
		[]string{"Ana: 81000008", "Ana: [Withdraw from contract here]", "Ana: [Confirm withdrawal]"}, "", 0},
}

// TestExplored makes every decision that everybody can make, in every order, one after the other as in a chess program, until
// it comes to nothing new, and looks at each place it comes to. Without NEVERMIND_DRILLS or CI it looks at the nearest places
// only; NEVERMIND_EXPLORED is how many for each beginning.
func TestExplored(t *testing.T) {
	t.Parallel()
	for _, b := range beginnings {
		t.Run(b.name, func(t *testing.T) {
			s := newSearch(t, b)
			s.most = explores()
			all := s.run()
			if all {
				s.allEnd()
			}
			t.Logf("%d places, %d moves; that was all of them: %v", len(s.worlds), s.moves, all)
		})
	}
}

// explores is how many places are looked at.
func explores() (most int) {
	most = 150
	switch {
	case os.Getenv("NEVERMIND_EXPLORED") != "":
		fmt.Sscan(os.Getenv("NEVERMIND_EXPLORED"), &most)
	case os.Getenv("NEVERMIND_DRILLS") == "1":
		most = 1_000_000
	case os.Getenv("CI") != "":
		most = 300
	}
	return most
}

// TestExploredStories plays again what exploring once found wrong: stories in testdata/explored, of a beginning's name and the
// steps that are taken then.
func TestExploredStories(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("testdata/explored/*.story")
	if err != nil || len(files) == 0 {
		t.Fatal("no stories", err)
	}
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			lines := slices.DeleteFunc(strings.Split(strings.TrimSpace(string(text)), "\n"), func(l string) bool {
				return strings.HasPrefix(l, "#")
			})
			i := slices.IndexFunc(beginnings, func(b begun) bool { return "begins: "+b.name == lines[0] })
			if i < 0 {
				t.Fatalf("no beginning is called %q", lines[0])
			}
			s := newSearch(t, beginnings[i])
			s.tells(lines[1:])
		})
	}
}

// tells takes the steps of a story. What is no longer on offer ends it: that is how most of them were mended.
func (s *search) tells(lines []string) {
	for n, line := range lines {
		s.looks(n, s.worlds[n])
		steps := s.m.steps(s.worlds[n])
		i := slices.IndexFunc(steps, func(st step) bool { return st.line == line })
		if i < 0 {
			s.t.Logf("nobody can do this any more: %s", line)
			return
		}
		if steps[i].fault != "" {
			s.fault(n, line+": "+steps[i].fault)
			return
		}
		if s.add(steps[i].to, n, line) != n+1 {
			s.t.Fatalf("%q leads nowhere", line)
		}
	}
}

// search explores all places that can be come to from one, up to what makes no difference: see sameness.
type search struct {
	t      *testing.T
	m      *mover
	most   int
	known  map[string]int
	worlds []*world // nil once it was looked at
	over   []bool   // nothing is open there, or it waits for support's people
	ways   []way
	clocks [][]int // from which it is come to when nobody moves
	moves  int
	edges  map[edge]bool // whether nobody has to move for it
	faults map[string]bool
	probed map[string]bool
}

// edge leads from one place to another.
type edge struct{ from, to int }

// way is how a place was come to first.
type way struct {
	from int
	line string
}

func newSearch(t *testing.T, b begun) *search {
	pack, err := policies.Read([]byte(b.policy))
	if err != nil {
		t.Fatal(err)
	}
	s := &search{t: t, known: map[string]int{}, edges: map[edge]bool{}, faults: map[string]bool{}, probed: map[string]bool{},
		m: &mover{rules: rulesUnder(t, b.policy, pack, nil), policy: pack.Policy, people: map[string]*bot.Person{}, acts: b.acts}}
	for name, p := range cast {
		if p.ID != "" && name != "Phone" {
			p.Rooms = []bot.Room{roomOf(name)}
			s.m.people[name] = &p
		}
	}
	s.m.people["Desk"] = &bot.Person{ID: bot.Desk, Rooms: []bot.Room{"stage:desk"}}
	s.add(s.m.first(t, b), 0, "")
	return s
}

// first plays a beginning in the whole house and takes its records out where the shop is asked for the first time.
func (m *mover) first(t *testing.T, b begun) *world {
	st := newStage(t, b.policy)
	st.line("order: " + b.order)
	for i, l := range b.lines {
		st.down = i == len(b.lines)-1
		st.line(l)
		st.drain()
	}
	id, _, _ := strings.Cut(b.order, " ")
	w := &world{now: st.now}
	var err error
	w.order, err = st.engine.Order(t.Context(), id)
	st.must(err)
	keys, err := st.store.Find(t.Context(), "open:order:"+id, "", 10)
	st.must(err)
	slices.Sort(keys)
	for _, key := range keys {
		c, err := st.store.Conversation(t.Context(), key)
		st.must(err)
		if !explored(c.Flow) {
			continue
		}
		w.records = append(w.records, &c)
		if do := m.rules.ByName[c.Flow].States[c.State].Do; do != "" {
			w.works = append(w.works, bot.Task{ID: "T-first", Do: do, From: c.Key, Order: c.Order, Facts: c.Facts})
		}
	}
	if len(w.records) == 0 {
		t.Fatalf("%s begins nothing", b.name)
	}
	return w
}

func (s *search) add(w *world, from int, line string) int {
	key := sameness(w)
	if n, ok := s.known[key]; ok {
		return n
	}
	n := len(s.worlds)
	s.known[key], s.worlds, s.over = n, append(s.worlds, w), append(s.over, s.m.isOver(w))
	s.ways, s.clocks = append(s.ways, way{from, line}), append(s.clocks, nil)
	return n
}

// isOver says whether nothing has to end any more: what is open waits for support's people, whom the house reminds.
func (m *mover) isOver(w *world) bool {
	return !slices.ContainsFunc(w.records, func(c *bot.Conversation) bool {
		return c.Closed.IsZero() && !m.rules.ByName[c.Flow].States[c.State].Desk
	})
}

// story is what leads to a place, line by line.
func (s *search) story(n int) string {
	var lines []string
	for ; n > 0; n = s.ways[n].from {
		lines = append(lines, s.ways[n].line)
	}
	slices.Reverse(lines)
	return strings.Join(lines, "\n")
}

func (s *search) fault(n int, what string) {
	if s.faults[what] {
		return // shown once, by the shortest story
	}
	s.faults[what] = true
	s.t.Errorf("%s\nafter:\n%s\n%s", what, s.story(n), sameness(s.worlds[n]))
}

// run explores until nothing new is found, or enough was seen; it says whether that was all.
func (s *search) run() bool {
	for n := 0; n < len(s.worlds); n++ {
		if n >= s.most {
			return false
		}
		s.looks(n, s.worlds[n])
		for _, step := range s.m.steps(s.worlds[n]) {
			s.moves++
			switch {
			case step.fault != "":
				s.fault(n, step.line+": "+step.fault)
			case !step.aside: // what an aside keeps leads nowhere else
				to := s.add(step.to, n, step.line)
				s.edges[edge{n, to}] = s.edges[edge{n, to}] || step.clock
				if step.clock {
					s.clocks[to] = append(s.clocks[to], n)
				}
			}
		}
		s.worlds[n] = nil
	}
	return true
}

// allEnd checks that from every place an end is come to when nobody moves any more: deadlines pass, and the shop does what it
// was asked.
func (s *search) allEnd() {
	ends := make([]bool, len(s.worlds))
	var queue []int
	for n, over := range s.over {
		if over {
			ends[n] = true
			queue = append(queue, n)
		}
	}
	for ; len(queue) > 0; queue = queue[1:] {
		for _, n := range s.clocks[queue[0]] {
			if !ends[n] {
				ends[n] = true
				queue = append(queue, n)
			}
		}
	}
	if n := slices.Index(ends, false); n >= 0 {
		s.t.Errorf("it never ends if nobody moves, after:\n%s", s.story(n))
	}
}

// looks checks what has to hold in every place.
func (s *search) looks(n int, w *world) {
	for _, c := range w.records {
		if !c.Closed.IsZero() {
			continue
		}
		asked := slices.ContainsFunc(w.works, func(t bot.Task) bool { return t.From == c.Key })
		switch f := s.m.rules.ByName[c.Flow]; {
		case len(c.Deadlines) == 0 && !asked:
			s.fault(n, "nothing ends "+c.Flow+"."+c.State)
		case f.Case && !s.m.rules.Hears(c, "person_asked"):
			s.fault(n, "no person is reached from "+c.Flow+"."+c.State)
		}
		s.othersPress(n, w, c)
	}
	if w.order.Overpaid() {
		s.fault(n, "more was paid back than was paid")
	}
}

// othersPress lets everybody press every button that is not theirs, once for each button of a state.
func (s *search) othersPress(n int, w *world, c *bot.Conversation) {
	for _, o := range c.Offers {
		mark := c.Flow + "." + c.State + "." + string(o.Party) + "." + o.Event
		if s.probed[mark] || o.Party == bot.Here {
			continue
		}
		s.probed[mark] = true
		for _, who := range []string{"Ana", "Ben", "Lumen", "Far", "Mira", "Nobody"} {
			actor := s.m.people[who]
			if actor == nil {
				actor = &bot.Person{}
			}
			party := actor.Party()
			if party == o.Party && c.TakesPart(actor) {
				continue
			}
			ev := bot.Event{ID: "press", Name: o.Event, By: party, Actor: actor.ID, Room: "stage:elsewhere", Offer: o.Token}
			if s.m.rules.Legal(s.m.view(w, c, &ev, actor)) {
				s.fault(n, who+" may press ["+o.Words+"] of "+mark)
			}
		}
	}
}

// sameness is what tells places apart: where the records stand, what is on offer, known and waited for, and in which order it
// will pass. Times themselves, ids and words do not.
func sameness(w *world) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s %s news=%b left=%s\n", w.order.Stage, w.order.Refunded.Amount(), w.news, w.order.Refundable().Amount())
	for _, p := range w.order.Book {
		if p.State != "failed" { // what has failed counts no more
			fmt.Fprintf(&b, " %s %s %s", p.Do, p.State, p.Amount.Amount())
		}
	}
	type wait struct {
		at   time.Time
		name string
	}
	var waits []wait
	for _, c := range w.records {
		fmt.Fprintf(&b, "\n%s %s open=%v", c.Key, c.State, c.Closed.IsZero())
		if !c.Closed.IsZero() {
			continue
		}
		for _, name := range slices.Sorted(maps.Keys(c.Facts)) {
			if value := counts(c, name); value != "" {
				fmt.Fprintf(&b, " %s=%s", name, value)
			}
		}
		var offers []string
		for _, o := range c.Offers {
			if !asides[o.Event] && !o.Unfolds() {
				offers = append(offers, fmt.Sprintf("%s/%s/%v", o.Party, o.Event, o.Used))
			}
		}
		slices.Sort(offers)
		b.WriteString("\n  " + strings.Join(slices.Compact(offers), " "))
		for _, d := range c.Deadlines {
			waits = append(waits, wait{d.At, c.Flow + "." + d.Name()})
		}
		fmt.Fprintf(&b, "\n  clocks %v files %v", slices.Sorted(maps.Keys(c.Clocks)), len(c.Exhibits) > 0)
	}
	slices.SortStableFunc(waits, func(a, b wait) int { return a.at.Compare(b.at) })
	b.WriteString("\nwaits")
	for _, x := range waits {
		b.WriteString(" " + x.name)
	}
	b.WriteString("\nworks")
	for _, t := range w.works {
		b.WriteString(" " + t.Do)
		if n, known := w.record(t.From); known && w.records[n].Facts["attempt"] != t.Facts["attempt"] {
			b.WriteString(" of an attempt before")
		}
	}
	return b.String()
}

// onlyWords are facts that are said and decide nothing.
var onlyWords = map[string]bool{
	"id": true, "kind": true, "order": true, "note": true, "rejection": true, "refusal": true, "call_note": true, "caller": true,
	"grounds": true, "held_grounds": true, "dispatch": true, "offer_note": true, "reference": true, "decider_name": true,
	"seconder_name": true, "could_go_back": true, "last": true, "said": true, "called_for": true, "by_phone": true,
	"late_visit": true, "late_count": true, "failure": true, "story": true, "carrier": true, "tracking_code": true,
	"return_carrier": true, "return_code": true, "return_address": true, "confirmed": true, "want_amount": true, "attempt": true,
	"seconder": true, "still_told": true, "room": true, "reason": true, "asked_halfway": true, "support_due": true,
}

// counts is what of a fact makes a difference where a record stands; empty where it makes none.
func counts(c *bot.Conversation, name string) string {
	value := c.Facts[name]
	switch {
	case value == "", onlyWords[name]:
		return ""
	case strings.HasPrefix(name, "offer_"):
		if c.State != "weighing_offer" && c.State != "weighing_counter" && c.Facts["agreed"] != "offer" {
			return "" // of an offer that is off the table
		}
	case strings.HasPrefix(name, "evidence_"):
		if c.State != "awaiting_evidence" || name != "evidence_of" {
			return ""
		}
	case name == "why":
		return whyCounts(value)
	case name == "held_visit":
		if value != fmt.Sprint(c.Visit) {
			return "before"
		}
		return "now"
	case strings.HasPrefix(name, "held"):
		if c.Facts["held_visit"] != fmt.Sprint(c.Visit) {
			return ""
		}
	}
	if _, err := time.Parse(time.RFC3339, value); err == nil {
		return "T"
	}
	return value
}

// whyCounts keeps of why support has a case what a condition asks for.
func whyCounts(why string) string {
	if strings.HasSuffix(why, "_failed") {
		return "failed"
	}
	switch why {
	case "cancel_unanswered", "refund_held", "refund_doubled", "law_shipped", "came_back":
		return why
	}
	return ""
}
