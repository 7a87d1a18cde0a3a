package web

import (
	"sync"

	"nevermind/bot"
)

// hint tells a page what to fetch again; it carries no data.
type hint struct {
	kind string // "room", "case", "clock" or "shop"
	what string
	id   uint64
}

// hints hands each hint to every open page without ever waiting. A page whose queue is full is dropped: its stream ends,
// and the browser connects again and fetches everything.
type hints struct {
	mu     sync.Mutex
	pages  map[chan hint]struct{}
	last   uint64
	closed bool
}

// maxPages is how many pages may listen at once.
const maxPages = 64

// newHints has no pages.
func newHints() *hints { return &hints{pages: map[chan hint]struct{}{}} }

// room says that something was said in a room.
func (h *hints) room(r bot.Room) { h.tell("room", string(r)) }

// conversation says that a case or another record has moved.
func (h *hints) conversation(k bot.Key) { h.tell("case", string(k)) }

// tell hands a hint of a kind to every page.
func (h *hints) tell(kind, what string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.last++
	for page := range h.pages {
		select {
		case page <- hint{kind, what, h.last}:
		default:
			delete(h.pages, page) // its stream ends, and the browser asks anew
			close(page)
		}
	}
}

// open starts a page's stream; false where there are too many or the demo is ending.
func (h *hints) open() (chan hint, bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.closed || len(h.pages) >= maxPages {
		return nil, false
	}
	// Room for the hints of one turn and some more; a page that lags further behind starts over.
	page := make(chan hint, 64)
	h.pages[page] = struct{}{}
	return page, true
}

// leave ends a page's stream; a repeat does nothing.
func (h *hints) leave(page chan hint) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if _, ok := h.pages[page]; ok {
		delete(h.pages, page)
		close(page)
	}
}

// close ends every stream and admits no further page.
func (h *hints) close() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.closed = true
	for page := range h.pages {
		delete(h.pages, page)
		close(page)
	}
}
