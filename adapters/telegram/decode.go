package telegram

import (
	"errors"

	"nevermind/bot"
)

// Decode reads an update that could not be read when it came, as bot.Decoder; a message without an id where it is none for this
// bot. What came with it is not fetched a second time, and the person is told so.
func (a *Adapter) Decode(raw []byte) (bot.Message, error) {
	self, p := a.self(), parseUpdate(raw)
	switch {
	case self.id == 0:
		return bot.Message{}, errors.New("telegram has not said yet who the bot is")
	case p.update == nil:
		return bot.Message{}, errors.New("telegram: still not known here")
	}
	m, ours := message(p.update, self)
	if !ours {
		return bot.Message{}, nil
	}
	m.ID = rawMessageID(self, raw) // as its dead letter's
	if s := p.update.Message; s != nil && !m.Public && len(s.attachments()) > 0 && m.Unsupported == "" {
		m.Unsupported = bot.Unfetched
	}
	return m, nil
}
