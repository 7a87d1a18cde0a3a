package postgres

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"nevermind/bot"
)

// How often a replica says that it lives, after how long of silence it is taken for dead, and how long it tries to give back
// what it holds where it ends.
const (
	pulseEvery = 1500 * time.Millisecond
	pulseTime  = 5 * time.Second
	deadAfter  = 10 * time.Second
	leaveTime  = 5 * time.Second
)

// alive is who has shown itself lately, by the database's clock.
const alive = `seen > clock_timestamp() - interval '10 seconds'`

// ErrFiles is the error of a server that cannot work beside those that are there: their files and its own lie apart.
var ErrFiles = errors.New("another server works on this database, and people's files do not lie where both reach them")

// pulse is what a replica does to be known, and what it learns of the others by it.
type pulse struct {
	pool    *pgxpool.Pool // of its own, so that it goes on however busy the store is
	serves  bool
	files   []byte
	stop    context.CancelFunc
	stopped sync.WaitGroup

	moment  atomic.Pointer[moment]
	servers atomic.Int32
	mu      sync.Mutex
	hear    []func(servers int)
	due     []func()     // see OnDue
	told    atomic.Int64 // when this process told the servers last, in nanoseconds since 1970
}

// moment is what the database's clock said, and ours.
type moment struct{ there, here time.Time }

// join puts this replica into the list of those that work on the database, mends lanes, which follow from the tasks in them, and
// begins to show that it lives. A server whose files others do not reach waits until those are surely dead.
func (s *Store) join(ctx context.Context, cfg *Config) error {
	pool, err := connect(ctx, cfg.URL, 2)
	if err != nil {
		return err
	}
	beating, stop := context.WithCancel(context.Background())
	s.pulse = &pulse{pool: pool, serves: cfg.Serves, stop: stop}
	if cfg.Files != "" {
		s.pulse.files = s.hash("files " + cfg.Files)
	}
	err = pool.QueryRow(ctx, `SELECT nextval('replica_numbers')`).Scan(&s.replica)
	for until := time.Now().Add(deadAfter + pulseEvery); err == nil; {
		err = s.inTransaction(ctx, func(tx pgx.Tx) error { return s.enter(ctx, tx) })
		if !errors.Is(err, ErrFiles) || time.Now().After(until) {
			break
		}
		err = pause(ctx, 9)
	}
	if err == nil {
		err = s.beat(ctx)
	}
	if err != nil {
		stop()
		pool.Close()
		return err
	}
	s.pulse.stopped.Go(func() { s.live(beating) })
	if cfg.Serves {
		s.pulse.stopped.Go(func() { s.listen(beating) })
	}
	return nil
}

// enter is one try to join. The table is locked, so that of two servers that come at once one sees the other.
func (s *Store) enter(ctx context.Context, tx pgx.Tx) error {
	if _, err := tx.Exec(ctx, `LOCK TABLE replicas IN SHARE ROW EXCLUSIVE MODE`); err != nil {
		return err
	}
	if err := buryNeighbours(ctx, tx); err != nil {
		return err
	}
	var apart bool
	err := tx.QueryRow(ctx, `SELECT EXISTS (SELECT FROM replicas WHERE serves AND `+alive+`
		AND ($1::bytea IS NULL OR files IS NULL OR files <> $1))`, s.pulse.files).Scan(&apart)
	if err == nil && apart && s.pulse.serves {
		err = ErrFiles
	}
	if err == nil {
		_, err = tx.Exec(ctx, shown, s.replica, host(), s.pulse.serves, s.pulse.files)
	}
	if err == nil {
		err = mendLanes(ctx, tx)
	}
	return err
}

// shown puts a replica into the list, or says that it lives.
const shown = `INSERT INTO replicas (id, host, serves, files, seen) VALUES ($1, $2, $3, $4, clock_timestamp())
	ON CONFLICT (id) DO UPDATE SET seen = excluded.seen`

// live shows that this replica lives until ctx ends.
func (s *Store) live(ctx context.Context) {
	tick := time.NewTicker(pulseEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			_ = s.beat(ctx) // where the database is away the next one tells
		}
	}
}

// beat shows that this replica lives, buries those that do not, and looks what has changed. One that was taken for dead while it
// was frozen is in the list again; what it had leased has gone to others.
func (s *Store) beat(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, pulseTime)
	defer cancel()
	before := time.Now()
	var there time.Time
	var servers int32
	var erasures []byte
	batch := &pgx.Batch{}
	batch.Queue(shown, s.replica, host(), s.pulse.serves, s.pulse.files)
	batch.Queue(bury, nil)
	batch.Queue(`SELECT clock_timestamp(), count(*) FILTER (WHERE serves), (SELECT value FROM meta WHERE name = $1)
		FROM replicas WHERE `+alive, erasuresKey).
		QueryRow(func(r pgx.Row) error { return r.Scan(&there, &servers, &erasures) })
	if err := s.pulse.pool.SendBatch(ctx, batch).Close(); err != nil {
		return err
	}
	took := time.Since(before)
	s.pulse.moment.Store(&moment{there: there, here: before.Add(took / 2)})
	s.noteErasures(erasures)
	if s.secrets.Keys.Worn() {
		if err := s.renewKeys(ctx); err != nil {
			return err
		}
	}
	if s.pulse.servers.Swap(servers) != servers {
		s.pulse.mu.Lock()
		hear := s.pulse.hear
		s.pulse.mu.Unlock()
		for _, f := range hear {
			f(int(servers))
		}
	}
	return nil
}

