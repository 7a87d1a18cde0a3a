package slack

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"nevermind/bot"
)

// decodeTimeout is how long reading an event the second time may take: Slack is asked who has sent it, and for its files.
const decodeTimeout = 30 * time.Second

// Decode reads an event that could not be read when it came, as bot.Decoder; a message without an id where it is none for us. Of
// what else Slack sends, presses and commands, nobody waits for an answer any more.
func (a *Adapter) Decode(raw []byte) (bot.Message, error) {
	s, err := a.running()
	if err != nil {
		return bot.Message{}, err
	}
	in := intake{a, s}
	var o eventEnvelope
	var e event
	if json.Unmarshal(raw, &o) != nil || o.Type != "event_callback" || o.EventID == "" || json.Unmarshal(o.Event, &e) != nil {
		return bot.Message{}, errors.New("slack: still not an event that is known")
	}
	if err := in.checkAddressee(o.AppID, o.team(s.self.team)); err != nil {
		return bot.Message{}, err
	}
	if e.Type != "message" {
		return bot.Message{}, nil
	}
	ctx, cancel := context.WithTimeout(context.Background(), decodeTimeout)
	defer cancel()
	m, _, err := in.read(ctx, o.EventID, &e)
	return m, err
}
