package slack

import (
	"context"
	"encoding/json"
	"strings"

	"github.com/slack-go/slack"

	"nevermind/bot"
)

// command answers a slash command, for nobody but the person to see. What belongs into a talk goes to their direct messages.
func (in *intake) command(ctx context.Context, raw []byte) (answer any, err error) {
	var c command
	if err := json.Unmarshal(raw, &c); err != nil || c.User == "" || c.Trigger == "" {
		return commandAnswer(wordsHelp), unreadable("not a command")
	}
	if err := in.checkAddressee(c.AppID, c.Team); err != nil {
		if c.AppID != in.self.app || c.Team == "" {
			return nil, err
		} // else: somebody of another team, in a channel that is shared with theirs
		return commandAnswer(wordsNotHere), nil
	}
	// "link TOKEN", "orders", "queue", "case NAME" and "order NUMBER"; anything else is answered with help.
	word, rest, _ := strings.Cut(strings.TrimSpace(plainText(c.Text)), " ")
	rest = strings.TrimSpace(rest)
	switch word = strings.ToLower(word); {
	case word == "link" && rest != "":
		return in.forwardToTalk(ctx, &c, bot.Message{Text: "link", Link: rest})
	case word == "orders":
		return in.forwardToTalk(ctx, &c, bot.Message{Text: "/orders"})
	// Without a Desk there is nothing to show, and the commands below are not known.
	case in.cfg.Desk == nil:
	case word == string(Queue):
		return in.showBoard(ctx, &c, Asked{What: Queue})
	case (word == string(Case) || word == string(Order)) && rest != "":
		return in.showBoard(ctx, &c, Asked{What: What(word), ID: rest})
	}
	return commandAnswer(in.translatorFor(ctx, in.session, accountID(c.Team, c.User))(wordsHelp)), nil
}

// commandAnswer is the answer to a command in words alone.
func commandAnswer(text string) map[string]any {
	return map[string]any{"response_type": "ephemeral", "text": fallbackText(text), "blocks": []slack.Block{paragraph(text, false)}}
}

// showBoard answers with the part that somebody may see of what they have asked for.
func (in *intake) showBoard(ctx context.Context, c *command, asked Asked) (answer any, err error) {
	who, err := in.person(ctx, in.session, c.Team, c.User)
	if err != nil {
		return nil, err
	}
	board, err := in.cfg.Desk(ctx, who, asked)
	if err != nil {
		return nil, err
	}
	view, err := in.boardViewFor(ctx, in.session, &who, in.cardChannel(&who, in.knownDirectChannel(c.User)))
	if err != nil {
		return nil, err
	}
	return view.answer(&board), nil
}

// forwardToTalk hands a command to the engine as words in the person's direct messages: what is asked there is private.
func (in *intake) forwardToTalk(ctx context.Context, c *command, m bot.Message) (answer any, err error) {
	who, err := in.accountOf(ctx, in.session, c.Team, c.User)
	if err != nil {
		return nil, err
	}
	channel, err := in.directChannel(ctx, c.User)
	if err != nil {
		return nil, err
	}
	// A trigger belongs to one use of the command, so its id serves to deduplicate.
	m.ID, m.Room, m.Account = in.self.messageID(c.Trigger), room(channel), who
	if err := in.receive(ctx, m); err != nil {
		return nil, err
	}
	// Whoever typed it in the direct messages sees the answer there already.
	if c.Channel == channel {
		return nil, nil
	}
	return commandAnswer(in.translatorFor(ctx, in.session, who)(wordsInDM)), nil
}
