package bolt

import (
	"context"
	"maps"
	"slices"
	"strings"
	"time"

	"nevermind/bot"
)

// Queues counts what waits now, by the kind of lane: the part of its name before the colon. Since is
// the time from which the longest overdue head of a kind has been due, zero where none is. It reads
// memory only and is cheap enough for a metrics scrape.
func (s *Store) Queues(ctx context.Context, now time.Time) ([]bot.Queue, error) {
	if err := s.usable(ctx); err != nil {
		return nil, err
	}
	kinds := s.lanes.depths(toInstant(now))
	out := make([]bot.Queue, 0, len(kinds))
	for _, kind := range slices.Sorted(maps.Keys(kinds)) {
		k := kinds[kind]
		out = append(out, bot.Queue{Kind: kind, Waiting: k.waiting, Since: k.since.Time()})
	}
	return out, nil
}

// queueDepth is how much waits in one kind of lane, and since when the first of it is due.
type queueDepth struct {
	waiting int
	since   instant
}

// depths adds up the lanes. The kind is cloned, since a slice of the name would keep the name in
// memory.
func (l *lanes) depths(now instant) map[string]*queueDepth {
	l.mu.Lock()
	defer l.mu.Unlock()
	kinds := map[string]*queueDepth{}
	for name, x := range l.byName {
		kind, _, _ := strings.Cut(name, ":")
		d := kinds[kind]
		if d == nil {
			d = &queueDepth{}
			kinds[strings.Clone(kind)] = d
		}
		d.waiting += len(x.queue)
		if since := max(x.queue[0].made, x.queue[0].notBefore); since <= now && (d.since == 0 || since < d.since) {
			d.since = since
		}
	}
	return kinds
}
