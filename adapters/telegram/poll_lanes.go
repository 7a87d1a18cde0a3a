package telegram

import (
	"context"
	"encoding/json"
	"sync"
	"time"
)

// intake stores updates: those of one lane in order, lanes beside each other. What the store cannot take is tried again,
// and holds up its own lane only.
type intake struct {
	take func(context.Context, job) error
	all  sync.WaitGroup

	mu     sync.Mutex
	open   map[int64]bool // ids handed out and not confirmed yet; true: stored
	next   int64          // above the highest of them
	left   int            // how many of them are not stored
	lanes  map[string][]job
	stored chan struct{} // is told when nothing is left
}

// job is one update on its way to the store.
type job struct {
	id     int64 // 0 where it has none
	raw    json.RawMessage
	update *update // nil where it cannot be read
}

// read reads an update, once.
func read(raw json.RawMessage) job {
	j := job{raw: raw}
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
func (j job) lane() string {
	if j.update == nil {
		return "unreadable"
	}
	return j.update.lane()
}

// What the store could not take is tried again after this, doubled each time.
const (
	takeAgain  = 100 * time.Millisecond
	takeAtMost = 5 * time.Second
)

func newIntake(take func(context.Context, job) error) *intake {
	return &intake{take: take, open: map[int64]bool{}, lanes: map[string][]job{}, stored: make(chan struct{}, 1)}
}

// offset is what is to be confirmed: all below the first that is not stored; 0 is nothing. Pending: one is not.
func (in *intake) offset() (offset int64, pending bool) {
	in.mu.Lock()
	defer in.mu.Unlock()
	if len(in.open) == 0 {
		return 0, false
	}
	offset = in.next
	for id, stored := range in.open {
		if !stored {
			offset, pending = min(offset, id), true
		}
	}
	return offset, pending
}

// confirmed is told that Telegram has heard the offset.
func (in *intake) confirmed(offset int64) {
	in.mu.Lock()
	defer in.mu.Unlock()
	for id, stored := range in.open {
		if stored && id < offset {
			delete(in.open, id)
		}
	}
}

// accept hands each update that is new to its lane, and says how many are without an id: they can never be confirmed.
func (in *intake) accept(ctx context.Context, updates []json.RawMessage) (nameless int) {
	for _, raw := range updates {
		j := read(raw)
		if j.id == 0 {
			nameless++
		}
		in.hand(ctx, j.lane(), j)
	}
	return nameless
}

func (in *intake) hand(ctx context.Context, lane string, j job) {
	in.mu.Lock()
	defer in.mu.Unlock()
	if _, known := in.open[j.id]; known && j.id != 0 {
		return
	}
	if len(in.open) == 0 || j.id >= in.next {
		in.next = j.id + 1
	}
	in.open[j.id] = false
	in.left++
	in.lanes[lane] = append(in.lanes[lane], j)
	if len(in.lanes[lane]) == 1 {
		in.all.Go(func() { in.work(ctx, lane) })
	}
}

// work stores what is in a lane, one after the other, until it is empty or ctx ends.
func (in *intake) work(ctx context.Context, lane string) {
	for j, ok := in.head(lane); ok; j, ok = in.done(lane, j) {
		for wait := takeAgain; in.take(ctx, j) != nil; wait = min(2*wait, takeAtMost) {
			if !sleep(ctx, wait) {
				return
			}
		}
	}
}

func (in *intake) head(lane string) (job, bool) {
	in.mu.Lock()
	defer in.mu.Unlock()
	return in.lanes[lane][0], true
}

// done marks a lane's head as stored and returns the next.
func (in *intake) done(lane string, j job) (job, bool) {
	in.mu.Lock()
	defer in.mu.Unlock()
	in.open[j.id] = true
	if in.left--; in.left == 0 {
		select {
		case in.stored <- struct{}{}:
		default:
		}
	}
	if in.lanes[lane] = in.lanes[lane][1:]; len(in.lanes[lane]) == 0 {
		delete(in.lanes, lane)
		return job{}, false
	}
	return in.lanes[lane][0], true
}

// settle waits until all is stored, so long at most.
func (in *intake) settle(ctx context.Context, most time.Duration) {
	t := time.NewTimer(most)
	defer t.Stop()
	for in.waits() {
		select {
		case <-in.stored:
		case <-t.C:
			return
		case <-ctx.Done():
			return
		}
	}
}

func (in *intake) waits() bool {
	in.mu.Lock()
	defer in.mu.Unlock()
	return in.left > 0
}
