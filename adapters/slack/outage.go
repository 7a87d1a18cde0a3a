package slack

import (
	"sync"
	"time"
)

// outage notices that Slack is away, and holds deliveries back until it answers again. Holding back is no attempt: nothing
// could arrive twice by it, and nothing is given up. One delivery at a time goes out to see; the first that is answered ends
// the outage for all. Safe for concurrent use.
type outage struct {
	mu        sync.Mutex
	failures  int       // calls in a row that had no answer, or one that says that Slack has failed
	since     time.Time // of the first of those
	nextProbe time.Time // when the next delivery may go out to see
}

// From how many failures in a row Slack counts as away, and how far apart the probes are: a tenth of how long it has been away,
// within bounds. So a delivery goes out within a minute of Slack's return.
const (
	outageFailures = 3
	minProbe       = 5 * time.Second
	maxProbe       = 30 * time.Second
)

// answered notes how a call has ended: whether Slack has said anything that is not a failure of its own.
func (o *outage) answered(yes bool, now time.Time) {
	o.mu.Lock()
	defer o.mu.Unlock()
	switch {
	case yes:
		o.failures = 0
	case o.failures == 0:
		o.failures, o.since = 1, now
	default:
		o.failures++
	}
}

// away says whether Slack is away, as far as is known.
func (o *outage) away() bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.failures >= outageFailures
}

// hold is how long a delivery is held back; 0 lets it out, as a probe where Slack is away.
func (o *outage) hold(now time.Time) time.Duration {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.failures < outageFailures {
		return 0
	}
	if wait := o.nextProbe.Sub(now); wait > 0 && wait <= maxProbe {
		return wait
	}
	o.nextProbe = now.Add(min(max(now.Sub(o.since)/10, minProbe), maxProbe))
	return 0
}
