package web

import (
	"net/http"
	"time"

	"nevermind/bot"
)

// deadlineRow is one deadline on the board of all of them: whose it is, what it is called, since and until when it runs,
// and what happens then when it passes.
type deadlineRow struct {
	Key     bot.Key                  `json:"key"`
	ID      string                   `json:"id"`
	Order   string                   `json:"order"`
	State   string                   `json:"state"`
	Name    string                   `json:"name"`
	From    time.Time                `json:"from"`
	At      time.Time                `json:"at"`
	Length  length                   `json:"length"`
	Zone    string                   `json:"zone,omitempty"` // where it runs in business days
	Then    string                   `json:"then"`
	Whose   []bot.Party              `json:"whose"`
	Says    string                   `json:"says"`
	Sources []string                 `json:"sources"`
	Party   map[bot.Party]personName `json:"parties"`
}

// length is how long a deadline runs in all, for the page to put in words.
type length struct {
	Seconds      float64 `json:"seconds,omitempty"`
	BusinessDays int     `json:"business_days,omitempty"`
}

// maxRows is how many deadlines the board shows.
const maxRows = 100

// deadlineBoard answers with the deadlines that run, earliest first.
func (d *Demo) deadlineBoard(w http.ResponseWriter, r *http.Request) error {
	reader := bot.Person{ID: bot.Desk}
	if _, err := time.LoadLocation(r.FormValue("zone")); err == nil {
		reader.Zone = r.FormValue("zone") // whoever looks at the page reads all its times by one clock
	}
	ledger, err := d.engine.Ledger(r.Context(), &reader, maxRows)
	if err != nil {
		return err
	}
	rows := make([]deadlineRow, 0, len(ledger))
	for _, c := range ledger {
		v := deadlineRow{
			Key: c.Key, ID: c.ID, Order: c.Order, State: c.State, Name: c.Name,
			From: c.From, At: c.At, Length: length{c.Window.Length.Seconds(), c.Window.BusinessDays}, Zone: c.Zone,
			Then: c.Then, Whose: c.Whose, Says: c.Says, Sources: c.Sources, Party: map[bot.Party]personName{},
		}
		for party, id := range c.Parties {
			v.Party[party] = personName{id, d.personName(r.Context(), id)}
		}
		rows = append(rows, v)
	}
	return writeJSON(w, map[string]any{"rows": rows})
}
