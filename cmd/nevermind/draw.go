package main

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"nevermind/bot"
)

// The shape of `flows --format json`; Markdown and Mermaid are made from the same.
type (
	flowDrawn struct {
		Name   string       `json:"name"`
		About  string       `json:"about"`
		Title  string       `json:"title,omitempty"`
		Foot   string       `json:"foot,omitempty"`
		Talk   bool         `json:"talk"`
		Starts []wayDrawn   `json:"starts,omitempty"` // where it is born, by what is known then
		First  string       `json:"first"`            // where it is born else
		Rules  []string     `json:"rules,omitempty"`
		States []stateDrawn `json:"states"`
		Always []moveDrawn  `json:"always,omitempty"`
		Waits  []waitDrawn  `json:"waits,omitempty"` // deadlines of every state that is not an end
	}
	stateDrawn struct {
		Name    string               `json:"name"`
		End     bool                 `json:"end"`
		Tell    map[bot.Party]string `json:"tell,omitempty"`
		Card    map[bot.Party]string `json:"card,omitempty"`
		Offers  []offerDrawn         `json:"offers,omitempty"`
		Lists   bool                 `json:"lists,omitempty"`   // further buttons that depend on data
		Listens bool                 `json:"listens,omitempty"` // understands what is typed
		Does    string               `json:"does,omitempty"`
		Waits   []waitDrawn          `json:"waits,omitempty"`
		Moves   []moveDrawn          `json:"moves,omitempty"`
		Firm    bool                 `json:"firm,omitempty"`
		Desk    bool                 `json:"desk,omitempty"`
		Rules   []string             `json:"rules,omitempty"`
	}
	offerDrawn struct {
		Party bot.Party `json:"party"`
		Event string    `json:"event"`
		Label string    `json:"label"`
		Form  bool      `json:"form,omitempty"`
		When  string    `json:"when,omitempty"`
		Once  bool      `json:"once,omitempty"`
	}
	waitDrawn struct {
		Window string    `json:"window"`
		Half   bool      `json:"half,omitempty"`
		Lasts  string    `json:"lasts,omitempty"` // by the policy in force
		Event  string    `json:"event"`
		Kept   bool      `json:"kept,omitempty"`
		Again  bool      `json:"again,omitempty"`
		When   string    `json:"when,omitempty"`
		For    bot.Party `json:"for,omitempty"`
	}
	moveDrawn struct {
		Event string               `json:"event"`
		Kind  bot.MoveKind         `json:"kind"`
		Ways  []wayDrawn           `json:"ways,omitempty"`
		Talk  string               `json:"talk,omitempty"`
		Says  map[bot.Party]string `json:"says,omitempty"`
		Quote bool                 `json:"quote,omitempty"`
		Asks  bool                 `json:"asks,omitempty"` // other conversations are told
		Rules []string             `json:"rules,omitempty"`
	}
	wayDrawn struct {
		If string `json:"if,omitempty"`
		To string `json:"to"`
	}
)

// drawFlow spells a flow out, its states in the order in which one comes to them.
func drawFlow(f *bot.Flow, policy *bot.Policy) flowDrawn {
	d := flowDrawn{
		Name: f.Name, About: f.About, Title: f.Title, Foot: f.Footer, Talk: f.Talk, First: f.First, Rules: f.Rules,
		Always: drawMoves(f.Always), Waits: drawWaits(f.After, policy),
	}
	d.Starts = drawWays(f.Starts)
	for _, name := range walk(f) {
		d.States = append(d.States, drawState(f, name, policy))
	}
	return d
}

func drawState(f *bot.Flow, name string, policy *bot.Policy) stateDrawn {
	s := f.States[name]
	return stateDrawn{
		Name: name, End: s.End(), Tell: s.Tell, Card: s.Card, Does: s.Do, Firm: s.Firm, Desk: s.Desk, Rules: s.Rules,
		Lists: s.List != nil, Listens: len(s.Hear) > 0,
		Offers: drawOffers(s.Offer), Waits: drawWaits(s.After, policy), Moves: drawMoves(s.Then),
	}
}

func drawOffers(o bot.Offers) (drawn []offerDrawn) {
	for _, p := range parties(o) {
		for _, c := range o[p] {
			drawn = append(drawn, offerDrawn{p, c.Event, c.Label, c.Form != nil, condition(c.When), c.Once})
		}
	}
	return drawn
}

func drawWaits(waits bot.Waits, policy *bot.Policy) (drawn []waitDrawn) {
	for _, w := range waits {
		drawn = append(drawn, waitDrawn{
			Window: w.Window(), Half: w.Half != "", Lasts: lasts(policy.Windows[w.Window()]),
			Event: w.Event, Kept: w.Kept, Again: w.Again, When: condition(w.When), For: w.For,
		})
	}
	return drawn
}

func drawMoves(moves bot.Moves) (drawn []moveDrawn) {
	for _, event := range slices.Sorted(maps.Keys(moves)) {
		m := moves[event]
		d := moveDrawn{Event: event, Kind: m.Kind, Talk: m.Talk, Says: m.Says, Quote: m.Quote, Asks: len(m.Asks) > 0, Rules: m.Law}
		d.Ways = drawWays(m.Ways)
		drawn = append(drawn, d)
	}
	return drawn
}

func drawWays(ways []bot.Way) (drawn []wayDrawn) {
	for _, w := range ways {
		drawn = append(drawn, wayDrawn{condition(w.If), w.To})
	}
	return drawn
}

// walk lists the states breadth first from the first one, those that only Always leads to after them.
func walk(f *bot.Flow) []string {
	seen := map[string]bool{}
	var order []string
	visit := func(name string) {
		if _, ok := f.States[name]; ok && !seen[name] {
			seen[name] = true
			order = append(order, name)
		}
	}
	follow := func(moves bot.Moves) {
		for _, event := range slices.Sorted(maps.Keys(moves)) {
			for _, w := range moves[event].Ways {
				visit(w.To)
			}
		}
	}
	for _, w := range f.Starts {
		visit(w.To)
	}
	visit(f.First)
	for i := 0; i < len(order); i++ {
		follow(f.States[order[i]].Then)
	}
	at := len(order)
	follow(f.Always)
	for i := at; i < len(order); i++ {
		follow(f.States[order[i]].Then)
	}
	for _, name := range slices.Sorted(maps.Keys(f.States)) {
		visit(name)
	}
	return order
}

// speaking is the order in which parties are listed.
var speaking = []bot.Party{bot.Buyer, bot.Seller, bot.Support, bot.Here}

func parties[T any](by map[bot.Party]T) []bot.Party {
	rank := func(p bot.Party) int {
		if i := slices.Index(speaking, p); i >= 0 {
			return i
		}
		return len(speaking)
	}
	return slices.SortedFunc(maps.Keys(by), func(a, b bot.Party) int {
		return cmp.Or(rank(a)-rank(b), strings.Compare(string(a), string(b)))
	})
}

func condition(c *bot.Cond) string {
	if c == nil {
		return ""
	}
	return c.Name
}
