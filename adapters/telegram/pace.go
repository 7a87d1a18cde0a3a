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
	keep          func(until time.Time)

	mu      sync.Mutex
	all     *rate.Limiter
	chats   map[int64]*chatPace
	many    int             // chats past which the idle ones are forgotten
	until   time.Time       // nobody is written to before
	refused map[int64]bool  // chats told to wait since anything was last taken
	first   time.Time       // when the first of them was
	given   map[string]bool // deliveries whose turn has come, and that have not used it yet
}

// chatPace is the pace of one chat.
type chatPace struct {
	limit *rate.Limiter
	until time.Time
	used  time.Time
}

const (
	patience  = 2 * time.Second // what a sender waits for its turn; past that the message comes back later
	burst     = 3               // seconds' worth that a chat may be sent at once: a turn says a few things
	manyChats = 10_000          // fewer are all kept
	aFlood    = 8               // chats in a row told to wait, and none not: it is the bot that is meant
	floodTime = 5 * time.Second // within which they were
)

func newPace(inAll, inChat float64) *pace {
	p := &pace{inAll: limitOf(inAll), inChat: limitOf(inChat), chats: map[int64]*chatPace{}, refused: map[int64]bool{}, given: map[string]bool{}, keep: func(time.Time) {}}
	p.all = rate.NewLimiter(p.inAll, burstOf(p.inAll, 1))
	p.all.AllowN(time.Now(), p.all.Burst()) // a life that begins knows nothing of what the one before it has just sent
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
func (p *pace) turn(ctx context.Context, chat int64, id string) error {
	if err := p.wait(ctx, chat, id); err != nil {
		return err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.given[id] = true
	return nil
}

// use takes the turn that a delivery was given, if it has one; hold is how long the chat has been told to wait meanwhile.
func (p *pace) use(chat int64, id string, now time.Time) (hold time.Duration, given bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	given = p.given[id]
	delete(p.given, id)
	return later(p.until, p.chat(chat, now).until).Sub(now), given
}

// wait waits for the chat's turn. Where that is far it returns a Later instead.
func (p *pace) wait(ctx context.Context, chat int64, id string) error {
	if hold, given := p.use(chat, id, time.Now()); given {
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
		if !p.held(chat, time.Now()) {
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
	mine, all := c.limit.ReserveN(now, 1), p.all.ReserveN(now, 1)
	d = max(mine.DelayFrom(now), all.DelayFrom(now))
	if d > patience {
		all.CancelAt(now)
		mine.CancelAt(now)
		return d, true
	}
	return d, false
}

// held says whether the chat has been told to wait in the meantime.
func (p *pace) held(chat int64, now time.Time) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return later(p.until, p.chat(chat, now).until).After(now)
}

// waitFor is told that Telegram wants to hear nothing for a while: of this chat, or of anybody, where one chat after the
// other is refused and none is not. The rate goes down with it.
func (p *pace) waitFor(chat int64, d time.Duration, now time.Time) {
	p.mu.Lock()
	defer p.mu.Unlock()
	c, until := p.chat(chat, now), now.Add(d)
	c.until = later(c.until, until)
	slower(c.limit, p.inChat, now)
	if len(p.refused) == 0 || now.Sub(p.first) > floodTime {
		p.first = now
		clear(p.refused)
	}
	p.refused[chat] = true
	if len(p.refused) < aFlood {
		return
	}
	p.until = later(p.until, until)
	slower(p.all, p.inAll, now)
	clear(p.refused)
	p.keep(p.until)
}

// taken is told that a message went through: the rates recover.
func (p *pace) taken(chat int64, now time.Time) {
	p.mu.Lock()
	defer p.mu.Unlock()
	clear(p.refused)
	faster(p.chat(chat, now).limit, p.inChat, now)
	faster(p.all, p.inAll, now)
}

// holdAll keeps everything back until then, as it was before a restart.
func (p *pace) holdAll(until time.Time) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.until = later(p.until, until)
}

func slower(l *rate.Limiter, full rate.Limit, now time.Time) {
	if full != rate.Inf {
		l.SetLimitAt(now, max(l.Limit()/2, full/8))
	}
}

func faster(l *rate.Limiter, full rate.Limit, now time.Time) {
	if l.Limit() < full {
		l.SetLimitAt(now, min(l.Limit()+full/20, full))
	}
}

func (p *pace) chat(id int64, now time.Time) *chatPace {
	c := p.chats[id]
	if c == nil {
		p.forget(now)
		c = &chatPace{limit: rate.NewLimiter(p.inChat, burstOf(p.inChat, burst))}
		p.chats[id] = c
	}
	c.used = now
	return c
}

// forget drops chats that have been quiet: a limiter that is full says nothing.
func (p *pace) forget(now time.Time) {
	if len(p.chats) < max(p.many, manyChats) {
		return
	}
	for id, c := range p.chats {
		if now.Sub(c.used) > time.Minute && now.After(c.until) {
			delete(p.chats, id)
		}
	}
	p.many = 2 * len(p.chats)
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}
