package slack

import (
	"context"
	"fmt"
	"log/slog"

	"github.com/slack-go/slack"

	"nevermind/bot"
)

// directChannel returns the channel of our direct messages with somebody, opening it the first time.
func (a *Adapter) directChannel(ctx context.Context, user string) (string, error) {
	if channel := a.knownDirectChannel(user); channel != "" {
		return channel, nil
	}
	c, _, _, err := a.api.OpenConversationContext(ctx, &slack.OpenConversationParameters{Users: []string{user}, ReturnIM: true})
	if err != nil {
		return "", fmt.Errorf("open a direct message: %w", sanitizeError(err))
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	a.directChannels[user] = c.ID
	return c.ID, nil
}

// knownDirectChannel is directChannel where it was opened before, else empty.
func (a *Adapter) knownDirectChannel(user string) string {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.directChannels[user]
}

// openLeadRooms gives each of the support team's leads a room of their own, so that they can be told directly what has
// waited long. A lead whose direct messages cannot be opened is told in the support channel.
func (a *Adapter) openLeadRooms(ctx context.Context, engine Engine) error {
	for _, user := range a.cfg.Leads {
		channel, err := a.directChannel(ctx, user)
		if err != nil {
			a.cfg.Meter.Count("leads_not_met", adapterName, 1)
			const msg = "slack: a lead cannot be written to directly; they are told in the support channel"
			a.cfg.Log.Warn(msg, slog.Any("why", err))
			continue
		}
		lead := bot.Person{ID: bot.NewPersonID(bot.Support, user), Rooms: []bot.Room{room(channel)}}
		if _, err := engine.PutPerson(ctx, lead); err != nil {
			return fmt.Errorf("give a lead their room: %w", err)
		}
	}
	return nil
}
