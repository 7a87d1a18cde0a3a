package slack

import (
	"context"
	"errors"
	"sync"

	"github.com/slack-go/slack"

	"nevermind/bot"
)

// sentPosts deduplicates posts. Slack's call that posts is not idempotent, and its answer may be lost; so before a second
// attempt we look for what the first one may have posted. It remembers the attempts that certainly did not arrive, which
// need no look, and the posts that Slack has told us of, which need no call.
type sentPosts struct {
	posted *recent[string] // by task and channel: the ts of the message

	mu      sync.Mutex
	notSent map[string]bool // by task: the last attempt certainly did not arrive
}

// observed stores that a message of ours stands in a channel, as Slack's event about it says.
func (p *sentPosts) observed(task, channel, ts string) {
	if task != "" && ts != "" {
		p.posted.put(task+" "+channel, ts)
	}
}

// attempted stores how an attempt ended.
func (p *sentPosts) attempted(task string, err error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.notSent == nil || len(p.notSent) > maxPosts {
		p.notSent = map[string]bool{} // what is forgotten is looked for, which only takes longer
	}
	if errors.Is(err, bot.ErrNotSent) {
		p.notSent[task] = true
	} else {
		delete(p.notSent, task)
	}
}

// find returns the message that a task has become, and whether its last attempt certainly did not arrive.
func (p *sentPosts) find(task, channel string) (ts string, notSent bool) {
	ts, _ = p.posted.get(task + " " + channel)
	p.mu.Lock()
	defer p.mu.Unlock()
	return ts, p.notSent[task]
}

// findEarlierPost returns the message that an earlier attempt has posted, or the empty Ref: from what Slack has told us of
// our own messages, else, where the app may read it, from the channel's history.
func (a *Adapter) findEarlierPost(ctx context.Context, d *bot.Delivery, channel string, thread bot.Ref) (bot.Ref, error) {
	ts, notSent := a.sent.find(d.ID, channel)
	if ts != "" || notSent {
		return bot.Ref(ts), nil
	}
	// A distributed app may not read the history, and the event about the first post has not come: post again, and count it.
	if !a.cfg.History {
		a.cfg.Meter.Count("twins", adapterName, 1) // it may stand there twice now
		return "", nil
	}
	if err := a.pace.wait(ctx, "", tierRead); err != nil {
		return "", err
	}
	found, err := a.recentMessages(ctx, channel, thread)
	if err = a.callError(tierRead, err); err != nil {
		if errors.Is(err, errUnclear) {
			err = errors.Join(bot.ErrNotSent, err) // reading has posted nothing
		}
		return "", err
	}
	for i := range found {
		if meta := &found[i].Metadata; meta.EventType == metadataType && meta.EventPayload[metadataTaskID] == d.ID {
			a.cfg.Meter.Count("reconciled", adapterName, 1)
			return bot.Ref(found[i].Timestamp), nil
		}
	}
	return "", nil
}

// recentMessages reads the newest messages of a channel, one page, or a whole thread, with their metadata.
func (a *Adapter) recentMessages(ctx context.Context, channel string, thread bot.Ref) ([]slack.Message, error) {
	const page = 200
	if thread == "" {
		h, err := a.api.GetConversationHistoryContext(ctx, &slack.GetConversationHistoryParameters{
			ChannelID: channel, Limit: page, IncludeAllMetadata: true})
		if err != nil {
			return nil, err
		}
		return h.Messages, nil
	}
	var all []slack.Message
	for cursor := ""; ; {
		messages, more, next, err := a.api.GetConversationRepliesContext(ctx, &slack.GetConversationRepliesParameters{
			ChannelID: channel, Timestamp: string(thread), Cursor: cursor, Limit: page, IncludeAllMetadata: true})
		if err != nil {
			return nil, err
		}
		all = append(all, messages...)
		if cursor = next; !more || next == "" {
			return all, nil
		}
	}
}
