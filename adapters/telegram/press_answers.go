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

// maxPendingPresses is how many presses of one room wait for their words: a person makes no more, and what comes beyond is
// answered without words at once.
const maxPendingPresses = 50

// pressAnswers answers each press exactly once, as Telegram wants: with words where the engine has some for it (a reply of
// mode bot.Aside), without where a message follows instead or nothing does.
//
// A press is pending from start, when its update is taken in, until answer, which the engine calls through Send, the intake
// where the inbox says what the answer is, or a timer after commitWait or replyWait. The intake says between the two when it is
// stored, and Send when a message has gone to its room.
//
// A press that came by a webhook is open until endCall: an answer that is known by then goes out in the response of that
// webhook call, without a call of ours. The response never waits for it.
//
// An answered press is remembered for as long as Telegram takes an answer, so that one which comes again, since the inbox
// cannot store it or Telegram repeats its update, is not answered again; except where its answer went out in a response, which
// Telegram has then not received. It is safe for concurrent use; no call is made under its lock.
type pressAnswers struct {
	send func(query, words string) // makes the call

	mu       sync.Mutex
	pending  map[string]*pendingPress     // by message id
	rooms    map[bot.Room][]*pendingPress // of each room, in the order in which they came
	answered recentMap[string, bool]      // by message id: whether in a response; see maxAnswered
}

// pendingPress is one press that waits for its answer.
type pendingPress struct {
	id, query string // the message's id, and the callback query's
	room      bot.Room
	since     time.Time
	committed bool        // the inbox has stored it
	timer     *time.Timer // answers it without words
	open      bool        // the webhook call that brought it has had no response yet
	known     bool        // while it is open: words are its answer
	words     string
}

func newPressAnswers(send func(query, words string)) *pressAnswers {
	return &pressAnswers{send: send, pending: map[string]*pendingPress{}, rooms: map[bot.Room][]*pendingPress{},
		answered: recentMap[string, bool]{limit: maxAnswered, lifetime: pressLifetime}}
}

// start is called with each press before it is stored; open says that endCall follows. It is idempotent.
func (pa *pressAnswers) start(id, query string, room bot.Room, open bool) {
	pa.mu.Lock()
	defer pa.mu.Unlock()
	now := time.Now()
	inResponse, answered := pa.answered.get(id, now)
	switch p := pa.pending[id]; {
	case p != nil:
		p.open = p.open || open
		return
	case answered && !(inResponse && open):
		return
	}
	if len(pa.rooms[room]) >= maxPendingPresses {
		pa.answered.set(id, false, now)
		go pa.send(query, "")
		return
	}
	p := &pendingPress{id: id, query: query, room: room, since: now, open: open, known: answered}
	p.timer = time.AfterFunc(commitWait, func() { pa.timeout(id) })
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

// endCall is called right before the response of the webhook call that brought a press, which acknowledges it or not. It returns
// the answer that goes out in the response, ok is false where none does: that is known only later, or was given already.
func (pa *pressAnswers) endCall(id string, acknowledged bool) (query, words string, ok bool) {
	pa.mu.Lock()
	p := pa.pending[id]
	if p == nil || !p.open {
		pa.mu.Unlock()
		return "", "", false
	}
	p.open = false
	known := p.known
	pa.mu.Unlock()
	if !known {
		return "", "", false
	}
	if p = pa.remove(id, acknowledged); p == nil {
		return "", "", false // time was over right now
	}
	if !acknowledged { // such a response takes no answer
		go pa.finish(p, p.words)
		return "", "", false
	}
	if p.words != "" {
		pa.extend(p.room)
	}
	return p.query, p.words, true
}

// timeout answers a press without words by a call, whether it is open or not.
func (pa *pressAnswers) timeout(id string) {
	pa.mu.Lock()
	words := ""
	if p := pa.pending[id]; p != nil {
		p.open, words = false, p.words
	}
	pa.mu.Unlock()
	pa.answer(id, words)
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
// anew: their words come one after the other. An open one is left to endCall.
func (pa *pressAnswers) answer(id, words string) {
	if pa.keep(id, words) {
		return
	}
	if p := pa.remove(id, false); p != nil {
		pa.finish(p, words)
	}
}

// finish makes the call that answers a press.
func (pa *pressAnswers) finish(p *pendingPress, words string) {
	if words != "" {
		pa.extend(p.room)
	}
	if time.Since(p.since) < pressLifetime {
		pa.send(p.query, words)
	}
}

// keep leaves the answer of an open press to endCall; false where the press is not open. The first words count.
func (pa *pressAnswers) keep(id, words string) bool {
	pa.mu.Lock()
	defer pa.mu.Unlock()
	p := pa.pending[id]
	if p == nil || !p.open {
		return false
	}
	if !p.known {
		p.known, p.words = true, words
	}
	return true
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

// remove makes a pending press an answered one, in a response or by a call, and returns it; nil where it is not pending.
func (pa *pressAnswers) remove(id string, inResponse bool) *pendingPress {
	pa.mu.Lock()
	defer pa.mu.Unlock()
	p := pa.pending[id]
	if p == nil {
		return nil
	}
	p.timer.Stop()
	delete(pa.pending, id)
	pa.answered.set(id, inResponse, time.Now())
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

// callbackAnswer is the answer to a callback query.
func callbackAnswer(query, words string) tg.AnswerCallbackQueryParams {
	words = truncateUnits(oneLine(sanitize(words)), maxToast)
	return tg.AnswerCallbackQueryParams{CallbackQueryID: query, Text: words, ShowAlert: utf16Len(words) > maxPassing}
}

// answerCallback answers a callback query by a call. It is tried once: an answer that is lost leaves the press as it is, and the
// button shows for a while that it was pressed.
func (a *Adapter) answerCallback(query, words string) {
	ctx, cancel := context.WithTimeout(context.Background(), answerTimeout)
	defer cancel()
	answer := callbackAnswer(query, words)
	_, err := a.calls.call(ctx, "answerCallbackQuery", &answer)
	a.cfg.Meter.Count("answers", adapterName, 1)
	if err != nil && classify(err, 1) != nil {
		a.cfg.Meter.Count("answers_lost", adapterName, 1)
	}
}
