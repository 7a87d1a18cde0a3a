package postgres

import (
	"context"
	"errors"
	"testing"
	"time"

	"nevermind/bot"
	"nevermind/store/postgres/postgrestest"
)

// TestWhatTheStandbyMayLackIsNotAcknowledged: a commit that is called off while it waits for the standby can be read, and is no
// answer to the same update: it would be lost with the primary. Once the standby is back, it is.
func TestWhatTheStandbyMayLackIsNotAcknowledged(t *testing.T) {
	onlyInCI(t)
	cluster, err := postgrestest.Start()
	if err != nil {
		t.Skip("there is no PostgreSQL: ", err)
	}
	t.Cleanup(cluster.Stop)
	s := open(t, cluster.Database(t))
	defer s.Close()
	s.patience = 200 * time.Millisecond
	wait := func(standby string, blocks bool) {
		t.Helper()
		for _, sql := range []string{`ALTER SYSTEM SET synchronous_standby_names = '` + standby + `'`, `SELECT pg_reload_conf()`} {
			if _, err := s.pulse.pool.Exec(t.Context(), sql); err != nil {
				t.Fatal(err)
			}
		}
		for until := time.Now().Add(time.Minute); ; {
			ctx, cancel := context.WithTimeout(t.Context(), 200*time.Millisecond)
			_, err := s.pool.Exec(ctx, `CREATE TABLE IF NOT EXISTS probe (); DROP TABLE probe`)
			cancel()
			if blocks == (err != nil) {
				return
			}
			if time.Now().After(until) {
				t.Fatalf("with standby %q: %v", standby, err)
			}
		}
	}
	take := func() error {
		ctx, cancel := context.WithTimeout(t.Context(), 2*time.Second)
		defer cancel()
		return s.Commit(ctx, &bot.Commit{At: start, Handled: "m1"})
	}
	wait("nobody", true)
	for range 2 { // in the same call, by its mark; in another, as a duplicate
		if err := take(); err == nil || errors.Is(err, bot.ErrSeen) {
			t.Errorf("acknowledged without a standby: %v", err)
		}
		ctx, cancel := context.WithTimeout(t.Context(), 500*time.Millisecond)
		if err := s.Flushed(ctx); err == nil {
			t.Error("flushed without a standby")
		}
		cancel()
		if !s.wasHandled(t.Context(), "m1") {
			t.Error("it cannot be read, so this test shows nothing")
		}
	}
	wait("", false)
	wantErr(t, take(), bot.ErrSeen)
}
