package console

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"time"

	"nevermind/bot"
)

// What the console's halves say to each other.
type (
	hello struct {
		Person bot.PersonID `json:"person"`
	}
	welcome struct {
		Room bot.Room `json:"room"`
		Name string   `json:"name"`
	}
	saidIn struct {
		ID    string   `json:"id"`
		Room  bot.Room `json:"room"`
		Text  string   `json:"text,omitempty"`
		Press string   `json:"press,omitempty"`
		Files []file   `json:"files,omitempty"`
	}
	heard struct {
		Last string `json:"last"` // the last thing said in answer
	}
)

const (
	longest  = 256 << 10        // bytes of one typed line
	patience = 10 * time.Second // how long an answer to what was typed is waited for
)

// Handler serves the terminal's half; it trusts whoever reaches it, so it belongs on the control socket only.
func (a *Adapter) Handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("POST /console/rooms", a.enter)
	mux.HandleFunc("POST /console/messages", a.hear)
	mux.HandleFunc("POST /console/files", a.keep)
	mux.HandleFunc("GET /console/stream", a.stream)
	return mux
}

func (a *Adapter) enter(w http.ResponseWriter, r *http.Request) {
	var h hello
	if err := json.NewDecoder(http.MaxBytesReader(w, r.Body, longest)).Decode(&h); err != nil {
		http.Error(w, "not a person", http.StatusBadRequest)
		return
	}
	p, err := a.link(r.Context(), h.Person)
	switch {
	case errors.Is(err, ErrStranger):
		http.Error(w, err.Error(), http.StatusNotFound)
	case err != nil:
		http.Error(w, "the store does not answer", http.StatusServiceUnavailable)
	default:
		answer(w, welcome{RoomOf(p.ID), p.Name})
	}
}

func (a *Adapter) hear(w http.ResponseWriter, r *http.Request) {
	var m saidIn
	if err := json.NewDecoder(http.MaxBytesReader(w, r.Body, longest)).Decode(&m); err != nil {
		http.Error(w, "too long, or not a message", http.StatusBadRequest)
		return
	}
	if m.ID == "" || m.Room.Adapter() != a.Name() {
		http.Error(w, "not a message for the console", http.StatusBadRequest)
		return
	}
	err := a.receive(r.Context(), message(m, a.house.Now()))
	if err != nil {
		http.Error(w, "not stored; say it again", http.StatusServiceUnavailable)
		return
	}
	ctx, cancel := context.WithTimeout(r.Context(), patience)
	defer cancel()
	last, err := a.settle(ctx, m.Room)
	if err != nil {
		http.Error(w, "stored, but the answer cannot be read", http.StatusServiceUnavailable)
		return
	}
	answer(w, heard{last})
}

// message is what was typed, as the house knows it.
func message(m saidIn, now time.Time) bot.Message {
	return bot.Message{
		ID: "console:" + m.ID, Room: m.Room, Account: string(m.Room),
		Text: strings.ToValidUTF8(m.Text, "\uFFFD"), Press: m.Press, At: now,
		Files: files(m.Files),
	}
}

// stream writes what was said last, then what is said from now on, one bubble a line.
func (a *Adapter) stream(w http.ResponseWriter, r *http.Request) {
	room := bot.Room(r.FormValue("room"))
	saying := a.saying(room)
	bubbles, stop := saying.listen()
	defer stop()
	said, err := a.house.Store().Said(r.Context(), room, 0, ^uint64(0)>>1, history)
	if err != nil {
		http.Error(w, "the store does not answer", http.StatusServiceUnavailable)
		return
	}
	w.Header().Set("Content-Type", "application/x-ndjson")
	out, flush := json.NewEncoder(w), http.NewResponseController(w)
	before, shown := remember(said, saying)
	for _, b := range before {
		if out.Encode(b) != nil {
			return
		}
	}
	for flush.Flush() == nil {
		select {
		case <-r.Context().Done():
			return
		case <-a.over:
			return
		case b, ok := <-bubbles:
			if !ok || !shown[b.ID] && out.Encode(b) != nil {
				return
			}
		}
	}
}

func answer(w http.ResponseWriter, v any) {
	w.Header().Set("Content-Type", "application/json")
	if json.NewEncoder(w).Encode(v) != nil {
		return // whoever asked has gone
	}
}
