package engine

import (
	"sync"
	"time"

	"nevermind/bot"
)

// roomLimit is a rate limit for each room: at most so often in a period, which begins with the first time. It is safe for
// concurrent use, and forgets all rooms when it knows too many.
type roomLimit struct {
	most   int
	period time.Duration

	mu    sync.Mutex
	rooms map[bot.Room]usedOf
}

// usedOf is how often a room's limit was asked for in its period.
type usedOf struct {
	since time.Time
	n     int
}

const mostLimitedRooms = 10_000

func newRoomLimit(most int, period time.Duration) *roomLimit {
	return &roomLimit{most: most, period: period, rooms: map[bot.Room]usedOf{}}
}

// allows counts once more, and says whether that is within the limit.
func (l *roomLimit) allows(room bot.Room, now time.Time) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	used := l.rooms[room]
	if age := now.Sub(used.since); age >= l.period || age < 0 {
		used = usedOf{since: now}
	}
	if used.n++; used.n > l.most {
		return false
	}
	if len(l.rooms) >= mostLimitedRooms {
		clear(l.rooms)
	}
	l.rooms[room] = used
	return true
}
