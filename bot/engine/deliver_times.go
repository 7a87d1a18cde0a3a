package engine

import (
	"time"

	"nevermind/bot"
)

// How long things may take and how often they are tried. A retry waits with exponential backoff, from firstPause up to
// longestWait.
const (
	leaseTime   = time.Minute
	sendTime    = 20 * time.Second
	mostSend    = 35 * time.Second // of a message with files; with the wait for its turn it has to fit into leaseTime
	sendRate    = 256 << 10        // bytes of files in a second, at least
	handTime    = 30 * time.Second
	mostTries   = 12             // of a turn, or of chatter, until it is a dead letter
	longestTry  = 24 * time.Hour // of a message, from when it was made or put back
	firstPause  = time.Second    // doubled at every further try
	longestWait = 5 * time.Minute

	longestNotSent = time.Minute // between tries of what was certainly not sent
)

// sendLimit is how long one attempt at a reply may take: longer where files go along.
func sendLimit(r *bot.Reply) time.Duration {
	limit := sendTime
	for _, f := range r.Files {
		limit += time.Duration(f.Size) * time.Second / sendRate
	}
	return min(limit, mostSend)
}

// backoff is how long to wait after so many tries.
func backoff(tries int) time.Duration {
	pause := firstPause
	for i := 1; i < tries && pause < longestWait; i++ {
		pause *= 2
	}
	return min(pause, longestWait)
}
