package bolt

import (
	"cmp"
	"container/list"
	"slices"
)

// lane is the tasks that wait in one lane; only its head can be leased.
type lane struct {
	name         string
	queue        []queuedTask // by seq; only a head that is leased may stand before its turn
	epoch        uint64       // of the head's lease; 0 where it has none
	until        instant      // when that lease runs out
	locked       bool         // the writer is about to change its head
	readyElement *list.Element
	index        int // in later; -1 where it is not there
}

// queuedTask is one task in a lane.
type queuedTask struct {
	seq       uint64
	notBefore instant
	made      instant
}

// due is when the lane's head can be claimed: 0 is at any time.
func (x *lane) due() instant {
	if x.epoch != 0 {
		return x.until
	}
	return x.queue[0].notBefore
}

// insert puts a task where it belongs, though never before a head that somebody is at work on, and returns where.
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

// find returns where a task stands, or would.
func (x *lane) find(seq uint64) (i int, found bool) {
	if len(x.queue) == 0 || x.queue[0].seq >= seq {
		return 0, len(x.queue) > 0 && x.queue[0].seq == seq
	}
	return x.searchBehindHead(seq)
}

// searchBehindHead does the same behind the head.
func (x *lane) searchBehindHead(seq uint64) (i int, found bool) {
	i, found = slices.BinarySearchFunc(x.queue[1:], seq, func(p queuedTask, seq uint64) int { return cmp.Compare(p.seq, seq) })
	return i + 1, found
}

// laneHeap is a heap of lanes by when they are due, then by the age of their heads.
type laneHeap []*lane

func (h laneHeap) Len() int { return len(h) }

func (h laneHeap) Less(i, j int) bool {
	if a, b := h[i].due(), h[j].due(); a != b {
		return a < b
	}
	return h[i].queue[0].seq < h[j].queue[0].seq
}

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
