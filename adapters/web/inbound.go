package web

import (
	"net/http"
	"strings"
	"unicode/utf8"

	"nevermind/bot"
)

// sentMessage is what a page posts when somebody types or presses.
type sentMessage struct {
	ID      string   `json:"id"` // made by the page for each act, so that a repeat is known
	Room    bot.Room `json:"room"`
	Account string   `json:"account"`
	Text    string   `json:"text"`
	Press   string   `json:"press"`
	ReplyTo bot.Ref  `json:"reply_to"`
	Files   []string `json:"files"` // hashes of what was put before
}

// maxFiles is how many files go with one message, as in an album.
const maxFiles = 10

// message takes what somebody typed or pressed; 200 means that it is stored, so the page may forget it. A repeat under the
// same id changes nothing.
func (d *Demo) message(w http.ResponseWriter, r *http.Request) error {
	var s sentMessage
	if err := readJSON(r, &s); err != nil {
		return err
	}
	if err := s.check(); err != nil {
		return err
	}
	// The files were put before; the message names them by hash.
	files, err := d.uploads.find(s.Files)
	if err != nil {
		return err
	}
	err = d.engine.Receive(r.Context(), bot.Message{
		ID: s.ID, Room: s.Room, Account: s.Account, Text: s.Text, Press: s.Press,
		ReplyTo: s.ReplyTo, Files: files, At: d.engine.Now(), Language: acceptLanguage(r),
	})
	if err != nil {
		return err
	}
	// The page draws what was said from the store, its own words too.
	d.hints.room(s.Room)
	return writeJSON(w, map[string]string{"id": s.ID})
}

// check refuses what the page itself would not send; the error is a fault.
func (s *sentMessage) check() error {
	id, ok := strings.CutPrefix(s.ID, "web:")
	switch {
	case !ok || len(id) < 8 || len(id) > 64:
		return fault{http.StatusBadRequest, `"id" must be "web:" and 8 to 64 characters of your own`}
	case !maySpeak(s.Room, s.Account):
		return fault{http.StatusForbidden, "this account does not speak in this room"}
	case len(s.Files) > maxFiles:
		return fault{http.StatusBadRequest, wordsManyFiles}
	case !utf8.ValidString(s.Text):
		return fault{http.StatusBadRequest, `"text" is not valid UTF-8`}
	case strings.TrimSpace(s.Text) == "" && s.Press == "" && len(s.Files) == 0:
		return fault{http.StatusBadRequest, wordsNothing}
	}
	return nil
}

// acceptLanguage is the language that a browser asks for first.
func acceptLanguage(r *http.Request) string {
	first, _, _ := strings.Cut(r.Header.Get("Accept-Language"), ",")
	tag, _, _ := strings.Cut(first, ";")
	return strings.TrimSpace(tag)
}
