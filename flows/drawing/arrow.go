package drawing

import (
	"cmp"
	"slices"

	"nevermind/bot"
)

// arrow is every move between two states, drawn as one.
type arrow struct {
	from, to string
	steps    []step
}

// step is one event that leads along an arrow, and the condition under which it does.
type step struct{ event, cond string }

// arrows gathers what a diagram shows, in the order in which it is first said.
type arrows []arrow

func (a *arrows) add(from, to string, s step) {
	i := slices.IndexFunc(*a, func(one arrow) bool { return one.from == from && one.to == to })
	if i < 0 {
		i = len(*a)
		*a = append(*a, arrow{from: from, to: to})
	}
	if one := &(*a)[i]; s.event+s.cond != "" && !slices.Contains(one.steps, s) {
		one.steps = append(one.steps, s)
	}
}

// elsewhere stands for every state where a move that is heard everywhere begins.
const elsewhere = "anywhere"

// network is a flow as a graph: every arrow from one state to another, and what is known about each.
type network struct {
	arrows arrows
	own    map[[2]string]bool // from and to: some state's own move, not only one that is heard everywhere
	main   map[[2]string]bool // from and to: always shown; the rest is shown when it is lit
}

// graph gathers the arrows of a flow. What stays in a state is left out. States that only Always leads to have an
// arrow from elsewhere besides.
func graph(f *bot.Flow) network {
	g := network{own: map[[2]string]bool{}}
	led := map[string]bool{f.First: true}
	edges := slices.DeleteFunc(f.Edges(), func(e bot.Edge) bool { return e.To == "" || e.To == e.From })
	for _, e := range edges {
		g.arrows.add(e.From, e.To, step{e.Event, e.If})
		if !e.Always {
			g.own[[2]string{e.From, e.To}], led[e.To] = true, true
		}
	}
	for _, e := range edges {
		if e.Always && !led[e.To] {
			g.arrows.add(elsewhere, e.To, step{e.Event, e.If})
			g.own[[2]string{elsewhere, e.To}] = true
		}
	}
	slices.SortFunc(g.arrows, func(a, b arrow) int { return cmp.Or(cmp.Compare(a.from, b.from), cmp.Compare(a.to, b.to)) })
	g.main = g.choose(f.First, edges)
	return g
}

// common is from how many states an event leads before it counts as one of those that may come at any time.
const common = 3

// choose says what is always shown, so that a flow stays legible: the first way to each state, and the arrows of
// events that belong to few states.
func (g network) choose(first string, edges []bot.Edge) map[[2]string]bool {
	main := map[[2]string]bool{}
	seen := map[string]bool{first: true, elsewhere: true}
	for next := []string{first, elsewhere}; len(next) > 0; next = next[1:] {
		for _, a := range g.arrows {
			if at := [2]string{a.from, a.to}; a.from == next[0] && g.own[at] && !seen[a.to] {
				seen[a.to], main[at] = true, true
				next = append(next, a.to)
			}
		}
	}
	heard := map[string]map[string]bool{}
	for _, e := range edges {
		if heard[e.Event] == nil {
			heard[e.Event] = map[string]bool{}
		}
		if !e.Always {
			heard[e.Event][e.From] = true
		}
	}
	for _, e := range edges {
		if at := [2]string{e.From, e.To}; g.own[at] && len(heard[e.Event]) < common {
			main[at] = true
		}
	}
	return main
}
