package main

import (
	"fmt"
	"io"
	"reflect"
	"slices"
	"strings"
	"time"

	"nevermind/bot"
)

const markdownHead = `# The flows

<!-- Made by "nevermind flows"; "make docs" writes it anew. -->

Everything the assistant says and decides, drawn and spelled out. A **talk** is what one person in one room has with the
assistant; a **case** is what buyer, seller and support have with each other about one order. Words in {braces} are filled in
when they are said. Windows are shown as the policy in force has them.

`

// markdown writes every flow with its diagram and all its states.
func markdown(w io.Writer, flows []flowDrawn) {
	fmt.Fprint(w, markdownHead)
	for _, f := range flows {
		fmt.Fprintf(w, "- [%s](#%s): %s\n", f.Name, f.Name, f.About)
	}
	everywhere := everyTalk(flows)
	if len(everywhere) > 0 {
		fmt.Fprint(w, "\n## Heard in every talk\n\nIn every state that is not an end, unless it says otherwise:\n\n")
		for _, m := range everywhere {
			markdownMove(w, m)
		}
	}
	for _, f := range flows {
		f.Always = slices.DeleteFunc(slices.Clone(f.Always), func(m moveDrawn) bool { return among(everywhere, m) })
		markdownFlow(w, f)
	}
}

// everyTalk lists what all talks hear alike, so that it is spelled out once.
func everyTalk(flows []flowDrawn) (moves []moveDrawn) {
	talks := slices.DeleteFunc(slices.Clone(flows), func(f flowDrawn) bool { return !f.Talk })
	if len(talks) < 2 {
		return nil
	}
	for _, m := range talks[0].Always {
		if !slices.ContainsFunc(talks, func(f flowDrawn) bool { return !among(f.Always, m) }) {
			moves = append(moves, m)
		}
	}
	return moves
}

func among(moves []moveDrawn, m moveDrawn) bool {
	return slices.ContainsFunc(moves, func(o moveDrawn) bool { return reflect.DeepEqual(o, m) })
}

func markdownFlow(out io.Writer, f flowDrawn) {
	w := &strings.Builder{}
	defer func() { fmt.Fprint(out, strings.ReplaceAll(w.String(), "\n\n\n", "\n\n")) }()
	fmt.Fprintf(w, "\n## %s\n\n%s%s\n\n", f.Name, f.About, ruleList(f.Rules))
	if f.Title != "" {
		fmt.Fprintf(w, "Its messages are headed “%s”.\n\n", oneLine(f.Title))
	}
	if f.Foot != "" {
		fmt.Fprintf(w, "Its open cards end with “%s”.\n\n", oneLine(f.Foot))
	}
	if len(f.Starts) > 0 {
		fmt.Fprintf(w, "It begins in %s, else **%s**.\n\n", waysText(f.Starts), f.First)
	}
	fmt.Fprintln(w, "```mermaid")
	mermaid(w, f)
	fmt.Fprintln(w, "```")
	if len(f.Always) > 0 || len(f.Waits) > 0 {
		fmt.Fprint(w, "\nIn every state that is not an end, unless the state says otherwise:\n\n")
		for _, wait := range f.Waits {
			fmt.Fprintf(w, "- ⏳ %s\n", waitText(wait))
		}
		for _, m := range f.Always {
			markdownMove(w, m)
		}
	}
	for _, s := range f.States {
		markdownState(w, f.Name, s)
	}
}

func markdownState(w io.Writer, flow string, s stateDrawn) {
	fmt.Fprintf(w, "\n### %s: %s\n\n", flow, s.Name)
	if notes := stateNotes(s); notes != "" {
		fmt.Fprintf(w, "%s\n\n", notes)
	}
	markdownWords(w, "is told", s.Tell)
	markdownWords(w, "sees on the card", s.Card)
	markdownOffers(w, s)
	for _, wait := range s.Waits {
		fmt.Fprintf(w, "- ⏳ %s\n", waitText(wait))
	}
	for _, m := range s.Moves {
		markdownMove(w, m)
	}
}

