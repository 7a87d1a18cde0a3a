package web

import (
	"context"
	"errors"
	"math"
	"net/http"
	"slices"
	"time"

	"nevermind/bot"
)

// caseLine is a case as a list shows it.
type caseLine struct {
	Key    bot.Key                `json:"key"`
	ID     string                 `json:"id"`
	Flow   string                 `json:"flow"`
	State  string                 `json:"state"`
	End    bool                   `json:"end"`
	Order  string                 `json:"order,omitempty"`
	Party  map[bot.Party]personAt `json:"parties"`
	Opened time.Time              `json:"opened"`
	Closed *time.Time             `json:"closed,omitempty"`
}

type personAt struct {
	ID   bot.PersonID `json:"id"`
	Name string       `json:"name"`
}

// cases answers with the cases a person has heard of, or all buyers' cases; newest first.
func (d *Demo) cases(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	rooms := []bot.Room{RoomOf(bot.PersonID(r.FormValue("person")))}
	if r.FormValue("person") == "" {
		buyers, err := d.party(ctx, bot.Buyer)
		if err != nil {
			return err
		}
		rooms = rooms[:0]
		for _, b := range buyers {
			rooms = append(rooms, b.Room)
		}
	}
	lines := []caseLine{}
	for _, room := range rooms {
		found, err := d.casesIn(ctx, room)
		if err != nil {
			return err
		}
		lines = append(lines, found...)
	}
	slices.SortStableFunc(lines, func(a, b caseLine) int { return b.Opened.Compare(a.Opened) })
	return reply(w, map[string]any{"cases": lines})
}

// casesIn finds the cases that a room was told of: closed ones are no longer filed under anybody.
func (d *Demo) casesIn(ctx context.Context, room bot.Room) ([]caseLine, error) {
	said, err := d.house.Store().Said(ctx, room, 0, math.MaxInt64, maxSaid)
	if err != nil {
		return nil, err
	}
	var lines []caseLine
	seen := map[bot.Key]bool{}
	for _, s := range said {
		if s.Out == nil {
			continue
		}
		for _, key := range []bot.Key{s.Out.Card, s.Out.From} {
			if key == "" || key.Kind() == "talk" || seen[key] {
				continue
			}
			seen[key] = true
			conv, err := d.house.Store().Conversation(ctx, key)
			if errors.Is(err, bot.ErrNone) || err == nil && conv.ID == "" {
				continue
			}
			if err != nil {
				return nil, err
			}
			lines = append(lines, d.line(ctx, &conv))
		}
	}
	return lines, nil
}

func (d *Demo) line(ctx context.Context, c *bot.Conversation) caseLine {
	l := caseLine{
		Key: c.Key, ID: c.ID, Flow: c.Flow, State: c.State, End: !c.Closed.IsZero(), Order: c.Order,
		Party: map[bot.Party]personAt{}, Opened: c.Opened, Closed: when(c.Closed),
	}
	for party, id := range c.Parties {
		l.Party[party] = personAt{id, d.name(ctx, id)}
	}
	return l
}

// name returns what a person is called, or their id where that cannot be found.
func (d *Demo) name(ctx context.Context, id bot.PersonID) string {
	_, rest := id.Split()
	p, err := d.house.Store().Person(ctx, id)
	if err != nil {
		return rest
	}
	return orElse(p.Name, rest)
}

// when leaves out a time that is not known.
func when(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}
