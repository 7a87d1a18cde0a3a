package mcp

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/modelcontextprotocol/go-sdk/auth"

	"nevermind/bot"
)

// sameOrigin refuses calls from pages of elsewhere: a page that a buyer happens to look at is no assistant of theirs.
func (d *Door) sameOrigin(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if origin := r.Header.Get("Origin"); len(r.Header.Values("Origin")) > 0 && !slices.Contains(d.cfg.Origins, origin) {
			http.Error(w, "this origin may not call here", http.StatusForbidden)
			return
		}
		next.ServeHTTP(w, r)
	})
}

// guarded slows down guessing (rate limit): after too many wrong tokens only calls with a right one are answered.
func (d *Door) guarded(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		answer := &watched{ResponseWriter: w}
		if d.guesses.Tokens() < 1 {
			if _, err := d.cfg.Assistants.Of(r.Context(), bearer(r)); err != nil {
				tooMany(w)
				return
			}
		}
		next.ServeHTTP(answer, r)
		if answer.status == http.StatusUnauthorized {
			d.tellWrong()
			d.guesses.Allow()
		}
	})
}

// tellWrong says once in a while that codes or tokens are guessed.
func (d *Door) tellWrong() {
	d.wrong.Do(func() { d.cfg.Log.Warn("mcp: a wrong code or token was refused; more of them are only slowed down") })
}

// watched is an answer whose status is known.
type watched struct {
	http.ResponseWriter
	status int
}

// WriteHeader notes the status.
func (w *watched) WriteHeader(status int) {
	w.status = status
	w.ResponseWriter.WriteHeader(status)
}

// Unwrap serves http.ResponseController.
func (w *watched) Unwrap() http.ResponseWriter { return w.ResponseWriter }

func tooMany(w http.ResponseWriter) {
	w.Header().Set("Retry-After", "60")
	http.Error(w, "too many wrong codes or tokens; try again in a minute", http.StatusTooManyRequests)
}

// bearer is the token of a call.
func bearer(r *http.Request) string {
	kind, token, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	if !strings.EqualFold(kind, "Bearer") {
		return ""
	}
	return strings.TrimSpace(token)
}

// verify knows an assistant by its token. Each call is looked at anew: a token that its person has revoked is none from then
// on.
func (d *Door) verify(ctx context.Context, token string, _ *http.Request) (*auth.TokenInfo, error) {
	who, err := d.cfg.Assistants.Of(ctx, token)
	if errors.Is(err, bot.ErrNone) {
		return nil, fmt.Errorf("%w: connect again with a code from the chat", auth.ErrInvalidToken)
	}
	if err != nil {
		return nil, err
	}
	return &auth.TokenInfo{UserID: string(who.ID), Expiration: time.Now().Add(time.Hour), Extra: map[string]any{"token": token}}, nil
}

// longestName is how much of an assistant's name is shown in the chat.
const longestName = 40

// How often a code is looked for, and how long apart.
const (
	codeLooks = 10
	codePause = 100 * time.Millisecond
)

// token is the token for a code, which is one guess of those that are allowed. A code is noted a moment after the chat has said
// it, so it is looked for again; a wrong one takes a second to be refused. A guess beyond what is allowed is looked for once, so
// that a right code is still let in (no lockout); it counts before it is looked for, so that many at once cost no more.
func (d *Door) token(ctx context.Context, code, name string, allowed bool) (token string, err error) {
	looks := codeLooks
	if !allowed {
		looks = 1
	}
	for range looks {
		if token, err = d.cfg.Assistants.Connect(ctx, code, name); !errors.Is(err, bot.ErrNone) {
			return token, err
		}
		select {
		case <-ctx.Done():
			return "", ctx.Err()
		case <-time.After(codePause):
		}
	}
	return "", err
}

// connect gives a token for a code from the chat: {"code":"…","name":"…"}, {"token":"…"}.
func (d *Door) connect(w http.ResponseWriter, r *http.Request) {
	var asked struct{ Code, Name string }
	if err := json.NewDecoder(http.MaxBytesReader(w, r.Body, 4<<10)).Decode(&asked); err != nil {
		http.Error(w, `send {"code":"…","name":"…"}`, http.StatusBadRequest)
		return
	}
	name := strings.TrimSpace(bot.Shorten(bot.Clean(asked.Name), longestName))
	if name == "" {
		name = "AI"
	}
	allowed := d.guesses.Allow()
	token, err := d.token(r.Context(), asked.Code, name, allowed)
	switch {
	case errors.Is(err, bot.ErrNone):
		if d.tellWrong(); !allowed {
			tooMany(w)
			return
		}
		http.Error(w, "this code is not known, was used, or has run out; the chat gives a new one: /assistant", http.StatusNotFound)
		return
	case err != nil:
		http.Error(w, "that went wrong on our side", http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	_ = json.NewEncoder(w).Encode(map[string]string{"token": token}) // a caller that is gone asks for a new code
}
