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

// The requests and answers between the console's halves.
type (
	enterRequest struct {
		Person bot.PersonID `json:"person"`
	}
	enterAnswer struct {
		Room bot.Room `json:"room"`
		Name string   `json:"name"`
	}
	messageRequest struct {
		ID    string   `json:"id"`
		Room  bot.Room `json:"room"`
		Text  string   `json:"text,omitempty"`
		Press string   `json:"press,omitempty"`
		Files []file   `json:"files,omitempty"`
	}
	messageAnswer struct {
		Last string `json:"last"` // the last thing said in answer
	}
)

const (
	maxLine       = 256 << 10        // bytes of a request at most; a typed line has half of it
	answerTimeout = 10 * time.Second // how long an answer to what was typed is waited for
)

// Handler serves the terminal's half. It trusts whoever reaches it, so it belongs on the control socket only.
func (a *Adapter) Handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("POST /console/rooms", a.enterRoom)
	mux.HandleFunc("POST /console/messages", a.postMessage)
	mux.HandleFunc("POST /console/files", a.putFile)
	mux.HandleFunc("GET /console/stream", a.serveStream)
	return mux
}

// enterRoom gives a person their room and answers with its name.
func (a *Adapter) enterRoom(w http.ResponseWriter, r *http.Request) {
	var h enterRequest
	if err := json.NewDecoder(http.MaxBytesReader(w, r.Body, maxLine)).Decode(&h); err != nil {
		http.Error(w, "not a person", http.StatusBadRequest)
		return
	}
	p, err := a.linkPerson(r.Context(), h.Person)
	switch {
	case errors.Is(err, ErrStranger):
		http.Error(w, err.Error(), http.StatusNotFound)
	case err != nil:
		http.Error(w, "the store does not answer", http.StatusServiceUnavailable)
	default:
		writeJSON(w, enterAnswer{RoomOf(p.ID), p.Name})
	}
}

// postMessage takes a typed line or a press, and answers once all that follows from it at once has been sent, or
// answerTimeout has passed: so the terminal shows the answer before it reads the next line.
func (a *Adapter) postMessage(w http.ResponseWriter, r *http.Request) {
	var m messageRequest
	if err := json.NewDecoder(http.MaxBytesReader(w, r.Body, maxLine)).Decode(&m); err != nil {
		http.Error(w, "too long, or not a message", http.StatusBadRequest)
		return
	}
	if m.ID == "" || m.Room.Adapter() != a.Name() {
		http.Error(w, "not a message for the console", http.StatusBadRequest)
		return
	}
	err := a.receive(r.Context(), message(m, a.engine.Now()))
	if err != nil {
		http.Error(w, "not stored; say it again", http.StatusServiceUnavailable)
		return
	}
	// What takes longer comes by the stream; the terminal does not wait for it.
	ctx, cancel := context.WithTimeout(r.Context(), answerTimeout)
	defer cancel()
	last, err := a.awaitSent(ctx, m.Room)
	if err != nil {
		http.Error(w, "stored, but the answer cannot be read", http.StatusServiceUnavailable)
		return
	}
	writeJSON(w, messageAnswer{last})
}

// message is what was typed, as the engine knows it. The id was made by the terminal, so a repeat of the request is
// deduplicated.
func message(m messageRequest, now time.Time) bot.Message {
	return bot.Message{
		ID: "console:" + m.ID, Room: m.Room, Account: string(m.Room),
		Text: strings.ToValidUTF8(m.Text, "\uFFFD"), Press: m.Press, At: now,
		Files: botFiles(m.Files),
	}
}

// serveStream writes what was said last, then what is said from now on, one bubble a line. It subscribes before it reads
// the store, so nothing falls between; what is in both is written once.
func (a *Adapter) serveStream(w http.ResponseWriter, r *http.Request) {
	room := bot.Room(r.FormValue("room"))
	saying := a.stream(room)
	bubbles, stop := saying.subscribe()
	defer stop()
	said, err := a.engine.Store().Said(r.Context(), room, 0, ^uint64(0)>>1, historyLength)
	if err != nil {
		http.Error(w, "the store does not answer", http.StatusServiceUnavailable)
		return
	}
	w.Header().Set("Content-Type", "application/x-ndjson")
	out, flush := json.NewEncoder(w), http.NewResponseController(w)
	before, shown := replayRoom(said, saying)
	for _, b := range before {
		if out.Encode(b) != nil {
			return
		}
	}
	// Each bubble is sent at once.
	for flush.Flush() == nil {
		select {
		case <-r.Context().Done():
			return
		case <-a.done:
			return
		case b, ok := <-bubbles:
			if !ok || !shown[b.ID] && out.Encode(b) != nil {
				return
			}
		}
	}
}

// writeJSON answers with a value.
func writeJSON(w http.ResponseWriter, v any) {
	w.Header().Set("Content-Type", "application/json")
	if json.NewEncoder(w).Encode(v) != nil {
		return // whoever asked has gone
	}
}
