package drills

import (
	"context"
	"net/url"
	"strings"
	"testing"
	"time"

	"nevermind/bot"
	"nevermind/store/encryption"
	"nevermind/store/postgres"
	"nevermind/store/postgres/postgrestest"
	"nevermind/store/record"
)

// TestPostgresServerKill is TestTelegramKill with everything in a PostgreSQL: nevermind serve is killed.
func TestPostgresServerKill(t *testing.T) {
	d, _ := newOnDatabase(t)
	d.goesOn(d.kill)
}

// TestPostgresServerKillRush is TestTelegramKillRush with everything in a PostgreSQL.
func TestPostgresServerKillRush(t *testing.T) {
	d, _ := newOnDatabase(t)
	d.rush()
	d.goesOn(d.kill)
}

// TestPostgresKill kills the PostgreSQL instead, all of it at once, while nevermind serve goes on: what was acknowledged is
// there when it is back, nothing is decided twice, and everybody is answered.
func TestPostgresKill(t *testing.T) {
	d, database := newOnDatabase(t)
	d.strikes(func() {
		database.Kill()
		err := database.Launch()
		for try := 0; err != nil && try < 50; try++ { // what its processes shared is in use until the last of them is gone
			<-time.After(100 * time.Millisecond)
			err = database.Launch()
		}
		must(t, err)
	})
}

// TestPostgresFailover kills the primary and promotes the standby, again and again, while nevermind serve goes on: each commit
// has waited for the standby, so nothing that was acknowledged is lost with the machine.
func TestPostgresFailover(t *testing.T) {
	primary := newDatabase(t)
	standby, err := primary.Beside()
	must(t, err)
	t.Cleanup(standby.Stop)
	both := func(at string) string { // as docs/scale.md says
		return strings.Replace(at, url.QueryEscape(primary.Folder), url.QueryEscape(primary.Folder+","+standby.Folder), 1) +
			"&target_session_attrs=read-write"
	}
	d := onDatabase(t, both(primary.Database(t)), both(primary.Database(t)))
	must(t, standby.Follow(primary))
	d.strikes(func() {
		primary.Kill()
		must(t, standby.Promote())
		primary, standby = standby, primary
		must(t, standby.Follow(primary))
	})
}

// TestPostgresCut cuts the wire between the server and its database, again and again, for a moment or for so long that the server
// counts as dead: what is under way is lost without a word, and comes again when the wire is mended.
func TestPostgresCut(t *testing.T) {
	if !long {
		t.Skip("minutes, a PostgreSQL and a network namespace: by make drills")
	}
	database, wire := postgrestest.OnAWire(t)
	database.Database(t)
	database.Database(t)
	d := onDatabase(t, wire.At("t1"), wire.At("t2"))
	strike := 0
	d.strikes(func() {
		must(t, wire.Cut())
		pause := time.Duration(d.dice.Int64N(int64(3 * time.Second)))
		if strike++; strike%5 == 0 {
			pause = 15 * time.Second
		}
		<-time.After(pause)
		must(t, wire.Mend())
		if !d.fake.Until(func() bool { return ready("http://" + d.at) }) {
			t.Error("it is never ready again")
		}
	})
}

// strikes has something happen to the database again and again while one server goes on.
func (d *slaughter) strikes(strike func()) {
	var l *life
	d.goesOn(func(ctx context.Context, mode string) {
		if l == nil {
			l = d.live(mode)
		}
		until := time.Now().Add(time.Duration(d.dice.Int64N(int64(time.Second))))
		for time.Now().Before(until) && ctx.Err() == nil {
			d.look(l)
			<-time.After(min(50*time.Millisecond, max(0, time.Until(until))))
		}
		strike()
		d.blows++
		if d.blows == rushKills() { // the others take over from a clean end
			d.fake.Until(func() bool { return ready("http://" + d.at) })
			d.end(l)
		}
	})
}

// newOnDatabase is a server on a PostgreSQL that flushes each commit.
func newOnDatabase(t *testing.T) (*slaughter, *postgrestest.Cluster) {
	t.Helper()
	database := newDatabase(t)
	return onDatabase(t, database.Database(t), database.Database(t)), database
}

func newDatabase(t *testing.T) *postgrestest.Cluster {
	t.Helper()
	if !long {
		t.Skip("minutes, and a PostgreSQL: by make drills")
	}
	cluster, err := postgrestest.Start()
	if err != nil {
		t.Skip("there is no PostgreSQL: ", err)
	}
	t.Cleanup(cluster.Stop)
	return cluster
}

// onDatabase is a server on a database, with its key ring in another.
func onDatabase(t *testing.T, store, ring string) *slaughter {
	t.Helper()
	d := newSlaughter(t)
	d.inFlight, d.longest = 8, 3*time.Second // it joins those who work on the database first
	d.where, d.opens = storedAt(t, d.data, store, ring)
	return d
}

// storedAt is a server's settings for a store in one database and its key ring in another, and what opens that store beside it.
func storedAt(t *testing.T, data, store, ring string) (where []string, opens func() (bot.Store, error)) {
	t.Helper()
	key, err := encryption.CreateMaster(data + ".key")
	must(t, err)
	opens = func() (bot.Store, error) {
		opened, err := postgres.Open(t.Context(), postgres.Config{URL: store,
			Keys: func(wrapped [][]byte) (record.Keys, error) { return key.Keys(wrapped) },
			Ring: func(string) (record.PersonalKeys, error) {
				slots, err := postgres.OpenSlots(t.Context(), ring)
				if err != nil {
					return nil, err
				}
				return encryption.OpenRingAt(slots, key)
			}})
		if err != nil {
			return nil, err
		}
		return opened, nil
	}
	return []string{"--store", store, "--keyring", ring}, opens
}
