package postgres

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"
)

// Waking. A server takes what it makes due itself, and looks at least once a second for what others have left. What is made due
// by a command beside the servers, or given back by a server that ends, they are told of besides (NOTIFY): a hint, which may be
// lost.

// dueChannel is where servers listen, and tellDue tells them.
const (
	dueChannel = "nevermind_due"
	tellDue    = `SELECT pg_notify('` + dueChannel + `', '')`
)

// toldEvery is how often a command tells at most: a commit that tells waits for others that do.
const toldEvery = 100 * time.Millisecond

// OnDue has f called when another process may have made something due.
func (s *Store) OnDue(f func()) {
	s.pulse.mu.Lock()
	defer s.pulse.mu.Unlock()
	s.pulse.due = append(s.pulse.due, f)
}

// tellsDue says whether a change is to tell the servers: a command's, now and then.
func (s *Store) tellsDue() bool {
	if s.pulse == nil || s.pulse.serves {
		return false
	}
	last, now := s.pulse.told.Load(), time.Now().UnixNano()
	return now-last > int64(toldEvery) && s.pulse.told.CompareAndSwap(last, now)
}

// listen calls those of OnDue until ctx ends. A lost connection is made anew; what was missed meanwhile is looked for then.
func (s *Store) listen(ctx context.Context) {
	for ctx.Err() == nil {
		_ = s.hearDue(ctx) // where the database is away the next try hears
		_ = pause(ctx, 9)
	}
}

func (s *Store) hearDue(ctx context.Context) error {
	conn, err := pgx.ConnectConfig(ctx, s.pool.Config().ConnConfig)
	if err != nil {
		return err
	}
	defer conn.Close(context.WithoutCancel(ctx)) //nolint:errcheck // it was only listened on
	if _, err := conn.Exec(ctx, `LISTEN `+dueChannel); err != nil {
		return err
	}
	for {
		s.pulse.mu.Lock()
		due := s.pulse.due
		s.pulse.mu.Unlock()
		for _, f := range due {
			f()
		}
		if _, err := conn.WaitForNotification(ctx); err != nil {
			return err
		}
	}
}
