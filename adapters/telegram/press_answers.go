package telegram

import (
	"context"
	"sync"
	"time"

	tg "github.com/go-telegram/bot"

	"nevermind/bot"
)

// How long a press waits for its answer. Until then Telegram shows on the button that it was pressed.
const (
	commitWait    = time.Second       // for the inbox; then it is answered without words
	replyWait     = time.Second       // for a reply, once it is stored; then it is answered without words
	pressLifetime = 150 * time.Second // after which Telegram takes no answer
	answerTimeout = 10 * time.Second
)

// maxAnswered bounds the memory of answered presses, about 5 MB a generation: under a load of more than 300 presses a second
// ids are forgotten sooner than after pressLifetime.
const maxAnswered = 50_000

// pressAnswers answers each press exactly once, as Telegram wants: with words where the engine has some for it (a reply of
// mode bot.Aside), without where a message follows instead or nothing does.
//
// A press is pending from start, when its update is taken in, until answer, which the engine calls through Send or a timer
// after commitWait or replyWait. The intake says between the two when it is stored, and Send when a message has gone to its
// room. An answered press is remembered for as long as Telegram takes an answer, so that one which comes again, since the inbox
// cannot store it or Telegram repeats its update, is not answered again. It is safe for concurrent use; no call is made under
// its lock.
type pressAnswers struct {
	send func(query, words string) // makes the call

	mu       sync.Mutex
	pending  map[string]*pendingPress     // by message id
	rooms    map[bot.Room][]*pendingPress // of each room, in the order in which they came
	answered recentMap[string, struct{}]  // ids of messages; see maxAnswered
}

// pendingPress is one press that waits for its answer.
type pendingPress struct {
	id, query string // the message's id, and the callback query's
	room      bot.Room
	since     time.Time
	committed bool        // the inbox has stored it
	timer     *time.Timer // answers it without words
}

func newPressAnswers(send func(query, words string)) *pressAnswers {
	return &pressAnswers{send: send, pending: map[string]*pendingPress{}, rooms: map[bot.Room][]*pendingPress{},
		answered: recentMap[string, struct{}]{limit: maxAnswered, lifetime: pressLifetime}}
}

// start is called with each press before it is stored. It is idempotent.
func (pa *pressAnswers) start(id, query string, room bot.Room) {
	pa.mu.Lock()
	defer pa.mu.Unlock()
	now := time.Now()
	if _, answered := pa.answered.get(id, now); answered || pa.pending[id] != nil {
		return
	}
	p := &pendingPress{id: id, query: query, room: room, since: now}
	p.timer = time.AfterFunc(commitWait, func() { pa.answer(id, "") })
	pa.pending[id] = p
	pa.rooms[room] = append(pa.rooms[room], p)
}

// committed is called when the press is stored: from now on the engine may have words for it.
func (pa *pressAnswers) committed(id string) {
	pa.mu.Lock()
	defer pa.mu.Unlock()
	if p := pa.pending[id]; p != nil && p.timer.Stop() {
		p.committed = true
		p.timer.Reset(replyWait)
	}
}

// replied is called when a message goes to a room. Words for a press come before the messages of its turn, so the oldest
// stored press of the room gets none.
func (pa *pressAnswers) replied(room bot.Room) {
	pa.mu.Lock()
	var id string
	for _, p := range pa.rooms[room] {
		if p.committed {
			id = p.id
			break
		}
	}
	pa.mu.Unlock()
	if id != "" {
		go pa.answer(id, "")
	}
}

// answer answers a press, unless it is answered already or too old for Telegram. With words the other presses of the room wait
// anew: their words come one after the other.
func (pa *pressAnswers) answer(id, words string) {
	p := pa.remove(id)
	if p == nil {
		return
	}
	if words != "" {
		pa.extend(p.room)
	}
	if time.Since(p.since) < pressLifetime {
		pa.send(p.query, words)
	}
}

// extend lets the stored presses of a room wait anew.
func (pa *pressAnswers) extend(room bot.Room) {
	pa.mu.Lock()
	defer pa.mu.Unlock()
	for _, p := range pa.rooms[room] {
		if p.committed && p.timer.Stop() {
			p.timer.Reset(replyWait)
		}
	}
}

// remove makes a pending press an answered one and returns it; nil where it is not pending.
func (pa *pressAnswers) remove(id string) *pendingPress {
	pa.mu.Lock()
	defer pa.mu.Unlock()
	p := pa.pending[id]
	if p == nil {
		return nil
	}
	p.timer.Stop()
	delete(pa.pending, id)
	pa.answered.set(id, struct{}{}, time.Now())
	left := pa.rooms[p.room][:0:0]
	for _, o := range pa.rooms[p.room] {
		if o != p {
			left = append(left, o)
		}
	}
	if pa.rooms[p.room] = left; len(left) == 0 {
		delete(pa.rooms, p.room)
	}
	return p
}

// How Telegram shows the words of an answer, in UTF-16 units.
const (
	maxToast   = 200 // what is longer is refused
	maxPassing = 80  // what is longer cannot be read in passing, and is shown until it is closed
)

// answerCallback answers a callback query. It is tried once: an answer that is lost leaves the press as it is, and the button
// shows for a while that it was pressed.
func (a *Adapter) answerCallback(query, words string) {
	ctx, cancel := context.WithTimeout(context.Background(), answerTimeout)
	defer cancel()
	words = truncateUnits(oneLine(sanitize(words)), maxToast)
	_, err := a.calls.call(ctx, "answerCallbackQuery", &tg.AnswerCallbackQueryParams{
		CallbackQueryID: query, Text: words, ShowAlert: utf16Len(words) > maxPassing,
	})
	a.cfg.Meter.Count("answers", adapterName, 1)
	if err != nil && classify(err, 1) != nil {
		a.cfg.Meter.Count("answers_lost", adapterName, 1)
	}
}
