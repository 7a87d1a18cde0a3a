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
	commitWait    = time.Second       // past that it is answered without a word
	replyWait     = time.Second       // committed, and nothing is said: nor is anything to come
	pressLifetime = 150 * time.Second // Telegram forgets it
	answerTimeout = 10 * time.Second
)

// presses answers each press once: with words where the house has some, without where it says something else instead.
type pressAnswers struct {
	send func(query, words string)

	mu       sync.Mutex
	pending  map[string]*pendingPress
	rooms    map[bot.Room][]*pendingPress // in the order in which they came
	answered answeredPresses
}

// press is one that waits for its answer.
type pendingPress struct {
	id, query string
	room      bot.Room
	since     time.Time
	committed bool
	timer     *time.Timer
}

func newPressAnswers(reply func(query, words string)) *pressAnswers {
	return &pressAnswers{send: reply, pending: map[string]*pendingPress{}, rooms: map[bot.Room][]*pendingPress{}}
}

// came is told of a press before it is handed on.
func (ps *pressAnswers) start(id, query string, room bot.Room) {
	ps.mu.Lock()
	defer ps.mu.Unlock()
	if ps.pending[id] != nil || ps.answered.has(id, time.Now()) {
		return
	}
	p := &pendingPress{id: id, query: query, room: room, since: time.Now()}
	p.timer = time.AfterFunc(commitWait, func() { ps.answer(id, "") })
	ps.pending[id] = p
	ps.rooms[room] = append(ps.rooms[room], p)
}

// kept is told that the press is stored: words may come now.
func (ps *pressAnswers) committed(id string) {
	ps.mu.Lock()
	defer ps.mu.Unlock()
	if p := ps.pending[id]; p != nil && p.timer.Stop() {
		p.committed = true
		p.timer.Reset(replyWait)
	}
}

// said is told that something else was said in the room: a turn's passing word comes before the rest of it, so the
// oldest press that is stored gets none.
func (ps *pressAnswers) replied(room bot.Room) {
	ps.mu.Lock()
	var id string
	for _, p := range ps.rooms[room] {
		if p.committed {
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
func (ps *pressAnswers) answer(id, words string) {
	p := ps.remove(id)
	if p == nil {
		return
	}
	if words != "" {
		ps.extend(p.room)
	}
	if time.Since(p.since) < pressLifetime {
		ps.send(p.query, words)
	}
}

func (ps *pressAnswers) extend(room bot.Room) {
	ps.mu.Lock()
	defer ps.mu.Unlock()
	for _, p := range ps.rooms[room] {
		if p.committed && p.timer.Stop() {
			p.timer.Reset(replyWait)
		}
	}
}

func (ps *pressAnswers) remove(id string) *pendingPress {
	ps.mu.Lock()
	defer ps.mu.Unlock()
	p := ps.pending[id]
	if p == nil {
		return nil
	}
	p.timer.Stop()
	delete(ps.pending, id)
	ps.answered.add(id, time.Now())
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

// answer tells Telegram that a press was heard. It is lost without harm.
func (a *Adapter) answerCallback(query, words string) {
	ctx, cancel := context.WithTimeout(context.Background(), answerTimeout)
	defer cancel()
	words = truncateUnits(oneLine(sanitize(words)), maxToast)
	_, err := a.api.AnswerCallbackQuery(ctx, &tg.AnswerCallbackQueryParams{CallbackQueryID: query, Text: words, ShowAlert: utf16Len(words) > maxPassing})
	a.cfg.Meter.Count("answers", adapterName, 1)
	if err != nil && classify(err, 1) != nil {
		a.cfg.Meter.Count("answers_lost", adapterName, 1)
	}
}

const (
	maxToast   = 200
	maxPassing = 80 // UTF-16 units; what is longer stays until it is closed
)

// cutUnits keeps at most so many UTF-16 units.
func truncateUnits(s string, most int) string {
	if utf16Len(s) <= most {
		return s
	}
	n := 0
	for i, r := range s {
		if n += utf16RuneLen(r); n > most-1 {
			return s[:graphemeStart(s, i)] + "…"
		}
	}
	return s
}
