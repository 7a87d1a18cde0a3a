package bolt

import (
	"cmp"
	"container/list"
	"slices"

	"nevermind/bot"
)

// lane is the tasks that wait in one lane, such as the messages to one room. They are tried one
// after the other in the order of their sequence numbers, so only the head can be leased. A lane
// exists while something waits in it.
//
// The head is free (epoch 0), leased (epoch and until are set) or locked (the writer's open
// transaction is about to settle or remove it). A retry that waits for its time stays at the head
// and holds up the lane: order comes before speed.
type lane struct {
	name         string
	queue        []queuedTask // by seq; only a head that is leased may stand before its turn
	epoch        uint64       // of the head's lease; 0 where it has none
	until        instant      // when that lease runs out
	locked       bool         // the writer is about to change its head
	readyElement *list.Element
	index        int // in later; -1 where it is not there
}

// queuedTask is what memory holds of a task: 64 bytes. All else is read from the file when it is
// leased, unless it was committed just now.
type queuedTask struct {
	seq       uint64
	notBefore instant
	made      instant
	attempts  int
	card      bot.Key   // of an edit: whose card it changes
	loaded    bool      // it waited already when the store was opened, or was put back: its card is not known
	kept      *bot.Task // the part of it that never changes, for whoever leases it first; nil where it is not kept
}

// due is when the head can be claimed: the end of its lease, or the time before which it must not
// be tried; 0 is at any time.
func (x *lane) due() instant {
	if x.epoch != 0 {
		return x.until
	}
	return x.queue[0].notBefore
}

// insert puts a task where its sequence number belongs and returns its index. Nearly always that is
// the end; a dead letter that an operator puts back has an older number. It is never put before a
// head that somebody is at work on, since the lease speaks of the head.
func (x *lane) insert(p queuedTask) int {
	i := len(x.queue)
	if i > 0 && x.queue[i-1].seq > p.seq { // an operator has put it back
		if x.epoch != 0 || x.locked {
			i, _ = x.searchBehindHead(p.seq)
		} else {
			slices.SortFunc(x.queue, func(a, b queuedTask) int { return cmp.Compare(a.seq, b.seq) })
			i, _ = x.find(p.seq)
		}
	}
	x.queue = slices.Insert(x.queue, i, p)
	return i
}

// find returns where a task stands, or would stand.
func (x *lane) find(seq uint64) (i int, found bool) {
	if len(x.queue) == 0 || x.queue[0].seq >= seq {
		return 0, len(x.queue) > 0 && x.queue[0].seq == seq
	}
	return x.searchBehindHead(seq)
}

// searchBehindHead looks in the sorted part only: a leased head may stand before an older task.
func (x *lane) searchBehindHead(seq uint64) (i int, found bool) {
	i, found = slices.BinarySearchFunc(x.queue[1:], seq, func(p queuedTask, seq uint64) int { return cmp.Compare(p.seq, seq) })
	return i + 1, found
}

// laneHeap is a heap of lanes by when their heads are due, ties by the age of the head. Each lane
// knows its index, so that it can be removed from the middle.
type laneHeap []*lane

// Len is heap.Interface's.
func (h laneHeap) Len() int { return len(h) }

// Less is heap.Interface's.
func (h laneHeap) Less(i, j int) bool {
	if a, b := h[i].due(), h[j].due(); a != b {
		return a < b
	}
	return h[i].queue[0].seq < h[j].queue[0].seq
}

// Swap is heap.Interface's.
func (h laneHeap) Swap(i, j int) {
	h[i], h[j] = h[j], h[i]
	h[i].index, h[j].index = i, j
}

// Push is heap.Interface's.
func (h *laneHeap) Push(x any) {
	l := x.(*lane)
	l.index = len(*h)
	*h = append(*h, l)
}

// Pop is heap.Interface's.
func (h *laneHeap) Pop() any {
	old := *h
	l := old[len(old)-1]
	old[len(old)-1] = nil
	*h, l.index = old[:len(old)-1], -1
	return l
}
