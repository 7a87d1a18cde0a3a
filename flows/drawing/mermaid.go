package drawing

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"nevermind/bot"
)

// WriteMermaid writes a flow as a Mermaid state diagram, all moves between two states as one arrow. What stays in its state is
// left to the words: an arrow for each would hide those that lead somewhere.
func WriteMermaid(w io.Writer, f Flow) {
	var m mermaid
	for _, way := range f.Starts {
		m.add("[*]", way.To, step{"", way.If})
	}
	m.add("[*]", f.First, step{"", map[bool]string{true: "else"}[len(f.Starts) > 0]})
	for _, s := range f.States {
		for _, move := range s.Moves {
			m.move(s.Name, move)
		}
		if s.End {
			m.add(s.Name, "[*]", step{})
		}
	}
	fmt.Fprintln(w, "stateDiagram-v2")
	for _, talk := range m.talks {
		fmt.Fprintf(w, "    state \"▸ %s\" as begin_%s\n", talk, talk)
	}
	for _, one := range m.arrows {
		fmt.Fprintf(w, "    %s --> %s", one.from, one.to)
		for i, s := range one.steps {
			fmt.Fprint(w, map[bool]string{true: ": ", false: "<br/>"}[i == 0], label(s))
		}
		fmt.Fprintln(w)
	}
}

// mermaid gathers what a Mermaid diagram shows.
type mermaid struct {
	arrows
	talks []string // other talks that are begun
}

func (m *mermaid) move(from string, move Move) {
	switch move.Kind {
	case bot.Goes:
		for _, way := range move.Ways {
			m.add(from, way.To, step{move.Event, way.If})
		}
	case bot.Begins, bot.Becomes:
		if !slices.Contains(m.talks, move.Talk) {
			m.talks = append(m.talks, move.Talk)
		}
		m.add(from, "begin_"+move.Talk, step{move.Event, ""})
	case bot.Leaves, bot.Homes:
		m.add(from, "[*]", step{move.Event, ""})
	}
}

// label is what stands at an arrow; Mermaid ends a label at some characters.
func label(s step) string {
	text := s.event
	if s.cond != "" {
		text += " [" + s.cond + "]"
	}
	return strings.TrimSpace(strings.NewReplacer(":", " ", ";", ",", "#", " ", "\n", " ").Replace(text))
}
