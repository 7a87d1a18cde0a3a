package telegram

import (
	"context"
	"encoding/json"
	"sync"
	"time"
)

// intake stores updates: those of one lane in order, lanes beside each other. What the store cannot take is tried again,
// and holds up its own lane only.
type pollLanes struct {
	intake  func(context.Context, parsedUpdate) error
	workers sync.WaitGroup

	mu          sync.Mutex
	unconfirmed map[int64]bool // ids handed out and not confirmed yet; true: stored
	next        int64          // above the highest of them
	unstored    int            // how many of them are not stored
	lanes       map[string][]parsedUpdate
	drained     chan struct{} // is told when nothing is left
}

// job is one update on its way to the store.
type parsedUpdate struct {
	id     int64 // 0 where it has none
	raw    json.RawMessage
	update *update // nil where it cannot be read
}

// read reads an update, once.
func parseUpdate(raw json.RawMessage) parsedUpdate {
	j := parsedUpdate{raw: raw}
	var u update
	if json.Unmarshal(raw, &u) == nil {
		j.update, j.id = &u, u.ID
	}
	if j.id == 0 {
		j.id, _ = updateID(raw)
	}
	return j
}

// lane is the queue it waits in.
func (j parsedUpdate) lane() string {
	if j.update == nil {
		return "unreadable"
	}
	return j.update.lane()
}

// What the store could not take is tried again after this, doubled each time.
const (
	minIntakeBackoff = 100 * time.Millisecond
	maxIntakeBackoff = 5 * time.Second
)

func newPollLanes(take func(context.Context, parsedUpdate) error) *pollLanes {
	return &pollLanes{intake: take, unconfirmed: map[int64]bool{}, lanes: map[string][]parsedUpdate{}, drained: make(chan struct{}, 1)}
}

// offset is what is to be confirmed: all below the first that is not stored; 0 is nothing. Pending: one is not.
func (in *pollLanes) offset() (offset int64, pending bool) {
	in.mu.Lock()
	defer in.mu.Unlock()
	if len(in.unconfirmed) == 0 {
		return 0, false
	}
	offset = in.next
	for id, stored := range in.unconfirmed {
		if !stored {
			offset, pending = min(offset, id), true
		}
	}
	return offset, pending
}

// confirmed is told that Telegram has heard the offset.
func (in *pollLanes) confirmed(offset int64) {
	in.mu.Lock()
	defer in.mu.Unlock()
	for id, stored := range in.unconfirmed {
		if stored && id < offset {
			delete(in.unconfirmed, id)
		}
	}
}

// accept hands each update that is new to its lane, and says how many are without an id: they can never be confirmed.
func (in *pollLanes) accept(ctx context.Context, updates []json.RawMessage) (nameless int) {
	for _, raw := range updates {
		j := parseUpdate(raw)
		if j.id == 0 {
			nameless++
		}
		in.enqueue(ctx, j.lane(), j)
	}
	return nameless
}

func (in *pollLanes) enqueue(ctx context.Context, lane string, j parsedUpdate) {
	in.mu.Lock()
	defer in.mu.Unlock()
	if _, known := in.unconfirmed[j.id]; known && j.id != 0 {
		return
	}
	if len(in.unconfirmed) == 0 || j.id >= in.next {
		in.next = j.id + 1
	}
	in.unconfirmed[j.id] = false
	in.unstored++
	in.lanes[lane] = append(in.lanes[lane], j)
	if len(in.lanes[lane]) == 1 {
		in.workers.Go(func() { in.runLane(ctx, lane) })
	}
}

// work stores what is in a lane, one after the other, until it is empty or ctx ends.
func (in *pollLanes) runLane(ctx context.Context, lane string) {
	for j, ok := in.head(lane); ok; j, ok = in.done(lane, j) {
		for wait := minIntakeBackoff; in.intake(ctx, j) != nil; wait = min(2*wait, maxIntakeBackoff) {
			if !sleep(ctx, wait) {
				return
			}
		}
	}
}

func (in *pollLanes) head(lane string) (parsedUpdate, bool) {
	in.mu.Lock()
	defer in.mu.Unlock()
	return in.lanes[lane][0], true
}

// done marks a lane's head as stored and returns the next.
func (in *pollLanes) done(lane string, j parsedUpdate) (parsedUpdate, bool) {
	in.mu.Lock()
	defer in.mu.Unlock()
	in.unconfirmed[j.id] = true
	if in.unstored--; in.unstored == 0 {
		select {
		case in.drained <- struct{}{}:
		default:
		}
	}
	if in.lanes[lane] = in.lanes[lane][1:]; len(in.lanes[lane]) == 0 {
		delete(in.lanes, lane)
		return parsedUpdate{}, false
	}
	return in.lanes[lane][0], true
}

// settle waits until all is stored, so long at most.
func (in *pollLanes) waitStored(ctx context.Context, most time.Duration) {
	t := time.NewTimer(most)
	defer t.Stop()
	for in.anyUnstored() {
		select {
		case <-in.drained:
		case <-t.C:
			return
		case <-ctx.Done():
			return
		}
	}
}

func (in *pollLanes) anyUnstored() bool {
	in.mu.Lock()
	defer in.mu.Unlock()
	return in.unstored > 0
}
