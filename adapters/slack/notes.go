package slack

import (
	"context"
	"errors"
	"time"

	"github.com/slack-go/slack"

	"nevermind/bot"
)

// A note is what an agent types in the thread below a case's card. It stays among colleagues: the engine stores it with the
// case, and nothing of it is sent to the buyer or the seller.

// noteReaction is the emoji that confirms below a note that it is stored.
const noteReaction = "white_check_mark"

// nameFiles names the files that came with a message: the engine has them fetched once it is stored, and says what is not kept.
func nameFiles(by *event, m *bot.Message) (err error) {
	if len(by.Files) > 0 && m.Unsupported != bot.Edited && m.Unsupported != bot.Deleted {
		m.Pending, err = pendingFiles(by.Files)
	}
	return err
}

// confirmNote reacts to an agent's note that is stored with a case. A reaction that fails is counted and not tried again.
func (in *intake) confirmNote(ctx context.Context, m *bot.Message, ts string) {
	if agent, err := in.isAgent(ctx, m.Account); err != nil || !agent {
		return
	}
	if key, err := in.records.Sender(ctx, m.Room, m.ReplyTo); err != nil || key.Kind() == "talk" {
		return
	}
	if err := in.pace.wait(ctx, "", tierReact); err != nil {
		return
	}
	err := in.api.AddReactionContext(ctx, noteReaction, slack.NewRefToMessage(channelOf(m.Room), ts))
	if err = in.callError(tierReact, err); err != nil {
		in.cfg.Meter.Count("ticks_lost", adapterName, 1)
	}
}

// errSenderUnknown is the error of a reply to a message of ours whose id is not stored yet: Slack should deliver it again.
var errSenderUnknown = errors.New("slack: it answers a message that is not settled yet")

// senderTimeout is how long after it was posted a message of ours may be unknown to the engine. The program may have ended
// between posting it and storing its id; the next attempt finds the message and stores the id.
const senderTimeout = 15 * time.Minute

// checkSender returns errSenderUnknown for a note that answers a recent message which the engine does not know: it would be
// dropped, since nobody knows which case it belongs to.
func (in *intake) checkSender(ctx context.Context, m *bot.Message) error {
	_, err := in.records.Sender(ctx, m.Room, m.ReplyTo)
	if !errors.Is(err, bot.ErrNone) {
		return err
	}
	if in.cfg.Now().Sub(timeOf(string(m.ReplyTo))) < senderTimeout {
		in.cfg.Meter.Count("notes_early", adapterName, 1)
		return errSenderUnknown
	}
	return nil
}
