package web

import (
	"net/http"
	"time"

	"nevermind/bot"
)

// row is one clock on the board of all deadlines.
type row struct {
	Key     bot.Key                `json:"key"`
	ID      string                 `json:"id"`
	Order   string                 `json:"order"`
	State   string                 `json:"state"`
	Name    string                 `json:"name"`
	From    time.Time              `json:"from"`
	At      time.Time              `json:"at"`
	Length  string                 `json:"length"`
	Zone    string                 `json:"zone,omitempty"` // where it runs in business days
	Then    string                 `json:"then"`
	Whose   []bot.Party            `json:"whose"`
	Loses   string                 `json:"loses"`
	Sources []string               `json:"sources"`
	Party   map[bot.Party]personAt `json:"parties"`
}

// maxRows is how many clocks the board shows.
const maxRows = 100

// board answers with every clock that runs, earliest first.
func (d *Demo) board(w http.ResponseWriter, r *http.Request) error {
	ledger, err := d.house.Ledger(r.Context(), &bot.Person{ID: bot.Desk}, maxRows)
	if err != nil {
		return err
	}
	rows := make([]row, 0, len(ledger))
	for _, c := range ledger {
		v := row{Key: c.Key, ID: c.ID, Order: c.Order, State: c.State, Name: c.Name, From: c.From, At: c.At, Length: c.Window.String(), Zone: c.Zone,
			Then: c.Then, Whose: c.Whose, Loses: c.Loses, Sources: c.Sources, Party: map[bot.Party]personAt{}}
		for party, id := range c.Parties {
			v.Party[party] = personAt{id, d.name(r.Context(), id)}
		}
		rows = append(rows, v)
	}
	return reply(w, map[string]any{"rows": rows})
}
