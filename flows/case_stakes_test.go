package flows_test

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"nevermind/bot"
	"nevermind/flows"
)

// idle are the clocks that run out for nobody: they have no place in the ledger.
var idle = []string{"fell_silent", "link_expired", "morning_came", "grew_old", "seal_late", "code_expired", "assistant_expired",
	"data_late", "erasure_late", "rating_due", "rating_waited"}

// TestEveryClockSaysWhatFollows: each deadline of a record has its words, whole sentences for whoever reads them.
func TestEveryClockSaysWhatFollows(t *testing.T) {
	stakes := flows.All().Stakes
	said := map[string]bool{}
	for _, f := range all {
		if f.Talk {
			continue
		}
		for _, s := range f.States {
			for _, w := range slices.Concat(s.After, f.After) {
				said[w.Event], said[f.Name+"."+w.Event] = true, true
				_, own := stakes[f.Name+"."+w.Event]
				_, shared := stakes[w.Event]
				if !own && !shared && !slices.Contains(idle, w.Event) {
					t.Errorf("%s: nobody says what follows on %s", f.Name, w.Event)
				}
			}
		}
	}
	for event := range stakes {
		if !said[event] {
			t.Errorf("words for %s, which no clock brings", event)
		}
	}
}

// TestLedger: every clock of every party in one place, earliest first.
func TestLedger(t *testing.T) {
	x := &explorer{stage: newStage(t, "windows:\n  seller_answer: {value: 2bd, source: [S41]}")}
	var told bytes.Buffer
	for _, line := range slices.Concat([]string{"order: " + placed[0].order}, placed[0].lines, []string{
		"clock: +1h", "order: " + placed[3].order,
	}, placed[3].lines) {
		x.play(&told, line)
	}
	ledger, err := x.engine.Ledger(t.Context(), &bot.Person{ID: bot.Desk}, 10)
	x.must(err)
	want := []string{
		"case awaiting_seller seller_answer 11-20 09:00 11-24 09:00 Asia/Shanghai [seller] cancelling [S41]: If Lumen House " +
			"hasn't answered by Tuesday 09:00 UTC, the request is approved automatically.",
		"dispute awaiting_seller dispute_answer 11-20 10:00 11-25 10:00  [seller] refunding [third-party pages on AliExpress " +
			"disputes]: If Lumen House hasn't answered by Wednesday 10:00 UTC, Ana gets what they asked for.",
	}
	var got []string
	for _, c := range ledger {
		sources := x.pack.Policy.Sources["windows."+c.Name]
		if !slices.Equal(c.Sources[:len(sources)], sources) || !strings.HasPrefix(c.ID, "C-") || c.Order == "" {
			t.Errorf("%+v: want the sources %v first, a name and an order", c, sources)
		}
		got = append(got,
			fmt.Sprintf("%s %s %s %s %s %s %s %s %v: %s", c.Flow, c.State, c.Name, c.From.Format("01-02 15:04"),
				c.At.Format("01-02 15:04"), c.Zone, c.Whose, c.Then, sources, c.Says))
	}
	if !slices.Equal(got, want) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	if first, err := x.engine.Ledger(t.Context(), &bot.Person{ID: bot.Desk}, 1); err != nil || len(first) != 1 {
		t.Errorf("the first alone: got %d, %v; want 1", len(first), err)
	}
	x.move(ledger[0].At.Sub(x.now) + time.Second)
	after, err := x.engine.Countdowns(t.Context(), ledger[0].Key, &bot.Person{ID: bot.Desk})
	if x.must(err); len(after) != 1 || after[0].Name != "refund_send" || after[0].Window.Length != 72*time.Hour ||
		!after[0].From.Equal(ledger[0].At) {
		t.Errorf("after the answer was due: got %+v; want refund_send, from then on", after)
	}
}

// TestHeldDecisionIsSupportsOwn: while support can still undo a decision, neither side reads in a card or in the future
// that one was made.
func TestHeldDecisionIsSupportsOwn(t *testing.T) {
	s := newStage(t, "")
	for _, line := range slices.Concat([]string{"order: 81000001 processing"}, asks("81000001"), []string{
		"Lumen: [Say no]", "Lumen: It is packed.", "Ana: [Let support decide]",
		"Mira: [Refuse]", "Mira: It is packed already.", "Mira: [Yes, decide this]", "Ana: [What happens next?]",
		"Lumen: [What happens next?]",
	}) {
		s.line(line)
		s.drain()
	}
	for _, room := range []bot.Room{"stage:ana", "stage:lumen"} {
		all := s.bubbles[room]
		if last := all[len(all)-1].reply.Text; !strings.Contains(last, "hasn't answered by Sunday ") {
			t.Errorf("%s is told of the future %q", room, last)
		}
		for _, b := range all {
			if strings.Contains(b.reply.Text, "The decision goes out") {
				t.Errorf("%s is told %q", room, b.reply.Text)
			}
		}
	}
	desk := s.bubbles["stage:desk"]
	if !slices.ContainsFunc(desk, func(b *bubble) bool {
		return strings.Contains(b.reply.Text, "The decision goes out on")
	}) {
		t.Error("support's card does not say when the decision goes out")
	}
}
