package telegram

import (
	"context"
	"math"
	"sync"
	"time"

	"golang.org/x/time/rate"

	"nevermind/bot"
)

// pace holds what is sent to what Telegram takes: about so many messages a second in one chat and in all, and silence
// for as long as it has asked for.
type pace struct {
	inAll, inChat rate.Limit // as configured; rate.Inf is no limit
	onFlood       func(until time.Time)

	mu           sync.Mutex
	total        *rate.Limiter
	chats        map[int64]*chatPace
	sweepAt      int             // chats past which the idle ones are forgotten
	until        time.Time       // nobody is written to before
	refused      map[int64]bool  // chats told to wait since anything was last taken
	firstRefused time.Time       // when the first of them was
	granted      map[string]bool // deliveries whose turn has come, and that have not used it yet
}

// chatPace is the pace of one chat.
type chatPace struct {
	limit    *rate.Limiter
	until    time.Time
	lastUsed time.Time
}

const (
	maxWait      = 2 * time.Second // what a sender waits for its turn; past that the message comes back later
	burstSeconds = 3               // seconds' worth that a chat may be sent at once: a turn says a few things
	minSweep     = 10_000          // fewer are all kept
	floodChats   = 8               // chats in a row told to wait, and none not: it is the bot that is meant
	floodWindow  = 5 * time.Second // within which they were
)

func newPace(inAll, inChat float64) *pace {
	p := &pace{inAll: limitOf(inAll), inChat: limitOf(inChat), chats: map[int64]*chatPace{}, refused: map[int64]bool{}, granted: map[string]bool{}, onFlood: func(time.Time) {}}
	p.total = rate.NewLimiter(p.inAll, burstOf(p.inAll, 1))
	p.total.AllowN(time.Now(), p.total.Burst()) // a life that begins knows nothing of what the one before it has just sent
	return p
}

func limitOf(perSecond float64) rate.Limit {
	if perSecond <= 0 {
		return rate.Inf
	}
	return rate.Limit(perSecond)
}

func burstOf(l rate.Limit, seconds float64) int {
	if l == rate.Inf {
		return 1
	}
	return max(1, int(math.Ceil(float64(l)*seconds)))
}

// turn waits for a delivery's turn in its chat; its first wait after that is none.
func (p *pace) awaitTurn(ctx context.Context, chat int64, id string) error {
	if err := p.wait(ctx, chat, id); err != nil {
		return err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.granted[id] = true
	return nil
}

// use takes the turn that a delivery was given, if it has one; hold is how long the chat has been told to wait meanwhile.
func (p *pace) useTurn(chat int64, id string, now time.Time) (hold time.Duration, given bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	given = p.granted[id]
	delete(p.granted, id)
	return later(p.until, p.chat(chat, now).until).Sub(now), given
}

// wait waits for the chat's turn. Where that is far it returns a Later instead.
func (p *pace) wait(ctx context.Context, chat int64, id string) error {
	if hold, given := p.useTurn(chat, id, time.Now()); given {
		if hold > 0 {
			return bot.Later{After: hold}
		}
		return nil
	}
	for {
		d, held := p.reserve(chat, time.Now())
		switch {
		case held:
			return bot.Later{After: d}
		case d == 0:
			return nil
		}
		t := time.NewTimer(d)
		select {
		case <-t.C:
		case <-ctx.Done():
			t.Stop()
			return bot.Later{After: d}
		}
		if !p.mustWait(chat, time.Now()) {
			return nil
		}
	}
}

// reserve takes the next place in the chat and in all, and says how far that is; held where it may not be waited for.
func (p *pace) reserve(chat int64, now time.Time) (d time.Duration, held bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	c := p.chat(chat, now)
	if hold := later(p.until, c.until).Sub(now); hold > 0 {
		return hold, true
	}
	mine, all := c.limit.ReserveN(now, 1), p.total.ReserveN(now, 1)
	d = max(mine.DelayFrom(now), all.DelayFrom(now))
	if d > maxWait {
		all.CancelAt(now)
		mine.CancelAt(now)
		return d, true
	}
	return d, false
}

// held says whether the chat has been told to wait in the meantime.
func (p *pace) mustWait(chat int64, now time.Time) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return later(p.until, p.chat(chat, now).until).After(now)
}

// waitFor is told that Telegram wants to hear nothing for a while: of this chat, or of anybody, where one chat after the
// other is refused and none is not. The rate goes down with it.
func (p *pace) retryAfter(chat int64, d time.Duration, now time.Time) {
	p.mu.Lock()
	defer p.mu.Unlock()
	c, until := p.chat(chat, now), now.Add(d)
	c.until = later(c.until, until)
	halveRate(c.limit, p.inChat, now)
	if len(p.refused) == 0 || now.Sub(p.firstRefused) > floodWindow {
		p.firstRefused = now
		clear(p.refused)
	}
	p.refused[chat] = true
	if len(p.refused) < floodChats {
		return
	}
	p.until = later(p.until, until)
	halveRate(p.total, p.inAll, now)
	clear(p.refused)
	p.onFlood(p.until)
}

// taken is told that a message went through: the rates recover.
func (p *pace) accepted(chat int64, now time.Time) {
	p.mu.Lock()
	defer p.mu.Unlock()
	clear(p.refused)
	raiseRate(p.chat(chat, now).limit, p.inChat, now)
	raiseRate(p.total, p.inAll, now)
}

// holdAll keeps everything back until then, as it was before a restart.
func (p *pace) holdAll(until time.Time) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.until = later(p.until, until)
}

func halveRate(l *rate.Limiter, full rate.Limit, now time.Time) {
	if full != rate.Inf {
		l.SetLimitAt(now, max(l.Limit()/2, full/8))
	}
}

func raiseRate(l *rate.Limiter, full rate.Limit, now time.Time) {
	if l.Limit() < full {
		l.SetLimitAt(now, min(l.Limit()+full/20, full))
	}
}

func (p *pace) chat(id int64, now time.Time) *chatPace {
	c := p.chats[id]
	if c == nil {
		p.sweep(now)
		c = &chatPace{limit: rate.NewLimiter(p.inChat, burstOf(p.inChat, burstSeconds))}
		p.chats[id] = c
	}
	c.lastUsed = now
	return c
}

// forget drops chats that have been quiet: a limiter that is full says nothing.
func (p *pace) sweep(now time.Time) {
	if len(p.chats) < max(p.sweepAt, minSweep) {
		return
	}
	for id, c := range p.chats {
		if now.Sub(c.lastUsed) > time.Minute && now.After(c.until) {
			delete(p.chats, id)
		}
	}
	p.sweepAt = 2 * len(p.chats)
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}
