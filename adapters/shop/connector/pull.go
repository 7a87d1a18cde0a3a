package connector

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"time"

	"nevermind/bot"
)

// markName is what the time up to which orders were pulled is kept under in the store.
const markName = "connector.pulled"

const (
	firstPull = 90 * 24 * time.Hour // how far back the first pull goes
	overlap   = 15 * time.Second    // a change may be seen a little later than its time
	atOnce    = 50                  // how many open orders are read in one request
)

// Run pulls until ctx ends.
func (s *Shop) Run(ctx context.Context) error {
	for {
		if err := s.Pull(ctx); err != nil && ctx.Err() == nil {
			s.cfg.Log.Warn("orders could not be pulled from the shop", slog.Any("why", err))
		}
		select {
		case <-ctx.Done():
			return nil
		case <-time.After(s.cfg.Every):
		}
	}
}

// Pull fetches the orders that have changed since the last pull, and looks at those about which something is open: what no
// event has told is found here.
func (s *Shop) Pull(ctx context.Context) error {
	if err := s.pullChanged(ctx); err != nil {
		return err
	}
	ids, err := s.engine.Open(ctx)
	if err != nil {
		return fmt.Errorf("pull: %w", err)
	}
	for some := range slices.Chunk(ids, atOnce) {
		if err := s.Look(ctx, some...); err != nil {
			return err
		}
	}
	return nil
}

// Look reads orders and stores them as they stand now.
func (s *Shop) Look(ctx context.Context, ids ...string) error {
	all, err := s.system.Orders(ctx, ids...)
	if err != nil {
		return fmt.Errorf("read orders: %w", err)
	}
	return s.putAll(ctx, all)
}

// putAll stores orders. One that cannot be as the shop says holds up none of the others.
func (s *Shop) putAll(ctx context.Context, all []Order) error {
	for n := range all {
		err := s.put(ctx, &all[n], nil)
		if wrong := (bot.Faults{}); errors.As(err, &wrong) {
			s.cfg.Log.Warn("an order of the shop cannot be taken", "order", all[n].ID, slog.Any("why", err))
			continue
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// pullChanged goes on where the last pull ended. The mark moves once a page is stored, so a crash repeats one page at most.
func (s *Shop) pullChanged(ctx context.Context) error {
	mark, err := s.mark(ctx)
	if err != nil {
		return err
	}
	for since, skip := mark.Add(-overlap), 0; ; {
		page, err := s.system.Changed(ctx, since, skip)
		if err != nil {
			return fmt.Errorf("pull: %w", err)
		}
		if len(page) == 0 {
			return nil
		}
		if err := s.putAll(ctx, page); err != nil {
			return err
		}
		last := page[len(page)-1].Changed
		if skip += len(page); last.After(since) {
			since, skip = last, 0
			for n := len(page) - 1; n >= 0 && page[n].Changed.Equal(last); n-- {
				skip++ // these come again
			}
		}
		if last.After(mark) {
			mark = last
			if err := s.engine.SetValue(ctx, markName, []byte(mark.UTC().Format(time.RFC3339Nano))); err != nil {
				return fmt.Errorf("pull: %w", err)
			}
		}
	}
}

// mark is the time of the latest change that was pulled.
func (s *Shop) mark(ctx context.Context) (time.Time, error) {
	text, err := s.engine.Value(ctx, markName)
	if errors.Is(err, bot.ErrNone) {
		return s.cfg.Now().Add(-firstPull), nil
	}
	if err != nil {
		return time.Time{}, fmt.Errorf("pull: %w", err)
	}
	mark, err := time.Parse(time.RFC3339Nano, string(text))
	if err != nil {
		return time.Time{}, fmt.Errorf("pull: the mark of the last one: %w", err)
	}
	return mark, nil
}
