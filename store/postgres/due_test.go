package postgres

import (
	"context"
	"testing"
	"time"

	"nevermind/bot"
)

// TestServersAreToldOfWork: a server hears of what a command has made due and of what a server that ends has given back, also
// after the connection on which it listens was lost.
func TestServersAreToldOfWork(t *testing.T) {
	at := fresh(t)
	cfg := config(at)
	cfg.Serves, cfg.Files = true, "one place"
	server, err := Open(t.Context(), cfg)
	wantErr(t, err, nil)
	defer server.Close()
	told := make(chan struct{}, 1)
	server.OnDue(func() {
		select {
		case told <- struct{}{}:
		default:
		}
	})
	hears := func(what string) {
		t.Helper()
		select {
		case <-told:
		case <-time.After(time.Minute):
			t.Fatal("not told: ", what)
		}
	}
	other, err := Open(t.Context(), cfg)
	wantErr(t, err, nil)
	command := open(t, at)
	defer command.Close()
	listening := func(n int) {
		t.Helper()
		var have int
		for until := time.Now().Add(time.Minute); have != n; {
			wantErr(t, server.pool.QueryRow(t.Context(), `SELECT count(*) FROM pg_stat_activity
				WHERE query = 'LISTEN nevermind_due' AND state = 'idle' AND datname = current_database()`).Scan(&have), nil)
			if time.Now().After(until) {
				t.Fatalf("%d listen, want %d", have, n)
			}
		}
	}
	listening(2)
	drain := func() {
		select {
		case <-told:
		default:
		}
	}
	drain()
	wantErr(t, command.Commit(t.Context(), &bot.Commit{At: start, Tasks: []bot.Task{work("a1", "a")}}), nil)
	hears("what a command has made due")
	wantErr(t, other.Close(), nil)
	hears("what another server has given back")
	_, err = server.pool.Exec(t.Context(), `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
		WHERE query = 'LISTEN nevermind_due' AND datname = current_database()`)
	wantErr(t, err, nil)
	hears("what it may have missed while nobody listened")
	listening(1)
	wantErr(t, server.Commit(t.Context(), &bot.Commit{At: start, Tasks: []bot.Task{work("a2", "a")}}), nil)
	if server.tellsDue() {
		t.Error("a server tells of what it takes itself")
	}
	drain()
	command.pulse.told.Store(0)
	wantErr(t, command.Commit(context.Background(), &bot.Commit{At: start, Tasks: []bot.Task{work("a3", "a")}}), nil)
	hears("what a command has made due since")
	if command.pulse.told.Store(time.Now().Add(time.Hour).UnixNano()); command.tellsDue() {
		t.Error("a command tells all the time")
	}
}
