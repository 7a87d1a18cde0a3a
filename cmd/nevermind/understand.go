package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strings"

	"nevermind/bot"
	"nevermind/flows/understand"
)

type understandCommand struct {
	Language string `help:"The language of whoever writes, where it is known." placeholder:"es"`
	State    string `help:"The question that is open, such as cancel.choosing_reason." placeholder:"FLOW.STATE"`
}

// understood is one line of what the command writes. Act and Ask are named as the intents of the shared messages are; what these
// do not know, such as a wish to change an order, stands in Also, and what is wished not to happen in Denied.
type understood struct {
	Text    string   `json:"text"`
	Act     string   `json:"act"`
	Ask     []string `json:"ask"`
	Orders  []string `json:"orders"`
	Reasons []string `json:"reasons"`
	Score   float64  `json:"score"`
	Also    string   `json:"also,omitempty"`
	Denied  string   `json:"denied,omitempty"`
}

// asksReason is the state in which words are first read as a reason.
const asksReason = "cancel.choosing_reason"

// Run reads lines and writes what each would be heard as.
func (c understandCommand) Run(p *program) error {
	lines := bufio.NewScanner(p.in)
	lines.Buffer(nil, 1<<20)
	out := json.NewEncoder(p.out)
	out.SetEscapeHTML(false)
	for lines.Scan() {
		text := strings.TrimSpace(lines.Text())
		if text == "" {
			continue
		}
		if err := out.Encode(c.hear(text)); err != nil {
			return err
		}
	}
	if err := lines.Err(); err != nil {
		return fmt.Errorf("read standard input: %w", err)
	}
	return nil
}

func (c understandCommand) hear(text string) understood {
	heard := understood{Text: text, Ask: []string{}, Orders: []string{}, Reasons: []string{}}
	for _, n := range understand.OrderNumbers(text) {
		if n.Likely {
			heard.Orders = append(heard.Orders, n.Number)
		}
	}
	language, asked := c.Language, c.State == asksReason
	verdict := understand.Decide(bot.Shorten(text, bot.Longest), language)
	heard.Score = math.Round(100*verdict.Score) / 100
	heard.Reasons = append(heard.Reasons, understand.ReasonsIn(text, language, asked)...)
	leaves := verdict.LeavesReason() || verdict.AsksOrder() && len(heard.Reasons) == 0
	if asked && !leaves {
		return heard
	}
	heard.Act, heard.Also = publicIntent(verdict.Act)
	heard.Denied, _ = publicIntent(verdict.Denied)
	if len(verdict.Ask) > 0 {
		heard.Ask = publicAsk(verdict)
	}
	return heard
}

// publicAsk are the two intents that are asked about; where one has no public name, the next likeliest that has one.
func publicAsk(verdict *understand.Verdict) (ask []string) {
	likely := slices.Clone(verdict.Ask)
	for _, c := range verdict.Rank {
		if c.Intent != understand.OutOfScope && c.Intent != verdict.Denied {
			likely = append(likely, c.Intent)
		}
	}
	for _, i := range likely {
		if name, _ := publicIntent(i); name != "" && !slices.Contains(ask, name) && len(ask) < 2 {
			ask = append(ask, name)
		}
	}
	return ask
}

// publicIntent is an intent by the name that the shared messages have for it, and its own where that is another.
func publicIntent(i understand.Intent) (name, also string) {
	switch i {
	case understand.Late:
		return string(understand.OrderStatus), string(i)
	case understand.Escalate:
		return string(understand.HumanAgent), string(i)
	case understand.ChangeOrder, understand.TakeItBack:
		return "", string(i)
	}
	return string(i), ""
}
