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
// What may go last, answers to strangers, goes out only where there is enough to spare: the people we know never wait for it.
//
// A message takes its place in both limits before it is sent, by wait, or earlier by awaitTurn, which reserves the next wait
// of the same delivery. A change of a message in a private chat takes none in the chat's: Telegram limits new messages there.
// A 429 holds its chat and halves the chat's rate for a while (adaptiveLimit). Where floodChats chats in a row are refused and
// none is accepted, it is the bot that is meant, and all chats are held. What is held or far fails with a bot.Later instead of
// waiting: that is no attempt.
// It is safe for concurrent use, and makes no call.
type pace struct {
	inAll, inChat rate.Limit            // as configured; rate.Inf is no limit
	parts         rate.Limit            // how many servers share that
	onFlood       func(until time.Time) // called under the lock when all chats are held
	onHold        func()                // called under the lock when a chat is held for long

	mu           sync.Mutex
	total        adaptiveLimit
	begun        bool // a message has taken its place
	chats        map[int64]*chatPace
	sweepAt      int             // how many chats make the next sweep
	until        time.Time       // no chat is written to before
	refused      map[int64]bool  // chats with a 429 since a message was last accepted
	firstRefused time.Time       // when the first of them was
	granted      map[string]bool // deliveries whose turn has come, and that have not used it yet
	line         time.Time       // when the last of those may ask again that may go last
}

// sendKind is what the rate limit has to know of a message.
type sendKind struct {
	changes bool // it changes one that is there
	last    bool // it goes out only while half of what all chats may be sent at once is left for others
}

// chatPace is the rate limit of one chat.
type chatPace struct {
	limit    adaptiveLimit
	until    time.Time // it is not written to before
	lastUsed time.Time
}

const (
	maxWait      = 2 * time.Second // what is farther than this is not waited for
	burstSeconds = 3               // seconds' worth that a chat may be sent at once: one turn says a few things
	minSweep     = 10_000          // fewer chats are all remembered
	floodChats   = 8
	floodWindow  = 5 * time.Second  // within which they are refused
	longHold     = 10 * time.Second // a hold of a chat that is worth storing
)

// newPace makes the rate limit; 0 messages a second is no limit.
func newPace(inAll, inChat float64) *pace {
	p := &pace{
		inAll: limitOf(inAll), inChat: limitOf(inChat), parts: 1, onFlood: func(time.Time) {}, onHold: func() {},
		chats: map[int64]*chatPace{}, refused: map[int64]bool{}, granted: map[string]bool{},
	}
	p.total = newAdaptiveLimit(p.inAll, 1)
	return p
}

// begin has the limit of all chats begin without its burst, at the first message, however long the start has taken: the program
// may have sent a burst just before it was started again, and one that dies over and over says a burst twice each time. The
// caller holds the lock.
func (p *pace) begin(now time.Time) {
	if spare := int(p.total.TokensAt(now)) - 1; !p.begun && spare > 0 {
		p.total.AllowN(now, spare)
	}
	p.begun = true
}

// divide has the limits be those of one of so many servers. Which of them sends to a chat changes with each message, so a chat's
// limit is shared, too.
func (p *pace) divide(servers int, now time.Time) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.parts = rate.Limit(servers); p.inAll != rate.Inf {
		p.total.configure(p.inAll/p.parts, 1, now)
	}
	if p.inChat == rate.Inf {
		return
	}
	for _, c := range p.chats {
		c.limit.configure(p.inChat/p.parts, burstSeconds, now)
	}
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
func (p *pace) awaitTurn(ctx context.Context, chat int64, delivery string, kind sendKind) error {
	if err := p.wait(ctx, chat, delivery, kind); err != nil {
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

// wait waits until the rate limit lets a message of the delivery out, or a change of one. It fails with a bot.Later where the
// chat is held or its place is farther than maxWait.
func (p *pace) wait(ctx context.Context, chat int64, delivery string, kind sendKind) error {
	if hold, granted := p.useTurn(chat, delivery, time.Now()); granted {
		if hold > 0 {
			return bot.Later{After: hold}
		}
		return nil
	}
	for {
		d, refused := p.reserve(chat, kind, time.Now())
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
func (p *pace) reserve(chat int64, kind sendKind, now time.Time) (d time.Duration, refused bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	c := p.chat(chat, now)
	if hold := later(p.until, c.until).Sub(now); hold > 0 {
		return hold, true
	}
	c.limit.recover(now)
	p.total.recover(now)
	p.begin(now)
	if kind.last && p.total.TokensAt(now) < float64(p.total.Burst())/2 {
		return p.lineUp(now), true
	}
	places := 1
	if kind.changes && chat > 0 {
		places = 0
	}
	mine, all := c.limit.ReserveN(now, places), p.total.ReserveN(now, 1)
	d = max(mine.DelayFrom(now), all.DelayFrom(now))
	if d > maxWait || kind.last && d > 0 {
		all.CancelAt(now)
		mine.CancelAt(now)
		return d, true
	}
	return d, false
}

// lineUp is when to ask again for what may go last: there is nothing to spare now. Each is given a later time,
// as far apart as the rate lets messages out, so that however many wait, few ask at once. The caller holds the lock.
func (p *pace) lineUp(now time.Time) time.Duration {
	p.line = later(p.line, now).Add(time.Duration(float64(time.Second) / float64(p.total.Limit())))
	return max(p.line.Sub(now), time.Second)
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
	c.limit.halve(now, until)
	if d >= longHold {
		p.onHold()
	}
	if len(p.refused) == 0 || now.Sub(p.firstRefused) > floodWindow {
		p.firstRefused = now
		clear(p.refused)
	}
	p.refused[chat] = true
	if len(p.refused) < floodChats {
		return
	}
	p.until = later(p.until, until)
	p.total.halve(now, until)
	clear(p.refused)
	p.onFlood(p.until)
}

// accepted is called when Telegram has accepted a message: 429s before it were not meant for the bot as a whole.
func (p *pace) accepted() {
	p.mu.Lock()
	defer p.mu.Unlock()
	clear(p.refused)
}

// holdAll holds all chats until then.
func (p *pace) holdAll(until time.Time) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.until = later(p.until, until)
}

// holdChat holds a chat until then.
func (p *pace) holdChat(chat int64, until time.Time) {
	p.mu.Lock()
	defer p.mu.Unlock()
	c := p.chat(chat, time.Now())
	c.until = later(c.until, until)
}

// heldChats are the chats that are held for longer than a moment, and until when; at most so many.
func (p *pace) heldChats(most int, now time.Time) map[int64]time.Time {
	p.mu.Lock()
	defer p.mu.Unlock()
	held := map[int64]time.Time{}
	for id, c := range p.chats {
		if c.until.Sub(now) > time.Second && len(held) < most {
			held[id] = c.until
		}
	}
	return held
}

// chat is the limit of a chat. The caller holds the lock.
func (p *pace) chat(id int64, now time.Time) *chatPace {
	c := p.chats[id]
	if c == nil {
		p.sweep(now)
		c = &chatPace{limit: newAdaptiveLimit(p.inChat/p.parts, burstSeconds)}
		p.chats[id] = c
	}
	c.lastUsed = now
	return c
}

// sweep forgets chats that have been quiet, and not held, for a minute: a limit that has recovered says nothing. It runs each
// time that the number of chats has doubled, which is constant time for each of them.
func (p *pace) sweep(now time.Time) {
	if len(p.chats) < max(p.sweepAt, minSweep) {
		return
	}
	for id, c := range p.chats {
		if now.Sub(c.lastUsed) > time.Minute && now.Sub(c.until) > recoveryTime {
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
