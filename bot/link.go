package bot

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
)

// Invite stores a buyer or seller and makes a one-time link to them: the chat that opens it first, and says there that it
// is them, becomes theirs. The token, 43 characters of base64url, is kept by nobody: the house knows only its hash.
func (e *Engine) Invite(ctx context.Context, p Person) (token string, expires time.Time, err error) {
	if party := p.Party(); e.book.Link == "" || party != Buyer && party != Seller {
		return "", time.Time{}, fmt.Errorf("nobody can be invited as %.40q: %w", p.ID, ErrNone)
	}
	p.Accounts, p.Rooms = nil, nil // a link is the only way to them
	if _, err := e.PutPerson(ctx, p); err != nil {
		return "", time.Time{}, fmt.Errorf("store who is invited: %w", err)
	}
	var secret [32]byte
	rand.Read(secret[:]) // never fails
	token = base64.RawURLEncoding.EncodeToString(secret[:])
	key := e.linkKey(hashed(token))
	ev := Event{ID: string(key), Name: "invited", By: p.Party(), Actor: p.ID}
	if err := e.turnOf(ctx, key, Commit{Handled: ev.ID}, func(*View) (Event, string) { return ev, "" }); err != nil {
		return "", time.Time{}, fmt.Errorf("make a link: %w", err)
	}
	c, err := e.cfg.Store.Conversation(ctx, key)
	if err != nil || len(c.Deadlines) == 0 {
		return "", time.Time{}, errors.Join(errors.New("make a link: it has no end"), err)
	}
	return token, c.Deadlines[0].At, nil
}

func (e *Engine) linkKey(hash string) Key { return Key(e.book.Link + "/" + hash) }

// hashed is all that is ever kept of a token.
func hashed(token string) string {
	sum := sha256.Sum256([]byte(token))
	return hex.EncodeToString(sum[:])
}

// linked is the link that a message opens, as long as it can be opened there; else the talk, which says so. Support's
// room and people can become nobody's.
func (e *Engine) linked(ctx context.Context, m *Message, actor *Person, talk Key) (Key, error) {
	desk, err := e.person(ctx, Desk)
	if err != nil {
		return "", err
	}
	if m.Public || e.book.Link == "" || actor.Party() == Support || slices.Contains(desk.Rooms, m.Room) {
		return talk, nil
	}
	key := e.linkKey(m.Link)
	c, err := e.cfg.Store.Conversation(ctx, key)
	if errors.Is(err, ErrNone) || err == nil && !c.Closed.IsZero() {
		return talk, nil
	}
	return key, err
}

// guest is the room of somebody who takes part in a record without being anybody yet; empty where there is none. What
// is theirs stands under Here.
func (t *turn) guest() Room { return Room(t.v.Fact("guest")) }

// guestCard tells the guest of a record where it stands, as card does the parties.
func (t *turn) guestCard(s *State) {
	room := t.guest()
	if room == "" {
		return
	}
	t.offer(Here, s.Offer[Here])
	live := t.isLive(room)
	switch words := s.Tell[Here]; {
	case words != "":
		t.newCard(room, t.host(), Here, words)
	case live && s.Card[Here] != "":
		t.reply(Reply{Room: room, Mode: Edit, Card: t.out.Conv.Key, Text: t.Say(t.v, t.host(), s.Card[Here]), Choices: t.buttons(Here, t.host(), false)}, t.host())
	case live:
		t.strip(room)
	}
}

// host is whose language what stands under Here is said in: a stranger's is not known, so the one they may turn out to be.
func (t *turn) host() *Person {
	if t.flow.Talk || t.v.Actor.ID != "" {
		return t.v.Actor
	}
	for _, p := range parties[:2] {
		if who := t.v.People[p]; who != nil {
			return who
		}
	}
	return t.v.Actor
}
