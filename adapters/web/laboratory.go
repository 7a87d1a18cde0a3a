package web

import (
	"errors"
	"net/http"
)

// ErrPolicy marks what is wrong with a policy that somebody wants to try: its words are for them.
var ErrPolicy = errors.New("this is no policy")

// laboratory answers with what the closed cases would have been under another policy, as the page was given it.
func (d *Demo) laboratory(w http.ResponseWriter, r *http.Request) error {
	var ask struct {
		Policy string `json:"policy"`
	}
	if err := readJSON(r, &ask); err != nil {
		return err
	}
	l, err := d.cfg.Laboratory(r.Context(), ask.Policy)
	if errors.Is(err, ErrPolicy) {
		return fault{http.StatusUnprocessableEntity, err.Error()}
	}
	if err != nil {
		return err
	}
	return writeJSON(w, l)
}
