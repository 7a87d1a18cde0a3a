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
	floodName    = "telegram.flood"    // until when nobody may be written to
	sendingsName = "telegram.sendings" // messages of several parts that are half said, and groups that have moved
	keepTime     = 5 * time.Second
)

// keepFlood remembers over a restart that Telegram wants to hear nothing for a while.
func (a *Adapter) keepFlood(until time.Time) {
	if a.cfg.Keep == nil {
		return
	}
	go func() { // a sender holds the pace's lock
		ctx, cancel := context.WithTimeout(context.Background(), keepTime)
		defer cancel()
		if err := a.cfg.Keep.SetValue(ctx, floodName, []byte(until.UTC().Format(time.RFC3339Nano))); err != nil {
			a.cfg.Log.Warn("keep how long telegram wants silence", slog.Any("why", err))
		}
	}()
}

// recallFlood goes on waiting where a restart came between.
func (a *Adapter) recallFlood(ctx context.Context) {
	if a.cfg.Keep == nil {
		return
	}
	raw, err := a.cfg.Keep.Value(ctx, floodName)
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
type sendings struct {
	keep Keep

	mu      sync.Mutex
	loaded  bool
	kept    kept
	unclear map[string]bool  // deliveries of which a copy may have arrived
	twins   map[string]int64 // by the token of a button: the message it is known to stand below, where there may be two
	order   []string         // of twins' tokens, oldest first
}

// kept is what of it outlives a restart.
type kept struct {
	Parts map[string]int  `json:"parts,omitempty"` // by delivery
	Moved map[int64]int64 `json:"moved,omitempty"` // by chat
}

const mostTwins = 1000 // tokens remembered

func newSendings(k Keep) *sendings {
	return &sendings{keep: k, kept: kept{map[string]int{}, map[int64]int64{}}, unclear: map[string]bool{}, twins: map[string]int64{}}
}

// said is how many parts of a delivery have been said.
func (s *sendings) said(ctx context.Context, id string) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.load(ctx)
	return s.kept.Parts[id]
}

// saidPart remembers that so many parts have been said, 0 that it is over.
func (s *sendings) saidPart(ctx context.Context, id string, n int) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.load(ctx)
	if n == 0 {
		delete(s.kept.Parts, id)
	} else {
		s.kept.Parts[id] = n
	}
	return s.store(ctx)
}

// home is where a chat is now.
func (s *sendings) home(ctx context.Context, chat int64) int64 {
	if chat > 0 {
		return chat // people do not move
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.load(ctx)
	if to, ok := s.kept.Moved[chat]; ok {
		return to
	}
	return chat
}

func (s *sendings) moved(ctx context.Context, from, to int64) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.load(ctx)
	s.kept.Moved[from] = to
	return s.store(ctx)
}

func (s *sendings) load(ctx context.Context) {
	if s.loaded {
		return
	}
	if s.keep != nil {
		raw, err := s.keep.Value(ctx, sendingsName)
		if err != nil && !errors.Is(err, bot.ErrNone) {
			return // asked again the next time
		}
		_ = json.Unmarshal(raw, &s.kept) // into what is there; what cannot be read is as good as none
	}
	s.loaded = true
}

func (s *sendings) store(ctx context.Context) error {
	if s.keep == nil || !s.loaded {
		return nil
	}
	raw, err := json.Marshal(s.kept)
	if err != nil {
		return err
	}
	return s.keep.SetValue(ctx, sendingsName, raw)
}

// attempted is told how an attempt ended: over, or that a copy may have arrived.
func (s *sendings) attempted(id string, over, unclear bool) {
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
func (s *sendings) isUnclear(id string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.unclear[id]
}

// remember keeps below which message buttons stand of which there may be two.
func (s *sendings) remember(choices []bot.Button, message int64) {
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
func (s *sendings) isTwin(token string, message int64) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	card, ok := s.twins[token]
	return ok && card != message
}
