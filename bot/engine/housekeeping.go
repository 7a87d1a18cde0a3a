package engine

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"nevermind/bot"
)

// How long what was handled is remembered, and how often what nobody needs is forgotten, and all is read once.
const (
	remembered = 8 * 24 * time.Hour // a platform repeats for a day at most
	tidying    = time.Hour
	verifying  = 24 * time.Hour
)

// housekeeping is the duty of whoever keeps the store tidy, where several processes work on it.
const housekeeping = "housekeeping"

// verifier is a store that can read all it keeps, and say how much of that is damaged.
type verifier interface {
	Verify(ctx context.Context) (damaged int, err error)
}

// housekeeper checks the store's indexes once, and forgets every hour what nobody needs any more, every day what the policy keeps
// no longer. Run starts it in a goroutine of its own. It has no state.
type housekeeper struct{ *base }

// run checks the indexes beside the other loops, then forgets what no platform can repeat any more, hour after hour. Once a day
// all that is stored is read, so that damage is known before somebody needs what was damaged.
func (h *housekeeper) run(ctx context.Context) {
	h.rebuild(ctx)
	for verified := (time.Time{}); ctx.Err() == nil; {
		if now := h.now(); now.Sub(verified) >= verifying {
			h.verify(ctx)
			h.retain(ctx)
			verified = now
		}
		if _, err := h.cfg.Store.Sweep(ctx, h.now().Add(-remembered)); err != nil && ctx.Err() == nil {
			h.cfg.Log.Error("forget what was handled", slog.Any("why", err))
		}
		if err := h.sweepFiles(ctx); err != nil && ctx.Err() == nil {
			h.cfg.Log.Error("forget files that nobody names", slog.Any("why", err))
		}
		wait(ctx, tidying, nil)
	}
}

// sweepFiles forgets files that no conversation names.
func (h *housekeeper) sweepFiles(ctx context.Context) error {
	if h.cfg.Blobs == nil {
		return nil
	}
	_, err := h.cfg.Blobs.Sweep(ctx, remembered, func(hash string) (bool, error) {
		keys, err := h.cfg.Store.Find(ctx, "file:"+hash, "", 1)
		return len(keys) > 0, err
	})
	return err
}

// verify says how much of what is stored is damaged: everything else goes on.
func (h *housekeeper) verify(ctx context.Context) {
	v, can := h.cfg.Store.(verifier)
	if !can {
		return
	}
	damaged, err := v.Verify(ctx)
	if ctx.Err() != nil || errors.Is(err, bot.ErrClosed) {
		return
	}
	if err != nil {
		h.cfg.Log.Error("the store is damaged; keep its file, and restore a backup", "records", damaged, slog.Any("why", err))
	}
	h.cfg.Meter.Count("damaged_records", "", damaged)
}

// rebuild mends the indexes where they were wrong.
func (h *housekeeper) rebuild(ctx context.Context) {
	fixed, err := h.cfg.Store.Rebuild(ctx)
	if err != nil && ctx.Err() == nil {
		h.cfg.Log.Error("check the indexes", slog.Any("why", err))
	}
	if fixed > 0 {
		h.cfg.Log.Warn("indexes mended", "entries", fixed)
		h.wake()
	}
}
