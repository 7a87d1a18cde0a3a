package engine

import "time"

// How long things may take and how often they are tried. A retry waits with exponential backoff, from firstPause up to
// longestWait.
const (
	leaseTime   = time.Minute
	sendTime    = 20 * time.Second
	handTime    = 30 * time.Second
	mostTries   = 12             // of a turn, or of chatter, until it is a dead letter
	longestTry  = 24 * time.Hour // of a message, from when it was made or put back
	firstPause  = time.Second    // doubled at every further try
	longestWait = 5 * time.Minute

	longestNotSent = time.Minute // between tries of what was certainly not sent
)

// backoff is how long to wait after so many tries.
func backoff(tries int) time.Duration {
	pause := firstPause
	for i := 1; i < tries && pause < longestWait; i++ {
		pause *= 2
	}
	return min(pause, longestWait)
}
