package telegram

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"sync"
	"time"

	"nevermind/bot"
)

// What is kept in the store, and under which names.
const (
	floodWaitName = "telegram.flood"    // until when nobody may be written to
	sendStateName = "telegram.sendings" // messages of several parts that are half said, and groups that have moved
	saveTimeout   = 5 * time.Second
)

// keepFlood remembers over a restart that Telegram wants to hear nothing for a while.
func (a *Adapter) saveFloodWait(until time.Time) {
	if a.cfg.Values == nil {
		return
	}
	go func() { // a sender holds the pace's lock
		ctx, cancel := context.WithTimeout(context.Background(), saveTimeout)
		defer cancel()
		if err := a.cfg.Values.SetValue(ctx, floodWaitName, []byte(until.UTC().Format(time.RFC3339Nano))); err != nil {
			a.cfg.Log.Warn("keep how long telegram wants silence", slog.Any("why", err))
		}
	}()
}

// recallFlood goes on waiting where a restart came between.
func (a *Adapter) loadFloodWait(ctx context.Context) {
	if a.cfg.Values == nil {
		return
	}
	raw, err := a.cfg.Values.Value(ctx, floodWaitName)
	if err != nil {
		return
	}
	until, err := time.Parse(time.RFC3339Nano, string(raw))
	if err == nil && time.Until(until) < time.Hour {
		a.pace.holdAll(until)
	}
}

// sendings are messages on their way: how many parts of one have been said, whether an attempt may have arrived, and
// where groups have gone.
type sendState struct {
	values Values

	mu      sync.Mutex
	loaded  bool
	saved   savedSendState
	unclear map[string]bool  // deliveries of which a copy may have arrived
	twins   map[string]int64 // by the token of a button: the message it is known to stand below, where there may be two
	order   []string         // of twins' tokens, oldest first
}

// kept is what of it outlives a restart.
type savedSendState struct {
	Parts map[string]int  `json:"parts,omitempty"` // by delivery
	Moved map[int64]int64 `json:"moved,omitempty"` // by chat
}

const mostTwins = 1000 // tokens remembered

func newSendState(k Values) *sendState {
	return &sendState{values: k, saved: savedSendState{map[string]int{}, map[int64]int64{}}, unclear: map[string]bool{}, twins: map[string]int64{}}
}

// said is how many parts of a delivery have been said.
func (s *sendState) sentParts(ctx context.Context, id string) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.load(ctx)
	return s.saved.Parts[id]
}

// saidPart remembers that so many parts have been said, 0 that it is over.
func (s *sendState) setSentParts(ctx context.Context, id string, n int) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.load(ctx)
	if n == 0 {
		delete(s.saved.Parts, id)
	} else {
		s.saved.Parts[id] = n
	}
	return s.save(ctx)
}

// home is where a chat is now.
func (s *sendState) currentChat(ctx context.Context, chat int64) int64 {
	if chat > 0 {
		return chat // people do not move
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.load(ctx)
	if to, ok := s.saved.Moved[chat]; ok {
		return to
	}
	return chat
}

func (s *sendState) setMoved(ctx context.Context, from, to int64) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.load(ctx)
	s.saved.Moved[from] = to
	return s.save(ctx)
}

func (s *sendState) load(ctx context.Context) {
	if s.loaded {
		return
	}
	if s.values != nil {
		raw, err := s.values.Value(ctx, sendStateName)
		if err != nil && !errors.Is(err, bot.ErrNone) {
			return // asked again the next time
		}
		_ = json.Unmarshal(raw, &s.saved) // into what is there; what cannot be read is as good as none
	}
	s.loaded = true
}

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

// attempted is told how an attempt ended: over, or that a copy may have arrived.
func (s *sendState) attempted(id string, over, unclear bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case over:
		delete(s.unclear, id)
	case unclear:
		s.unclear[id] = true
	}
}

// isUnclear says whether an attempt in this life of ours ended unclear.
func (s *sendState) isUnclear(id string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.unclear[id]
}

// remember keeps below which message buttons stand of which there may be two.
func (s *sendState) remember(choices []bot.Button, message int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, c := range choices {
		s.twins[c.Token] = message
		s.order = append(s.order, c.Token)
	}
	for len(s.order) > mostTwins {
		delete(s.twins, s.order[0])
		s.order = s.order[1:]
	}
}

// isTwin says whether a button was pressed below a message's twin.
func (s *sendState) isTwin(token string, message int64) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	card, ok := s.twins[token]
	return ok && card != message
}
