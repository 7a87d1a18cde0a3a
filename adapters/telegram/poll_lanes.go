package telegram

import (
	"context"
	"encoding/json"
	"sync"
	"time"
)

// pollLanes takes polled updates to the intake and knows which of them may be confirmed.
//
// Updates wait in lanes: those of one lane are stored in order by one goroutine, which lives while the lane has any; lanes run
// beside each other. An update that the intake cannot store is retried with a backoff, and holds up its own lane only. poll
// owns it: it alone calls offset, confirmed, accept and waitStored, and waits for the workers after its context has ended.
type pollLanes struct {
	intake  func(context.Context, parsedUpdate) error
	workers sync.WaitGroup

	mu          sync.Mutex
	unconfirmed map[int64]bool // by update id; true: stored
	next        int64          // above the highest id in unconfirmed
	unstored    int            // how many in unconfirmed are not stored
	lanes       map[string][]parsedUpdate
	drained     chan struct{} // holds one signal: unstored has become 0
}

// The backoff of an update that the intake cannot store: doubled after each attempt.
const (
	minIntakeBackoff = 100 * time.Millisecond
	maxIntakeBackoff = 5 * time.Second
)

// newPollLanes makes it empty, in front of an intake.
func newPollLanes(intake func(context.Context, parsedUpdate) error) *pollLanes {
	return &pollLanes{
		intake: intake, unconfirmed: map[int64]bool{}, lanes: map[string][]parsedUpdate{}, drained: make(chan struct{}, 1),
	}
}

// offset is what the next poll may confirm: the first id that is not stored, else the one above all; 0 where there is nothing
// to confirm. Pending says that one is not stored. Of the updates 7, 8 and 9, with 8 not stored, the offset is 8: 9 comes again
// with 8, and accept knows it.
func (pl *pollLanes) offset() (offset int64, pending bool) {
	pl.mu.Lock()
	defer pl.mu.Unlock()
	if len(pl.unconfirmed) == 0 {
		return 0, false
	}
	offset = pl.next
	for id, stored := range pl.unconfirmed {
		if !stored {
			offset, pending = min(offset, id), true
		}
	}
	return offset, pending
}

// confirmed is called when a poll with the offset has succeeded: Telegram has forgotten what is below it.
func (pl *pollLanes) confirmed(offset int64) {
	pl.mu.Lock()
	defer pl.mu.Unlock()
	for id, stored := range pl.unconfirmed {
		if stored && id < offset {
			delete(pl.unconfirmed, id)
		}
	}
}

// accept puts each update that is not known yet into its lane. It returns how many have no id: they can never be confirmed.
func (pl *pollLanes) accept(ctx context.Context, updates []json.RawMessage) (withoutID int) {
	for _, raw := range updates {
		p := parseUpdate(raw)
		if p.id == 0 {
			withoutID++
		}
		pl.enqueue(ctx, p.lane(), p)
	}
	return withoutID
}

// enqueue puts an update at the end of a lane, and starts the lane's goroutine where it was empty.
func (pl *pollLanes) enqueue(ctx context.Context, lane string, p parsedUpdate) {
	pl.mu.Lock()
	defer pl.mu.Unlock()
	if _, known := pl.unconfirmed[p.id]; known && p.id != 0 {
		return
	}
	if len(pl.unconfirmed) == 0 || p.id >= pl.next {
		pl.next = p.id + 1
	}
	pl.unconfirmed[p.id] = false
	pl.unstored++
	pl.lanes[lane] = append(pl.lanes[lane], p)
	if len(pl.lanes[lane]) == 1 {
		pl.workers.Go(func() { pl.runLane(ctx, lane) })
	}
}

// runLane stores the updates of a lane, one after the other, until it is empty or ctx ends.
func (pl *pollLanes) runLane(ctx context.Context, lane string) {
	for p, ok := pl.head(lane); ok; p, ok = pl.done(lane, p) {
		for wait := minIntakeBackoff; pl.intake(ctx, p) != nil; wait = min(2*wait, maxIntakeBackoff) {
			if !sleep(ctx, wait) {
				return
			}
		}
	}
}

// head is the first update of a lane that has one.
func (pl *pollLanes) head(lane string) (parsedUpdate, bool) {
	pl.mu.Lock()
	defer pl.mu.Unlock()
	return pl.lanes[lane][0], true
}

// done marks the first update of a lane as stored and returns the next; false where there is none, and the lane's goroutine
// ends. An update stays in its lane until it is stored, so that enqueue never starts a second goroutine for a lane.
func (pl *pollLanes) done(lane string, p parsedUpdate) (parsedUpdate, bool) {
	pl.mu.Lock()
	defer pl.mu.Unlock()
	pl.unconfirmed[p.id] = true
	if pl.unstored--; pl.unstored == 0 {
		select {
		case pl.drained <- struct{}{}:
		default:
		}
	}
	if pl.lanes[lane] = pl.lanes[lane][1:]; len(pl.lanes[lane]) == 0 {
		delete(pl.lanes, lane)
		return parsedUpdate{}, false
	}
	return pl.lanes[lane][0], true
}

// waitStored waits until every update is stored, at most so long.
func (pl *pollLanes) waitStored(ctx context.Context, most time.Duration) {
	t := time.NewTimer(most)
	defer t.Stop()
	for pl.anyUnstored() {
		select {
		case <-pl.drained:
		case <-t.C:
			return
		case <-ctx.Done():
			return
		}
	}
}

// anyUnstored says whether an update waits in a lane.
func (pl *pollLanes) anyUnstored() bool {
	pl.mu.Lock()
	defer pl.mu.Unlock()
	return pl.unstored > 0
}
