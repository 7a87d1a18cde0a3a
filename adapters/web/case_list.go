package web

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"time"

	"nevermind/bot"
)

// caseLine is a case as a list shows it.
type caseLine struct {
	Key    bot.Key                  `json:"key"`
	ID     string                   `json:"id"`
	Flow   string                   `json:"flow"`
	State  string                   `json:"state"`
	End    bool                     `json:"end"`
	Order  string                   `json:"order,omitempty"`
	Party  map[bot.Party]personName `json:"parties"`
	Opened time.Time                `json:"opened"`
	Closed *time.Time               `json:"closed,omitempty"`
}

// personName is somebody and what they are called.
type personName struct {
	ID   bot.PersonID `json:"id"`
	Name string       `json:"name"`
}

// maxCases is how many cases a list shows for each term.
const maxCases = 500

// cases answers with a person's cases, open and closed, or with everybody's; newest first.
func (d *Demo) cases(w http.ResponseWriter, r *http.Request) error {
	var terms []string
	for _, f := range d.engine.Flows().All {
		// Everybody's cases: those of each flow.
		terms = append(terms, "flow:"+f.Name)
	}
	if person := r.FormValue("person"); person != "" {
		terms = []string{person}
	}
	lines := []caseLine{}
	for _, term := range terms {
		found, err := d.filed(r.Context(), term)
		if err != nil {
			return err
		}
		for i := range found {
			lines = append(lines, d.caseLine(r.Context(), &found[i]))
		}
	}
	slices.SortStableFunc(lines, func(a, b caseLine) int { return b.Opened.Compare(a.Opened) })
	return writeJSON(w, map[string]any{"cases": lines})
}

// filed loads the cases filed under a term. A record without a short name is no case to people and is left out.
func (d *Demo) filed(ctx context.Context, term string) ([]bot.Conversation, error) {
	keys, err := d.engine.Store().Find(ctx, term, "", maxCases)
	found := make([]bot.Conversation, 0, len(keys))
	for _, key := range keys {
		conv, err := d.engine.Store().Conversation(ctx, key)
		if errors.Is(err, bot.ErrNone) || err == nil && conv.ID == "" {
			continue
		}
		if err != nil {
			return nil, err
		}
		found = append(found, conv)
	}
	return found, err
}

// caseLine is a case as a list shows it, with the names of its parties.
func (d *Demo) caseLine(ctx context.Context, c *bot.Conversation) caseLine {
	l := caseLine{
		Key: c.Key, ID: c.ID, Flow: c.Flow, State: c.State, End: !c.Closed.IsZero(), Order: c.Order,
		Party: map[bot.Party]personName{}, Opened: c.Opened, Closed: optionalTime(c.Closed),
	}
	for party, id := range c.Parties {
		l.Party[party] = personName{id, d.personName(ctx, id)}
	}
	return l
}

// personName is what a person is called, or their id where that cannot be found.
func (d *Demo) personName(ctx context.Context, id bot.PersonID) string {
	_, rest := id.Split()
	p, err := d.engine.Store().Person(ctx, id)
	if err != nil {
		return rest
	}
	return nameOr(p.Name, rest)
}

// optionalTime is nil for a time that is not known.
func optionalTime(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}
