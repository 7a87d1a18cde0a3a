package main

import (
	"fmt"
	"io"
	"strings"
	"text/tabwriter"

	"nevermind/bot"
	"nevermind/flows"
)

// rules prints where each rule of the field stands; a dash where it stands nowhere yet.
func rules(w io.Writer, policy *bot.Policy) error {
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	for _, s := range flows.Rules(policy) {
		where := "-"
		if len(s.Where) > 0 {
			where = strings.Join(s.Where, "; ")
		}
		fmt.Fprintf(table, "%s\t%s\t%s\n", s.Rule, oneLine(s.Says), where)
	}
	return table.Flush()
}
