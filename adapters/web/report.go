package web

import (
	"net/http"

	"nevermind/bot"
)

// report answers with what came of all requests.
func (d *Demo) report(w http.ResponseWriter, r *http.Request) error {
	made, err := d.cfg.Report(r.Context(), bot.ReportQuery{})
	if err != nil {
		return err
	}
	return writeJSON(w, made)
}
