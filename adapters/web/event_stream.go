package web

import (
	"fmt"
	"net/http"
	"strings"
	"time"
)

// heartbeat keeps proxies from closing a quiet stream.
const heartbeat = 20 * time.Second

// events streams hints until the page leaves: Server-Sent Events.
func (d *Demo) events(w http.ResponseWriter, r *http.Request) error {
	page, ok := d.hints.open()
	if !ok {
		return fault{http.StatusServiceUnavailable, "too many pages are open, or the demo is ending"}
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

// oneLine keeps what is sent on the one line that an event's data is.
func oneLine(s string) string { return strings.NewReplacer("\n", " ", "\r", " ").Replace(s) }
