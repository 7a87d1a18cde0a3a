package flows_test

import (
	"compress/gzip"
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"nevermind/bot"
)

// storedHouse is what version 0.1 had stored when a conversation stood in a state with buttons on offer.
type storedHouse struct {
	At      string // "cancel.adding_note"
	Key     bot.Key
	Policy  string
	Now     time.Time
	People  []bot.Person
	Orders  []bot.Order
	Records []struct {
		Conversation bot.Conversation
		Terms        []string
	}
}

// TestButtonsOfTheVersionBefore presses every button that version 0.1 had put on offer, in each state in which its
// transcripts stood, on what it had stored: each is heard, and leads somewhere (law 9). Together they reach the moves that
// are kept for them.
func TestButtonsOfTheVersionBefore(t *testing.T) {
	kept := &coverage{missing: map[string]bool{}}
	for _, what := range keptForStored {
		kept.missing[what] = true
	}
	t.Cleanup(func() { kept.whole(t, len(keptForStored)) })
	pressed := map[string]bool{} // once in each state
	for _, h := range storedHouses(t) {
		c := h.record(h.Key)
		offers := slices.DeleteFunc(c.Offers, func(o bot.Offer) bool {
			what := fmt.Sprintf("%s.%s: %s of the %s, %s", c.Flow, c.State, o.Event, o.Party, o.Facts["reason"])
			defer func() { pressed[what] = true }()
			return pressed[what]
		})
		t.Run(h.At, func(t *testing.T) {
			t.Parallel()
			for i := range offers {
				o := &offers[i]
				s := h.open(t)
				account, room := h.presser(o.Party)
				if who, err := s.store.PersonAt(t.Context(), account); o.Party != bot.Here && (err != nil || who.Party() != o.Party) {
					continue // in that transcript the chat had changed hands
				}
				s.must(s.engine.Receive(t.Context(), bot.Message{ID: "old", Room: room, Account: account, Press: o.Token}))
				s.drain()
				kept.strike(s.journal)
				if len(s.journal) == 0 || s.journal[0].Refused != "" {
					t.Errorf("%s of the %s is refused: %+v", o.Event, o.Party, s.journal)
				}
			}
		})
	}
}

func storedHouses(t *testing.T) []storedHouse {
	f, err := os.Open("testdata/stored_0.1.json.gz")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	var all []storedHouse
	if err := json.NewDecoder(z).Decode(&all); err != nil || len(all) == 0 {
		t.Fatal(len(all), err)
	}
	return all
}

// record is one of what was stored.
func (h *storedHouse) record(key bot.Key) *bot.Conversation {
	for i := range h.Records {
		if h.Records[i].Conversation.Key == key {
			return &h.Records[i].Conversation
		}
	}
	return nil
}

// open starts a house of today on what was stored; its journals begin anew.
func (h *storedHouse) open(t *testing.T) *stage {
	s := newStage(t, h.Policy)
	s.now = h.Now
	for _, p := range h.People {
		p.Version = 0
		s.person(p)
	}
	for _, o := range h.Orders {
		o.Version = 0
		_, err := s.engine.PutOrder(t.Context(), o)
		s.must(err)
	}
	for _, r := range h.Records {
		c := r.Conversation
		c.Version, c.Entries, c.Head, c.Saw = 0, 0, "", nil
		s.must(
			s.store.Commit(t.Context(), &bot.Commit{At: h.Now, Handled: "stored:" + string(c.Key), Conversation: &c, Terms: r.Terms}),
		)
	}
	s.drain()
	s.entries, s.journal = nil, nil
	return s
}

// presser is by which account, and in which room, somebody presses a button of the record; none where they had no chat.
func (h *storedHouse) presser(p bot.Party) (account string, room bot.Room) {
	if guest := h.record(h.Key).Facts["guest"]; p == bot.Here && guest != "" {
		return h.record(h.Key).Facts["guest_account"], bot.Room(guest)
	}
	if rest, ok := strings.CutPrefix(string(h.Key), "talk/"); ok {
		name, agent, _ := strings.Cut(rest, "#")
		if agent != "" {
			return "stage:" + strings.TrimPrefix(agent, "support:"), bot.Room(name)
		}
		return name, bot.Room(name)
	}
	if p == bot.Support {
		return "stage:mira", "stage:desk"
	}
	for _, who := range h.People {
		if who.ID == h.record(h.Key).Parties[p] && len(who.Rooms) > 0 {
			return who.Accounts[0], who.Rooms[0]
		}
	}
	return "", ""
}
