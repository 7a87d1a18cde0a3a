package slack

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/slack-go/slack"

	"nevermind/bot"
)

// command hands a slash command to the house as words in the person's direct message: what is asked there is nobody
// else's business.
func (in *intake) command(ctx context.Context, raw []byte) (any, error) {
	var c command
	if err := json.Unmarshal(raw, &c); err != nil || c.User == "" || c.Trigger == "" {
		return nil, strange("not a command")
	}
	if err := in.ours(c.AppID, c.Team); err != nil {
		return nil, err
	}
	who, err := in.speaker(ctx, in.house, in.us, c.Team, c.User)
	if err != nil {
		return nil, err
	}
	channel, err := in.private(ctx, c.User)
	if err != nil {
		return nil, err
	}
	m := bot.Message{ID: in.id(c.Trigger), Room: room(channel), Account: who, Text: ask(c.Text)}
	if token, ok := strings.CutPrefix(m.Text, "link "); ok {
		m.Text, m.Link = "link", strings.TrimSpace(token)
	}
	if err := in.receive(ctx, m); err != nil {
		return nil, err
	}
	if c.Channel == channel {
		return nil, nil
	}
	return map[string]string{"response_type": "ephemeral", "text": wordsInDM}, nil
}

// asks are what a command's words are called in a talk.
var asks = map[string]string{"": "/help", "help": "/help", "queue": "what waits for us", "orders": "/orders"}

// ask makes words of a command's.
func ask(text string) string {
	text = strings.TrimSpace(plain(text))
	if words, ok := asks[strings.ToLower(text)]; ok {
		return words
	}
	for _, before := range []string{"order ", "case "} {
		if rest, ok := strings.CutPrefix(text, before); ok {
			return strings.TrimSpace(rest)
		}
	}
	return text
}

// private is the channel of our direct messages with somebody.
func (a *Adapter) private(ctx context.Context, user string) (string, error) {
	a.mu.Lock()
	channel := a.rooms[user]
	a.mu.Unlock()
	if channel != "" {
		return channel, nil
	}
	c, _, _, err := a.api.OpenConversationContext(ctx, &slack.OpenConversationParameters{Users: []string{user}, ReturnIM: true})
	if err != nil {
		return "", fmt.Errorf("open a direct message: %w", plainError(err))
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	a.rooms[user] = c.ID
	return c.ID, nil
}
