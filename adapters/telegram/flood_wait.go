package telegram

import (
	"context"
	"encoding/json"
	"log/slog"
	"sync/atomic"
	"time"
)

// Until when Telegram wants no messages at all, or none in one chat (see pace), outlives a restart: a bot that comes back during
// such a wait would only make it longer.
const (
	floodWaitName = "telegram.flood" // under which that of all chats is stored, as RFC 3339
	chatWaitsName = "telegram.waits" // those of single chats, as JSON: RFC 3339 by chat
	maxChatWaits  = 1000             // of them
	saveDelay     = time.Second      // in which those of many chats are stored together
	saveTimeout   = 5 * time.Second
	maxFloodWait  = time.Hour // a stored wait that ends later than this is not believed
)

// saveFloodWait stores until when nothing may be sent. pace calls it under its lock, so it returns at once.
func (a *Adapter) saveFloodWait(until time.Time) {
	if a.cfg.Values == nil {
		return
	}
	go func() {
		ctx, cancel := context.WithTimeout(context.Background(), saveTimeout)
		defer cancel()
		if err := a.cfg.Values.SetValue(ctx, floodWaitName, []byte(until.UTC().Format(time.RFC3339Nano))); err != nil {
			a.cfg.Log.Warn("keep how long telegram wants silence", slog.Any("why", err))
		}
	}()
}

// loadFloodWait goes on waiting where the program has been started again during a flood wait. Where nothing can be read it
// does not wait: the next 429 says again how long.
func (a *Adapter) loadFloodWait(ctx context.Context) {
	if a.cfg.Values == nil {
		return
	}
	raw, err := a.cfg.Values.Value(ctx, floodWaitName)
	if err != nil {
		return
	}
	until, err := time.Parse(time.RFC3339Nano, string(raw))
	if err == nil && time.Until(until) < maxFloodWait {
		a.pace.holdAll(until)
	}
}

// saveChatWaits stores until when nothing may be sent in single chats.
func (a *Adapter) saveChatWaits() {
	if a.cfg.Values == nil {
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), saveTimeout)
	defer cancel()
	raw, err := json.Marshal(a.pace.heldChats(maxChatWaits, time.Now()))
	if err == nil {
		err = a.cfg.Values.SetValue(ctx, chatWaitsName, raw)
	}
	if err != nil {
		a.cfg.Log.Warn("keep how long telegram wants silence in a chat", slog.Any("why", err))
	}
}

// loadChatWaits goes on waiting in single chats, like loadFloodWait.
func (a *Adapter) loadChatWaits(ctx context.Context) {
	if a.cfg.Values == nil {
		return
	}
	raw, err := a.cfg.Values.Value(ctx, chatWaitsName)
	var waits map[int64]time.Time
	if err != nil || json.Unmarshal(raw, &waits) != nil {
		return
	}
	for chat, until := range waits {
		if left := time.Until(until); left > 0 && left < maxFloodWait {
			a.pace.holdChat(chat, until)
		}
	}
}

// newDebounce makes a function that has another one called soon, in a goroutine: once for all calls within the delay.
func newDebounce(delay time.Duration, call func()) func() {
	var due atomic.Bool
	return func() {
		if due.CompareAndSwap(false, true) {
			time.AfterFunc(delay, func() { due.Store(false); call() })
		}
	}
}
