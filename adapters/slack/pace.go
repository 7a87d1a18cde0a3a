package slack

import (
	"context"
	"sync"
	"time"

	"nevermind/bot"
)

// The kinds of calls that Slack's rate limits count together in a workspace. Posts are counted by channel instead.
const (
	tierPost      = "chat.postMessage"
	tierUpdate    = "chat.update"
	tierEphemeral = "chat.postEphemeral"
	tierRead      = "conversations.history"
	tierHome      = "views.publish"
	tierReact     = "reactions.add"
	tierFileInfo  = "files.info"
)

// perMinute is how many calls of a kind Slack allows a minute in a workspace: its tier 3 (50) or 4 (100).
var perMinute = map[string]float64{tierUpdate: 50, tierEphemeral: 100, tierRead: 50, tierHome: 100, tierReact: 50,
	tierFileInfo: 100}

// maxWait is how long a call waits for its turn; a delivery that would wait longer goes back into the engine's queue.
const maxWait = 10 * time.Second

// pace is the rate limit: token buckets that hold us to about one message a second in each channel, and each kind of call
// within its tier. A lane is a channel or a kind of call. Safe for concurrent use; whoever calls Slack waits first.
type pace struct {
	rate float64 // messages a second in one channel; with 0 nothing is limited, and only backing off remains

	mu    sync.Mutex
	parts float64 // how many servers share the limits
	lanes map[string]*tokenBucket
}

// tokenBucket lets a burst of calls through at once and the rest at its rate. Tokens may be negative: those are reserved.
type tokenBucket struct {
	tokens, burst float64
	rate          float64 // tokens a second
	refilled      time.Time
	quietUntil    time.Time // Slack has asked for no calls until then
}

func newPace(rate float64) *pace {
	return &pace{rate: rate, parts: 1, lanes: map[string]*tokenBucket{}}
}

// divide has the limits be those of one of so many servers.
func (p *pace) divide(servers int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	before := p.parts
	p.parts = float64(servers)
	for _, b := range p.lanes {
		b.rate *= before / p.parts
		b.burst = max(b.burst*before/p.parts, 1)
		b.tokens = min(b.tokens, b.burst)
	}
}

// wait waits for the turn of a call, first in its channel, if it has one, then in its kind. It returns a bot.Later where that
// takes longer than maxWait, or ctx ends.
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
		if d > 0 && !sleep(ctx, d) {
			return bot.Later{After: d}
		}
	}
	return nil
}

// sleep waits that long, and says whether it has: false where ctx ended first.
func sleep(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}

// reserve takes a token of a lane and says how long until it may be used.
func (p *pace) reserve(lane string, isChannel bool) time.Duration {
	p.mu.Lock()
	defer p.mu.Unlock()
	now := time.Now()
	b := p.bucketOf(lane, isChannel, now)
	d := b.due(now, p.rate > 0, 1)
	b.tokens--
	return d
}

// due is how long until a lane lets so many more calls through, without taking anything of it.
func (p *pace) due(lane string, isChannel bool) time.Duration {
	p.mu.Lock()
	defer p.mu.Unlock()
	now := time.Now()
	return p.bucketOf(lane, isChannel, now).due(now, p.rate > 0, 1)
}

// due is how long until a bucket has so many tokens. While Slack wants quiet none accrue, so that what has waited meanwhile
// goes out at the lane's rate and not all at once.
func (b *tokenBucket) due(now time.Time, limited bool, tokens float64) time.Duration {
	quiet := max(b.quietUntil.Sub(now), 0)
	if b.rate == 0 || !limited {
		return quiet
	}
	if since := now.Sub(b.refilled); since > 0 {
		b.tokens = min(b.burst, b.tokens+since.Seconds()*b.rate)
		b.refilled = now
	}
	if b.tokens >= tokens {
		return quiet
	}
	return quiet + time.Duration((tokens-b.tokens)/b.rate*float64(time.Second))
}

// release gives back a token that is not used.
func (p *pace) release(lane string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if b := p.lanes[lane]; b != nil {
		b.tokens++
	}
}

// maxLanes is how many lanes are remembered; beyond that, those that were idle for an hour are forgotten.
const maxLanes = 10_000

// bucketOf returns the bucket of a lane, made full where there is none. p.mu is held.
func (p *pace) bucketOf(lane string, isChannel bool, now time.Time) *tokenBucket {
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
	b := &tokenBucket{burst: 1, rate: p.rate / p.parts, refilled: now}
	if !isChannel {
		b.rate, b.burst = perMinute[lane]/60/p.parts, max(perMinute[lane]/5/p.parts, 1)
	}
	b.tokens = b.burst
	p.lanes[lane] = b
	return b
}

// backOff lets no call through in a lane for as long as Slack has asked.
func (p *pace) backOff(lane string, d time.Duration) {
	p.mu.Lock()
	defer p.mu.Unlock()
	_, tier := perMinute[lane]
	now := time.Now()
	b := p.bucketOf(lane, !tier && lane != tierPost, now)
	b.quietUntil = now.Add(d)
	b.refilled, b.tokens = b.quietUntil, min(b.tokens, 1)
}
