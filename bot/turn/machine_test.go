package turn

import (
	"slices"
	"testing"
	"time"

	"github.com/looplab/fsm"

	"nevermind/bot"
)

// TestMachineMoves walks a sound flow's machine: what it hears, where it leads, and that a refusal harms no later turn.
func TestMachineMoves(t *testing.T) {
	m := newMachine(sound().All[1])
	for _, c := range []struct {
		from, event, to string // "" is a refusal
	}{
		{"waiting", "passed", "working"}, {"waiting", "person_asked", "waiting"},
		{"waiting", "done", ""}, {"over", "passed", ""}, {"nowhere", "passed", ""}, {"", born, "waiting"},
	} {
		for range 3 {
			here := m.at(c.from)
			if got, want := here.hears(c.event), c.to != ""; got != want {
				t.Errorf("%s is heard in %q: %v, want %v", c.event, c.from, got, want)
			}
			err := here.fire(c.event, &bot.View{})
			if (err == nil) != (c.to != "") || err == nil && here.current() != c.to {
				t.Errorf("%s leads from %q to %q (%v), want %q", c.event, c.from, here.current(), err, c.to)
			}
			here.release()
		}
	}
}

// lamp is a record with a button that leads on, and the ruleset in which it stands.
func lamp() (*Ruleset, *bot.View) {
	record := &bot.Flow{Name: "lamp", First: "off", Born: []string{"bought"}, States: bot.States{
		"off": {
			Tell:  bot.To{bot.Buyer: "It is off."},
			Offer: bot.Offers{bot.Buyer: {{Event: "switched", Label: "Switch it on"}, {Event: "person_asked", Label: "A person"}}},
			Then:  bot.Moves{"switched": bot.Go("on"), "person_asked": bot.Stay(), "bought": bot.Stay()},
		},
		"on":     {Tell: bot.To{bot.Buyer: "It is on."}},
		"broken": {Tell: bot.To{bot.Buyer: "It is broken."}},
	}}
	r := NewRuleset(&bot.Flows{All: []*bot.Flow{record}}, nil)
	ana := &bot.Person{ID: "buyer:ana", Rooms: []bot.Room{"web:ana"}}
	c := &bot.Conversation{Key: "lamp/1", Frame: bot.Frame{Flow: "lamp"}, Parties: map[bot.Party]bot.PersonID{bot.Buyer: ana.ID}}
	return r, &bot.View{Now: time.Unix(0, 0), Policy: &bot.Policy{}, Conv: c, Frame: &c.Frame, Actor: ana, Renderer: r,
		People: map[bot.Party]*bot.Person{bot.Buyer: ana}, Event: &bot.Event{ID: "1", Name: "bought", By: bot.Buyer, Actor: ana.ID}}
}

// next makes the turn of an event and goes on from there.
func next(t *testing.T, r *Ruleset, v *bot.View, event string) bot.Turn {
	t.Helper()
	v.Event = &bot.Event{ID: event, Name: event, By: bot.Buyer, Actor: v.Actor.ID}
	turn, err := r.Decide(v)
	if err != nil {
		t.Fatal(err)
	}
	v.Conv = &turn.Conv
	v.Frame = &turn.Conv.Frame
	return turn
}

func labels(turn bot.Turn) (all []string) {
	for i := range turn.Replies {
		for _, b := range turn.Replies[i].Choices {
			all = append(all, b.Label)
		}
	}
	return all
}

// TestLooplabMoves: the machine's table alone says where a conversation goes and what it hears.
func TestLooplabMoves(t *testing.T) {
	t.Run("as written", func(t *testing.T) {
		r, v := lamp()
		if got, want := labels(next(t, r, v, "bought")), []string{"Switch it on", "A person"}; !slices.Equal(got, want) {
			t.Errorf("offered: %q, want %q", got, want)
		}
		if next(t, r, v, "switched"); v.Conv.State != "on" {
			t.Errorf("it is %q, want on", v.Conv.State)
		}
	})
	t.Run("an arrow is redirected", func(t *testing.T) {
		r, v := lamp()
		alter(r, func(line *fsm.EventDesc) bool {
			if line.Name == "switched" {
				line.Dst = "broken"
			}
			return true
		})
		next(t, r, v, "bought")
		turn := next(t, r, v, "switched")
		if v.Conv.State != "broken" || turn.Replies[len(turn.Replies)-1].Text != "It is broken." {
			t.Errorf("it is %q and says %+v, want broken", v.Conv.State, turn.Replies)
		}
	})
	t.Run("a move that stays is redirected", func(t *testing.T) {
		r, v := lamp()
		alter(r, func(line *fsm.EventDesc) bool {
			if line.Name == "person_asked" {
				line.Dst = "broken"
			}
			return true
		})
		next(t, r, v, "bought")
		if next(t, r, v, "person_asked"); v.Conv.State != "broken" || v.Conv.Closed.IsZero() {
			t.Errorf("it is %q, want broken", v.Conv.State)
		}
	})
	t.Run("an arrow is removed", func(t *testing.T) {
		r, v := lamp()
		alter(r, func(line *fsm.EventDesc) bool { return line.Name != "switched" })
		if got, want := labels(next(t, r, v, "bought")), []string{"A person"}; !slices.Equal(got, want) {
			t.Errorf("offered: %q, want %q", got, want)
		}
		if turn := next(t, r, v, "switched"); turn.Entry.Refused != bot.RefusedUnheard || v.Conv.State != "off" {
			t.Errorf("it is %q (%q), want off, unheard", v.Conv.State, turn.Entry.Refused)
		}
		if r.Hears(v.Conv, "switched") || !r.Hears(v.Conv, "person_asked") {
			t.Error("what is heard is not what the table says")
		}
	})
}

// alter changes the table that the lamp's machine follows: each line as change leaves it, or none where it says false.
func alter(r *Ruleset, change func(line *fsm.EventDesc) bool) {
	f := r.ByName["lamp"]
	var table []fsm.EventDesc
	for _, line := range tableOf(append(f.Births(unborn, born), f.Edges()...)) {
		if change(&line) {
			table = append(table, line)
		}
	}
	r.machines["lamp"].follow(func() []fsm.EventDesc { return table })
}
