package drawing

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"maps"
	"slices"
	"strings"

	"nevermind/bot"
)

// dotHead begins a drawing: from left to right, dense enough for a third of a page, with labels of 12 points.
const dotHead = `digraph %q {
 rankdir=LR; newrank=true; nodesep=0.1; ranksep=0.2; pad=0.05; splines=true; esep="+1";
 bgcolor=transparent; outputorder=edgesfirst;
 node [shape=box style=rounded fontname="Helvetica" fontsize=12 height=0.4 margin="0.07,0.03"];
 edge [arrowsize=0.6];
`

// Layout writes a flow in Graphviz' language with its main arrows alone: they decide where the states stand.
func Layout(f *bot.Flow) string { return dot(f, false, nil) }

// Picture writes a flow in Graphviz' language with every arrow. Places says where each state stands, as "x,y" in points.
//
// Classes carry what a page lights: a state has "is-STATE"; an arrow has "STATE--EVENT--STATE" for each of its events,
// "from-STATE" if it is a way out that the state names itself, and "aside" if it is shown only when it is lit.
func Picture(f *bot.Flow, places map[string]string) string { return dot(f, true, places) }

// Digest is the SHA-256, in hex, of all that a flow's picture is made from. It changes with the flow's states, events
// and conditions, and not with its words.
func Digest(f *bot.Flow) string {
	sum := sha256.Sum256([]byte(Picture(f, nil)))
	return hex.EncodeToString(sum[:])
}

func dot(f *bot.Flow, aside bool, places map[string]string) string {
	g := graph(f)
	var b strings.Builder
	fmt.Fprintf(&b, dotHead, f.Name)
	for _, name := range slices.Sorted(maps.Keys(f.States)) {
		fmt.Fprintf(&b, " %q [label=%q class=%q%s];\n", name, twoLines(name), stateClass(f, name), place(places, name))
	}
	if slices.ContainsFunc(g.arrows, func(a arrow) bool { return a.from == elsewhere }) {
		fmt.Fprintf(&b, " %q [label=\"from anywhere\" class=anywhere%s];\n", elsewhere, place(places, elsewhere))
	}
	for _, a := range g.arrows {
		if main := g.main[[2]string{a.from, a.to}]; main || aside {
			fmt.Fprintf(&b, " %q -> %q [tooltip=%q class=%q];\n", a.from, a.to, a.tooltip(), g.class(a))
		}
	}
	b.WriteString("}\n")
	return b.String()
}

func stateClass(f *bot.Flow, name string) string {
	class := "state"
	if s := f.States[name]; s.End() {
		class = "end"
	}
	if name == f.First {
		class += " first"
	}
	return class + " is-" + name
}

func (g network) class(a arrow) string {
	at := [2]string{a.from, a.to}
	var classes []string
	if g.own[at] {
		classes = append(classes, "from-"+a.from)
	}
	if !g.main[at] {
		classes = append(classes, "aside")
	}
	for _, s := range a.steps {
		if class := a.from + "--" + s.event + "--" + a.to; !slices.Contains(classes, class) {
			classes = append(classes, class)
		}
	}
	return strings.Join(classes, " ")
}

// tooltip lists the events of an arrow, with their conditions.
func (a arrow) tooltip() string {
	var said []string
	for _, s := range a.steps {
		words := plain(s.event)
		if s.cond != "" {
			words += " (if " + plain(s.cond) + ")"
		}
		said = append(said, words)
	}
	return strings.Join(said, ", ")
}

func place(places map[string]string, name string) string {
	if p, ok := places[name]; ok {
		return fmt.Sprintf(" pos=%q", p+"!")
	}
	return ""
}

// twoLines sets a state's name on two lines where it has several words, so that more states fit side by side.
func twoLines(name string) string { return strings.Replace(plain(name), " ", "\n", 1) }

func plain(name string) string { return strings.ReplaceAll(name, "_", " ") }
