package web

import (
	"embed"
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"net/http"

	"nevermind/bot"
)

//go:embed assets
var assets embed.FS

// maxBody is the size of a request at most, in bytes: a long message with room to spare.
const maxBody = 256 << 10

// fault is an error for the page: a status and a sentence.
type fault struct {
	status int
	why    string
}

// Error says what went wrong.
func (f fault) Error() string { return f.why }

// handler is an http.Handler that may fail.
type handler func(w http.ResponseWriter, r *http.Request) error

// routes are the page's files and its data.
func (d *Demo) routes() *http.ServeMux {
	mux := http.NewServeMux()
	files, _ := fs.Sub(assets, "assets")
	mux.Handle("GET /{$}", http.FileServerFS(files))
	mux.Handle("GET /assets/", http.StripPrefix("/assets/", http.FileServerFS(files)))
	for pattern, a := range map[string]handler{
		"GET /api/people":         d.people,
		"GET /api/words":          d.pageWords,
		"GET /api/rooms/{room}":   d.room,
		"POST /api/messages":      d.message,
		"GET /api/events":         d.events,
		"GET /api/cases":          d.cases,
		"GET /api/cases/{key...}": d.oneCase,
		"GET /api/flows/{file}":   d.diagram,
		"GET /api/clock":          d.clock,
		"POST /api/clock":         d.moveClock,
		"GET /api/orders":         d.orders,
		"POST /api/shop":          d.shopAct,
		"GET /api/deadlines":      d.deadlineBoard,
		"POST /api/laboratory":    d.laboratory,
		"GET /api/report":         d.report,
		"GET /api/situations":     d.situationList,
		"POST /api/situations":    d.beginSituation,
		"POST /api/start-over":    d.startOver,
	} {
		mux.Handle(pattern, d.handle(a, maxBody))
	}
	mux.Handle("PUT /api/files", d.handle(d.putFile, bot.LargestFile+1)) // one more, so that too much is seen
	mux.Handle("GET /api/files/{hash}", d.handle(d.file, 0))
	return mux
}

// handle limits the body to so many bytes and answers with what a handler failed of. What is not the page's own fault is
// logged, and the page is not told.
func (d *Demo) handle(a handler, most int64) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		r.Body = http.MaxBytesReader(w, r.Body, most)
		err := a(w, r)
		var f fault
		switch {
		case err == nil:
		case errors.As(err, &f):
			writeFault(w, f)
		case errors.Is(err, bot.ErrNone):
			writeFault(w, fault{http.StatusNotFound, wordsNotHere})
		case errors.Is(err, ErrNotNow), errors.Is(err, bot.ErrSeen):
			writeFault(w, fault{http.StatusConflict, wordsNotNow})
		case errors.Is(err, bot.ErrBusy), errors.Is(err, bot.ErrClosed):
			writeFault(w, fault{http.StatusServiceUnavailable, wordsBusy})
		case r.Context().Err() != nil: // the page has gone
		default:
			d.cfg.Log.Error("demo page", "path", r.Pattern, "err", err)
			writeFault(w, fault{http.StatusInternalServerError, wordsBroken})
		}
	})
}

// writeFault answers with a problem document.
func writeFault(w http.ResponseWriter, f fault) {
	w.Header().Set("Content-Type", "application/problem+json")
	w.WriteHeader(f.status)
	_ = json.NewEncoder(w).Encode(map[string]any{"title": f.why, "status": f.status})
}

// writeJSON answers with a value.
func writeJSON(w http.ResponseWriter, v any) error {
	w.Header().Set("Content-Type", "application/json")
	return json.NewEncoder(w).Encode(v)
}

// readJSON decodes exactly one JSON value with no fields but the known ones; the error is a fault.
func readJSON(r *http.Request, v any) error {
	dec := json.NewDecoder(r.Body)
	// A field that is not known is a page of another version.
	dec.DisallowUnknownFields()
	err := dec.Decode(v)
	if err == nil {
		if _, more := dec.Token(); more != io.EOF {
			err = errors.New("more than one value")
		}
	}
	var long *http.MaxBytesError
	switch {
	case errors.As(err, &long):
		return fault{http.StatusRequestEntityTooLarge, wordsTooLong}
	case err != nil:
		return fault{http.StatusBadRequest, "that is not the JSON expected here"}
	}
	return nil
}