// bury takes the dead out of the list, those of $1 or who has not shown itself for too long, and gives back what they held.
const bury = `WITH dead AS (DELETE FROM replicas WHERE id = ANY ($1::bigint[]) OR $1 IS NULL AND NOT ` + alive + ` RETURNING id),
	idle AS (DELETE FROM duties d USING dead WHERE d.holder = dead.id)
	UPDATE lanes l SET epoch = 0, holder = 0, due = GREATEST(t.made, t.not_before) FROM tasks t, dead
		WHERE t.seq = l.head AND l.holder = dead.id`

// buryNeighbours buries those of this machine whose process is not there any more, without waiting.
func buryNeighbours(ctx context.Context, tx pgx.Tx) error {
	rows, err := tx.Query(ctx, `SELECT id, host FROM replicas`)
	if err != nil {
		return err
	}
	var dead []int64
	var id int64
	var host string
	_, err = pgx.ForEachRow(rows, []any{&id, &host}, func() error {
		if hasEnded(host) {
			dead = append(dead, id)
		}
		return nil
	})
	if err == nil && dead != nil {
		_, err = tx.Exec(ctx, bury, dead)
	}
	return err
}

// life tells this process from one of the same number before it.
var life = strconv.FormatUint(rand.Uint64(), 36) //nolint:gosec // it is only to be another one

// host is what a replica is called in the list of replicas: its machine, process and life.
func host() string { return fmt.Sprint(machine(), " ", os.Getpid(), " ", life) }

func machine() string {
	name, err := os.Hostname()
	if err != nil {
		return "unknown"
	}
	return name
}

// hasEnded says whether a replica of this machine surely lives no more.
func hasEnded(host string) bool {
	parts := strings.Split(host, " ")
	if len(parts) != 3 || parts[0] != machine() || parts[2] == life {
		return false
	}
	pid, err := strconv.Atoi(parts[1])
	return err == nil && (pid == os.Getpid() || !runs(pid))
}

// Now is the time by the database's clock, as it was heard lately, so that all replicas have the same. by is the program's own
// clock: where that is another than the machine's, in a test, it is as far ahead of the database's.
func (s *Store) Now(by func() time.Time) time.Time {
	m := s.pulse.moment.Load()
	return m.there.Add(time.Since(m.here)).Add(time.Until(by()))
}

// OnServers has f called with how many servers work on the database, now and whenever that changes.
func (s *Store) OnServers(f func(servers int)) {
	s.pulse.mu.Lock()
	s.pulse.hear = append(s.pulse.hear, f)
	s.pulse.mu.Unlock()
	f(int(s.pulse.servers.Load()))
}

// Servers is how many servers work on the database.
func (s *Store) Servers() int { return int(s.pulse.servers.Load()) }

// Living names those that work on a database now; nobody may put another in its place until they have ended.
func Living(ctx context.Context, url string) (hosts []string, err error) {
	pool, err := connect(ctx, url, 1)
	if err != nil {
		return nil, fmt.Errorf("open the database: %w", err)
	}
	defer pool.Close()
	if have, err := schemaOf(ctx, pool); err != nil || have == 0 {
		return nil, err
	}
	var host string
	err = each(ctx, pool, []any{&host}, func() error {
		if !hasEnded(host) {
			hosts = append(hosts, strings.Join(strings.Split(host, " ")[:1], ""))
		}
		return nil
	}, `SELECT host FROM replicas WHERE `+alive+` ORDER BY id`)
	return hosts, err
}

// mendLanes has each lane that nobody has leased begin with the first task that waits in it: one that an operator has put back
// may stand behind a later one that was tried just then.
func mendLanes(ctx context.Context, q querier) error {
	_, err := q.Exec(ctx, `WITH h AS (
			SELECT DISTINCT ON (lane) lane, seq, GREATEST(made, not_before) AS due FROM tasks WHERE state = 'waiting' ORDER BY lane, seq)
		UPDATE lanes l SET head = h.seq, due = h.due FROM h WHERE h.lane = l.lane AND l.epoch = 0 AND l.head > h.seq`)
	return err
}

// voidLeases makes all leases void, of a copy that is restored.
func voidLeases(ctx context.Context, q querier) error {
	_, err := q.Exec(ctx, `UPDATE lanes l SET epoch = 0, holder = 0, due = GREATEST(t.made, t.not_before) FROM tasks t
		WHERE t.seq = l.head AND l.holder <> 0`)
	if err != nil {
		return err
	}
	return mendLanes(ctx, q)
}

// leave gives back what this replica has leased, so that others go on with it at once. Where the database is away, others find
// out that it is dead.
func (s *Store) leave() {
	s.pulse.stop()
	s.pulse.stopped.Wait()
	ctx, cancel := context.WithTimeout(context.Background(), leaveTime)
	defer cancel()
	batch := &pgx.Batch{}
	batch.Queue(bury, []int64{s.replica})
	batch.Queue(tellDue)
	_ = s.pulse.pool.SendBatch(ctx, batch).Close()
	s.pulse.pool.Close()
}

var _ bot.StoreAdmin = (*Store)(nil)
