package web

import (
	"fmt"
	"net/http"
	"strings"
	"time"
)

// heartbeat is how often a quiet stream says something, so that proxies do not close it.
const heartbeat = 20 * time.Second

// events streams hints as Server-Sent Events until the page leaves or the demo ends. The stream has no write deadline: it
// outlives the server's limit for a request.
func (d *Demo) events(w http.ResponseWriter, r *http.Request) error {
	page, ok := d.hints.open()
	if !ok {
		return fault{http.StatusServiceUnavailable, wordsManyPages}
	}
	defer d.hints.leave(page)
	rc := http.NewResponseController(w)
	_ = rc.SetWriteDeadline(time.Time{}) // a stream outlives the server's usual patience
	w.Header().Set("Content-Type", "text/event-stream")
	fmt.Fprint(w, "retry: 1000\nevent: hello\ndata: {}\n\n")
	beat := time.NewTicker(heartbeat)
	defer beat.Stop()
	for {
		if rc.Flush() != nil {
			return nil
		}
		select {
		case <-r.Context().Done():
			return nil
		case <-beat.C:
			fmt.Fprint(w, ": still here\n\n")
		case h, open := <-page:
			if !open {
				return nil
			}
			fmt.Fprintf(w, "id: %d\nevent: %s\ndata: %s\n\n", h.id, h.kind, oneLine(h.what))
		}
	}
}

// oneLine replaces line breaks: an event's data is one line.
func oneLine(s string) string { return strings.NewReplacer("\n", " ", "\r", " ").Replace(s) }
