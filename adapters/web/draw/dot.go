package draw

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"nevermind/bot"
)

// elsewhere stands for every state where a move that is heard everywhere begins.
const elsewhere = "anywhere"

// writeDot writes a flow in Graphviz' language: its states, the main arrows, and all that leave the state that is lit.
// With places the states stand where they were put before.
func writeDot(f *bot.Flow, state string, places map[string]string) string {
	all := arrows(f)
	main := mainArrows(f, all)
	var b strings.Builder
	b.WriteString("digraph {\n rankdir=LR; bgcolor=transparent; nodesep=0.1; ranksep=0.28; pad=0.05; splines=true; esep=\"+1\"; outputorder=edgesfirst;\n")
	b.WriteString(" node [shape=box style=rounded fontname=\"Helvetica\" fontsize=13 height=0.4 margin=\"0.08,0.03\"];\n")
	b.WriteString(" edge [arrowsize=0.6 fontname=\"Helvetica\" fontsize=10.5];\n")
	for _, name := range slices.Sorted(maps.Keys(f.States)) {
		fmt.Fprintf(&b, " %q [label=%q class=%q%s];\n", name, label(name), look(f, name, state), place(places, name))
	}
	if slices.ContainsFunc(slices.Collect(maps.Keys(main)), func(a arrow) bool { return a.from == elsewhere }) {
		fmt.Fprintf(&b, " %s [label=\"from anywhere\" class=anywhere%s];\n", elsewhere, place(places, elsewhere))
	}
	for _, a := range slices.SortedFunc(maps.Keys(all), arrow.compare) {
		class := "from-" + a.from
		if state != "" && a.from == state {
			class += " lit"
		} else if !main[a] {
			continue
		}
		fmt.Fprintf(&b, " %q -> %q [tooltip=%q class=%q];\n", a.from, a.to, strings.Join(all[a], ", "), class)
	}
	b.WriteString("}\n")
	return b.String()
}

func look(f *bot.Flow, name, state string) string {
	s := f.States[name]
	class := "state"
	if s.End() {
		class = "end"
	}
	if name == f.First {
		class += " first"
	}
	if name == state {
		class += " lit"
	}
	return class + " is-" + name
}

func place(places map[string]string, name string) string {
	if p, ok := places[name]; ok {
		return fmt.Sprintf(" pos=%q", p+"!")
	}
	return ""
}

// label sets a state's name on two lines where it has several words, so that more states fit side by side.
func label(name string) string { return strings.Replace(plain(name), " ", "\n", 1) }

func plain(name string) string { return strings.ReplaceAll(name, "_", " ") }
