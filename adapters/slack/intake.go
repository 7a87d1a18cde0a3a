package slack

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"

	"nevermind/bot"
)

// The kinds of what Slack sends, as Socket Mode names them.
const (
	kindEvent       = "events_api"
	kindInteraction = "interactive"
	kindCommand     = "slash_commands"
)

// take takes in one thing that Slack sent, whichever way. A nil error is the permission to acknowledge it; answer is
// what is sent along then, if anything.
func (a *Adapter) intake(ctx context.Context, kind string, raw []byte) (answer any, err error) {
	house, us, err := a.running()
	if err != nil {
		return nil, err
	}
	in := intake{a, house, us}
	switch kind {
	case kindEvent:
		err = in.event(ctx, raw)
	case kindInteraction:
		answer, err = in.interaction(ctx, raw)
	case kindCommand:
		answer, err = in.command(ctx, raw)
	default:
		err = unreadable("unknown kind")
	}
	var odd unreadable
	switch {
	case errors.As(err, &odd):
		return nil, in.deadLetter(ctx, raw, string(odd))
	case errors.Is(err, errForeign):
		a.cfg.Meter.Count("updates_not_ours", name, 1)
		a.cfg.Log.Warn("slack: something for another app or team was refused", "kind", kind)
		return nil, nil
	}
	return answer, err
}

// intake takes things in while there is an inbox.
type intake struct {
	*Adapter
	engine Engine
	self   identity
}

// strange says that something cannot be read.
type unreadable string

func (s unreadable) Error() string { return "cannot be read: " + string(s) }

// errForeign says that something was meant for another app or comes from another team's installation.
var errForeign = errors.New("not for this app and team")

func (in *intake) checkAddressee(app, team string) error {
	if app != in.self.app || team != in.self.team {
		return errForeign
	}
	return nil
}

// setAside keeps what nobody can read for an operator to see.
func (in *intake) deadLetter(ctx context.Context, raw []byte, why string) error {
	in.cfg.Meter.Count("updates_unreadable", name, 1)
	return in.engine.Discard(ctx, in.deadLetterID(raw), "slack", raw, why)
}

// rawID names what cannot be read: by its event's id where there is one, else by its content.
func (in *intake) deadLetterID(raw []byte) string {
	var o struct {
		EventID string `json:"event_id"`
		Trigger string `json:"trigger_id"`
	}
	if json.Unmarshal(raw, &o) == nil && o.EventID+o.Trigger != "" {
		return in.messageID(o.EventID + o.Trigger)
	}
	sum := sha256.Sum256(raw)
	return in.messageID("raw:" + hex.EncodeToString(sum[:16]))
}

// id names a message for ever; a repeat is known by it.
func (in *intake) messageID(of string) string {
	return "slack:" + in.self.app + ":" + in.self.team + ":" + of
}

// receive hands a message to the house.
func (in *intake) receive(ctx context.Context, m bot.Message) error {
	m.At = in.cfg.Now()
	return in.engine.Receive(ctx, m)
}
