package telegram

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"time"
)

// How polling is done.
const (
	pollTime     = 50 * time.Second // Telegram allows no more
	batch        = 100
	pollAgain    = 600 * time.Millisecond // while something of a batch is still being stored; sooner Telegram hands out one alone
	pollNameless = 2 * time.Second        // where nothing that comes can be confirmed, it comes again at once
)

// poll receives until ctx ends. An update is confirmed, by an offset above it, only when it is stored; the offset is
// nowhere kept: after a restart Telegram sends again what was not confirmed, and the house knows what it has handled.
// Once all is confirmed no offset is sent at all, since after a quiet week the ids begin anew anywhere.
func (a *Adapter) poll(ctx context.Context) {
	if !a.unhang(ctx) {
		return
	}
	in := newIntake(a.store)
	defer in.all.Wait()
	for tries := -1; ctx.Err() == nil; {
		offset, pending := in.offset()
		timeout := pollTime
		if pending || tries != 0 {
			timeout = 0 // at first, and after a failure, what matters is whether it works
		}
		updates, err := a.updates(ctx, offset, timeout)
		if err != nil {
			if ctx.Err() == nil {
				tries = max(tries, 0) + 1
				sleep(ctx, a.setback(err, tries))
			}
			continue
		}
		tries = 0
		a.works("poll")
		a.works("token")
		in.confirmed(offset)
		nameless := in.accept(ctx, updates)
		in.settle(ctx, pollAgain)
		if len(updates) > 0 && nameless == len(updates) {
			a.failing("updates", "Telegram, or what stands before it, sends only updates without an id, which cannot be acknowledged; asking again every two seconds.")
			sleep(ctx, pollNameless)
			continue
		}
		a.works("updates")
	}
}

// updates asks for what has come in, as raw as it came: one that cannot be read stands in nobody's way.
func (a *Adapter) updates(ctx context.Context, offset int64, timeout time.Duration) ([]json.RawMessage, error) {
	ctx, cancel := context.WithTimeout(ctx, timeout+callTime)
	defer cancel()
	ask := map[string]any{"limit": batch, "timeout": int(timeout.Seconds()), "allowed_updates": asked}
	if offset != 0 {
		ask["offset"] = offset
	}
	body, err := json.Marshal(ask)
	if err != nil {
		return nil, err
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, a.cfg.API+"/bot"+a.cfg.Token+"/getUpdates", http.NoBody)
	if err != nil {
		return nil, bare(err)
	}
	r.Header.Set("Content-Type", "application/json")
	answer, _, err := (&wire{a.http}).exchange(r, body)
	if err != nil {
		return nil, err
	}
	var updates []json.RawMessage
	err = json.NewDecoder(bytes.NewReader(answer.Result)).Decode(&updates)
	return updates, err
}
