package telegram

import (
	"context"
	"math"
	"sync"
	"time"

	"golang.org/x/time/rate"

	"nevermind/bot"
)

// pace is the rate limit of what is sent: so many messages a second in one chat and in all chats together, and none while
// Telegram asks to wait (a 429 with retry_after, or "flood wait").
//
// A message takes its place in both limits before it is sent, by wait, or earlier by awaitTurn, which reserves the next wait
// of the same delivery. A 429 holds its chat and halves the chat's rate; each message that is accepted raises the rates by a
// twentieth of the configured ones, up to them. Where floodChats chats in a row are refused and none is accepted, it is the
// bot that is meant, and all chats are held. What is held or far fails with a bot.Later instead of waiting: that is no attempt.
// It is safe for concurrent use, and makes no call.
type pace struct {
	inAll, inChat rate.Limit            // as configured; rate.Inf is no limit
	onFlood       func(until time.Time) // called under the lock when all chats are held

	mu           sync.Mutex
	total        *rate.Limiter
	chats        map[int64]*chatPace
	sweepAt      int             // how many chats make the next sweep
	until        time.Time       // no chat is written to before
	refused      map[int64]bool  // chats with a 429 since a message was last accepted
	firstRefused time.Time       // when the first of them was
	granted      map[string]bool // deliveries whose turn has come, and that have not used it yet
}

// chatPace is the rate limit of one chat.
type chatPace struct {
	limit    *rate.Limiter
	until    time.Time // it is not written to before
	lastUsed time.Time
}

const (
	maxWait      = 2 * time.Second // what is farther than this is not waited for
	burstSeconds = 3               // seconds' worth that a chat may be sent at once: one turn says a few things
	minSweep     = 10_000          // fewer chats are all remembered
	floodChats   = 8
	floodWindow  = 5 * time.Second // within which they are refused
)

// newPace makes the rate limit; 0 messages a second is no limit. The limit of all chats begins without its burst, since the
// program may have sent one just before it was started again.
func newPace(inAll, inChat float64) *pace {
	p := &pace{
		inAll: limitOf(inAll), inChat: limitOf(inChat), onFlood: func(time.Time) {},
		chats: map[int64]*chatPace{}, refused: map[int64]bool{}, granted: map[string]bool{},
	}
	p.total = rate.NewLimiter(p.inAll, burstOf(p.inAll, 1))
	p.total.AllowN(time.Now(), p.total.Burst())
	return p
}

// limitOf is a configured rate as the limiter takes it.
func limitOf(perSecond float64) rate.Limit {
	if perSecond <= 0 {
		return rate.Inf
	}
	return rate.Limit(perSecond)
}

// burstOf is how many messages a limit lets out at once: so many seconds' worth, and at least one.
func burstOf(l rate.Limit, seconds float64) int {
	if l == rate.Inf {
		return 1
	}
	return max(1, int(math.Ceil(float64(l)*seconds)))
}

// awaitTurn waits like wait, and grants the delivery its turn: its next wait in the chat does not wait again.
func (p *pace) awaitTurn(ctx context.Context, chat int64, delivery string) error {
	if err := p.wait(ctx, chat, delivery); err != nil {
		return err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.granted[delivery] = true
	return nil
}

// useTurn takes the turn of a delivery, if it was granted one. Hold is for how long the chat has been held meanwhile.
func (p *pace) useTurn(chat int64, delivery string, now time.Time) (hold time.Duration, granted bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	granted = p.granted[delivery]
	delete(p.granted, delivery)
	return later(p.until, p.chat(chat, now).until).Sub(now), granted
}

// wait waits until the rate limit lets a message of the delivery out. It fails with a bot.Later where the chat is held or its
// place is farther than maxWait.
func (p *pace) wait(ctx context.Context, chat int64, delivery string) error {
	if hold, granted := p.useTurn(chat, delivery, time.Now()); granted {
		if hold > 0 {
			return bot.Later{After: hold}
		}
		return nil
	}
	for {
		d, refused := p.reserve(chat, time.Now())
		switch {
		case refused:
			return bot.Later{After: d}
		case d == 0:
			return nil
		case !sleep(ctx, d):
			return bot.Later{After: d}
		case !p.mustWait(chat, time.Now()):
			return nil
		}
	}
}

// reserve takes the next place in the limits of the chat and of all, and says how far that is. Refused: it may not be waited
// for, and no place is taken.
func (p *pace) reserve(chat int64, now time.Time) (d time.Duration, refused bool) {
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

// mustWait says whether the chat is held.
func (p *pace) mustWait(chat int64, now time.Time) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return later(p.until, p.chat(chat, now).until).After(now)
}

// retryAfter is called with each 429: it holds the chat, or all of them, and halves the rate.
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

// accepted is called when Telegram has accepted a message: the rates recover.
func (p *pace) accepted(chat int64, now time.Time) {
	p.mu.Lock()
	defer p.mu.Unlock()
	clear(p.refused)
	raiseRate(p.chat(chat, now).limit, p.inChat, now)
	raiseRate(p.total, p.inAll, now)
}

// holdAll holds all chats until then.
func (p *pace) holdAll(until time.Time) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.until = later(p.until, until)
}

// halveRate halves a rate, down to an eighth of the configured one.
func halveRate(l *rate.Limiter, configured rate.Limit, now time.Time) {
	if configured != rate.Inf {
		l.SetLimitAt(now, max(l.Limit()/2, configured/8))
	}
}

// raiseRate raises a rate by a twentieth of the configured one, up to it.
func raiseRate(l *rate.Limiter, configured rate.Limit, now time.Time) {
	if l.Limit() < configured {
		l.SetLimitAt(now, min(l.Limit()+configured/20, configured))
	}
}

// chat is the limit of a chat. The caller holds the lock.
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

// sweep forgets chats that have been quiet for a minute: a limiter that is full again says nothing. It runs each time that the
// number of chats has doubled, which is constant time for each of them.
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

// later is the later of two times.
func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}
