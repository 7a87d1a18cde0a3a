package main

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"nevermind/bot"
	"nevermind/flows"
	"nevermind/flows/drawing"
)

type flowsCommand struct {
	Format string `help:"md, mermaid or json." enum:"md,mermaid,json" default:"md"`
	Name   string `arg:"" optional:"" help:"One flow only."`
}

// Run draws the flows.
func (c flowsCommand) Run(p *program) error {
	pack, err := p.set.pack()
	if err != nil {
		return err
	}
	drawn, err := drawAll(flows.All(), pack.Policy, c.Name)
	if err != nil {
		return err
	}
	switch c.Format {
	case "json":
		return writeJSON(p.out, drawn)
	case "mermaid":
		for _, f := range drawn {
			fmt.Fprintf(p.out, "%%%% %s: %s\n", f.Name, oneLine(f.About))
			drawing.WriteMermaid(p.out, f)
		}
	default:
		if c.Name != "" {
			drawing.WriteMarkdownFlow(p.out, drawn[0])
			return nil
		}
		drawing.WriteMarkdown(p.out, drawn)
	}
	return nil
}

func drawAll(all *bot.Flows, policy *bot.Policy, only string) (drawn []drawing.Flow, err error) {
	for _, f := range all.All {
		if only == "" || f.Name == only {
			drawn = append(drawn, drawing.Describe(f, policy))
		}
	}
	if len(drawn) == 0 {
		return nil, usageError{fmt.Errorf("there is no flow %q", only)}
	}
	return drawn, nil
}

func writeJSON(w io.Writer, v any) error {
	e := json.NewEncoder(w)
	e.SetIndent("", "  ")
	e.SetEscapeHTML(false)
	return e.Encode(v)
}

// oneLine makes a line of what may be several.
func oneLine(text string) string { return strings.Join(strings.Fields(text), " ") }
