package flows_test

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"nevermind/bot"
	"nevermind/flows"
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
	{"case-silence-sells", "81000001 processing", asks("81000001"),
		"windows: {seller_silence: support, support_silence: seller}", 0},
	{"case-appeal", "81000001 processing", asks("81000001"), "appeal: 14d", 0},
	{"case-no-undo", "81000001 processing", asks("81000001"), "windows: {undo: none}", 0},
	{"damaged", "81000004 delivered items=Lamp=20 sent=240h came=24h",
		claims("81000004", "It's damaged", "Keep it and get all the money back"), "", 0},
	{"sent-back", "81000006 delivered items=Desk=90 sent=240h came=48h method=wallet",
		claims("81000006", "It isn't as described", "Send it back and get all the money"), "", 0},
	{"not-come", "81000005 shipped items=Cup=8 sent=480h due=-24h track=LP123456785CN", claims("81000005", "It hasn't come", ""), "",
		deliversIt},
	{"by-law-back", "81000008 delivered items=Vase=30 sent=40h came=24h country=ES",
		[]string{"Ana: 81000008", "Ana: [Withdraw from contract here]", "Ana: [Confirm withdrawal]"},
		"windows: {withdrawal_refund: back}", 0},
	{"by-law", "81000008 delivered items=Vase=30 sent=40h came=24h country=ES",
		[]string{"Ana: 81000008", "Ana: [Withdraw from contract here]", "Ana: [Confirm withdrawal]"}, "", 0},
}

// TestExplored makes every decision that everybody can make, in every order, one after the other as in a chess program, until
// it comes to nothing new, and looks at each place it comes to. Without NEVERMIND_DRILLS it looks at the nearest places only;
// NEVERMIND_EXPLORED is how many for each beginning.
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
			s.compare()
			t.Logf("%d places, %d ways, %d moves; that was all of them: %v; %d of %d merged worlds compared",
				len(s.worlds), len(s.edges), s.moves, all, s.alike.compared, s.alike.seen)
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
	known  map[[16]byte]int // by a hash of sameness
	worlds []*world         // nil once it was looked at
	over   []bool           // nothing is open there, or it waits for support's people
	ways   []way
	moves  int
	edges  map[edge]bool // whether nobody has to move for it
	faults map[string]bool
	probed map[string]bool
	alike  alike
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
	s := &search{t: t, known: map[[16]byte]int{}, edges: map[edge]bool{}, faults: map[string]bool{}, probed: map[string]bool{},
		m: &mover{rules: mute(flows.All()), policy: pack.Policy, people: map[string]*bot.Person{}, acts: b.acts}}
	for name, p := range cast {
		if p.ID != "" && name != "Phone" {
			p.Rooms = []bot.Room{roomOf(name)}
			s.m.people[name] = &p
		}
	}
	s.m.people["Desk"] = &bot.Person{ID: bot.Desk, Rooms: []bot.Room{"stage:desk"}}
	said := *s.m
	said.rules = rulesUnder(t, b.policy, pack, nil)
	s.alike = newAlike(&said)
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
	key := s.m.key(w)
	n, ok := s.known[key]
	if ok {
		s.alike.merged(n, way{from, line}, w)
		return n
	}
	n = len(s.worlds)
	s.known[key], s.worlds, s.over = n, append(s.worlds, w), append(s.over, s.m.isOver(w))
	s.ways = append(s.ways, way{from, line})
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
	s.t.Errorf("%s\nafter:\n%s\n%s", what, s.story(n), s.m.sameness(s.worlds[n]))
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
			case step.aside:
				if s.m.key(step.to) != s.m.key(s.worlds[n]) {
					s.fault(n, step.line+" leads somewhere:\n"+s.m.sameness(step.to))
				}
			default:
				e := edge{n, s.add(step.to, n, step.line)}
				s.edges[e] = s.edges[e] || step.clock
			}
		}
		s.worlds[n] = nil
	}
	return true
}

// allEnd checks that from every place an end is come to when nobody moves any more, whichever of the deadlines passes next and
// when ever the shop does what it was asked.
func (s *search) allEnd() {
	left, before := make([]int, len(s.worlds)), make([][]int, len(s.worlds))
	for e, clock := range s.edges {
		if clock && e.from != e.to { // a reminder that comes again leads nowhere
			left[e.from]++
			before[e.to] = append(before[e.to], e.from)
		}
	}
	ends := slices.Clone(s.over)
	var queue []int
	for n, over := range s.over {
		if over {
			queue = append(queue, n)
		}
	}
	for ; len(queue) > 0; queue = queue[1:] {
		for _, n := range before[queue[0]] {
			if left[n]--; left[n] == 0 && !ends[n] {
				ends[n] = true
				queue = append(queue, n)
			}
		}
	}
	if n := slices.Index(ends, false); n >= 0 {
		s.t.Errorf("it may never end if nobody moves, after:\n%s", s.story(n))
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
