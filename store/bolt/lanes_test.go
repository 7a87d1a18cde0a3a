package bolt

import (
	"testing"
	"time"

	"nevermind/bot"
)

func TestWhatTheWriterHasInHandIsNotLeased(t *testing.T) {
	l := newLanes(1)
	add := func(seq uint64) laneChange { return laneChange{lane: "a", add: true, place: place{seq: seq}} }
	l.settle([]laneChange{add(1), add(2)}, nil)
	c := l.claim(base, 9, time.Minute)[0]
	held := l.hold(&bot.Lease{Task: bot.Task{Lane: "a", Seq: 1}, Epoch: c.epoch})
	if held == nil {
		t.Fatal("the lease does not hold")
	}
	if got := l.claim(base.Add(time.Hour), 9, time.Minute); len(got) != 0 {
		t.Fatalf("got %v while the head is being settled, want nothing", got)
	}
	if l.hold(&bot.Lease{Task: bot.Task{Lane: "a", Seq: 1}, Epoch: c.epoch}) != nil {
		t.Fatal("the same lease holds twice")
	}
	l.settle([]laneChange{{lane: "a", leave: true, place: place{seq: 1}}}, []*lane{held})
	if got := l.claim(base.Add(time.Hour), 9, time.Minute); len(got) != 1 || got[0].seq != 2 {
		t.Fatalf("got %v, want the second task", got)
	}

	l.settle([]laneChange{{lane: "b", add: true, place: place{seq: 3}}}, nil)
	held, free := l.withdraw("b", 3)
	if held == nil || !free {
		t.Fatal("a task that nobody has is not free")
	}
	if got := l.claim(base, 9, time.Minute); len(got) != 0 {
		t.Fatalf("got %v while it is taken out, want nothing", got)
	}
	l.settle(nil, []*lane{held}) // given up
	if got := l.claim(base, 9, time.Minute); len(got) != 1 {
		t.Fatalf("got %v, want the task again", got)
	}
}

func TestNothingIsKeptForALaneInWhichNothingWaits(t *testing.T) {
	l := newLanes(1)
	l.settle([]laneChange{{lane: "a", add: true, place: place{seq: 1}}, {lane: "a", leave: true, place: place{seq: 1}}}, nil)
	if len(l.byName) != 0 || l.ready.Len() != 0 || len(l.later) != 0 || !l.next().IsZero() {
		t.Fatalf("got %d lanes, %d ready, %d later, want none", len(l.byName), l.ready.Len(), len(l.later))
	}
}
