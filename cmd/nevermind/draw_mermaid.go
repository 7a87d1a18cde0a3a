package main

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"nevermind/bot"
)

// mermaid writes a flow as a Mermaid state diagram, all moves between two states as one arrow. What stays in its state is
// left to the words: an arrow for each would hide those that lead somewhere.
func mermaid(w io.Writer, f flowDrawn) {
	var a arrows
	for _, way := range f.Starts {
		a.add("[*]", way.To, label("", way.If))
	}
	a.add("[*]", f.First, label("", map[bool]string{true: "else"}[len(f.Starts) > 0]))
	for _, s := range f.States {
		for _, m := range s.Moves {
			a.move(s.Name, m)
		}
		if s.End {
			a.add(s.Name, "[*]", "")
		}
	}
	fmt.Fprintln(w, "stateDiagram-v2")
	for _, talk := range a.talks {
		fmt.Fprintf(w, "    state \"▸ %s\" as begin_%s\n", talk, talk)
	}
	for _, one := range a.all {
		fmt.Fprintf(w, "    %s --> %s", one.from, one.to)
		if len(one.labels) > 0 {
			fmt.Fprintf(w, ": %s", strings.Join(one.labels, "<br/>"))
		}
		fmt.Fprintln(w)
	}
}

// arrows gathers what a diagram shows, in the order in which it is first said.
type arrows struct {
	all   []arrow
	talks []string // other talks that are begun
}

type arrow struct {
	from, to string
	labels   []string
}

func (a *arrows) move(from string, m moveDrawn) {
	switch m.Kind {
	case bot.Goes:
		for _, way := range m.Ways {
			a.add(from, way.To, label(m.Event, way.If))
		}
	case bot.Begins, bot.Becomes:
		if !slices.Contains(a.talks, m.Talk) {
			a.talks = append(a.talks, m.Talk)
		}
		a.add(from, "begin_"+m.Talk, label(m.Event, ""))
	case bot.Leaves, bot.Homes:
		a.add(from, "[*]", label(m.Event, ""))
	}
}

func (a *arrows) add(from, to, label string) {
	i := slices.IndexFunc(a.all, func(one arrow) bool { return one.from == from && one.to == to })
	if i < 0 {
		i = len(a.all)
		a.all = append(a.all, arrow{from: from, to: to})
	}
	if label != "" && !slices.Contains(a.all[i].labels, label) {
		a.all[i].labels = append(a.all[i].labels, label)
	}
}

// label is what stands at an arrow; Mermaid ends a label at some characters.
func label(event, cond string) string {
	if cond != "" {
		event += " [" + cond + "]"
	}
	return strings.TrimSpace(strings.NewReplacer(":", " ", ";", ",", "#", " ", "\n", " ").Replace(event))
}
