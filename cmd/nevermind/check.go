package main

import (
	"errors"
	"fmt"
	"strings"

	"nevermind/bot/turn"

	"nevermind/bot"
	"nevermind/flows"
	"nevermind/flows/policies"
)

type checkCommand struct {
	Rules bool `help:"Where each rule of the field stands."`

	Serving serving `embed:""`
}

// Run looks for faults and tells each in one line.
func (c checkCommand) Run(p *program) error {
	faults := append(p.set.faults(), c.Serving.faults()...)
	pack, err := p.set.pack()
	if err != nil {
		faults = append(faults, split(err)...)
		if pack, err = policies.Default(); err != nil {
			return err
		}
	}
	for _, gap := range append(policies.Gaps(pack.Policy), flows.Unasked(pack.Policy)...) {
		faults = append(faults, fmt.Errorf("policy %s: %s", pack.Policy.Name, gap))
	}
	all := flows.All()
	faults = append(faults, turn.Check(all, pack.Policy)...)
	if _, err := flows.Catalog(); err != nil {
		faults = append(faults, fmt.Errorf("words: %w", err))
	}
	for _, fault := range flows.Mistranslated() {
		faults = append(faults, fmt.Errorf("words: %w", fault))
	}
	for _, f := range faults {
		fmt.Fprintln(p.out, oneLine(f.Error()))
	}
	if len(faults) > 0 {
		fmt.Fprintf(p.err, "nevermind: %s\n", count(len(faults), "fault"))
		return errSaid
	}
	if c.Rules {
		return rules(p.out, pack.Policy)
	}
	fmt.Fprintf(p.out, "ok: %s, %s, policy %s (%s)\n", count(len(all.All), "flow"), count(states(all), "state"), pack.Policy.Name, pack.Policy.Version)
	return nil
}

// split makes an error of several lines into one error a line, each with what stood before the first.
func split(err error) (each []error) {
	var faults policies.Faults
	if !errors.As(err, &faults) {
		return []error{err}
	}
	before := strings.TrimSuffix(err.Error(), faults.Error())
	for _, f := range faults {
		each = append(each, errors.New(before+f.String()))
	}
	return each
}

func states(all *bot.Flows) (n int) {
	for _, f := range all.All {
		n += len(f.States)
	}
	return n
}

func count(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}
