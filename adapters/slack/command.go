package slack

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/slack-go/slack"

	"nevermind/bot"
)

// command answers a slash command where only the person sees it. What belongs into a talk goes to their direct messages.
func (in *intake) command(ctx context.Context, raw []byte) (any, error) {
	var c command
	if err := json.Unmarshal(raw, &c); err != nil || c.User == "" || c.Trigger == "" {
		return nil, strange("not a command")
	}
	if err := in.ours(c.AppID, c.Team); err != nil {
		if c.AppID != in.us.app || c.Team == "" {
			return nil, err
		} // else: somebody of another team, in a channel that is shared with theirs
		return whisper(wordsNotHere), nil
	}
	word, rest, _ := strings.Cut(strings.TrimSpace(plain(c.Text)), " ")
	rest = strings.TrimSpace(rest)
	switch word = strings.ToLower(word); {
	case word == "link" && rest != "":
		return in.talkOf(ctx, &c, bot.Message{Text: "link", Link: rest})
	case word == "orders":
		return in.talkOf(ctx, &c, bot.Message{Text: "/orders"})
	case in.cfg.Desk == nil:
	case word == string(Queue):
		return in.look(ctx, &c, Asked{What: Queue})
	case (word == string(Case) || word == string(Order)) && rest != "":
		return in.look(ctx, &c, Asked{What: What(word), ID: rest})
	}
	return whisper(in.tongueOf(ctx, in.house, account(c.Team, c.User))(wordsHelp)), nil
}

// whisper is an answer in words alone.
func whisper(text string) map[string]any {
	return map[string]any{"response_type": "ephemeral", "text": fallback(text), "blocks": []slack.Block{paragraph(text, false)}}
}

// look answers with what somebody may see of what they have asked for.
func (in *intake) look(ctx context.Context, c *command, asked Asked) (any, error) {
	who, err := in.person(ctx, in.house, in.us, c.Team, c.User)
	if err != nil {
		return nil, err
	}
	board, err := in.cfg.Desk(ctx, who, asked)
	if err != nil {
		return nil, err
	}
	channel := in.cfg.Channel
	if who.Party() != bot.Support {
		in.mu.Lock()
		channel = in.rooms[c.User] // where it is not known, nothing is linked
		in.mu.Unlock()
	}
	s, err := in.sightsOf(ctx, in.house, in.us, &who, channel)
	if err != nil {
		return nil, err
	}
	return s.answer(&board), nil
}

// talkOf hands a command to the house as words in the person's direct message: what is asked there is nobody else's
// business.
func (in *intake) talkOf(ctx context.Context, c *command, m bot.Message) (any, error) {
	who, err := in.speaker(ctx, in.house, in.us, c.Team, c.User)
	if err != nil {
		return nil, err
	}
	channel, err := in.private(ctx, c.User)
	if err != nil {
		return nil, err
	}
	m.ID, m.Room, m.Account = in.id(c.Trigger), room(channel), who
	if err := in.receive(ctx, m); err != nil {
		return nil, err
	}
	if c.Channel == channel {
		return nil, nil
	}
	return whisper(in.tongueOf(ctx, in.house, who)(wordsInDM)), nil
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
