package telegram

import (
	"context"
	"log/slog"

	"github.com/go-telegram/bot/models"
)

// A chat may have topics: some groups, and private chats by a setting of bot and person. A room is the whole chat, so what is
// sent to it goes to the topic in which somebody has last written or pressed a button there (sendState); 0 is none.

// noteTopic remembers the topic of a message or a press. Where that cannot be stored it holds until a restart.
func (a *Adapter) noteTopic(ctx context.Context, u *update) {
	chat, topic, known := u.topic()
	if !known {
		return
	}
	if err := a.sendState.setTopic(ctx, chat, topic); err != nil {
		a.cfg.Log.Warn("the topic of a chat is not stored", slog.Any("why", err))
	}
}

// topic is the topic in which somebody has acted; known is false where the update does not tell.
func (u *update) topic() (chat, topic int64, known bool) {
	switch {
	case u.Message != nil:
		m := u.Message
		return m.Chat.ID, topicIn(m.Chat.Type, m.ThreadID, m.InTopic), true
	case u.Callback != nil && u.Callback.Message != nil && u.Callback.Message.Date != 0:
		m := u.Callback.Message
		return m.Chat.ID, topicIn(m.Chat.Type, m.ThreadID, m.InTopic), m.Chat.ID != 0
	default:
		return 0, 0, false
	}
}

// topicIn is the topic that a thread is. In a group a thread may be a chain of replies.
func topicIn(kind models.ChatType, thread int64, inTopic bool) int64 {
	if kind != models.ChatTypePrivate && !inTopic {
		return 0
	}
	return thread
}
