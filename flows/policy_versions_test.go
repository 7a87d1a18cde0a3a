package flows_test

import (
	"testing"

	"nevermind/bot"
	"nevermind/bot/turn"
	"nevermind/flows"
)

// TestPolicyOfOlderCases has a case that an older version began, which kept no policy, take the one in force with its first
// step, and keep that one from then on. Its journal replays across all of it.
func TestPolicyOfOlderCases(t *testing.T) {
	s := newStage(t, "windows: {seller_answer: 2d}")
	older := flows.All()
	for i, f := range older.All {
		before := *f
		before.Keeps = false
		older.All[i] = &before
	}
	var err error
	s.rules, err = turn.Prepare(older, s.pack.Policy, s.catalog)
	s.must(err)
	s.reload()
	for _, line := range []string{"order: 81000001 processing", "Ana: cancel 81000001", "Ana: [I don't need it any more]",
		"Ana: [Yes, ask the seller]"} {
		s.line(line)
		s.drain()
	}
	asked := s.record("case/81000001/0")
	if asked.State != "awaiting_seller" || asked.Facts[bot.PolicyFact] != "" {
		t.Fatalf("a case of the older version: got %s with policy %q", asked.State, asked.Facts[bot.PolicyFact])
	}

	s.under("windows: {seller_silence: support}")
	s.reload()
	took := s.pack.Policy.Version
	s.line("clock: next")
	reminded := s.record("case/81000001/0")
	if reminded.Facts[bot.PolicyFact] != took {
		t.Errorf("its first step took policy %q, want %s", reminded.Facts[bot.PolicyFact], took)
	}

	s.under("windows: {seller_silence: approve}")
	s.reload()
	s.line("clock: next")
	silent := s.record("case/81000001/0")
	if silent.State != "with_support" || silent.Facts[bot.PolicyFact] != took {
		t.Errorf("after the silence: got %s under %s, want with_support under %s", silent.State, silent.Facts[bot.PolicyFact], took)
	}
	if had := s.now.Sub(opening).Hours(); had != 48 {
		t.Errorf("the seller had %v hours, want the 48 that were running", had)
	}
	s.replaysAll()
}

// record loads a record of the play.
func (s *stage) record(key bot.Key) bot.Conversation {
	s.t.Helper()
	c, err := s.store.Conversation(s.t.Context(), key)
	s.must(err)
	return c
}
