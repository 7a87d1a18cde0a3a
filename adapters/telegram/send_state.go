package telegram

import (
	"context"
	"encoding/json"
	"errors"
	"sync"

	"nevermind/bot"
)

// sendState is what later attempts and deliveries must know of earlier ones, over a restart too: how many parts of a delivery
// have been sent, which chats groups have moved to, and the topic in which a chat is answered.
//
// It is one small value in the store, read when first wanted and written with each change. A delivery leaves it when it needs
// no further attempt. Without Values it lives in memory alone. It is safe for concurrent use; its lock is held while it is
// stored.
type sendState struct {
	values Values // nil stores nothing

	mu     sync.Mutex
	loaded bool
	saved  savedSendState
}

// savedSendState is the stored form, as JSON.
type savedSendState struct {
	Parts  map[string]int  `json:"parts,omitempty"`  // sent so far, by delivery
	Moved  map[int64]int64 `json:"moved,omitempty"`  // the chat that a chat has become
	Topics map[int64]int64 `json:"topics,omitempty"` // by chat; see topics.go
}

const (
	sendStateName = "telegram.sendings" // under which it is stored
	maxTopics     = 10_000              // of chats that are kept; any of the others is forgotten
)

// newSendState makes it; nothing is read before it is wanted.
func newSendState(v Values) *sendState {
	return &sendState{values: v, saved: savedSendState{map[string]int{}, map[int64]int64{}, map[int64]int64{}}}
}

// sentParts is how many parts of a delivery have been sent.
func (s *sendState) sentParts(ctx context.Context, delivery string) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.load(ctx)
	return s.saved.Parts[delivery]
}

// setSentParts stores how many parts of a delivery have been sent; 0 forgets it.
func (s *sendState) setSentParts(ctx context.Context, delivery string, n int) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.load(ctx)
	if n == 0 {
		delete(s.saved.Parts, delivery)
	} else {
		s.saved.Parts[delivery] = n
	}
	return s.save(ctx)
}

// currentChat is the chat that a group has moved to, else the chat itself. A private chat, whose id is positive, never moves.
func (s *sendState) currentChat(ctx context.Context, chat int64) int64 {
	if chat > 0 {
		return chat
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.load(ctx)
	if to, ok := s.saved.Moved[chat]; ok {
		return to
	}
	return chat
}

// setMoved stores that a group has moved to another chat: Telegram has made it a supergroup.
func (s *sendState) setMoved(ctx context.Context, from, to int64) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.load(ctx)
	s.saved.Moved[from] = to
	return s.save(ctx)
}

// topic is the topic in which a chat is answered; 0 is none.
func (s *sendState) topic(ctx context.Context, chat int64) int64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.load(ctx)
	return s.saved.Topics[chat]
}

// setTopic stores the topic in which a chat is answered, where it is another one than before; 0 is none.
func (s *sendState) setTopic(ctx context.Context, chat, topic int64) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.load(ctx)
	if s.saved.Topics[chat] == topic {
		return nil
	}
	delete(s.saved.Topics, chat)
	for other := range s.saved.Topics {
		if len(s.saved.Topics) < maxTopics {
			break
		}
		delete(s.saved.Topics, other)
	}
	if topic != 0 {
		s.saved.Topics[chat] = topic
	}
	return s.save(ctx)
}

// load reads the stored state once. Where the store fails it is read the next time; what cannot be parsed counts as nothing.
func (s *sendState) load(ctx context.Context) {
	if s.loaded {
		return
	}
	if s.values != nil {
		raw, err := s.values.Value(ctx, sendStateName)
		if err != nil && !errors.Is(err, bot.ErrNone) {
			return
		}
		_ = json.Unmarshal(raw, &s.saved) // into what is in memory
	}
	s.loaded = true
}

// save stores the state, unless what is stored has not been read yet.
func (s *sendState) save(ctx context.Context) error {
	if s.values == nil || !s.loaded {
		return nil
	}
	raw, err := json.Marshal(s.saved)
	if err != nil {
		return err
	}
	return s.values.SetValue(ctx, sendStateName, raw)
}