func stateNotes(s stateDrawn) string {
	var notes []string
	for _, n := range []struct {
		holds bool
		text  string
	}{
		{s.End, "An end."},
		{s.Does != "", "Does `" + s.Does + "`."},
		{s.Firm, "Money is moving: “stop” is answered, not obeyed."},
		{s.Desk, "In support's queue."},
		{s.Listens, "Understands what is typed."},
		{len(s.Rules) > 0, "Rules" + ruleList(s.Rules) + "."},
	} {
		if n.holds {
			notes = append(notes, n.text)
		}
	}
	return strings.Join(notes, " ")
}

func markdownWords(w io.Writer, verb string, to map[bot.Party]string) {
	for _, p := range parties(to) {
		fmt.Fprintf(w, "**%s** %s:\n\n%s\n\n", partyName(p), verb, quoted(to[p]))
	}
}

func markdownOffers(w io.Writer, s stateDrawn) {
	for _, o := range s.Offers {
		notes := ""
		if o.When != "" {
			notes += ", if " + o.When
		}
		if o.Form {
			notes += ", after a form"
		}
		if o.Once {
			notes += ", once"
		}
		fmt.Fprintf(w, "- %s may press **%s** → `%s`%s\n", partyName(o.Party), oneLine(o.Label), o.Event, notes)
	}
	if s.Lists {
		fmt.Fprintln(w, "- further buttons, from what is known")
	}
}

func markdownMove(w io.Writer, m moveDrawn) {
	fmt.Fprintf(w, "- `%s` %s%s\n", m.Event, moveText(m), ruleList(m.Rules))
	for _, p := range parties(m.Says) {
		fmt.Fprintf(w, "  - %s hears: “%s”\n", partyName(p), oneLine(m.Says[p]))
	}
}

func moveText(m moveDrawn) string {
	text := map[bot.MoveKind]string{
		bot.Stays: "stays", bot.Begins: "→ begins [" + m.Talk + "](#" + m.Talk + ")",
		bot.Becomes: "→ goes on as [" + m.Talk + "](#" + m.Talk + ")",
		bot.Leaves:  "→ back to what was set aside", bot.Homes: "→ back to the beginning",
	}[m.Kind]
	if m.Kind == bot.Goes {
		text = "→ " + waysText(m.Ways)
	}
	if m.Quote {
		text += "; what was written is passed on"
	}
	if m.Asks {
		text += "; others are told"
	}
	return text
}

func waysText(ways []wayDrawn) string {
	var parts []string
	for i, way := range ways {
		switch {
		case way.If != "":
			parts = append(parts, fmt.Sprintf("**%s** if %s", way.To, oneLine(way.If)))
		case i > 0:
			parts = append(parts, fmt.Sprintf("else **%s**", way.To))
		default:
			parts = append(parts, "**"+way.To+"**")
		}
	}
	return strings.Join(parts, ", ")
}

func waitText(w waitDrawn) string {
	text := "after `" + w.Window + "`"
	if w.Half {
		text = "after half of `" + w.Window + "`"
	}
	if w.Lasts != "" {
		text += " (" + w.Lasts + ")"
	}
	if w.When != "" {
		text += ", if " + oneLine(w.When)
	}
	if w.Kept {
		text += ", counted from the first visit"
	}
	if w.Again {
		text += ", again and again"
	}
	return text + ": `" + w.Event + "`"
}

// lasts writes a window as the policy file does.
func lasts(w bot.Window) string {
	const day = 24 * time.Hour
	switch {
	case w.BusinessDays > 0:
		return fmt.Sprintf("%d business days", w.BusinessDays)
	case w.Length == 0:
		return ""
	case w.Length%day == 0 && w.Length > day:
		return fmt.Sprintf("%d days", w.Length/day)
	default:
		text := w.Length.String() // 24h0m0s
		if strings.HasSuffix(text, "m0s") {
			text = strings.TrimSuffix(text, "0s")
		}
		if strings.HasSuffix(text, "h0m") {
			text = strings.TrimSuffix(text, "0m")
		}
		return text
	}
}

func ruleList(rules []string) string {
	if len(rules) == 0 {
		return ""
	}
	return " (" + strings.Join(rules, ", ") + ")"
}

func partyName(p bot.Party) string {
	if p == bot.Here {
		return "Whoever asked"
	}
	return strings.ToUpper(string(p[:1])) + string(p[1:])
}

func quoted(text string) string {
	return "> " + strings.ReplaceAll(strings.TrimSpace(text), "\n", "\n> ")
}

func oneLine(text string) string { return strings.Join(strings.Fields(text), " ") }
