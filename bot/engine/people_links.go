package engine

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"time"

	"nevermind/bot"
)

// Invite stores a buyer or seller and makes a one-time link to them: the chat that opens it first, and says there that it
// is them, becomes theirs. The token, 43 characters of base64url, is kept by nobody: the house knows only its hash.
func (e *Engine) Invite(ctx context.Context, p bot.Person) (token string, expires time.Time, err error) {
	if party := p.Party(); e.rules.Link == "" || party != bot.Buyer && party != bot.Seller {
		return "", time.Time{}, fmt.Errorf("nobody can be invited as %.40q: %w", p.ID, bot.ErrNone)
	}
	p.Accounts, p.Rooms = nil, nil // a link is the only way to them
	if _, err := e.PutPerson(ctx, p); err != nil {
		return "", time.Time{}, fmt.Errorf("store who is invited: %w", err)
	}
	var secret [32]byte
	rand.Read(secret[:]) // never fails
	token = base64.RawURLEncoding.EncodeToString(secret[:])
	key := e.linkKey(hashed(token))
	ev := bot.Event{ID: string(key), Name: "invited", By: p.Party(), Actor: p.ID}
	if err := e.turnOf(ctx, key, bot.Commit{Handled: ev.ID}, func(*bot.View) (bot.Event, string) { return ev, "" }); err != nil {
		return "", time.Time{}, fmt.Errorf("make a link: %w", err)
	}
	c, err := e.cfg.Store.Conversation(ctx, key)
	if err != nil || len(c.Deadlines) == 0 {
		return "", time.Time{}, errors.Join(errors.New("make a link: it has no end"), err)
	}
	return token, c.Deadlines[0].At, nil
}

func (e *Engine) linkKey(hash string) bot.Key { return bot.Key(e.rules.Link + "/" + hash) }

// hashed is all that is ever kept of a token.
func hashed(token string) string {
	sum := sha256.Sum256([]byte(token))
	return hex.EncodeToString(sum[:])
}

// linked is the link that a message opens, as long as it can be opened there; else the talk, which says so. Support's
// room and people can become nobody's.
func (e *Engine) linked(ctx context.Context, m *bot.Message, actor *bot.Person, talk bot.Key) (bot.Key, error) {
	desk, err := e.person(ctx, bot.Desk)
	if err != nil {
		return "", err
	}
	if m.Public || e.rules.Link == "" || actor.Party() == bot.Support || slices.Contains(desk.Rooms, m.Room) {
		return talk, nil
	}
	key := e.linkKey(m.Link)
	c, err := e.cfg.Store.Conversation(ctx, key)
	if errors.Is(err, bot.ErrNone) || err == nil && !c.Closed.IsZero() {
		return talk, nil
	}
	return key, err
}
