package bolt

import "container/list"

// lane is the tasks that wait in one lane; only its head can be leased.
type lane struct {
	name  string
	queue []place // by seq
	epoch uint64  // of the head's lease; 0 where it has none
	until instant // when that lease runs out
	held  bool    // the writer is about to change its head
	turn  *list.Element
	index int // in later; -1 where it is not there
}

// place is one task in a lane.
type place struct {
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
