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
	pollTimeout   = 50 * time.Second // Telegram allows no more
	pollLimit     = 100
	storeWait     = 600 * time.Millisecond // while something of a batch is still being stored; sooner Telegram hands out one alone
	withoutIDWait = 2 * time.Second        // where nothing that comes can be confirmed, it comes again at once
)

// poll receives until ctx ends. An update is confirmed, by an offset above it, only when it is stored; the offset is
// nowhere kept: after a restart Telegram sends again what was not confirmed, and the house knows what it has handled.
// Once all is confirmed no offset is sent at all, since after a quiet week the ids begin anew anywhere.
func (a *Adapter) poll(ctx context.Context) {
	if !a.deleteWebhook(ctx) {
		return
	}
	in := newPollLanes(a.intakeUpdate)
	defer in.workers.Wait()
	for tries := -1; ctx.Err() == nil; {
		offset, pending := in.offset()
		timeout := pollTimeout
		if pending || tries != 0 {
			timeout = 0 // at first, and after a failure, what matters is whether it works
		}
		updates, err := a.getUpdates(ctx, offset, timeout)
		if err != nil {
			if ctx.Err() == nil {
				tries = max(tries, 0) + 1
				sleep(ctx, a.backoffAfter(err, tries))
			}
			continue
		}
		tries = 0
		a.clearProblem("poll")
		a.clearProblem("token")
		in.confirmed(offset)
		nameless := in.accept(ctx, updates)
		in.waitStored(ctx, storeWait)
		if len(updates) > 0 && nameless == len(updates) {
			a.reportProblem("updates", "Telegram, or what stands before it, sends only updates without an id, which cannot be acknowledged; asking again every two seconds.")
			sleep(ctx, withoutIDWait)
			continue
		}
		a.clearProblem("updates")
	}
}

// updates asks for what has come in, as raw as it came: one that cannot be read stands in nobody's way.
func (a *Adapter) getUpdates(ctx context.Context, offset int64, timeout time.Duration) ([]json.RawMessage, error) {
	ctx, cancel := context.WithTimeout(ctx, timeout+callTimeout)
	defer cancel()
	ask := map[string]any{"limit": pollLimit, "timeout": int(timeout.Seconds()), "allowed_updates": allowedUpdates}
	if offset != 0 {
		ask["offset"] = offset
	}
	body, err := json.Marshal(ask)
	if err != nil {
		return nil, err
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, a.cfg.API+"/bot"+a.cfg.Token+"/getUpdates", http.NoBody)
	if err != nil {
		return nil, withoutURL(err)
	}
	r.Header.Set("Content-Type", "application/json")
	answer, _, err := (&apiClient{a.http}).exchange(r, body)
	if err != nil {
		return nil, err
	}
	var updates []json.RawMessage
	err = json.NewDecoder(bytes.NewReader(answer.Result)).Decode(&updates)
	return updates, err
}
