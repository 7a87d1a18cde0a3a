package slack_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"nevermind/adapters/slack"
	"nevermind/adapters/slack/slacktest"
	"nevermind/bot"
)

// longBoard is a board with a list of so many lines, each as long as can be, and an empty one.
func longBoard(lines int) slack.Board {
	long := slack.List{Name: "all", Title: "All", Empty: "Nothing waits."}
	for i := range lines {
		title := fmt.Sprintf("C-%02d %s", i, strings.Repeat("ß", 300))
		long.Lines = append(long.Lines, slack.Line{Card: "case/81000061/0", Title: title, Text: strings.Repeat("long ", 400)})
	}
	return slack.Board{
		Title: "Your desk", Text: "<!channel> & co", Foot: "now", Figures: []slack.Figure{{N: lines, Words: "wait"}},
		Lists: []slack.List{long, {Name: "mine", Title: "Mine", Empty: "Nothing of yours."}},
	}
}

// leadsTo fails the test unless every link of a home tab leads to a card.
func (h *harness) leadsTo(home, card *slacktest.Message) {
	h.t.Helper()
	want := "https://never.slack.test/archives/" + desk + "/p" + strings.ReplaceAll(card.TS, ".", "")
	for title, at := range home.Links() {
		if at != want {
			h.t.Fatalf("%s leads to %s, want %s", title, at, want)
		}
	}
}

// TestAppHome: lists, pages, the way to a card, and a tab that is shown afresh when a case moves. Every view is held
// against Slack's schema and limits by the fake.
func TestAppHome(t *testing.T) {
	t.Parallel()
	for way, http := range map[string]bool{"socket": false, "http": true} {
		t.Run(way, func(t *testing.T) {
			var lines atomic.Int64
			var asked atomic.Pointer[bot.Person]
			lines.Store(60)
			h := newHarness(t, http, func(h *harness) {
				h.debounce = time.Millisecond
				h.cfg.Desk = func(_ context.Context, who bot.Person, _ slack.Asked) (slack.Board, error) {
					asked.Store(&who)
					return longBoard(int(lines.Load())), nil
				}
			})
			shows := func(words string) {
				t.Helper()
				h.slack.Until("the tab shows "+words, func() bool {
					m := h.slack.Home("UMIRA")
					return m != nil && strings.Contains(m.Shown(), words)
				})
			}
			press := func(label string) { t.Helper(); h.slack.Press("UMIRA", h.slack.Home("UMIRA"), label) }
			_, card := h.dispute("81000061")
			h.slack.OpenHome("UMIRA")
			shows("C-24")
			if who := asked.Load(); who.ID != "support:UMIRA" {
				t.Errorf("the desk is read for %q", who.ID)
			}
			home := h.slack.Home("UMIRA")
			h.leadsTo(home, card)
			if len(home.Links()) != 25 || strings.Contains(home.Shown(), "C-25") {
				t.Errorf("%d lines on a page", len(home.Links()))
			}
			press("More")
			shows("C-49")
			press("More")
			shows("C-59")
			if labels(h.slack.Home("UMIRA"))["More"] {
				t.Error("there is more behind the last page")
			}
			press("Mine · 0")
			shows("Nothing of yours.")
			press("All · 60")
			shows("C-00")
			lines.Store(3)
			h.slack.Press("UMIRA", card, "Write to the buyer") // a look at a form moves nothing
			before := h.slack.Home("UMIRA").Edits
			h.tap("b-1", "Withdraw my request")
			h.tap("b-1", "Yes, withdraw it")
			shows("wait: 3")
			if after := h.slack.Home("UMIRA").Edits; after == before {
				t.Error("the tab is not fresh")
			}
			h.slack.OpenHome("UOUT")
			h.slack.Until("a stranger's tab is read for a stranger", func() bool { return h.slack.Home("UOUT") != nil })
			if who := asked.Load(); who.ID != "" {
				t.Errorf("a stranger is %q", who.ID)
			}
		})
	}
}

// TestAppHomeAfterRestart: where cards stand is known from what was said before.
func TestAppHomeAfterRestart(t *testing.T) {
	t.Parallel()
	h := newHarness(t, false, func(h *harness) {
		h.cfg.Desk = func(context.Context, bot.Person, slack.Asked) (slack.Board, error) {
			return slack.Board{Lists: []slack.List{{Name: "all", Title: "All",
				Lines: []slack.Line{{Card: "case/81000062/0", Title: "C-1"}, {Card: "case/none/0", Title: "C-2"}}}}}, nil
		}
	})
	_, card := h.dispute("81000062")
	h.slack.Settle()
	h.stop()
	h.start()
	h.slack.OpenHome("UMIRA")
	h.slack.Until("the tab is shown", func() bool { return h.slack.Home("UMIRA") != nil })
	got := h.slack.Home("UMIRA").Links()
	if len(got) != 1 || !strings.HasSuffix(got["C-1"], strings.ReplaceAll(card.TS, ".", "")) {
		t.Errorf("links: %v", got)
	}
}

func labels(m *slacktest.Message) map[string]bool {
	all := map[string]bool{}
	for _, b := range m.Buttons() {
		all[b.Label] = true
	}
	return all
}

// TestCommand: answers are for the one who asks; what nobody knows is helped with; without a desk nothing is shown.
func TestCommand(t *testing.T) {
	t.Parallel()
	var asked []slack.Asked
	h := newHarness(t, true, func(h *harness) {
		h.cfg.Desk = func(_ context.Context, who bot.Person, a slack.Asked) (slack.Board, error) {
			asked = append(asked, a)
			b := slack.Board{Title: "T", Lists: []slack.List{{Title: "Many"}, {Title: "None"}, {Title: "More"}}}
			for i := range 20 {
				b.Lists[0].Lines = append(b.Lists[0].Lines, slack.Line{Title: fmt.Sprint("line ", i)})
			}
			b.Lists[2].Lines = b.Lists[0].Lines[:3]
			return b, nil
		}
	})
	said := func(text string) string {
		return slacktest.Shown(h.slack.Command("UMIRA", desk, text).Body["blocks"])
	}
	got := said("queue")
	for _, want := range []string{"line 14", "More in the Home tab: 5", "More in the Home tab: 3"} {
		if !strings.Contains(got, want) {
			t.Errorf("the queue does not say %q:\n%s", want, got)
		}
	}
	if strings.Contains(got, "line 15") || strings.Contains(got, "None") {
		t.Errorf("too much is said:\n%s", got)
	}
	said("CASE c-1")
	said("order 8100 0061")
	want := []slack.Asked{{What: "queue"}, {What: "case", ID: "c-1"}, {What: "order", ID: "8100 0061"}}
	if !slices.Equal(asked, want) {
		t.Errorf("asked for %v, want %v", asked, want)
	}
	for _, text := range []string{"", "help", "case", "refund everybody", "link"} {
		if got := said(text); !strings.Contains(got, "/nevermind queue") {
			t.Errorf("%q is answered with %q", text, got)
		}
	}
	if a := h.slack.Command("UFAR", desk, "queue"); !a.Acked || strings.Contains(slacktest.Shown(a.Body["blocks"]), "line") {
		t.Errorf("somebody of another team reads %v", a.Body)
	}
	if n := len(h.slack.Messages("DUMIRA")); n != 0 {
		t.Errorf("%d messages in Mira's direct messages", n)
	}
}
