package main

import (
	"path/filepath"
	"strings"
	"testing"
	"time"

	"nevermind/adapters/slack"
	"nevermind/bot"
	"nevermind/store/bolt"
)

// german is a catalog of a few words.
type german map[string]string

func (g german) Text(language, english string) (string, bool) {
	words, ok := g[english]
	return words, ok && language == "de"
}

func (german) Count(string, int, string) (string, bool) { return "", false }

// TestBoardTongue: a board is in its reader's language, and English where the catalog has no words.
func TestBoardTongue(t *testing.T) {
	store, err := bolt.Open(filepath.Join(t.TempDir(), "db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { store.Close() })
	d := desk{store: store, now: func() time.Time { return time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC) }, catalog: german{
		"Your desk": "Ihr Tisch", "wait for us": "warten auf uns", "Unclaimed": "Noch frei", "Every case that waits has somebody.": "Alles hat jemanden.", "Sun": "So",
		"Nothing runs out within %d hours.": "In den nächsten %d Stunden läuft nichts ab.", "As of %s, in your time zone. It stays fresh while cases move.": "Stand: %s.",
		deskNoCase: "Einen Fall %s kenne ich nicht.", "Waits for you": "Wartet auf Sie", deskStranger: "Das ist für andere."}}
	for _, c := range []struct {
		who   bot.PersonID
		lang  string
		asked slack.Asked
		want  []string
	}{
		{"support:x", "de", slack.Asked{What: slack.Queue}, []string{"Ihr Tisch", "warten auf uns", "Noch frei", "Alles hat jemanden.", "In den nächsten 4 Stunden", "Stand: So 22 Nov, 09:00.", "opened today"}},
		{"support:x", "fr", slack.Asked{What: slack.Queue}, []string{"Your desk", "As of Sun 22 Nov"}},
		{"support:x", "de", slack.Asked{What: slack.Case, ID: "c-1"}, []string{"Einen Fall C-1 kenne ich nicht."}},
		{"seller:x", "de", slack.Asked{What: slack.Queue}, []string{"Wartet auf Sie"}},
		{"", "de", slack.Asked{What: slack.Queue}, []string{"Das ist für andere."}},
	} {
		b, err := d.board(t.Context(), bot.Person{ID: c.who, Language: c.lang}, c.asked)
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
