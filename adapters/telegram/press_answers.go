package telegram

import (
	"context"
	"sync"
	"time"

	tg "github.com/go-telegram/bot"

	"nevermind/bot"
)

// How long a press waits for its answer: the button shows that it was pressed for as long.
const (
	slowCommit = time.Second       // past that it is answered without a word
	slowWords  = time.Second       // committed, and nothing is said: nor is anything to come
	pressLife  = 150 * time.Second // Telegram forgets it
	answerTime = 10 * time.Second
)

// presses answers each press once: with words where the house has some, without where it says something else instead.
type presses struct {
	reply func(query, words string)

	mu    sync.Mutex
	byID  map[string]*press
	rooms map[bot.Room][]*press // in the order in which they came
	done  map[string]time.Time  // answered, and when they came: a press comes again while it cannot be stored
}

// press is one that waits for its answer.
type press struct {
	id, query string
	room      bot.Room
	since     time.Time
	stored    bool
	timer     *time.Timer
}

func newPresses(reply func(query, words string)) *presses {
	return &presses{reply: reply, byID: map[string]*press{}, rooms: map[bot.Room][]*press{}, done: map[string]time.Time{}}
}

// came is told of a press before it is handed on.
func (ps *presses) came(id, query string, room bot.Room) {
	ps.mu.Lock()
	defer ps.mu.Unlock()
	if _, done := ps.done[id]; done || ps.byID[id] != nil {
		return
	}
	p := &press{id: id, query: query, room: room, since: time.Now()}
	p.timer = time.AfterFunc(slowCommit, func() { ps.answer(id, "") })
	ps.byID[id] = p
	ps.rooms[room] = append(ps.rooms[room], p)
}

// kept is told that the press is stored: words may come now.
func (ps *presses) kept(id string) {
	ps.mu.Lock()
	defer ps.mu.Unlock()
	if p := ps.byID[id]; p != nil && p.timer.Stop() {
		p.stored = true
		p.timer.Reset(slowWords)
	}
}

// said is told that something else was said in the room: a turn's passing word comes before the rest of it, so the
// oldest press that is stored gets none.
func (ps *presses) said(room bot.Room) {
	ps.mu.Lock()
	var id string
	for _, p := range ps.rooms[room] {
		if p.stored {
			id = p.id
			break
		}
	}
	ps.mu.Unlock()
	if id != "" {
		go ps.answer(id, "")
	}
}

// answer answers a press, if nobody has yet. What is too old for Telegram is left alone. Others that wait in the room are
// given more time: their words come one after the other.
func (ps *presses) answer(id, words string) {
	p := ps.take(id)
	if p == nil {
		return
	}
	if words != "" {
		ps.busy(p.room)
	}
	if time.Since(p.since) < pressLife {
		ps.reply(p.query, words)
	}
}

func (ps *presses) busy(room bot.Room) {
	ps.mu.Lock()
	defer ps.mu.Unlock()
	for _, p := range ps.rooms[room] {
		if p.stored && p.timer.Stop() {
			p.timer.Reset(slowWords)
		}
	}
}

func (ps *presses) take(id string) *press {
	ps.mu.Lock()
	defer ps.mu.Unlock()
	p := ps.byID[id]
	if p == nil {
		return nil
	}
	p.timer.Stop()
	delete(ps.byID, id)
	ps.remember(p)
	left := ps.rooms[p.room][:0:0]
	for _, o := range ps.rooms[p.room] {
		if o != p {
			left = append(left, o)
		}
	}
	if ps.rooms[p.room] = left; len(left) == 0 {
		delete(ps.rooms, p.room)
	}
	return p
}

// remember keeps that a press is answered, for as long as it can come again.
func (ps *presses) remember(p *press) {
	if len(ps.done) >= mostDone {
		for id, since := range ps.done {
			if time.Since(since) > pressLife || len(ps.done) >= 2*mostDone {
				delete(ps.done, id)
			}
		}
	}
	ps.done[p.id] = p.since
}

// mostDone is how many answered presses are kept before those too old to come again are forgotten.
const mostDone = 10_000

// answer tells Telegram that a press was heard. It is lost without harm.
func (a *Adapter) answer(query, words string) {
	ctx, cancel := context.WithTimeout(context.Background(), answerTime)
	defer cancel()
	words = cutUnits(oneLine(visible(words)), longestToast)
	_, err := a.api.AnswerCallbackQuery(ctx, &tg.AnswerCallbackQueryParams{CallbackQueryID: query, Text: words, ShowAlert: units(words) > readInPassing})
	a.cfg.Meter.Count("answers", name, 1)
	if err != nil && judge(err, 1) != nil {
		a.cfg.Meter.Count("answers_lost", name, 1)
	}
}

const (
	longestToast  = 200
	readInPassing = 80 // UTF-16 units; what is longer stays until it is closed
)

// cutUnits keeps at most so many UTF-16 units.
func cutUnits(s string, most int) string {
	if units(s) <= most {
		return s
	}
	n := 0
	for i, r := range s {
		if n += unitsOf(r); n > most-1 {
			return s[:wholeCharacter(s, i)] + "…"
		}
	}
	return s
}
