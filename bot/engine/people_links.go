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
// is them, becomes theirs. The token, 43 characters of base64url, is stored nowhere: only its hash is. Nobody else can be
// invited: ErrNone.
func (e *Engine) Invite(ctx context.Context, p bot.Person) (token string, expires time.Time, err error) {
	return e.people.invite(ctx, p)
}

// invite makes the link's record in a turn of its own, and says when that record's first deadline ends it. The record is found
// by the token's hash: whoever reads the store can open no link.
func (p *people) invite(ctx context.Context, who bot.Person) (token string, expires time.Time, err error) {
	if party := who.Party(); p.rules.Link == "" || party != bot.Buyer && party != bot.Seller {
		return "", time.Time{}, fmt.Errorf("nobody can be invited as %.40q: %w", who.ID, bot.ErrNone)
	}
	who.Accounts, who.Rooms = nil, nil // a link is the only way to them
	if _, err := p.put(ctx, who); err != nil {
		return "", time.Time{}, fmt.Errorf("store who is invited: %w", err)
	}
	var secret [32]byte
	rand.Read(secret[:]) // never fails
	token = base64.RawURLEncoding.EncodeToString(secret[:])
	key := p.linkKey(hashed(token))
	ev := bot.Event{ID: string(key), Name: "invited", By: who.Party(), Actor: who.ID}
	if err := p.turns.take(ctx, key, bot.Commit{Handled: ev.ID}, event(ev)); err != nil {
		return "", time.Time{}, fmt.Errorf("make a link: %w", err)
	}
	c, err := p.cfg.Store.Conversation(ctx, key)
	if err != nil || len(c.Deadlines) == 0 {
		return "", time.Time{}, errors.Join(errors.New("make a link: it has no end"), err)
	}
	return token, c.Deadlines[0].At, nil
}

func (p *people) linkKey(hash string) bot.Key { return bot.Key(p.rules.Link + "/" + hash) }

// hashed is all that is ever stored of a token.
func hashed(token string) string {
	sum := sha256.Sum256([]byte(token))
	return hex.EncodeToString(sum[:])
}

// linked is the record of the link that a message opens, as long as it can be opened there; else the talk, which says so.
// Support's room and people can become nobody's.
func (p *people) linked(ctx context.Context, m *bot.Message, actor *bot.Person, talk bot.Key) (bot.Key, error) {
	desk, err := p.person(ctx, bot.Desk)
	if err != nil {
		return "", err
	}
	if m.Public || p.rules.Link == "" || actor.Party() == bot.Support || slices.Contains(desk.Rooms, m.Room) {
		return talk, nil
	}
	key := p.linkKey(m.Link)
	c, err := p.cfg.Store.Conversation(ctx, key)
	if errors.Is(err, bot.ErrNone) || err == nil && !c.Closed.IsZero() {
		return talk, nil
	}
	return key, err
}
