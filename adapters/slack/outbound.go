package slack

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/slack-go/slack"

	"nevermind/bot"
)

// Turn waits until a delivery may go out: until there is a session, and the rate limit of its first call lets it through. It
// says in a bot.Later where that is far, and while Slack is away. Send follows at once; what it waits further is short.
func (a *Adapter) Turn(ctx context.Context, d bot.Delivery) error {
	if _, err := a.await(ctx, connectWait); err != nil {
		return bot.Later{After: time.Second}
	}
	if d.Reply.Mode == bot.Aside {
		return nil // nobody waits for a remark that comes late: it is made now or not
	}
	channel := channelOf(d.Reply.Room)
	if channel == a.cfg.Channel {
		if held := a.channel.hold(time.Now()); held > 0 {
			return bot.Later{After: held}
		}
	}
	lane := channel
	if d.Reply.Mode != bot.New {
		lane = tierUpdate
	}
	due := a.pace.due(lane, lane == channel)
	if due > maxWait || due > 0 && !sleep(ctx, due) {
		return bot.Later{After: due}
	}
	// Last, since whoever is let out while Slack is away has to go.
	if held := a.outage.hold(time.Now()); held > 0 {
		a.cfg.Meter.Count("held_back", adapterName, 1)
		return bot.Later{After: held}
	}
	return nil
}

// Send posts or changes one reply and returns its ts. Repeating an attempt is safe: changes are idempotent, and before a post
// is repeated findEarlierPost looks for it.
//
// In the support channel a case is one card with a thread below it. What would be a new card there is an update of that card
// and a line in its thread, and a plain message of the case stands in the thread. In direct messages a plain message stands
// below the card too, and is shown in the conversation besides: an answer to it there is an answer to the case.
func (a *Adapter) Send(ctx context.Context, d bot.Delivery) (bot.Ref, error) {
	if _, err := a.await(ctx, connectWait); err != nil {
		return "", bot.Later{After: time.Second}
	}
	ref, err := a.send(ctx, &d)
	if err == nil && d.Reply.Card != "" {
		a.recordCard(channelOf(d.Reply.Room), d.Reply.Card, ref)
		a.cardChanged(channelOf(d.Reply.Room))
	}
	return ref, err
}

// send does what the reply's mode asks for.
func (a *Adapter) send(ctx context.Context, d *bot.Delivery) (bot.Ref, error) {
	channel, r := channelOf(d.Reply.Room), &d.Reply
	switch r.Mode {
	case bot.Aside:
		return "", a.postAside(ctx, r)
	case bot.Strip:
		return d.Ref, a.stripButtons(ctx, channel, d)
	case bot.Edit:
		return d.Ref, a.update(ctx, d, channel, d.Ref, render(r))
	}
	// At the first attempt only: a later one goes where everybody sees it, since a private one may be lost.
	if d.Attempt <= 1 && a.postPrivately(ctx, r) {
		return "", nil
	}
	if channel == a.cfg.Channel && r.Card != "" && d.Ref != "" {
		err := a.update(ctx, d, channel, d.Ref, render(r))
		if err == nil {
			_, err = a.post(ctx, d, channel, d.Ref, renderUpdate(r))
			return d.Ref, err
		}
		// A card that somebody has deleted by hand is replaced by a new one below.
		if !errors.Is(err, bot.ErrCardGone) {
			return "", err
		}
	}
	return a.postNew(ctx, d, channel)
}

// postNew posts a new message with its files, in a thread where it belongs to a card. Where the thread is gone it stands by
// itself.
func (a *Adapter) postNew(ctx context.Context, d *bot.Delivery, channel string) (bot.Ref, error) {
	r, inSupport, thread := &d.Reply, channel == a.cfg.Channel, bot.Ref("")
	if r.Card == "" && (inSupport || r.From.Kind() != "talk") {
		thread = d.Under
	}
	ref, err := a.post(ctx, d, channel, thread, render(r))
	if errors.Is(err, bot.ErrCardGone) {
		thread = ""
		ref, err = a.post(ctx, d, channel, "", render(r))
	}
	if err != nil || len(r.Files) == 0 {
		return ref, err
	}
	switch {
	case !inSupport:
		thread = "" // a file cannot be shown in the thread and the conversation both
	case thread == "":
		thread = ref
	}
	return ref, a.uploadFiles(ctx, d, channel, thread)
}

// stripButtons takes the buttons off a card. Slack can only show a message whole; where nobody knows what it says any more
// the buttons stay, and whoever presses one hears that it is late.
func (a *Adapter) stripButtons(ctx context.Context, channel string, d *bot.Delivery) error {
	was, err := d.Was(ctx)
	if err != nil {
		return fmt.Errorf("%w: %w", bot.ErrNotSent, err)
	}
	if was == nil {
		a.cfg.Meter.Count("buttons_left", adapterName, 1)
		return nil
	}
	bare := *was
	bare.Choices = nil
	return a.update(ctx, d, channel, d.Ref, render(&bare))
}

// update replaces what a message says. It is idempotent, so one that may have been done is done again soon, and as often as it
// takes: for the engine it was not sent.
func (a *Adapter) update(ctx context.Context, d *bot.Delivery, channel string, ref bot.Ref, c content) error {
	if err := a.pace.wait(ctx, "", tierUpdate); err != nil {
		return err
	}
	_, _, _, err := a.api.UpdateMessageContext(ctx, channel, string(ref), c.options()...)
	err = a.writeError(channel, tierUpdate, err)
	if errors.Is(err, errUnclear) {
		a.cfg.Log.Debug("slack: a change is made again", "task", bot.Trace(d.ID), slog.Any("why", err))
		return bot.Later{After: min(time.Second<<min(max(d.Attempt-1, 0), 10), maxUpdatePause)}
	}
	return err
}

// maxUpdatePause is how long at most a change waits to be made again: whatever else is for that room waits behind it.
const maxUpdatePause = 4 * time.Second

// post posts a new message once: after a first attempt it looks for what that has posted.
func (a *Adapter) post(ctx context.Context, d *bot.Delivery, channel string, thread bot.Ref, c content) (bot.Ref, error) {
	if d.Attempt > 1 {
		ref, err := a.findEarlierPost(ctx, d, channel, thread)
		if ref != "" || err != nil {
			return ref, err
		}
	}
	if err := a.pace.wait(ctx, channel, tierPost); err != nil {
		return "", err
	}
	// Nothing in people's words may unfold a preview or be read as markup.
	options := append(c.options(), withTaskID(d.ID),
		slack.MsgOptionDisableLinkUnfurl(), slack.MsgOptionDisableMediaUnfurl(), slack.MsgOptionDisableMarkdown())
	if thread != "" {
		options = append(options, slack.MsgOptionTS(string(thread)))
		if channel != a.cfg.Channel {
			options = append(options, slack.MsgOptionBroadcast()) // in the conversation too, where a person looks
		}
	}
	_, ts, err := a.api.PostMessageContext(ctx, channel, options...)
	// Slack says that it was posted, and not as what: the next attempt looks for it.
	if err == nil && ts == "" {
		err = errUnclear
	}
	err = a.writeError(channel, channel, err)
	a.sent.attempted(d.ID, err)
	if err == nil {
		a.sent.observed(d.ID, channel, ts) // a file that goes along may fail, and the message is not posted again for that
	}
	return bot.Ref(ts), err
}
