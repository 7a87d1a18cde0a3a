package engine

import (
	"errors"
	"sync"
	"time"

	"nevermind/bot"
)

// A platform that is away is asked by one message at a time; all else for it waits, which is no attempt (circuit breaker).
// So an outage costs no message its tries, leaves few copies behind that nobody knows of, and what waited goes out as soon
// as one message has come through.
const (
	awayAfter  = 3                // failures in a row, whatever the room, until a platform counts as away
	probeFirst = 5 * time.Second  // until it is asked again; doubled each time
	probeLast  = 30 * time.Second // at most
)

// outages knows what takes no messages: platforms, by the adapter's name, or rooms. It forgets at a restart: then each is asked
// anew. Safe for concurrent use.
type outages struct {
	mu   sync.Mutex
	away map[string]*absence
}

// absence is what is known of a platform, or a room, since it last took a message.
type absence struct {
	since    time.Time // the first failure
	last     time.Time // and the newest
	room     bot.Room  // what could not be sent first was for
	several  bool      // something for another room could not be sent either
	failures int       // without any answer, in a row
	pause    time.Duration
	probe    time.Time // when the next message may ask; a message that asks moves it on
}

func newOutages() *outages { return &outages{away: map[string]*absence{}} }

// wait is how long a message has to wait before its platform is asked again; zero where it may be sent now.
func (o *outages) wait(adapter string, now time.Time) time.Duration {
	o.mu.Lock()
	defer o.mu.Unlock()
	a := o.away[adapter]
	switch {
	case a == nil || a.failures < awayAfter:
		return 0
	case now.Before(a.probe):
		return a.probe.Sub(now)
	}
	a.pause = min(max(2*a.pause, probeFirst), probeLast)
	a.probe = now.Add(a.pause)
	return 0
}

// heard takes in how a send ended. It says whether the platform counts as away now: one that only asks to wait does not, though
// it takes nothing.
func (o *outages) heard(name string, room bot.Room, err error, now time.Time) (away bool) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if taken(err) {
		delete(o.away, name)
		return false
	}
	a := o.failed(name, room, now)
	var later bot.Later
	if errors.As(err, &later) {
		a.failures = 0
		return false
	}
	a.failures++
	return a.failures >= awayAfter
}

// held takes in that a message had to wait for its turn, by the adapter's word.
func (o *outages) held(name string, room bot.Room, now time.Time) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.failed(name, room, now)
}

// failed notes that nothing was taken. The caller holds the lock.
func (o *outages) failed(name string, room bot.Room, now time.Time) *absence {
	a := o.away[name]
	if a == nil {
		a = &absence{since: now, room: room}
		o.away[name] = a
	}
	a.last, a.several = now, a.several || a.room != room
	return a
}

// standstills are those that have taken nothing for so long, although something was tried lately, by when that began. A platform
// that takes nothing for one room alone is not among them.
func (o *outages) standstills(long time.Duration, now time.Time) map[string]time.Time {
	o.mu.Lock()
	defer o.mu.Unlock()
	still := map[string]time.Time{}
	for name, a := range o.away {
		if (a.several || name == string(a.room)) && now.Sub(a.since) >= long && now.Sub(a.last) <= longestWait+sendTime {
			still[name] = a.since
		}
	}
	return still
}

// taken says whether a send's end shows that messages are taken.
func taken(err error) bool {
	return err == nil || errors.Is(err, bot.ErrGone) || errors.Is(err, bot.ErrRefused) || errors.Is(err, bot.ErrCardGone)
}
