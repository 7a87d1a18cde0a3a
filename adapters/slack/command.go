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
		return nil, unreadable("not a command")
	}
	if err := in.checkAddressee(c.AppID, c.Team); err != nil {
		if c.AppID != in.self.app || c.Team == "" {
			return nil, err
		} // else: somebody of another team, in a channel that is shared with theirs
		return ephemeral(wordsNotHere), nil
	}
	word, rest, _ := strings.Cut(strings.TrimSpace(plainText(c.Text)), " ")
	rest = strings.TrimSpace(rest)
	switch word = strings.ToLower(word); {
	case word == "link" && rest != "":
		return in.forwardToTalk(ctx, &c, bot.Message{Text: "link", Link: rest})
	case word == "orders":
		return in.forwardToTalk(ctx, &c, bot.Message{Text: "/orders"})
	case in.cfg.Desk == nil:
	case word == string(Queue):
		return in.showBoard(ctx, &c, Asked{What: Queue})
	case (word == string(Case) || word == string(Order)) && rest != "":
		return in.showBoard(ctx, &c, Asked{What: What(word), ID: rest})
	}
	return ephemeral(in.translatorFor(ctx, in.engine, accountID(c.Team, c.User))(wordsHelp)), nil
}

// whisper is an answer in words alone.
func ephemeral(text string) map[string]any {
	return map[string]any{"response_type": "ephemeral", "text": fallbackText(text), "blocks": []slack.Block{paragraph(text, false)}}
}

// look answers with what somebody may see of what they have asked for.
func (in *intake) showBoard(ctx context.Context, c *command, asked Asked) (any, error) {
	who, err := in.person(ctx, in.engine, in.self, c.Team, c.User)
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
		channel = in.directChannels[c.User] // where it is not known, nothing is linked
		in.mu.Unlock()
	}
	s, err := in.boardViewFor(ctx, in.engine, in.self, &who, channel)
	if err != nil {
		return nil, err
	}
	return s.answer(&board), nil
}

// talkOf hands a command to the house as words in the person's direct message: what is asked there is nobody else's
// business.
func (in *intake) forwardToTalk(ctx context.Context, c *command, m bot.Message) (any, error) {
	who, err := in.accountOf(ctx, in.engine, in.self, c.Team, c.User)
	if err != nil {
		return nil, err
	}
	channel, err := in.directChannel(ctx, c.User)
	if err != nil {
		return nil, err
	}
	m.ID, m.Room, m.Account = in.messageID(c.Trigger), room(channel), who
	if err := in.receive(ctx, m); err != nil {
		return nil, err
	}
	if c.Channel == channel {
		return nil, nil
	}
	return ephemeral(in.translatorFor(ctx, in.engine, who)(wordsInDM)), nil
}

// private is the channel of our direct messages with somebody.
func (a *Adapter) directChannel(ctx context.Context, user string) (string, error) {
	a.mu.Lock()
	channel := a.directChannels[user]
	a.mu.Unlock()
	if channel != "" {
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
