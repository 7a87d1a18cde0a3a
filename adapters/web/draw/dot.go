// Package draw draws flows as SVG with Graphviz. It stands apart from the page because its library starts a
// WebAssembly machine in whatever program is linked with it.
package draw

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"nevermind/bot"
)

// arrow is every move between two states, drawn as one.
type arrow struct{ from, to string }

// dot writes a flow in Graphviz' language: states and the moves between them. What stays in a state is left out, and
// so is what is heard everywhere, but for states that nothing else leads to.
func dot(f *bot.Flow) string {
	arrows := map[arrow][]string{}
	led := map[string]bool{f.First: true}
	for _, e := range f.Edges() {
		if e.To != "" && e.To != e.From && !e.Always {
			a := arrow{e.From, e.To}
			if !slices.Contains(arrows[a], said(e)) {
				arrows[a] = append(arrows[a], said(e))
			}
			led[e.To] = true
		}
	}
	for _, e := range f.Edges() {
		if e.Always && e.To != "" && !led[e.To] {
			a := arrow{"anywhere", e.To}
			if !slices.Contains(arrows[a], said(e)) {
				arrows[a] = append(arrows[a], said(e))
			}
		}
	}
	var b strings.Builder
	b.WriteString("digraph {\n rankdir=LR; bgcolor=transparent; nodesep=0.22; ranksep=0.5; pad=0.1;\n")
	b.WriteString(" node [shape=box style=rounded fontname=\"Helvetica\" fontsize=12 height=0.36 margin=\"0.14,0.05\"];\n")
	b.WriteString(" edge [arrowsize=0.6];\n")
	writeStates(&b, f, arrows)
	writeArrows(&b, arrows)
	b.WriteString("}\n")
	return b.String()
}

func writeStates(b *strings.Builder, f *bot.Flow, arrows map[arrow][]string) {
	for _, name := range slices.Sorted(maps.Keys(f.States)) {
		s := f.States[name]
		kind := "state"
		if s.End() {
			kind = "end"
		}
		if name == f.First {
			kind += " first"
		}
		fmt.Fprintf(b, " %q [label=%q class=%q];\n", name, plain(name), kind+" is-"+name)
	}
	for a := range arrows {
		if a.from == "anywhere" {
			fmt.Fprintf(b, " anywhere [label=%q class=anywhere];\n", "from anywhere")
			return
		}
	}
}

func writeArrows(b *strings.Builder, arrows map[arrow][]string) {
	order := slices.SortedFunc(maps.Keys(arrows), func(x, y arrow) int {
		return strings.Compare(x.from+"\x00"+x.to, y.from+"\x00"+y.to)
	})
	for _, a := range order {
		fmt.Fprintf(b, " %q -> %q [tooltip=%q class=%q];\n", a.from, a.to, strings.Join(arrows[a], ", "), "from-"+a.from)
	}
}

func said(e bot.Edge) string {
	if e.If == "" {
		return plain(e.Event)
	}
	return plain(e.Event) + " (if " + plain(e.If) + ")"
}

func plain(name string) string { return strings.ReplaceAll(name, "_", " ") }
