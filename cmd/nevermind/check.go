package main

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"nevermind/bot/turn"

	"nevermind/bot"
	"nevermind/flows"
	"nevermind/flows/policies"
)

// checkCommand looks for faults without running anything.
type checkCommand struct {
	Rules bool `help:"Where each rule of the field stands."`
	Live  bool `help:"Also ask the platforms and the shop whether the settings work there."`

	Serving serveSettings `embed:""`
}

// Run looks for faults and tells each in one line.
func (c checkCommand) Run(ctx context.Context, p *program) error {
	faults := append(p.set.faults(), c.Serving.faults()...)
	pack, err := p.set.pack()
	if err != nil {
		faults = append(faults, faultLines(err)...)
		if pack, err = policies.Default(); err != nil {
			return err
		}
	}
	for _, gap := range append(policies.Gaps(pack.Policy), flows.UnusedEvidence(pack.Policy)...) {
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
		return errReported
	}
	if c.Live {
		return c.live(ctx, p)
	}
	if c.Rules {
		return rules(p.out, pack.Policy)
	}
	fmt.Fprintf(p.out, "ok: %s, %s, policy %s (%s)\n", count(len(all.All), "flow"), count(states(all), "state"), pack.Policy.Name,
		pack.Policy.Version)
	return comparePolicies(ctx, p, pack)
}

// live tries every setting that the world outside knows, and tells what came of each in one line.
func (c checkCommand) live(ctx context.Context, p *program) error {
	all, wrong := c.Serving.trials(p.now), 0
	for _, t := range all {
		said, err := t.run(ctx)
		if err != nil {
			said = err.Error()
			wrong++
			fmt.Fprintf(p.out, "✗ %s: %s\n", t.of, oneLine(said))
			continue
		}
		fmt.Fprintf(p.out, "✓ %s: %s\n", t.of, said)
	}
	switch {
	case len(all) == 0:
		fmt.Fprintln(p.out, "ok: no platform and no shop is set, so there is nobody to ask")
	case wrong > 0:
		fmt.Fprintf(p.err, "nevermind: %s\n", count(wrong, "fault"))
		return errReported
	}
	return nil
}

// faultLines makes an error of several lines into one error a line, each with what stood before the first.
func faultLines(err error) (each []error) {
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

// states counts the states of all flows.
func states(all *bot.Flows) (n int) {
	for _, f := range all.All {
		n += len(f.States)
	}
	return n
}

// count is a number and what it counts, in the plural where it is not one.
func count(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}
