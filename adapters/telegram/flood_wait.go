package telegram

import (
	"context"
	"log/slog"
	"time"
)

// Until when Telegram wants no messages at all (see pace) outlives a restart: a bot that comes back during a flood wait would
// only make it longer.
const (
	floodWaitName = "telegram.flood" // under which it is stored, as RFC 3339
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
