package postgres

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"nevermind/bot"
	"nevermind/store/postgres/postgrestest"
)

// How the steady drill goes: turns a second, how long what is over is kept, and how often what is older is forgotten.
const (
	steadyRate  = 200
	steadyKept  = time.Minute
	steadySweep = 15 * time.Second
	steadyTurns = 4 // of a case
)

// TestSteadyDrill makes 200 turns a second, each with its entry, its buttons and two replies that are sent, on a database whose
// commits are flushed, while what was over a minute ago is forgotten: once the first minutes are, neither live rows nor the size
// of the tables grow, and dead rows are vacuumed. NEVERMIND_STEADY=10m is how long.
func TestSteadyDrill(t *testing.T) {
	if os.Getenv("NEVERMIND_DRILLS") != "1" {
		t.Skip("ten minutes: by make drills")
	}
	long, err := time.ParseDuration(cmp.Or(os.Getenv("NEVERMIND_STEADY"), "10m"))
	wantErr(t, err, nil)
	cluster, err := postgrestest.Start("autovacuum_naptime=10s")
	if err != nil {
		t.Skip("there is no PostgreSQL: ", err)
	}
	t.Cleanup(cluster.Stop)
	s := open(t, cluster.Database(t))
	defer s.Close()
	ctx, end := context.WithTimeout(t.Context(), long)
	defer end()
	var all sync.WaitGroup
	defer all.Wait()
	var turns atomic.Int64
	due := make(chan int64, steadyRate)
	for range 16 {
		all.Go(func() {
			for n := range due {
				if err := steadyTurn(t.Context(), s, n); err != nil {
					t.Error(err)
				}
				turns.Add(1)
			}
		})
	}
	for range 2 {
		all.Go(func() { steadySend(ctx, s) })
	}
	all.Go(func() {
		for ctx.Err() == nil {
			if err := steadyForget(ctx, s); err != nil && ctx.Err() == nil {
				t.Error(err)
			}
			select {
			case <-ctx.Done():
			case <-time.After(steadySweep):
			}
		}
	})
	began, next := time.Now(), int64(0)
	tick, minute := time.NewTicker(50*time.Millisecond), time.NewTicker(long/10)
	defer tick.Stop()
	defer minute.Stop()
	var seen []steadyLook
	for ctx.Err() == nil {
		select {
		case <-ctx.Done():
		case <-minute.C:
			seen = append(seen, lookSteady(t, s, time.Since(began), turns.Load()))
		case <-tick.C:
			for want := int64(time.Since(began).Seconds() * steadyRate); next < want; next++ {
				select {
				case due <- next:
				default: // the machine is slower
					next = want
				}
			}
		}
	}
	close(due)
	var table strings.Builder
	for _, l := range seen {
		fmt.Fprintf(&table, "| %v | %d | %d | %d | %.1f MB | %d |\n", l.at.Round(time.Second), l.turns, l.live, l.dead, l.mb,
			l.vacuums)
	}
	t.Logf("\n| after | turns | live rows | dead rows | tables and indexes | vacuumed |\n|---|---|---|---|---|---|\n%s", &table)
	judgeSteady(t, seen)
}

// judgeSteady fails what grows between the first and the last look behind two minutes of the whole pace: where the machine was
// slower for a while, there is less to keep.
func judgeSteady(t *testing.T, seen []steadyLook) {
	t.Helper()
	var whole []steadyLook
	for i := 2; i < len(seen); i++ {
		if of := float64(seen[i].turns-seen[i-2].turns) / (seen[i].at - seen[i-2].at).Seconds(); of > steadyRate*0.9 {
			whole = append(whole, seen[i])
		}
	}
	if len(whole) < 2 {
		t.Skip("the machine was too slow for this pace")
	}
	first, last := whole[0], whole[len(whole)-1]
	if last.mb > first.mb*1.25 || float64(last.live) > float64(first.live)*1.25 || last.vacuums == first.vacuums {
		t.Errorf("it grows: %+v, then %+v", first, last)
	}
}

