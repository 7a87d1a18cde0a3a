package engine_test

import (
	"maps"
	"strings"
	"testing"

	"nevermind/bot"
	"nevermind/flows"
)

// another returns the flows with one state of the case told or offered otherwise than when its journal was written.
func another(change func(s *bot.State)) *bot.Flows {
	all := flows.All()
	for i, f := range all.All {
		if f.Name != "case" {
			continue
		}
		changed := *f
		changed.States = bot.States{}
		for name, s := range f.States {
			if name == "awaiting_seller" {
				change(&s)
			}
			changed.States[name] = s
		}
		all.All[i] = &changed
	}
	return all
}

// TestReplayTellsWordsFromDecisions: a changed sentence is reported and no difference; a changed decision is one.
func TestReplayTellsWordsFromDecisions(t *testing.T) {
	for _, c := range []struct {
		name     string
		change   func(s *bot.State)
		same     bool
		reworded int
		why      string
	}{
		{"as written", func(*bot.State) {}, true, 0, ""},
		{"another sentence", func(s *bot.State) {
			s.Tell = maps.Clone(s.Tell)
			s.Tell[bot.Seller] = "Well?"
		}, true, 1, ""},
		{"a button less", func(s *bot.State) {
			s.Offer = bot.Offers{bot.Buyer: s.Offer[bot.Buyer], bot.Seller: s.Offer[bot.Seller][1:]}
		}, false, 0, "offers"},
		{"a deadline less", func(s *bot.State) { s.After = s.After[1:] }, false, 0, "waits for"},
		{"another way", func(s *bot.State) {
			s.Then = maps.Clone(s.Then)
			s.Then["seller_accepted"] = bot.Go("with_support")
		}, false, 0, "it led to"},
	} {
		t.Run(c.name, func(t *testing.T) {
			h := newHarness(t)
			h.order("81000001")
			h.ask("81000001")
			h.say(h.press("1", "fake:s-1", "fake:seller:s-1", "Cancel and refund 24.90 USD"))
			h.flows = another(c.change)
			h.reopen()
			r, err := h.engine.Replay(t.Context(), "case/81000001/0")
			if err != nil || r.Same != c.same || c.same && r.Reworded != c.reworded || !strings.Contains(r.Why, c.why) {
				t.Errorf("got %+v (%v), want the same: %v, reworded %d, %q", r, err, c.same, c.reworded, c.why)
			}
		})
	}
}
