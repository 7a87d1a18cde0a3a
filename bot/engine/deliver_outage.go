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

// outages knows which platforms are away, by the adapter's name. It forgets at a restart: then each is asked anew. Safe for
// concurrent use.
type outages struct {
	mu   sync.Mutex
	away map[string]*absence
}

// absence is what is known of one platform since it last answered.
type absence struct {
	failures int
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

// heard takes in how a send ended: whether the platform has answered, be it with a refusal or a wish to wait. It says whether
// the platform counts as away now.
func (o *outages) heard(adapter string, err error) (away bool) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if answered(err) {
		delete(o.away, adapter)
		return false
	}
	if o.away[adapter] == nil {
		o.away[adapter] = &absence{}
	}
	o.away[adapter].failures++
	return o.away[adapter].failures >= awayAfter
}

// answered says whether a send's end shows that the platform is there.
func answered(err error) bool {
	var later bot.Later
	return err == nil || errors.As(err, &later) || errors.Is(err, bot.ErrGone) || errors.Is(err, bot.ErrRefused) ||
		errors.Is(err, bot.ErrCardGone)
}
