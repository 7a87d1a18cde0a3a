package flows_test

import (
	"cmp"
	"fmt"
	"maps"
	"math/rand/v2"

	"nevermind/bot"
	"nevermind/bot/turn"
)

// alike sees to it that merging is honest: of the worlds that were taken for a place known already it keeps some at random, and
// what they lead to is compared with what the place leads to. Two that lead to the same places, step by step, have the same
// future (a bisimulation).
type alike struct {
	said     *mover // with all words
	dice     *rand.Rand
	most     int
	seen     int
	compared int
	kept     []merging
}

// merging is a world that was taken for a place.
type merging struct {
	place int
	way   way
	world *world
}

func newAlike(said *mover) alike {
	return alike{said: said, dice: rand.New(rand.NewPCG(1, 2)), most: min(2000, explores())}
}

// merged keeps each merging with the same chance.
func (a *alike) merged(place int, by way, w *world) {
	a.seen++
	if len(a.kept) < a.most {
		a.kept = append(a.kept, merging{place, by, w})
	} else if i := a.dice.IntN(a.seen); i < a.most {
		a.kept[i] = merging{place, by, w}
	}
}

// compare compares what was kept; one in ten by the rules with all their words, since what is said decides nothing.
func (s *search) compare() {
	leads := map[int]map[int]bool{}
	for e, clock := range s.edges {
		if leads[e.from] == nil {
			leads[e.from] = map[int]bool{}
		}
		leads[e.from][e.to] = clock
	}
	for i, k := range s.alike.kept {
		if s.worlds[k.place] != nil {
			continue // what it leads to was not looked at
		}
		m := s.m
		if i%10 == 0 {
			m = s.alike.said
		}
		s.alike.compared++
		delete(leads[k.place], k.place) // what changes nothing leads nowhere
		got, unknown := s.leads(m, k.world)
		if delete(got, k.place); unknown != "" || !maps.Equal(got, leads[k.place]) {
			s.t.Errorf("two worlds were taken for one place and differ, after:\n%s\n%s\nand after:\n%s\nOne leads to %s",
				s.story(k.way.from), k.way.line, s.story(k.place), cmp.Or(unknown, s.between(got, leads[k.place])))
			return
		}
	}
}

// between tells what one leads to and another does not, or not in the same way.
func (s *search) between(a, b map[int]bool) string {
	for n, clock := range a {
		if also, ok := b[n]; !ok || also != clock {
			return fmt.Sprintf("(nobody moving: %v) %s", clock, s.story(n))
		}
	}
	if len(b) > len(a) {
		return "less than " + s.between(b, a)
	}
	return ""
}

// leads are the places that a world leads to, and whether nobody has to move; and what of it is no known place.
func (s *search) leads(m *mover, w *world) (to map[int]bool, unknown string) {
	to = map[int]bool{}
	for _, step := range m.steps(w) {
		if step.aside || step.fault != "" {
			continue
		}
		n, known := s.known[s.m.key(step.to)]
		if !known {
			unknown = step.line + ", which leads to\n" + s.m.sameness(step.to)
			continue
		}
		to[n] = to[n] || step.clock
	}
	return to, unknown
}

// mute are flows as rules without what {names} stand for: they decide the same, and say next to nothing.
func mute(f *bot.Flows) *turn.Ruleset {
	terms := map[string]bot.Term{}
	for name := range f.Terms {
		terms[name] = func(*bot.View, *bot.Person) string { return "x" }
	}
	f.Terms = terms
	return turn.NewRuleset(f, nil)
}
