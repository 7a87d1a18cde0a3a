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
	effectType = "nevermind_sent"
	effectID   = "id"
)

func effect(id string) slack.MsgOption {
	return slack.MsgOptionMetadata(slack.SlackMetadata{EventType: effectType, EventPayload: map[string]any{effectID: id}})
}

// mostTwins is how many posts are remembered.
const mostTwins = 4096

// twins remembers what became of posts: those that certainly did not arrive, and those that Slack has told us of.
type twins struct {
	mu    sync.Mutex
	not   map[string]bool   // by task: the last attempt did not arrive
	stand map[string]string // by task and channel: the message that it became
	order []string
}

// saw notes a message of ours that Slack tells us of.
func (t *twins) saw(id, channel, ts string) {
	if id == "" || ts == "" {
		return
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.stand == nil {
		t.stand = map[string]string{}
	}
	key := id + " " + channel
	if _, ok := t.stand[key]; !ok {
		t.order = append(t.order, key)
	}
	t.stand[key] = ts
	for len(t.order) > mostTwins {
		delete(t.stand, t.order[0])
		t.order = t.order[1:]
	}
}

// ended notes how an attempt ended.
func (t *twins) ended(id string, err error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.not == nil || len(t.not) > mostTwins {
		t.not = map[string]bool{} // what is not remembered is looked for: slower, and no harm
	}
	if errors.Is(err, bot.ErrNotSent) {
		t.not[id] = true
	} else {
		delete(t.not, id)
	}
}

func (t *twins) find(id, channel string) (ts string, notSent bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.stand[id+" "+channel], t.not[id]
}

// sentBefore looks for the message that an earlier attempt may have become: among what Slack has told us of our own
// messages, and where the app may, in the channel itself.
func (a *Adapter) sentBefore(ctx context.Context, d *bot.Delivery, channel string, thread bot.Ref) (bot.Ref, error) {
	ts, not := a.twins.find(d.ID, channel)
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
	found, err := a.recent(ctx, channel, thread)
	if err = a.learn(tierRead, err); err != nil {
		if errors.Is(err, errUnclear) {
			err = errors.Join(bot.ErrNotSent, err)
		}
		return "", err
	}
	for _, m := range found {
		if m.Metadata.EventType == effectType && m.Metadata.EventPayload[effectID] == d.ID {
			a.cfg.Meter.Count("reconciled", name, 1)
			return bot.Ref(m.Timestamp), nil
		}
	}
	return "", nil
}

// recent reads what was said last in a channel or a thread.
func (a *Adapter) recent(ctx context.Context, channel string, thread bot.Ref) ([]slack.Message, error) {
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
