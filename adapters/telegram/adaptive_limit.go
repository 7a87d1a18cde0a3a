package telegram

import (
	"time"

	"golang.org/x/time/rate"
)

// adaptiveLimit is a rate limit that each 429 halves, down to an eighth of the configured rate, and that is back at it a minute
// after Telegram's wait is over, whether anything is sent meanwhile or not. Its owner locks.
type adaptiveLimit struct {
	*rate.Limiter
	configured rate.Limit // rate.Inf is no limit
	share      float64    // of the configured rate, at the time since; 1 is all of it
	since      time.Time  // the share grows from then on
}

const (
	minShare     = 1.0 / 8
	recoveryTime = time.Minute
)

// newAdaptiveLimit makes a limit with a burst of so many seconds' worth.
func newAdaptiveLimit(configured rate.Limit, burstSeconds float64) adaptiveLimit {
	return adaptiveLimit{Limiter: rate.NewLimiter(configured, burstOf(configured, burstSeconds)), configured: configured, share: 1}
}

// configure changes the rate, of which the same share counts as before.
func (l *adaptiveLimit) configure(configured rate.Limit, burstSeconds float64, now time.Time) {
	l.SetLimitAt(now, l.Limit()/l.configured*configured)
	l.SetBurstAt(now, burstOf(configured, burstSeconds))
	l.configured = configured
}

// halve is called with a 429; until is when the wait is over for which it asks.
func (l *adaptiveLimit) halve(now, until time.Time) {
	if l.configured == rate.Inf {
		return
	}
	l.recover(now)
	l.share, l.since = max(float64(l.Limit()/l.configured)/2, minShare), until
	l.SetLimitAt(now, l.configured*rate.Limit(l.share))
}

// recover raises the rate to what it is by now. It is called before the rate counts.
func (l *adaptiveLimit) recover(now time.Time) {
	if l.share == 1 {
		return
	}
	past := min(max(now.Sub(l.since).Seconds()/recoveryTime.Seconds(), 0), 1)
	if past == 1 {
		l.share = 1
	}
	l.SetLimitAt(now, l.configured*rate.Limit(l.share+(1-l.share)*past))
}
