package bolt

import (
	"cmp"
	"container/heap"
	"container/list"
	"slices"
	"sync"
	"time"

	"nevermind/bot"
)

// lanes is the queue of waiting tasks in memory: every lane, and every lease. It is made when the
// store is opened, from the bucket of waiting tasks, and it holds three numbers for a task,
// those committed just now as they are, and nothing for a lane in which nothing waits.
//
// Two sides use it. The engine's workers call Claim, which only gives out leases, and give them
// back by settling. The writer adds and removes tasks after each durable commit (apply) and locks
// heads during one (lock, supersede). One mutex guards all of it; nothing under it touches the
// file.
//
// A lane is in exactly one place: in ready when its head was due at the latest claim, in notDue
// otherwise, in neither while it is locked. Lanes in ready take turns, so that a busy room cannot
// starve a quiet one.
//
// A lease is identified by its fencing token, the epoch: a number that grows with every lease and
// begins above all those of earlier openings of the file. A holder whose epoch is not the lane's
// present one is refused, however late it comes back.
type lanes struct {
	mu     sync.Mutex
	byName map[string]*lane
	ready  list.List // of *lane: those that were due at some claim, in the order of their turns
	notDue laneHeap  // the others, by the time at which they will be
	now    instant   // of the latest claim
	epoch  uint64
	kept   int // how many tasks are kept as they were committed
}

// laneUpdate is what a durable commit means for a lane: a task is added, leaves (remove), or
// neither, then its notBefore and attempts change, and its lease ends unless it is being tried.
type laneUpdate struct {
	lane string
	queuedTask
	add    bool
	remove bool
	tried  bool
}

// leasedHead is a head that has just been leased, by the names with which its task is read.
type leasedHead struct {
	lane  string
	epoch uint64
	queuedTask
	task *bot.Task // as it was committed just now; nil where it is to be read
}

// newLanes numbers leases from opens, the count of openings of the file, in its upper 24 bits: a
// lease from before a restart is below every lease after it.
func newLanes(opens uint64) *lanes { return &lanes{byName: map[string]*lane{}, epoch: opens << 40} }

// claim leases the heads that are due at now, at most n and one a lane, for the duration lease.
// First it moves the lanes whose time has come to ready, then it goes through ready from the front
// and puts each lane it has looked at at the end.
func (l *lanes) claim(now time.Time, n int, lease time.Duration) []leasedHead {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.now = toInstant(now)
	for len(l.notDue) > 0 && l.notDue[0].due() <= l.now {
		l.reschedule(l.notDue[0])
	}
	var out []leasedHead
	for e := l.ready.Front(); e != nil && len(out) < n; {
		x := e.Value.(*lane)
		e = e.Next()
		if x.due() <= l.now { // the clock may have gone back since it came here
			l.epoch++
			x.epoch, x.until = l.epoch, toInstant(now.Add(max(lease, 1)))
			out = append(out, leasedHead{x.name, x.epoch, x.queue[0], l.handOut(&x.queue[0])})
		}
		l.reschedule(x)
	}
	return out
}

// mostKept is how many tasks are kept in memory from their commit until they are leased; some 1.5 KiB each.
const mostKept = 4096

// handOut gives away a task that is kept, so that it need not be read; once only, for it becomes the worker's own.
func (l *lanes) handOut(q *queuedTask) *bot.Task {
	t := q.kept
	if t != nil {
		q.kept = nil
		l.kept--
	}
	return t
}

// release ends a lease that was never used, where reading its task failed.
func (l *lanes) release(c leasedHead) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if x := l.byName[c.lane]; x != nil && x.epoch == c.epoch {
		x.epoch, x.until = 0, 0
		l.reschedule(x)
	}
}

// next returns when the first task can be claimed, the zero time where nothing waits. A leased task
// can be claimed again when its lease runs out, so that nobody sleeps past a task whose worker is
// gone.
func (l *lanes) next() time.Time {
	l.mu.Lock()
	defer l.mu.Unlock()
	first := instant(0)
	earlier := func(x *lane) {
		if when := cmp.Or(x.due(), x.queue[0].made, 1); first == 0 || when < first {
			first = when
		}
	}
	if len(l.notDue) > 0 {
		earlier(l.notDue[0])
	}
	for e := l.ready.Front(); e != nil; e = e.Next() {
		earlier(e.Value.(*lane))
	}
	return first.Time()
}

// leased says whether the lease is still the lane's present one.
func (l *lanes) leased(lease *bot.Lease) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.leasedLane(lease) != nil
}

