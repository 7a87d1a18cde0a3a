package main

import (
	"fmt"
	"io"
	"strings"

	"nevermind/bot"
	"nevermind/flows"
)

// rules prints each rule of the field, who reads it by which words and where a transcript shows that, and where else it
// stands. The last lines count, and name the rules that nobody reads.
func rules(w io.Writer, policy *bot.Policy) error {
	all, err := flows.Rules(policy)
	if err != nil {
		return err
	}
	var empty []string
	for _, r := range all {
		fmt.Fprintf(w, "%s  %s\n", r.Rule, oneLine(r.Says))
		for _, p := range r.Read {
			at := p.At
			if at == "" {
				at = "no transcript shows it"
			}
			fmt.Fprintf(w, "     %s (%s)\n", p, at)
		}
		if r.Empty() {
			empty = append(empty, r.Rule)
		}
		if len(r.Where) > 0 {
			fmt.Fprintf(w, "     %s\n", strings.Join(r.Where, "; "))
		}
	}
	fmt.Fprintf(w, "%d of %s are read", len(all)-len(empty), count(len(all), "rule"))
	if len(empty) > 0 {
		fmt.Fprintf(w, "; nobody reads %s", strings.Join(empty, ", "))
	}
	fmt.Fprintln(w)
	return nil
}
