package telegram

import (
	"context"
	"encoding/json"
	"time"
)

// Long polling.
const (
	pollTimeout   = 50 * time.Second // for which getUpdates waits; Telegram allows no more
	pollLimit     = 100              // updates in one response; Telegram allows no more
	storeWait     = 600 * time.Millisecond
	withoutIDWait = 2 * time.Second // between polls that bring only updates which cannot be confirmed: they come again at once
)

// poll receives updates until ctx ends, by one long poll after the other.
//
// An update is confirmed by an offset above its id, and only when it is stored. The offset itself is not stored: after a
// restart Telegram sends again what was not confirmed, and the inbox deduplicates it. Once everything is confirmed no offset
// is sent at all, since after a quiet week Telegram begins its ids anew at any number.
//
// While some updates of a response are still being stored, poll waits for them for storeWait and then polls without waiting:
// one slow chat must not hold up others. After a full response, behind which more is likely, it waits for the first half: the
// offset has gone on then. Telegram answers a poll that comes at once with the same offset with a single update.
func (a *Adapter) poll(ctx context.Context) {
	if !a.deleteWebhook(ctx) {
		return
	}
	lanes := newPollLanes(a.intake)
	defer lanes.workers.Wait()
	for attempt := -1; ctx.Err() == nil; {
		offset, pending := lanes.offset()
		timeout := pollTimeout
		if pending || attempt != 0 {
			timeout = 0 // at first, and after a failure, what matters is whether it works
		}
		updates, err := a.getUpdates(ctx, offset, timeout)
		if err != nil {
			if ctx.Err() == nil {
				attempt = max(attempt, 0) + 1
				sleep(ctx, a.backoffAfter("poll", err, attempt))
			}
			continue
		}
		attempt = 0
		a.clearProblem("poll")
		a.clearProblem("token")
		lanes.confirmed(offset)
		withoutID := lanes.accept(ctx, updates)
		lanes.waitStored(ctx, len(updates) == pollLimit, storeWait)
		if len(updates) > 0 && withoutID == len(updates) {
			a.reportProblem("updates", "Telegram, or what stands before it, sends only updates without an id, "+
				"which cannot be acknowledged; asking again every two seconds.")
			sleep(ctx, withoutIDWait)
			continue
		}
		a.clearProblem("updates")
	}
}

// getUpdates polls once. It returns each update raw, so that one which cannot be read does not hold up the others. Offset 0
// confirms nothing.
func (a *Adapter) getUpdates(ctx context.Context, offset int64, timeout time.Duration) ([]json.RawMessage, error) {
	ctx, cancel := context.WithTimeout(ctx, timeout+callTimeout)
	defer cancel()
	params := map[string]any{"limit": pollLimit, "timeout": int(timeout.Seconds()), "allowed_updates": allowedUpdates}
	if offset != 0 {
		params["offset"] = offset
	}
	result, err := a.calls.call(ctx, "getUpdates", params)
	if err != nil {
		return nil, err
	}
	var updates []json.RawMessage
	err = json.Unmarshal(result, &updates)
	return updates, err
}
