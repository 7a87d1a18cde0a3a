package flows_test

import (
	"context"

	"nevermind/bot"
)

// replaysAll makes each turn of the play's records again from the journal: it comes out the same. A line that was changed
// is found.
func (s *stage) replaysAll() {
	s.t.Helper()
	for _, key := range s.records() {
		s.replays(key, true)
		s.changed = key
		s.replays(key, false)
		s.changed = ""
	}
}

// records are the keys of every record that the play has written in, in the order of their first lines.
func (s *stage) records() []bot.Key {
	var keys []bot.Key
	for i := range s.journal {
		if e := &s.journal[i]; e.Seq == 1 && e.Conversation.Kind() != "talk" {
			keys = append(keys, e.Conversation)
		}
	}
	return keys
}

// replays checks that a record's replay comes out the same, or that it does not.
func (s *stage) replays(key bot.Key, want bool) {
	s.t.Helper()
	r, err := s.engine.Replay(s.t.Context(), key)
	s.must(err)
	if r.Same != want {
		s.t.Errorf("%s is the same: %v, want %v (turn %d of its journal: %s)", key, r.Same, want, r.Differs, r.Why)
	}
}

// Journal shows the last line of one record other than it was written.
func (y *spy) Journal(ctx context.Context, key bot.Key, after, n int) ([]bot.Entry, error) {
	entries, err := y.Store.Journal(ctx, key, after, n)
	if last := len(entries) - 1; err == nil && key == y.s.changed && last >= 0 {
		entries[last].Event.Text += "."
	}
	return entries, err
}
