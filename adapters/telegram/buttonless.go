package telegram

import (
	"sync"
	"time"
)

// buttonless are the messages of the bot that are known to have no buttons, so that taking their buttons off needs no call.
//
// They are in memory alone: after a restart, and of messages that were sent long ago, nothing is known, and the call is made.
// It is safe for concurrent use; the engine makes one delivery of a room at a time.
type buttonless struct {
	mu       sync.Mutex
	messages recentMap[chatMessageID, struct{}]
}

// chatMessageID is a message of the bot: its chat and its id there.
type chatMessageID struct{ chat, message int64 }

// maxButtonless bounds the memory of one generation, about 2 MB.
const maxButtonless = 20_000

func newButtonless() *buttonless {
	return &buttonless{messages: recentMap[chatMessageID, struct{}]{limit: maxButtonless}}
}

// set is called when it is known whether a message has buttons, and with true before a call that may give it some.
func (bl *buttonless) set(chat, message int64, buttons bool) {
	bl.mu.Lock()
	defer bl.mu.Unlock()
	id := chatMessageID{chat, message}
	if buttons {
		bl.messages.remove(id)
		return
	}
	bl.messages.set(id, struct{}{}, time.Now())
}

// has says whether a message is known to have no buttons.
func (bl *buttonless) has(chat, message int64) bool {
	bl.mu.Lock()
	defer bl.mu.Unlock()
	_, ok := bl.messages.get(chatMessageID{chat, message}, time.Now())
	return ok
}
