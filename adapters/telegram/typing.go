package telegram

import (
	"context"
	"sync"
	"time"

	tg "github.com/go-telegram/bot"
	"github.com/go-telegram/bot/models"

	"nevermind/bot"
)

// typing shows the chat action "typing" in rooms where somebody waits for a reply. The intake starts it with each private
// message, Send stops it. It shows nothing before typingDelay, repeats the action while it waits, and gives up after maxTyping
// times: no reply may come at all. It is safe for concurrent use.
type typing struct {
	send func(room bot.Room) // makes the call

	mu    sync.Mutex
	rooms map[bot.Room]*time.Timer // the next time it is shown, in each room that waits
}

const (
	typingDelay    = time.Second     // a reply that comes sooner needs no typing
	typingInterval = 4 * time.Second // Telegram shows the action for five
	maxTyping      = 5
)

func newTyping(send func(bot.Room)) *typing {
	return &typing{send: send, rooms: map[bot.Room]*time.Timer{}}
}

// start is called when somebody in a room waits for a reply. A room that waits already goes on: more messages do not show it
// more often.
func (t *typing) start(room bot.Room) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.rooms[room] == nil {
		t.rooms[room] = time.AfterFunc(typingDelay, func() { t.repeat(room, maxTyping) })
	}
}

// repeat shows the action in a room that still waits, so many times from now on.
func (t *typing) repeat(room bot.Room, times int) {
	t.mu.Lock()
	if t.rooms[room] == nil {
		t.mu.Unlock()
		return
	}
	if times > 1 {
		t.rooms[room] = time.AfterFunc(typingInterval, func() { t.repeat(room, times-1) })
	} else {
		delete(t.rooms, room)
	}
	t.mu.Unlock()
	t.send(room)
}

// stop is called when a reply has gone to a room, or none is to come.
func (t *typing) stop(room bot.Room) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if timer := t.rooms[room]; timer != nil {
		timer.Stop()
		delete(t.rooms, room)
	}
}

// sendTyping shows the action in a room once, unless Telegram has asked to wait.
func (a *Adapter) sendTyping(room bot.Room) {
	chat, err := chatOf(room)
	if err != nil || a.pace.mustWait(chat, time.Now()) {
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), callTimeout)
	defer cancel()
	_, err = a.calls.call(ctx, "sendChatAction", &tg.SendChatActionParams{
		ChatID: chat, MessageThreadID: int(a.sendState.topic(ctx, chat)), Action: models.ChatActionTyping,
	})
	if after, ok := retryAfterOf(err); ok {
		a.pace.retryAfter(chat, after, time.Now())
	}
}
