package engine

import (
	"context"
	"time"

	"nevermind/bot"
)

// An account that is not linked to a buyer or seller may write as much as its platform allows, and each message is stored with
// its answer. So that strangers cannot fill the disk, a room of theirs is heard so often an hour; messages beyond that are
// neither stored nor answered. A link that exists is opened all the same.
const (
	strangersTime  = time.Hour
	strangersWords = 60
)

// tooMuch says whether a message is a stranger's beyond the limit, and counts it then.
func (r *receiver) tooMuch(ctx context.Context, m *bot.Message, actor *bot.Person) bool {
	if actor.ID != "" || r.words.allows(m.Room, r.now()) || r.opens(ctx, m) {
		return false
	}
	r.cfg.Meter.Count("refused", "too_much", 1)
	return true
}

// opens says whether a message opens a link that exists and is open.
func (r *receiver) opens(ctx context.Context, m *bot.Message) bool {
	if m.Kind() != bot.KindLink {
		return false
	}
	c, err := r.cfg.Store.Conversation(ctx, r.people.linkKey(m.Link))
	return err == nil && c.Closed.IsZero()
}
