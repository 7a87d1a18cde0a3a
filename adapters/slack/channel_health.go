package slack

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/slack-go/slack"

	"nevermind/bot"
)

// channelHealth knows whether the support channel can be written to. While it cannot, we are not ready, and what is for the
// channel waits instead of being given up: an operator can put it right, and then the cards appear at once. Safe for
// concurrent use.
type channelHealth struct {
	look chan struct{} // asks watchChannel to look now

	mu    sync.Mutex
	fault string    // Slack's name of why it cannot be written to; empty where it can, as far as is known
	tried time.Time // when a delivery was let through to see
}

// How far apart the support channel is looked at, and how long at most what is for it waits after its return.
const (
	channelLookEvery = time.Minute
	channelPause     = 2 * time.Second
)

// The faults that Slack tells of when it is asked about a channel. Others, as that only admins may post, show in a post alone.
const (
	faultArchived  = "is_archived"
	faultNotMember = "not_in_channel"
	faultNotFound  = "channel_not_found"
)

// set notes why the channel cannot be written to, empty where it can, and says whether that is news.
func (c *channelHealth) set(fault string) (news bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	news = fault != c.fault
	c.fault = fault
	return news
}

// why is the fault as it is known.
func (c *channelHealth) why() string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.fault
}

// hold is how long a delivery for the channel is held back. With a fault that only a post shows one is let through now and then.
func (c *channelHealth) hold(now time.Time) time.Duration {
	c.mu.Lock()
	defer c.mu.Unlock()
	switch c.fault {
	case "":
		return 0
	case faultArchived, faultNotMember, faultNotFound:
		return channelPause
	}
	if now.Sub(c.tried) < channelLookEvery {
		return channelPause
	}
	c.tried = now
	return 0
}

// lookAtChannel has the support channel looked at now: something has happened to it.
func (a *Adapter) lookAtChannel() {
	select {
	case a.channel.look <- struct{}{}:
	default: // asked for already
	}
}

// watchChannel looks at the support channel every so often and when it is asked to, until ctx ends.
func (a *Adapter) watchChannel(ctx context.Context) {
	ticker := time.NewTicker(channelLookEvery)
	defer ticker.Stop()
	for {
		within, cancel := context.WithTimeout(ctx, callTimeout)
		a.checkChannel(within)
		cancel()
		select {
		case <-ticker.C:
		case <-a.channel.look:
		case <-ctx.Done():
			return
		}
	}
}

// checkChannel asks Slack whether the support channel can be written to. An answer that says nothing of that changes nothing.
func (a *Adapter) checkChannel(ctx context.Context) {
	c, err := a.api.GetConversationInfoContext(ctx, &slack.GetConversationInfoInput{ChannelID: a.cfg.Channel})
	var refused slack.SlackErrorResponse
	switch {
	case err == nil && c.IsArchived:
		a.channelFault(faultArchived)
	case err == nil && !c.IsMember:
		a.channelFault(faultNotMember)
	case err == nil:
		// What only a post shows is over with a post alone.
		switch a.channel.why() {
		case faultArchived, faultNotMember, faultNotFound:
			a.channelFault("")
		}
	case errors.As(err, &refused) && errors.Is(errorClasses[refused.Err], bot.ErrGone):
		a.channelFault(refused.Err)
	}
}

// channelFault notes the support channel's fault, or that there is none any more, and logs it where it is news.
func (a *Adapter) channelFault(fault string) {
	if !a.channel.set(fault) {
		return
	}
	if fault == "" {
		a.cfg.Log.Info("slack: the support channel can be written to again")
		a.members.invalidate("")
		return
	}
	a.cfg.Meter.Count("channel_lost", adapterName, 1)
	a.cfg.Log.Error("slack: the support channel cannot be written to, and cases wait for it", "why", fault)
}

// writeError classifies how a post or a change in a channel has ended, as callError does. For the support channel a room that
// is gone is a fault to wait for.
func (a *Adapter) writeError(channel, lane string, err error) error {
	class := a.callError(lane, err)
	if channel != a.cfg.Channel {
		return class
	}
	var refused slack.SlackErrorResponse
	switch {
	case err == nil:
		a.channelFault("")
	case errors.Is(class, bot.ErrGone) && errors.As(err, &refused):
		a.channelFault(refused.Err)
		return fmt.Errorf("%w: %s", bot.Later{After: channelPause}, refused.Err)
	}
	return class
}
