package engine

import (
	"context"
	"sync"
	"time"

	"nevermind/bot"
)

// Whoever belongs to nobody known can say as much as their platform lets them, and all that is heard is stored with its answers.
// So that nobody fills the disk with words, a room of theirs is heard so often an hour; what comes beyond leaves nothing
// behind and is not answered. A link is opened all the same: it is how a stranger becomes somebody.
const (
	strangersTime = time.Hour
	strangersSay  = 60
	mostStrangers = 10_000 // rooms that are counted
)

// strangersRooms counts what strangers say, by their rooms. Safe for concurrent use.
type strangersRooms struct {
	mu   sync.Mutex
	said map[bot.Room]saidIn
}

// saidIn is how much was said in a room since then.
type saidIn struct {
	since time.Time
	n     int
}

// admit counts one message more, and says whether it is heard.
func (s *strangersRooms) admit(room bot.Room, now time.Time) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	in := s.said[room]
	if age := now.Sub(in.since); age >= strangersTime || age < 0 {
		in = saidIn{since: now}
	}
	if in.n++; in.n > strangersSay {
		return false
	}
	if len(s.said) >= mostStrangers {
		clear(s.said)
	}
	s.said[room] = in
	return true
}

// tooMuch says whether a message is a stranger's beyond what is heard of them, and counts it then.
func (r *receiver) tooMuch(ctx context.Context, m *bot.Message, actor *bot.Person) bool {
	if actor.ID != "" || r.rooms.admit(m.Room, r.now()) || r.opens(ctx, m) {
		return false
	}
	r.cfg.Meter.Count("refused", "too_much", 1)
	return true
}

// opens says whether a message opens a link that there is.
func (r *receiver) opens(ctx context.Context, m *bot.Message) bool {
	if m.Kind() != bot.KindLink {
		return false
	}
	c, err := r.cfg.Store.Conversation(ctx, r.people.linkKey(m.Link))
	return err == nil && c.Closed.IsZero()
}
