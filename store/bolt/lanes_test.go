package bolt

import (
	"testing"
	"time"

	"nevermind/bot"
)

func TestWhatTheWriterHasInHandIsNotLeased(t *testing.T) {
	l := newLanes(1)
	add := func(seq uint64) laneUpdate { return laneUpdate{lane: "a", add: true, queuedTask: queuedTask{seq: seq}} }
	l.apply([]laneUpdate{add(1), add(2)}, nil)
	c := l.claim(base, 9, time.Minute)[0]
	held := l.lock(&bot.Lease{Task: bot.Task{Lane: "a", Seq: 1}, Epoch: c.epoch})
	if held == nil {
		t.Fatal("the lease does not hold")
	}
	if got := l.claim(base.Add(time.Hour), 9, time.Minute); len(got) != 0 {
		t.Fatalf("got %v while the head is being settled, want nothing", got)
	}
	if l.lock(&bot.Lease{Task: bot.Task{Lane: "a", Seq: 1}, Epoch: c.epoch}) != nil {
		t.Fatal("the same lease holds twice")
	}
	l.apply([]laneUpdate{{lane: "a", remove: true, queuedTask: queuedTask{seq: 1}}}, []*lane{held})
	if got := l.claim(base.Add(time.Hour), 9, time.Minute); len(got) != 1 || got[0].seq != 2 {
		t.Fatalf("got %v, want the second task", got)
	}

	l.apply([]laneUpdate{{lane: "b", add: true, queuedTask: queuedTask{seq: 3}}}, nil)
	held, free := l.supersede("b", 3)
	if held == nil || !free {
		t.Fatal("a task that nobody has is not free")
	}
	if got := l.claim(base, 9, time.Minute); len(got) != 0 {
		t.Fatalf("got %v while it is taken out, want nothing", got)
	}
	l.apply(nil, []*lane{held}) // given up
	if got := l.claim(base, 9, time.Minute); len(got) != 1 {
		t.Fatalf("got %v, want the task again", got)
	}
}

func TestNothingIsKeptForALaneInWhichNothingWaits(t *testing.T) {
	l := newLanes(1)
	first := queuedTask{seq: 1}
	l.apply([]laneUpdate{{lane: "a", add: true, queuedTask: first}, {lane: "a", remove: true, queuedTask: first}}, nil)
	if len(l.byName) != 0 || l.ready.Len() != 0 || len(l.notDue) != 0 || !l.next().IsZero() {
		t.Fatalf("got %d lanes, %d ready, %d later, want none", len(l.byName), l.ready.Len(), len(l.notDue))
	}
}