// leave takes a leased head out of its lane before that is durable; false where the lease is lost.
func (l *lanes) leave(lease *bot.Lease) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	x := l.leasedLane(lease)
	if x != nil {
		l.update(laneUpdate{lane: x.name, remove: true, queuedTask: queuedTask{seq: lease.Task.Seq}})
	}
	return x != nil
}

// lock keeps a leased head from everybody else until the commit that settles it is over; nil where
// the lease is lost. apply unlocks it.
func (l *lanes) lock(lease *bot.Lease) *lane {
	l.mu.Lock()
	defer l.mu.Unlock()
	x := l.leasedLane(lease)
	if x != nil {
		x.locked = true
		l.reschedule(x)
	}
	return x
}

// head is what memory holds of a leased head; nothing where it has left its lane already.
func (l *lanes) head(lease *bot.Lease) (q queuedTask) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if x := l.byName[lease.Task.Lane]; x != nil && x.queue[0].seq == lease.Task.Seq {
		q = x.queue[0]
	}
	return q
}

// leasedLane finds the lane whose head the lease holds. The epoch is the fencing token: a lease
// that has run out but was not given to another still counts.
func (l *lanes) leasedLane(lease *bot.Lease) *lane {
	x := l.byName[lease.Task.Lane]
	if x == nil || x.locked || lease.Epoch == 0 || x.epoch != lease.Epoch || x.queue[0].seq != lease.Task.Seq {
		return nil
	}
	return x
}

// edit finds the latest edit of a card that waits in a lane; nil where none does. is asks about one that is loaded.
func (l *lanes) edit(name string, card bot.Key, is func(seq uint64) bool) *uint64 {
	l.mu.Lock()
	x := l.byName[name]
	var waits []queuedTask
	if x != nil {
		waits = slices.Clone(x.queue)
	}
	l.mu.Unlock()
	for _, q := range slices.Backward(waits) {
		if q.card == card || q.loaded && is(q.seq) {
			return &q.seq
		}
	}
	return nil
}

// supersede asks to take a task out of its lane because a newer one replaces it. free is false
// where somebody holds its lease or it is being settled: then it stays. Where it is a free head it
// is locked for the transaction, and locked is its lane; a task behind the head can be leased by
// nobody, so nothing has to be locked.
func (l *lanes) supersede(name string, seq uint64) (held *lane, free bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	x := l.byName[name]
	if x == nil || x.queue[0].seq != seq { // not the head, or made in this very transaction
		return nil, true
	}
	if x.epoch != 0 || x.locked {
		return nil, false
	}
	x.locked = true
	l.reschedule(x)
	return x, true
}

// apply makes the updates of a durable commit and unlocks what was locked for it. After a rollback
// it is called without updates.
func (l *lanes) apply(changes []laneUpdate, held []*lane) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, x := range held {
		x.locked = false
	}
	for _, c := range changes {
		l.update(c)
	}
	for _, x := range held {
		if len(x.queue) > 0 {
			l.reschedule(x)
		}
	}
}

// update makes one change; the caller holds the mutex, or is alone, as load is.
func (l *lanes) update(c laneUpdate) {
	x := l.byName[c.lane]
	if c.add {
		if x == nil {
			x = &lane{name: c.lane, index: -1}
			l.byName[c.lane] = x
		}
		if l.kept == mostKept {
			c.kept = nil
		} else if c.kept != nil {
			l.kept++
		}
		if x.insert(c.queuedTask) == 0 {
			l.reschedule(x)
		}
		return
	}
	if x == nil { // its room was erased
		return
	}
	i, found := x.find(c.seq)
	if !found {
		return
	}
	if c.tried {
		x.queue[i].notBefore, x.queue[i].attempts = c.notBefore, c.attempts
		return
	}
	if i == 0 {
		x.epoch, x.until = 0, 0
	}
	l.handOut(&x.queue[i])
	switch {
	case !c.remove:
		x.queue[i].notBefore, x.queue[i].attempts = c.notBefore, c.attempts
	case i == 0:
		x.queue = x.queue[1:]
	default:
		x.queue = slices.Delete(x.queue, i, i+1)
	}
	l.reschedule(x)
}

// reschedule puts a lane where it belongs now: nowhere while it is locked, at the end of ready
// where its head is due, else in the heap. An empty lane is forgotten.
func (l *lanes) reschedule(x *lane) {
	if x.readyElement != nil {
		l.ready.Remove(x.readyElement)
		x.readyElement = nil
	}
	if x.index >= 0 {
		heap.Remove(&l.notDue, x.index)
	}
	switch {
	case len(x.queue) == 0:
		delete(l.byName, x.name)
	case x.locked: // nowhere, until it is let go
	case x.due() <= l.now:
		x.readyElement = l.ready.PushBack(x)
	default:
		heap.Push(&l.notDue, x)
	}
}
