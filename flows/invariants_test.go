package flows_test

import (
	"context"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"nevermind/bot"
)

// invariants checks what must hold whatever anybody does.
func (s *stage) invariants() {
	s.t.Helper()
	s.money()
	s.ends()
	if s.held || s.down {
		return // what follows is still to be done
	}
	s.cards()
	for _, order := range s.orders {
		s.oneCase(order)
	}
	for _, key := range s.records() {
		s.waits(key)
	}
}

// oneCase checks that an order has one open case at most.
func (s *stage) oneCase(order string) {
	s.t.Helper()
	keys, err := s.store.Find(s.t.Context(), "open:order:"+order, "", 100)
	s.must(err)
	var open []bot.Key
	for _, k := range keys {
		if k.Kind() == "case" {
			open = append(open, k)
		}
	}
	if len(open) > 1 {
		s.t.Errorf("order %s has %d open cases: %v", order, len(open), open)
	}
}

// waits checks that an open record has a deadline, still to come.
func (s *stage) waits(key bot.Key) {
	s.t.Helper()
	c, err := s.store.Conversation(s.t.Context(), key)
	s.must(err)
	if c.Closed.IsZero() && len(c.Deadlines) == 0 {
		s.t.Errorf("%s stands at %s and waits for nothing", key, c.State)
	}
	for _, d := range c.Deadlines {
		if d.At.Before(s.now) {
			s.t.Errorf("%s stands at %s, and %s passed unnoticed", key, c.State, d.Name())
		}
	}
}

// ends checks that what has ended stays so, unless it is born anew.
func (s *stage) ends() {
	s.t.Helper()
	ended := map[bot.Key]bool{}
	for i := range s.journal {
		e := &s.journal[i]
		if e.Conversation.Kind() == "talk" {
			continue
		}
		if ended[e.Conversation] && e.Refused == "" && e.From != "" {
			s.t.Errorf("%s went on by %s after its end", e.Conversation, e.Event.Name)
		}
		ended[e.Conversation] = stateOf(e.Flow, e.To).End()
	}
}

func stateOf(flow, name string) *bot.State {
	for _, f := range all {
		if f.Name == flow {
			s := f.States[name]
			return &s
		}
	}
	return &bot.State{}
}

// mischief is what somebody may write: it is shown as it is.
const (
	mischief = "שלום {amount}"
	chair    = "Chair {amount}"
)

// fitField checks words as they are shown: nothing is left open in them, and they are well set.
func (s *stage) fit(r *bot.Reply) {
	s.t.Helper()
	if strings.TrimSpace(r.Text) == "" {
		s.t.Errorf("%s is told nothing by %s", r.Room, r.From)
	}
	theirs := strings.NewReplacer(mischief, "…", chair, "…")
	for _, words := range []string{theirs.Replace(r.Title), theirs.Replace(r.Text)} {
		for _, bad := range []string{"{", "}", "  ", " .", "..", "“”", " ,", "()", "%!"} {
			if strings.Contains(words, bad) && !strings.Contains(words, "…") {
				s.t.Errorf("%s is told %q by %s, with %q in it", r.Room, words, r.From, bad)
			}
		}
	}
	for _, c := range pressable(r) {
		if strings.TrimSpace(c.Label) == "" || strings.ContainsAny(theirs.Replace(c.Label), "{}") || c.Token == "" {
			s.t.Errorf("%s is offered %q by %s", r.Room, c.Label, r.From)
		}
	}
}

// few checks that a message has no more in sight than four acts, ten lines of a list, and More; what More itself shows is
// the rest, however much that is.
func (s *stage) few(r *bot.Reply) {
	s.t.Helper()
	c, err := s.store.Conversation(s.t.Context(), r.From)
	if err != nil {
		return // nobody's buttons: it is no conversation that speaks
	}
	if len(r.Choices) > 0 && !slices.ContainsFunc(r.Choices, func(b bot.Button) bool {
		return slices.ContainsFunc(c.Offers, func(o bot.Offer) bool { return o.Token == b.Token })
	}) {
		return // another one is on its way already
	}
	acts, lines := 0, 0
	for _, o := range c.Offers {
		switch shown := slices.ContainsFunc(r.Choices, func(b bot.Button) bool { return b.Token == o.Token }); {
		case !shown:
		case o.Event == bot.Folded:
			return
		case o.Listed() || o.Answer: // what a file shows is chosen from a list too
			lines++
		case !o.Unfolds():
			acts++
		}
	}
	if acts > 4 || lines > 10 || s.tooBigForTheDesk(r) {
		s.t.Errorf("%s has %d acts and %d lines to choose from in %q by %s", r.Room, acts, lines, r.Text, r.From)
	}
}

// tooBigForTheDesk says whether a card of support's does not fit a laptop's screen.
func (s *stage) tooBigForTheDesk(r *bot.Reply) bool {
	big := utf8.RuneCountInString(r.Title+r.Text) > 2000 || len(r.Choices) > 6
	return big && r.Room == roomOf("Mira") && r.Card != "" && r.Card.Kind() != "talk"
}

// loud fails a test where the house reports a fault of its own.
type loud struct{ t testing.TB }

func (l loud) Enabled(_ context.Context, level slog.Level) bool { return level >= slog.LevelError }
func (l loud) WithAttrs([]slog.Attr) slog.Handler               { return l }
func (l loud) WithGroup(string) slog.Handler                    { return l }

func (l loud) Handle(_ context.Context, r slog.Record) error {
	var why []string
	r.Attrs(func(a slog.Attr) bool { why = append(why, a.String()); return true })
	l.t.Errorf("the house reports: %s: %s", r.Message, strings.Join(why, ", "))
	return nil
}
