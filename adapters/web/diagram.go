package web

import (
	"net/http"
	"strings"

	"nevermind/bot"
)

// diagram answers with a flow's drawing as it was embedded; the page lights the present state and the way walked.
func (d *Demo) diagram(w http.ResponseWriter, r *http.Request) error {
	name, ok := strings.CutSuffix(r.PathValue("file"), ".svg")
	if !ok || d.flow(name) == nil || d.cfg.Drawing == nil {
		return bot.ErrNone
	}
	svg, ok := d.cfg.Drawing(name)
	if !ok {
		return bot.ErrNone
	}
	w.Header().Set("Content-Type", "image/svg+xml")
	_, err := w.Write(svg)
	return err
}

// flow finds a flow by its name; nil where there is none.
func (d *Demo) flow(name string) *bot.Flow {
	for _, f := range d.engine.Flows().All {
		if f.Name == name {
			return f
		}
	}
	return nil
}
