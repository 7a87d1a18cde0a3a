package slack

import (
	"context"
	"sync"
	"time"

	"nevermind/bot"
)

// The kinds of calls that Slack counts together, besides posts in one channel.
const (
	tierPost      = "chat.postMessage"
	tierUpdate    = "chat.update"
	tierEphemeral = "chat.postEphemeral"
	tierRead      = "conversations.history"
	tierHome      = "views.publish"
	tierReact     = "reactions.add"
)

// perMinute is how many calls of a kind Slack allows a minute in a workspace (its tiers 3 and 4).
var perMinute = map[string]float64{tierUpdate: 50, tierEphemeral: 100, tierRead: 50, tierHome: 100, tierReact: 50}

// patience is how long a send waits for its turn; for longer it gives its place to others.
const maxWait = 10 * time.Second

// pace spaces calls out: about one message a second in each channel, and each kind of call within its tier.
type pace struct {
	rate float64 // messages a second in one channel; 0 is no limit, nor are there tiers then

	mu    sync.Mutex
	lanes map[string]*tokenBucket
}

// bucket lets a few calls through at once and the rest at their rate.
type tokenBucket struct {
	tokens, burst, rate float64 // rate a second
	refilled            time.Time
	quietUntil          time.Time // Slack asked for quiet until then
}

func newPace(rate float64) *pace { return &pace{rate: rate, lanes: map[string]*tokenBucket{}} }

// wait waits for the turn of a call, in its channel if it has one; a Later where that takes too long.
func (p *pace) wait(ctx context.Context, channel, kind string) error {
	for _, lane := range []string{channel, kind} {
		if lane == "" {
			continue
		}
		d := p.reserve(lane, lane == channel)
		if d > maxWait {
			p.release(lane)
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
func (p *pace) reserve(lane string, channel bool) time.Duration {
	p.mu.Lock()
	defer p.mu.Unlock()
	now := time.Now()
	b := p.bucketOf(lane, channel, now)
	held := b.quietUntil.Sub(now)
	if b.rate == 0 || p.rate == 0 {
		return max(held, 0)
	}
	b.tokens = min(b.burst, b.tokens+now.Sub(b.refilled).Seconds()*b.rate)
	b.refilled = now
	b.tokens--
	if b.tokens >= 0 {
		return max(held, 0)
	}
	return max(held, time.Duration(-b.tokens/b.rate*float64(time.Second)))
}

func (p *pace) release(lane string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if b := p.lanes[lane]; b != nil {
		b.tokens++
	}
}

// mostLanes is how many lanes are remembered; the idle are forgotten then.
const maxLanes = 10_000

func (p *pace) bucketOf(lane string, channel bool, now time.Time) *tokenBucket {
	if b := p.lanes[lane]; b != nil {
		return b
	}
	if len(p.lanes) > maxLanes {
		for n, b := range p.lanes {
			if now.Sub(b.refilled) > time.Hour && b.quietUntil.Before(now) {
				delete(p.lanes, n)
			}
		}
	}
	b := &tokenBucket{burst: 1, rate: p.rate, refilled: now}
	if !channel {
		b.rate, b.burst = perMinute[lane]/60, perMinute[lane]/5
	}
	b.tokens = b.burst
	p.lanes[lane] = b
	return b
}

// hold keeps a lane quiet for a while, as Slack has asked.
func (p *pace) backOff(lane string, d time.Duration) {
	p.mu.Lock()
	defer p.mu.Unlock()
	_, tier := perMinute[lane]
	now := time.Now()
	p.bucketOf(lane, !tier && lane != tierPost, now).quietUntil = now.Add(d)
}
