package telegram

import "time"

// answeredPresses deduplicates presses: it remembers which have been answered. A press comes again while the inbox cannot
// store it and when Telegram repeats its update, and must not be answered a second time.
//
// An id is remembered for at least pressLifetime, counted from when it was last added or asked for; after that Telegram
// takes no answer anyway. There are two generations: ids are added to the recent one, and when that is pressLifetime old it
// becomes the older one, whose ids are dropped at once. So each call takes constant time, however many presses there are.
// The zero value is ready to use. It does not lock: pressAnswers calls it under its own mutex.
type answeredPresses struct {
	recent, older map[string]struct{} // ids of messages
	since         time.Time           // when recent was begun
}

// maxGeneration bounds the memory of one generation, about 5 MB: under a load of more than 300 presses a second ids are
// forgotten sooner than after pressLifetime.
const maxGeneration = 50_000

// add remembers that a press has been answered.
func (ap *answeredPresses) add(id string, now time.Time) {
	ap.rotate(now)
	ap.recent[id] = struct{}{}
}

// has says whether a press has been answered. One that still comes is remembered anew, so that it is not forgotten while the
// inbox is retried.
func (ap *answeredPresses) has(id string, now time.Time) bool {
	ap.rotate(now)
	if _, ok := ap.recent[id]; ok {
		return true
	}
	_, ok := ap.older[id]
	if ok {
		ap.recent[id] = struct{}{}
	}
	return ok
}

// rotate begins a new generation where the recent one is old enough or full.
func (ap *answeredPresses) rotate(now time.Time) {
	age := now.Sub(ap.since)
	switch {
	case ap.recent == nil || age >= 2*pressLifetime:
		ap.older = nil
	case age >= pressLifetime || len(ap.recent) >= maxGeneration:
		ap.older = ap.recent
	default:
		return
	}
	ap.recent, ap.since = map[string]struct{}{}, now
}
