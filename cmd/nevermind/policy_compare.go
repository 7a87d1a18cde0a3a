package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"slices"
	"strings"

	"nevermind/bot"
	"nevermind/flows/policies"
)

// comparison is what another policy would change, and for which open cases.
type comparison struct {
	Name    string            `json:"name"`    // of the policy in force
	Version string            `json:"version"` // of it
	Unnamed bool              `json:"unnamed"` // the store names no policy that was in force: nothing was compared
	Changes []policies.Change `json:"changes"`
	Impact  bot.PolicyImpact  `json:"impact"`
}

// compared compares two policies, and looks through the open cases.
func (h *house) compared(ctx context.Context, was, now *policies.Pack) (comparison, error) {
	c := comparison{Name: was.Policy.Name, Version: was.Policy.Version}
	var err error
	if c.Changes, err = policies.Compare(was, now); err != nil {
		return c, err
	}
	c.Impact, err = h.engine.Policies().Impact(ctx, was.Policy, now.Policy, c.names())
	return c, err
}

// names are the entries that differ.
func (c *comparison) names() []string {
	names := make([]string, len(c.Changes))
	for i := range c.Changes {
		names[i] = c.Changes[i].Entry
	}
	return names
}

// touched are the cases that what counts at once would touch, each once.
func (c *comparison) touched() []string {
	all := slices.Concat(slices.Collect(maps.Values(c.Impact.Touched))...)
	slices.Sort(all)
	return slices.Compact(all)
}

// comparePolicy answers with what a policy would change that is not in force yet.
func (h *house) comparePolicy(w http.ResponseWriter, r *http.Request) {
	text, err := io.ReadAll(io.LimitReader(r.Body, 1<<20))
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	next, err := policies.Load(text, nil)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	if h.unnamed {
		respond(w, comparison{Unnamed: true})
		return
	}
	c, err := h.compared(r.Context(), h.pack, next)
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	respond(w, c)
}

// comparePolicies tells what a policy would change in the store there is, if there is one: of the server that runs on it, or
// as it was in force last. A store that cannot be opened is no fault of the policy.
func comparePolicies(ctx context.Context, p *program, pack *policies.Pack) (err error) {
	if !p.set.stored() {
		return nil
	}
	client, done, err := p.dial(ctx, plan{old: true, asFound: true})
	if err != nil {
		fmt.Fprintf(p.out, "not compared with the policy in force: %s\n", oneLine(err.Error()))
		return nil
	}
	defer func() { err = errors.Join(err, done()) }()
	answer, err := post(ctx, client, "/policy/compare", bytes.NewReader(pack.Text), "ask the server")
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	var c comparison
	if err := json.NewDecoder(answer.Body).Decode(&c); err != nil {
		return err
	}
	c.tell(p.out)
	return nil
}

// notCompared is said where there is nothing to compare with.
const notCompared = "not compared: the store names no policy that was in force; the server names it when it starts"

// tell writes a comparison for an operator.
func (c *comparison) tell(w io.Writer) {
	if c.Unnamed {
		fmt.Fprintln(w, notCompared)
		return
	}
	if len(c.Changes) == 0 {
		fmt.Fprintf(w, "nothing differs from the policy in force, %s (%s)\n", c.Name, c.Version)
		return
	}
	fmt.Fprintf(w, "compared with the policy in force, %s (%s):\n", c.Name, c.Version)
	for _, change := range c.Changes {
		when := "at once"
		if change.Kept {
			when = "for cases that begin from then on"
		}
		fmt.Fprintf(w, "  %s: %s now, then %s; %s\n", change.Entry, shortly(change.Was), shortly(change.Now), when)
	}
	fmt.Fprintf(w, "%s would keep the terms they began with\n", count(c.Impact.Open-len(c.Impact.Anew), "open case"))
	for _, section := range slices.Sorted(maps.Keys(c.Impact.Touched)) {
		cases := c.Impact.Touched[section]
		fmt.Fprintf(w, "%s would touch %s at once: %s\n", section, count(len(cases), "open case"), named(cases))
	}
	if anew := c.Impact.Anew; len(anew) > 0 {
		fmt.Fprintf(w, "%s of an older version would take all of it with the next step: %s\n",
			count(len(anew), "open case"), named(anew))
	}
}

// named lists some of the names, and says how many more there are.
func named(names []string) string {
	const most = 20
	if len(names) <= most {
		return strings.Join(names, ", ")
	}
	return fmt.Sprintf("%s and %d more", strings.Join(names[:most], ", "), len(names)-most)
}

// shortly keeps a value to one line.
func shortly(value string) string {
	const most = 60
	if r := []rune(value); len(r) > most {
		return string(r[:most]) + "…"
	}
	return value
}
