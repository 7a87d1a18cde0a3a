package engine

import (
	"context"
	"log/slog"
	"time"
)

// How long what was handled is remembered, and how often the house is tidied.
const (
	remembered = 8 * 24 * time.Hour // a platform repeats for a day at most
	tidying    = time.Hour
)

// keepUp checks the indexes once behind the running house, and forgets every hour what no platform can repeat any more.
func (e *Engine) keepUp(ctx context.Context) {
	e.rebuild(ctx)
	for ctx.Err() == nil {
		if _, err := e.cfg.Store.Sweep(ctx, e.Now().Add(-remembered)); err != nil && ctx.Err() == nil {
			e.cfg.Log.Error("forget what was handled", slog.Any("why", err))
		}
		if err := e.sweepFiles(ctx); err != nil && ctx.Err() == nil {
			e.cfg.Log.Error("forget files that nobody names", slog.Any("why", err))
		}
		wait(ctx, tidying, nil)
	}
}

// sweepFiles forgets files that no conversation names.
func (e *Engine) sweepFiles(ctx context.Context) error {
	if e.cfg.Blobs == nil {
		return nil
	}
	_, err := e.cfg.Blobs.Sweep(ctx, remembered, func(hash string) (bool, error) {
		keys, err := e.cfg.Store.Find(ctx, "file:"+hash, "", 1)
		return len(keys) > 0, err
	})
	return err
}

// rebuild checks the indexes behind the running house.
func (e *Engine) rebuild(ctx context.Context) {
	fixed, err := e.cfg.Store.Rebuild(ctx)
	if err != nil && ctx.Err() == nil {
		e.cfg.Log.Error("check the indexes", slog.Any("why", err))
	}
	if fixed > 0 {
		e.cfg.Log.Warn("indexes mended", "entries", fixed)
		e.Wake()
	}
}
