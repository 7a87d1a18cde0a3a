package flows

import (
	"strings"
	"testing"
	"time"

	"nevermind/bot"
)

// german is a catalog of a few words.
type german map[string]string

func (g german) Text(language, english string) (string, bool) {
	words, ok := g[english]
	return words, ok && language == "de"
}

func (g german) Count(language string, _ int, english string) (string, bool) {
	return g.Text(language, english)
}

func (g german) Speaks(tag string) string                             { return tag }
func (g german) Amount(_ string, m bot.Money) string                  { return m.String() }
func (g german) Join(_ string, after bot.Mark, items []string) string { return bot.Join(after, items) }

// nothingFiled is the facts of an empty store.
type nothingFiled struct{}

func (nothingFiled) Filed(string, int) ([]bot.Conversation, error) { return nil, nil }
func (nothingFiled) Order(string) (bot.Order, error)               { return bot.Order{}, bot.ErrNone }
func (nothingFiled) Person(bot.PersonID) (bot.Person, error)       { return bot.Person{}, bot.ErrNone }
func (nothingFiled) Countdowns(bot.Key, *bot.Person) ([]bot.Countdown, error) {
	return nil, bot.ErrNone
}

func (nothingFiled) Week() (bot.ReportGroup, bool) {
	return bot.ReportGroup{Asked: 7, Refunded: 2}, true
}

// TestBoardLanguage: a board is in its reader's language, and English where the catalog has no words.
func TestBoardLanguage(t *testing.T) {
	now := time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)
	words := german{
		"Your desk": "Ihr Tisch", "Waiting for us": "Warten auf uns", "Not taken yet": "Noch frei",
		"Every case that waits has somebody.": "Alles hat jemanden.", "Sun": "So",
		"Nothing runs out within {n} hours.":                                       "In den nächsten {n} Stunden läuft nichts ab.",
		"This is how things stood on {when}, by your clock. I keep it up to date.": "Stand: {when}.",
		boardNoCase: "Einen Fall {id} kenne ich nicht.", "Waiting for you": "Wartet auf Sie", boardStranger: "Das ist für andere."}
	for _, c := range []struct {
		who   bot.PersonID
		lang  string
		asked BoardQuery
		want  []string
	}{
		{"support:x", "de", BoardQuery{Kind: BoardDesk}, []string{"Ihr Tisch", "Warten auf uns", "Noch frei", "Alles hat jemanden.",
			"In den nächsten 4 Stunden", "Stand: So 22 Nov, 09:00 UTC.", "Requests this week"}},
		{"support:x", "fr", BoardQuery{Kind: BoardDesk}, []string{"Your desk", "This is how things stood on Sun 22 Nov"}},
		{"support:x", "de", BoardQuery{Kind: BoardCase, ID: "c-1"}, []string{"Einen Fall C-1 kenne ich nicht."}},
		{"seller:x", "de", BoardQuery{Kind: BoardDesk}, []string{"Wartet auf Sie"}},
		{"", "de", BoardQuery{Kind: BoardDesk}, []string{"Das ist für andere."}},
	} {
		b, err := DeskBoard(c.asked, &bot.Person{ID: c.who, Language: c.lang}, now, nothingFiled{}, words)
		if err != nil {
			t.Fatal(err)
		}
		shown := b.Title + "|" + b.Text + "|" + b.Foot
		for _, f := range b.Figures {
			shown += "|" + f.Words
		}
		for _, l := range b.Lists {
			shown += "|" + l.Title + "|" + l.Empty
		}
		for _, want := range c.want {
			if !strings.Contains(shown, want) {
				t.Errorf("%s in %s: %q is not in %s", c.who, c.lang, want, shown)
			}
		}
	}
}
