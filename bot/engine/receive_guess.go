package engine

import (
	"context"
	"errors"
	"log/slog"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"nevermind/bot"
)

// longestGuess is how long a listener may think; then the turn is made without it.
const longestGuess = 2 * time.Second

// needsGuess is the reason by which an eventOf says that a listener is to be asked first, and errNeedsGuess the error that the
// turner makes of it: no turn is made, and nobody's lock is held while the listener thinks.
const needsGuess = "needs_guess"

var errNeedsGuess = errors.New("a listener has to be asked first")

// mayGuess says whether a listener is to be asked what a message means that nothing heard: free words in a private talk, of
// which it was not asked yet and the flows make nothing either.
func (r *receiver) mayGuess(v *bot.View, m *bot.Message) bool {
	plain := m.Kind() == bot.KindPlain || m.Kind() == bot.KindReply
	return r.cfg.Listener != nil && r.rules.Unclear != nil && plain && m.Guess == "" && !m.Public && m.Unsupported == "" &&
		len(m.Files) == 0 && v.Conv.Key.Kind() == "talk" && r.rules.Unclear(v, m)
}

// guess asks the listener what a message means. What is not among the meanings, and no order's number, is NotSure, as is
// everything that fails, comes too late, or would be one stranger's question too many.
func (r *receiver) guess(ctx context.Context, m *bot.Message, actor *bot.Person) string {
	if actor.ID == "" && !r.strangers.admit(r.now()) {
		return bot.NotSure
	}
	ctx, cancel := context.WithTimeout(ctx, longestGuess)
	defer cancel()
	guess, err := r.cfg.Listener.Listen(ctx, m.Text, actor.Language, r.rules.Meanings)
	if err != nil {
		var asked *url.Error
		if errors.As(err, &asked) {
			err = asked.Err // without the address, which may hold a secret
		}
		r.cfg.Log.Warn("the listener gave no answer", "message", bot.Trace(m.ID), slog.Any("why", err))
		return bot.NotSure
	}
	if slices.Contains(r.rules.Meanings, guess) || numbers(guess) {
		return guess
	}
	return bot.NotSure
}

// numbers says whether a guess may be the number of an order: whose, and whether there is one, the flows look up.
func numbers(guess string) bool {
	const digits = "0123456789"
	odd := func(r rune) bool {
		return r != '-' && (r < 'A' || r > 'Z') && (r < 'a' || r > 'z') && !strings.ContainsRune(digits, r)
	}
	return len(guess) <= 64 && strings.ContainsAny(guess, digits) && !strings.ContainsFunc(guess, odd)
}

// strangers counts how often a listener was asked for people who belong to nobody known, all of them together: whoever finds
// the bot must not be able to spend the shop's money.
type strangers struct {
	mu    sync.Mutex
	since time.Time
	asked int
}

// strangersAMinute is how often a listener is asked for strangers in a minute.
const strangersAMinute = 10

// admit counts one more, and says whether it may be.
func (s *strangers) admit(now time.Time) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if passed := now.Sub(s.since); passed >= time.Minute || passed < 0 {
		s.since, s.asked = now, 0
	}
	s.asked++
	return s.asked <= strangersAMinute
}
