package slack

import (
	"context"
	"errors"
	"sync"

	"github.com/slack-go/slack"

	"nevermind/bot"
)

// What a message of ours carries for nobody but us: the id of the task that sends it, 128 random bits.
const (
	metadataType   = "nevermind_sent"
	metadataTaskID = "id"
)

func withTaskID(id string) slack.MsgOption {
	return slack.MsgOptionMetadata(slack.SlackMetadata{EventType: metadataType, EventPayload: map[string]any{metadataTaskID: id}})
}

// mostTwins is how many posts are remembered.
const mostTwins = 4096

// twins remembers what became of posts: those that certainly did not arrive, and those that Slack has told us of.
type sentPosts struct {
	mu      sync.Mutex
	notSent map[string]bool   // by task: the last attempt did not arrive
	posted  map[string]string // by task and channel: the message that it became
	order   []string
}

// saw notes a message of ours that Slack tells us of.
func (t *sentPosts) observed(id, channel, ts string) {
	if id == "" || ts == "" {
		return
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.posted == nil {
		t.posted = map[string]string{}
	}
	key := id + " " + channel
	if _, ok := t.posted[key]; !ok {
		t.order = append(t.order, key)
	}
	t.posted[key] = ts
	for len(t.order) > mostTwins {
		delete(t.posted, t.order[0])
		t.order = t.order[1:]
	}
}

// ended notes how an attempt ended.
func (t *sentPosts) attempted(id string, err error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.notSent == nil || len(t.notSent) > mostTwins {
		t.notSent = map[string]bool{} // what is not remembered is looked for: slower, and no harm
	}
	if errors.Is(err, bot.ErrNotSent) {
		t.notSent[id] = true
	} else {
		delete(t.notSent, id)
	}
}

func (t *sentPosts) find(id, channel string) (ts string, notSent bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.posted[id+" "+channel], t.notSent[id]
}

// sentBefore looks for the message that an earlier attempt may have become: among what Slack has told us of our own
// messages, and where the app may, in the channel itself.
func (a *Adapter) findEarlierPost(ctx context.Context, d *bot.Delivery, channel string, thread bot.Ref) (bot.Ref, error) {
	ts, not := a.sent.find(d.ID, channel)
	if ts != "" || not {
		return bot.Ref(ts), nil
	}
	if !a.cfg.History {
		a.cfg.Meter.Count("twins", name, 1)
		return "", nil
	}
	if err := a.pace.wait(ctx, "", tierRead); err != nil {
		return "", err
	}
	found, err := a.recentMessages(ctx, channel, thread)
	if err = a.callError(tierRead, err); err != nil {
		if errors.Is(err, errUnclear) {
			err = errors.Join(bot.ErrNotSent, err)
		}
		return "", err
	}
	for _, m := range found {
		if m.Metadata.EventType == metadataType && m.Metadata.EventPayload[metadataTaskID] == d.ID {
			a.cfg.Meter.Count("reconciled", name, 1)
			return bot.Ref(m.Timestamp), nil
		}
	}
	return "", nil
}

// recent reads what was said last in a channel or a thread.
func (a *Adapter) recentMessages(ctx context.Context, channel string, thread bot.Ref) ([]slack.Message, error) {
	if thread == "" {
		h, err := a.api.GetConversationHistoryContext(ctx, &slack.GetConversationHistoryParameters{ChannelID: channel, Limit: 200, IncludeAllMetadata: true})
		if err != nil {
			return nil, err
		}
		return h.Messages, nil
	}
	var all []slack.Message
	for cursor := ""; ; {
		page, more, next, err := a.api.GetConversationRepliesContext(ctx, &slack.GetConversationRepliesParameters{
			ChannelID: channel, Timestamp: string(thread), Cursor: cursor, Limit: 200, IncludeAllMetadata: true})
		if err != nil {
			return nil, err
		}
		all = append(all, page...)
		if cursor = next; !more || next == "" {
			return all, nil
		}
	}
}
