package telegram

import (
	"context"
	"sync"
	"time"

	tg "github.com/go-telegram/bot"
	"github.com/go-telegram/bot/models"

	"nevermind/bot"
)

// typing shows that we are busy wherever an answer takes its time.
type typing struct {
	send func(room bot.Room)

	mu    sync.Mutex
	rooms map[bot.Room]*time.Timer
}

const (
	typingDelay    = time.Second     // past that we show that we are busy
	typingInterval = 4 * time.Second // and again: Telegram shows it for five
	maxTyping      = 5               // times; then it would be a lie
)

func newTyping(show func(bot.Room)) *typing {
	return &typing{send: show, rooms: map[bot.Room]*time.Timer{}}
}

// awaits is told that somebody in the room waits for an answer.
func (t *typing) start(room bot.Room) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.rooms[room] == nil {
		t.rooms[room] = time.AfterFunc(typingDelay, func() { t.repeat(room, maxTyping) })
	}
}

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

// answered is told that it has come.
func (t *typing) stop(room bot.Room) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if timer := t.rooms[room]; timer != nil {
		timer.Stop()
		delete(t.rooms, room)
	}
}

// showTyping shows that we are busy, unless Telegram wants to hear nothing now.
func (a *Adapter) sendTyping(room bot.Room) {
	chat, err := a.chatOf(room)
	if err != nil || a.pace.mustWait(chat, time.Now()) {
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), callTimeout)
	defer cancel()
	_, err = a.api.SendChatAction(ctx, &tg.SendChatActionParams{ChatID: chat, Action: models.ChatActionTyping})
	if after, ok := retryAfterOf(err); ok {
		a.pace.retryAfter(chat, after, time.Now())
	}
}