// steadyTurn is one of the four turns of a case; the last one closes it.
func steadyTurn(ctx context.Context, s *Store, n int64) error {
	key, turn := bot.Key(fmt.Sprint("case/", n/steadyTurns/100*100+n%100, "/", n/steadyTurns/100)), int(n/100%steadyTurns)
	c := bot.Conversation{Key: key, Version: int64(turn), Order: fmt.Sprint(n % 100), Opened: time.Now(), Entries: turn + 1,
		Frame: bot.Frame{Flow: "case", State: "negotiating", Facts: bot.Facts{"reason": "not_needed", "amount": "24.90 USD"}}}
	if turn == steadyTurns-1 {
		c.Closed = time.Now()
	} else {
		for i := range 3 {
			c.Offers = append(c.Offers, bot.Offer{Token: fmt.Sprintf("%08x%014x", n, i), Party: bot.Buyer, Event: "accepted"})
		}
	}
	e := bot.Entry{Conversation: key, Seq: turn + 1, At: time.Now(), Flow: "case", To: "negotiating",
		Event: bot.Event{Name: "accepted"}}
	made := bot.Commit{At: time.Now(), Handled: fmt.Sprint("tg:7:", n), Conversation: &c, Entry: &e,
		Terms: []string{"order:" + c.Order}}
	for i := range 2 {
		room := bot.Room(fmt.Sprint("telegram:", n%100*2+int64(i)))
		made.Tasks = append(made.Tasks, bot.Task{ID: fmt.Sprint("t", n, "-", i), Lane: "room:" + string(room), Do: bot.DoSend,
			Made: time.Now(), From: key, Reply: &bot.Reply{Room: room, From: key, Text: "The seller offers 24.90 USD back."}})
	}
	err := s.Commit(ctx, &made)
	if errors.Is(err, bot.ErrStale) || errors.Is(err, bot.ErrNone) { // a turn before it was left out, where the machine is slower
		return nil
	}
	return err
}

// steadySend settles what is to be sent.
func steadySend(ctx context.Context, s *Store) {
	for ctx.Err() == nil {
		leases, err := s.Claim(ctx, time.Now(), 64, time.Minute)
		if err == nil && len(leases) == 0 {
			select {
			case <-ctx.Done():
			case <-time.After(5 * time.Millisecond):
			}
		}
		var all sync.WaitGroup
		for _, l := range leases {
			all.Go(func() { _ = s.Settle(ctx, l, time.Now(), bot.SentAs(bot.Ref(l.Task.ID))) }) // else the lease runs out
		}
		all.Wait()
	}
}

// steadyForget does what the housekeeper does each hour and each day.
func steadyForget(ctx context.Context, s *Store) error {
	before := time.Now().Add(-steadyKept)
	if _, err := s.Sweep(ctx, before); err != nil {
		return err
	}
	var gone []bot.Record
	err := s.Each(ctx, func(r bot.Record) error {
		switch {
		case r.Conversation != nil && !r.Conversation.Closed.IsZero() && r.Conversation.Closed.Before(before),
			r.Conversation != nil && r.Conversation.Opened.Before(before.Add(-steadyKept)), // whose next turn was left out
			r.Said != nil && r.Said.At.Before(before),
			r.Task != nil && r.Task.State == bot.TaskDone && r.Task.At.Before(before):
			gone = append(gone, r)
		}
		return nil
	})
	if err == nil {
		_, err = s.Forget(ctx, gone...)
	}
	return err
}

// steadyLook is what was looked at in one moment.
type steadyLook struct {
	at                         time.Duration
	turns, live, dead, vacuums int64
	mb                         float64
}

func lookSteady(t *testing.T, s *Store, at time.Duration, turns int64) steadyLook {
	t.Helper()
	l := steadyLook{at: at, turns: turns}
	wantErr(t, s.pool.QueryRow(t.Context(), `SELECT sum(n_live_tup)::bigint, sum(n_dead_tup)::bigint, sum(autovacuum_count)::bigint,
		sum(pg_total_relation_size(relid))::float8 / 1048576 FROM pg_stat_user_tables`).Scan(&l.live, &l.dead, &l.vacuums, &l.mb), nil)
	return l
}
