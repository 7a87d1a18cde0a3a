package draw

import (
	"cmp"
	"maps"
	"slices"

	"nevermind/bot"
)

// arrow is every move between two states, drawn as one.
type arrow struct{ from, to string }

func (a arrow) compare(b arrow) int {
	return cmp.Or(cmp.Compare(a.from, b.from), cmp.Compare(a.to, b.to))
}

// arrows lists what leads from state to state, with the events that do. What stays in a state is left out, and so is
// what is heard everywhere, but for states that nothing else leads to.
func arrows(f *bot.Flow) map[arrow][]string {
	all := map[arrow][]string{}
	led := map[string]bool{f.First: true}
	add := func(from string, e bot.Edge) {
		a, event := arrow{from, e.To}, said(e)
		if !slices.Contains(all[a], event) {
			all[a] = append(all[a], event)
		}
	}
	for _, e := range f.Edges() {
		if e.To != "" && e.To != e.From && !e.Always {
			add(e.From, e)
			led[e.To] = true
		}
	}
	for _, e := range f.Edges() {
		if e.Always && e.To != "" && !led[e.To] {
			add(elsewhere, e)
		}
	}
	return all
}

// common is from how many states an event leads before it counts as one of those that may come at any time.
const common = 3

// mainArrows chooses what is always drawn, so that a flow stays legible: the first way to each state, and the arrows of
// events that belong to few states.
func mainArrows(f *bot.Flow, all map[arrow][]string) map[arrow]bool {
	main := map[arrow]bool{}
	seen := map[string]bool{f.First: true, elsewhere: true}
	sorted := slices.SortedFunc(maps.Keys(all), arrow.compare)
	for next := []string{f.First, elsewhere}; len(next) > 0; next = next[1:] {
		for _, a := range sorted {
			if a.from == next[0] && !seen[a.to] {
				seen[a.to], main[a] = true, true
				next = append(next, a.to)
			}
		}
	}
	heard := map[string]map[string]bool{}
	for _, e := range f.Edges() {
		if heard[e.Event] == nil {
			heard[e.Event] = map[string]bool{}
		}
		if !e.Always {
			heard[e.Event][e.From] = true
		}
	}
	for _, e := range f.Edges() {
		if a := (arrow{e.From, e.To}); all[a] != nil && len(heard[e.Event]) < common {
			main[a] = true
		}
	}
	return main
}

func said(e bot.Edge) string {
	if e.If == "" {
		return plain(e.Event)
	}
	return plain(e.Event) + " (if " + plain(e.If) + ")"
}
