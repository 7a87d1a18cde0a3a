package slack

import (
	"context"
	"sync"
	"time"

	"nevermind/bot"
)

// The kinds of calls that Slack counts together, besides posts in one channel.
const (
	tierPost    = "chat.postMessage"
	tierUpdate  = "chat.update"
	tierWhisper = "chat.postEphemeral"
	tierRead    = "conversations.history"
	tierHome    = "views.publish"
	tierReact   = "reactions.add"
)

// perMinute is how many calls of a kind Slack allows a minute in a workspace (its tiers 3 and 4).
var perMinute = map[string]float64{tierUpdate: 50, tierWhisper: 100, tierRead: 50, tierHome: 100, tierReact: 50}

// patience is how long a send waits for its turn; for longer it gives its place to others.
const patience = 10 * time.Second

// pace spaces calls out: about one message a second in each channel, and each kind of call within its tier.
type pace struct {
	rate float64 // messages a second in one channel; 0 is no limit, nor are there tiers then

	mu    sync.Mutex
	lanes map[string]*bucket
}

// bucket lets a few calls through at once and the rest at their rate.
type bucket struct {
	tokens, most, rate float64 // rate a second
	at                 time.Time
	held               time.Time // Slack asked for quiet until then
}

func newPace(rate float64) *pace { return &pace{rate: rate, lanes: map[string]*bucket{}} }

// wait waits for the turn of a call, in its channel if it has one; a Later where that takes too long.
func (p *pace) wait(ctx context.Context, channel, kind string) error {
	for _, lane := range []string{channel, kind} {
		if lane == "" {
			continue
		}
		d := p.take(lane, lane == channel)
		if d > patience {
			p.giveBack(lane)
			return bot.Later{After: d}
		}
		if d <= 0 {
			continue
		}
		timer := time.NewTimer(d)
		select {
		case <-timer.C:
		case <-ctx.Done():
			timer.Stop()
			return bot.Later{After: d}
		}
	}
	return nil
}

// take takes a place and says how long until it comes.
func (p *pace) take(lane string, channel bool) time.Duration {
	p.mu.Lock()
	defer p.mu.Unlock()
	now := time.Now()
	b := p.bucket(lane, channel, now)
	held := b.held.Sub(now)
	if b.rate == 0 || p.rate == 0 {
		return max(held, 0)
	}
	b.tokens = min(b.most, b.tokens+now.Sub(b.at).Seconds()*b.rate)
	b.at = now
	b.tokens--
	if b.tokens >= 0 {
		return max(held, 0)
	}
	return max(held, time.Duration(-b.tokens/b.rate*float64(time.Second)))
}

func (p *pace) giveBack(lane string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if b := p.lanes[lane]; b != nil {
		b.tokens++
	}
}

// mostLanes is how many lanes are remembered; the idle are forgotten then.
const mostLanes = 10_000

func (p *pace) bucket(lane string, channel bool, now time.Time) *bucket {
	if b := p.lanes[lane]; b != nil {
		return b
	}
	if len(p.lanes) > mostLanes {
		for n, b := range p.lanes {
			if now.Sub(b.at) > time.Hour && b.held.Before(now) {
				delete(p.lanes, n)
			}
		}
	}
	b := &bucket{most: 1, rate: p.rate, at: now}
	if !channel {
		b.rate, b.most = perMinute[lane]/60, perMinute[lane]/5
	}
	b.tokens = b.most
	p.lanes[lane] = b
	return b
}

// hold keeps a lane quiet for a while, as Slack has asked.
func (p *pace) hold(lane string, d time.Duration) {
	p.mu.Lock()
	defer p.mu.Unlock()
	_, tier := perMinute[lane]
	now := time.Now()
	p.bucket(lane, !tier && lane != tierPost, now).held = now.Add(d)
}
