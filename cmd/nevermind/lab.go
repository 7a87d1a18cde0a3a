package main

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"

	"nevermind/adapters/web"
	"nevermind/bot"
	"nevermind/flows"
	"nevermind/flows/policies"
)

// labCommand tries past cases under another policy; which one says --policy, as for every command.
type labCommand struct {
	Format string `help:"How the answer is written." enum:"text,json" default:"text"`
}

// Run asks whoever has the store what would have been, and writes it.
func (c labCommand) Run(ctx context.Context, p *program) (err error) {
	pack, err := p.set.pack()
	if err != nil {
		return err
	}
	client, done, err := p.dial(ctx, plan{old: true, asFound: true})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, done()) }()
	answer, err := post(ctx, client, "/lab", bytes.NewReader(pack.Text), "ask the server")
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	var l labAnswer
	if err := json.NewDecoder(answer.Body).Decode(&l); err != nil {
		return err
	}
	if c.Format == "json" {
		out := json.NewEncoder(p.out)
		out.SetIndent("", "  ")
		return out.Encode(l)
	}
	l.tell(p.out)
	return nil
}

// labAnswer is the laboratory's answer, and in what the policy that was tried differs from the one in force.
type labAnswer struct {
	bot.Laboratory
	Changes []policies.Change `json:"changes"`
	Unnamed bool              `json:"unnamed,omitempty"` // the store names no policy that was in force: changes says nothing
	Limits  []string          `json:"limits"`            // what it cannot know
}

// labLimits are what the laboratory cannot know.
var labLimits = []string{
	"What people would have pressed, written or decided in a situation that never came up: a case is followed to that point.",
	"Whether somebody would have used a longer time, or moved sooner for a shorter one.",
	"Requests that were never made: who read other times or reasons may have asked for something else, or not at all.",
	"Cases that are open still, and words and buttons that differ while the way is the same.",
}

// lab answers with what past cases would have been.
func (h *house) lab(w http.ResponseWriter, r *http.Request) {
	text, err := io.ReadAll(io.LimitReader(r.Body, 1<<20))
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	pack, err := policies.Load(text, nil)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	l, err := h.tried(r.Context(), pack)
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	respond(w, l)
}

// tried tries the closed cases of the store under a policy.
func (h *house) tried(ctx context.Context, pack *policies.Pack) (l labAnswer, err error) {
	if l.Unnamed = h.unnamed; !l.Unnamed {
		if l.Changes, err = policies.Compare(h.pack, pack); err != nil {
			return l, err
		}
	}
	l.Limits = labLimits
	l.Laboratory, err = h.engine.Policies().Laboratory(ctx, pack.Policy)
	return l, err
}

// tryPolicy tries what somebody has written on the demo's page.
func (h *house) tryPolicy(ctx context.Context, text string) (bot.Laboratory, error) {
	pack, err := policies.Read([]byte(text))
	if err != nil {
		return bot.Laboratory{}, fmt.Errorf("%w: %w", web.ErrPolicy, err)
	}
	return h.engine.Policies().Laboratory(ctx, pack.Policy)
}

// tell writes the answer for an operator.
func (l *labAnswer) tell(w io.Writer) {
	fmt.Fprintf(w, "%s tried under %s (%s)\n", count(l.Cases, "closed case"), l.Name, l.Version)
	if l.Unnamed {
		fmt.Fprintln(w, "  "+notCompared)
	}
	for _, c := range l.Changes {
		fmt.Fprintf(w, "  %s: %s in force, %s tried\n", c.Entry, shortly(c.Was), shortly(c.Now))
	}
	switch {
	case l.Cases == 0:
		fmt.Fprintln(w, "\nThere is no closed case yet, so there is nothing to try.")
	case l.Differ() == 0 && l.Unread == 0:
		fmt.Fprintln(w, "\nNothing would differ.")
	default:
		fmt.Fprintf(w, "\n%d would have gone the same way.\n", l.Same)
		for _, some := range []struct {
			n    int
			what string
		}{
			{l.Others, "would have ended otherwise"}, {l.Detours, "would have come to the same end another way"},
			{l.Unknown, "would have waited for somebody who was never asked"},
			{l.Unread, "cannot be replayed, so nothing is said of them"},
		} {
			if some.n > 0 {
				fmt.Fprintf(w, "%d %s.\n", some.n, some.what)
			}
		}
	}
	for i := range l.Partings {
		p := &l.Partings[i]
		fmt.Fprintf(w, "\n%s: %s\n", count(p.Cases, "case"), parting(p))
		fmt.Fprintf(w, "  Went back: %s. Would have gone back: %s.\n", sums(p.Back), wouldBack(p))
		fmt.Fprintf(w, "  For example %s.\n", named(p.Examples))
	}
	fmt.Fprintln(w, "\nWhat this cannot know:")
	for _, limit := range l.Limits {
		fmt.Fprintf(w, "- %s\n", limit)
	}
}

// parting says how cases left the way that they took, and where they ended.
func parting(p *bot.Parting) string {
	names := flows.AllNames()
	state := func(name string) string { return "“" + cmp.Or(names.States[name], name) + "”" }
	event := "“" + cmp.Or(names.Events[p.Event], p.Event) + "”"
	var how string
	switch p.How {
	case bot.IsElsewhere:
		how = fmt.Sprintf("%s: this led to %s, and would have led to %s.", event, state(p.Went), state(p.Would))
	case bot.IsSooner:
		how = fmt.Sprintf("while %s, this would have come before anybody moved: %s.", state(p.State), event)
	case bot.IsLater:
		how = fmt.Sprintf("%s would not have come yet: there would have been more time.", event)
	case bot.IsNotOffered:
		how = fmt.Sprintf("%s, while %s, would not have been open to them.", event, state(p.State))
	case bot.IsAmount:
		how = "the same way, but with another amount."
	}
	switch p.Verdict {
	case bot.OtherEnd:
		return fmt.Sprintf("%s They ended %s, and would have ended %s.", how, state(p.Ended), state(p.End))
	case bot.Detour:
		return fmt.Sprintf("%s They would have ended %s all the same.", how, state(p.Ended))
	default:
		return fmt.Sprintf("%s They ended %s; it would have been for somebody to act while %s.", how, state(p.Ended), state(p.End))
	}
}

// wouldBack says what would have gone back, where that is known.
func wouldBack(p *bot.Parting) string {
	if p.Verdict == bot.NotKnown {
		return "nobody knows"
	}
	return sums(p.WouldBack)
}

// sums writes amounts of several currencies.
func sums(all []bot.Money) string {
	if len(all) == 0 {
		return "nothing"
	}
	said := make([]string, len(all))
	for i, m := range all {
		said[i] = m.String()
	}
	return strings.Join(said, ", ")
}
