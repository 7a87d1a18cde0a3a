package telegram

import (
	"bytes"
	"context"
	"encoding/json"
	"math"
	"slices"
	"strconv"
	"sync"
	"time"
)

// pollLanes takes polled updates to the intake and knows which of them may be confirmed.
//
// Updates wait in lanes: those of one lane are stored in order by one worker, which has it while it has any; lanes run
// beside each other. An update that the intake cannot store is retried with a backoff, and holds up its own lane only. poll
// owns it: it alone calls offset, confirmed, accept and waitStored, and waits for the workers after its context has ended.
type pollLanes struct {
	intake  func(context.Context, parsedUpdate) error
	workers sync.WaitGroup
	idle    chan string // a lane for a worker that waits

	mu          sync.Mutex
	unconfirmed map[int64]bool // by update id; true: stored
	next        int64          // above the highest id in unconfirmed
	unstored    int            // how many in unconfirmed are not stored
	gate        int64          // waitStored waits for those below it,
	below       int            // so many
	lanes       map[string][]parsedUpdate
	open        chan struct{} // holds one signal: below has become 0
}

// The backoff of an update that the intake cannot store: doubled after each attempt.
const (
	minIntakeBackoff = 100 * time.Millisecond
	maxIntakeBackoff = 5 * time.Second
)

// newPollLanes makes it empty, in front of an intake.
func newPollLanes(intake func(context.Context, parsedUpdate) error) *pollLanes {
	return &pollLanes{
		intake: intake, idle: make(chan string), unconfirmed: map[int64]bool{}, lanes: map[string][]parsedUpdate{},
		open: make(chan struct{}, 1),
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
		if pl.has(raw) {
			continue
		}
		p := parseUpdate(raw)
		if p.id == 0 {
			withoutID++
		}
		pl.enqueue(ctx, p.lane(), p)
	}
	return withoutID
}

// has says whether an update is known, by the id with which the Bot API begins one: it comes again while one before it is not
// stored.
func (pl *pollLanes) has(raw json.RawMessage) bool {
	digits, ok := bytes.CutPrefix(raw, []byte(`{"update_id":`))
	end := bytes.IndexByte(digits, ',')
	if !ok || end < 0 {
		return false
	}
	id, err := strconv.ParseInt(string(digits[:end]), 10, 64)
	pl.mu.Lock()
	defer pl.mu.Unlock()
	_, known := pl.unconfirmed[id]
	return err == nil && id != 0 && known
}

// enqueue puts an update at the end of a lane, and gives the lane to a worker where it was empty.
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
		pl.work(ctx, lane)
	}
}

// work gives a lane to a worker that waits for one, or to a new one. Workers stay until ctx ends, so that their stacks do not
// grow anew for each update.
func (pl *pollLanes) work(ctx context.Context, lane string) {
	select {
	case pl.idle <- lane:
		return
	default:
	}
	pl.workers.Go(func() {
		for {
			pl.runLane(ctx, lane)
			select {
			case lane = <-pl.idle:
			case <-ctx.Done():
				return
			}
		}
	})
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

// done marks the first update of a lane as stored and returns the next; false where there is none, and the lane's worker
// leaves it. An update stays in its lane until it is stored, so that enqueue never gives a lane to a second worker.
func (pl *pollLanes) done(lane string, p parsedUpdate) (parsedUpdate, bool) {
	pl.mu.Lock()
	defer pl.mu.Unlock()
	pl.unconfirmed[p.id] = true
	pl.unstored--
	if p.id < pl.gate {
		pl.below--
	}
	if pl.below <= 0 || pl.unstored == 0 {
		select {
		case pl.open <- struct{}{}:
		default:
		}
	}
	if pl.lanes[lane] = pl.lanes[lane][1:]; len(pl.lanes[lane]) == 0 {
		delete(pl.lanes, lane)
		return parsedUpdate{}, false
	}
	return pl.lanes[lane][0], true
}

// waitStored waits until every update is stored, at most so long. Where more wait at Telegram, the first half of those that are
// not stored will do: the offset goes past them, and what comes next is stored beside the other half.
func (pl *pollLanes) waitStored(ctx context.Context, more bool, most time.Duration) {
	t := time.NewTimer(most)
	defer t.Stop()
	for pl.setGate(more); pl.shut(); {
		select {
		case <-pl.open:
		case <-t.C:
			return
		case <-ctx.Done():
			return
		}
	}
}

// setGate says which updates waitStored waits for.
func (pl *pollLanes) setGate(more bool) {
	pl.mu.Lock()
	defer pl.mu.Unlock()
	pl.gate, pl.below = math.MaxInt64, pl.unstored
	var ids []int64
	for id, stored := range pl.unconfirmed {
		if !stored {
			ids = append(ids, id)
		}
	}
	if more && len(ids) > 1 {
		slices.Sort(ids)
		pl.gate, pl.below = ids[len(ids)/2], len(ids)/2
	}
}

// shut says whether one of them is not stored.
func (pl *pollLanes) shut() bool {
	pl.mu.Lock()
	defer pl.mu.Unlock()
	return pl.below > 0 && pl.unstored > 0
}
