// Package postgres is a bot.Store in a PostgreSQL database, for any number of processes at once. It keeps what package bolt
// keeps, in records of the same bytes (package record), and passes the same tests (package storetest).
//
// The life of a commit. Commit encodes the records, and makes one batch of all that a bot.Commit changes (commit.go): statements
// that are sent together and are one transaction, so that a turn takes one round trip. What may not be done is found out by the
// database itself: a statement that finds another version, or a lease that was lost, refuses (see refuse in the schema), and the
// whole batch is undone. Two that are in each other's way are serialised by the rows that they change; where PostgreSQL undoes
// one of them, that one is made again. A connection that is lost in the middle of a commit is no riddle: the commit carries a
// mark, by which it is known on the next try.
//
// The outbox. A lane is a row while something waits in it. Claim takes rows that nobody else has locked (SKIP LOCKED) and puts an
// epoch into each, a number that grows; whoever settles names it, so that one who was away for too long settles nothing.
//
// Several replicas. Leases, turns and duties stand in the database, and so does who works on it (replicas.go). What is kept in
// memory is keys and names, which never change, and rows that a commit looks at again (remember.go).
package postgres

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"

	"nevermind/bot"
	"nevermind/store/record"
)

// Store is a bot.Store in a PostgreSQL database. Open makes it; Close gives back what it has leased. All methods may be called
// from any number of goroutines, in any number of processes.
type Store struct {
	pool      *pgxpool.Pool
	db        querier // the pool, or the transaction of a frozen store
	secrets   *record.Secrets
	memory    *memory
	replica   int64 // who this is, in the database
	pulse     *pulse
	groups    groups
	erased    atomic.Pointer[[]byte] // the count of erasures that this replica knows of
	frozen    bool                   // a copy of one moment, which only reads
	closed    atomic.Bool
	closing   sync.Once
	lostSlots uint32        // see LostSlots
	patience  time.Duration // how long a batch may take: commitTime
}

// querier is a pool or a transaction.
type querier interface {
	Query(ctx context.Context, sql string, args ...any) (pgx.Rows, error)
	QueryRow(ctx context.Context, sql string, args ...any) pgx.Row
	Exec(ctx context.Context, sql string, args ...any) (pgconn.CommandTag, error)
}

// Config says where the database is, and with what it is encrypted.
type Config struct {
	// URL is a connection string as libpq has it; pool_max_conns and the like say how the pool is.
	URL string
	// Keys is given the keys that the database holds, none where it is new, and reads or makes them.
	Keys func(wrapped [][]byte) (record.Keys, error)
	// Ring is given the name of the key ring that the database was encrypted with, none where it is new, and opens it. nil has
	// nothing encrypted under keys of single persons.
	Ring func(name string) (record.PersonalKeys, error)
	// Serves says that this is a server, not a command beside one. Of several servers all have the same Files, a name of where
	// people's files lie; "" says that no other reaches them.
	Serves bool
	Files  string
}

// mostConnections is how many connections a replica takes where its URL does not say.
const mostConnections = 16

// Open opens the database, brings it to the present schema and joins those who work on it.
//
// bot.ErrKey: the key is missing or wrong. bot.ErrNewer: its schema is later than this program's.
func Open(ctx context.Context, cfg Config) (*Store, error) {
	pool, err := connect(ctx, cfg.URL, mostConnections)
	if err != nil {
		return nil, fmt.Errorf("open the database: %w", err)
	}
	s := &Store{pool: pool, db: pool, memory: newMemory(), patience: commitTime}
	err = migrate(ctx, pool)
	if err == nil {
		err = s.openSecrets(ctx, &cfg)
	}
	if err == nil {
		err = s.join(ctx, &cfg)
	}
	if err != nil {
		s.closeRing() //nolint:errcheck // it was only read
		pool.Close()
		return nil, fmt.Errorf("open the database: %w", err)
	}
	if err := s.resumeErasure(ctx); err != nil {
		return nil, errors.Join(fmt.Errorf("end an erasure: %w", err), s.Close())
	}
	if s.lostSlots, err = s.secrets.GuardSlots(ctx, s); err != nil {
		return nil, errors.Join(fmt.Errorf("open the database: %w", err), s.Close())
	}
	return s, nil
}

// LostSlots is how many slots of the key ring are known here and not in it, since it is an older copy.
func (s *Store) LostSlots() uint32 { return s.lostSlots }

// connect makes a pool of so many connections, where its URL does not say. A lock that is not had within seconds is asked for
// again, so that a replica that was frozen holding it
// keeps nobody; keepalives find a connection that leads nowhere.
func connect(ctx context.Context, url string, connections int32) (*pgxpool.Pool, error) {
	cfg, err := pgxpool.ParseConfig(url)
	if err != nil { // which would tell the password
		return nil, ErrURL
	}
	if stated, err := pgx.ParseConfig(url); err == nil && stated.RuntimeParams["pool_max_conns"] == "" {
		cfg.MaxConns = connections
	}
	for name, value := range map[string]string{
		"application_name": "nevermind", "lock_timeout": "5s", "synchronous_commit": "on",
		"plan_cache_mode": "force_generic_plan", // planning a claim takes four times as long as making it
		// Plans go by index, however little is stored when they are made: see anyPlan for what goes through whole tables.
		"enable_seqscan": "off", "enable_hashjoin": "off", "enable_mergejoin": "off", "jit": "off",
		"tcp_keepalives_idle": "10", "tcp_keepalives_interval": "5", "tcp_keepalives_count": "3",
	} {
		if _, said := cfg.ConnConfig.RuntimeParams[name]; !said {
			cfg.ConnConfig.RuntimeParams[name] = value
		}
	}
	pool, err := pgxpool.NewWithConfig(ctx, cfg)
	if err != nil {
		return nil, err
	}
	if err := pool.Ping(ctx); err != nil {
		pool.Close()
		return nil, err
	}
	return pool, nil
}

// ErrURL is the error of an address that is none.
var ErrURL = errors.New("this is no PostgreSQL URL: want postgres://user@host/database")

// CheckURL says what is wrong with an address; nothing of it is in the error.
func CheckURL(url string) error {
	if _, err := pgxpool.ParseConfig(url); err != nil {
		return ErrURL
	}
	return nil
}

// InTheClear are the hosts to which something of a database may go in the clear, by an address that says so or does not insist
// on the contrary; sockets on this machine are none.
func InTheClear(url string) (hosts []string) {
	for _, at := range servers(url) {
		if at.TLSConfig == nil && !strings.HasPrefix(at.Host, "/") {
			hosts = append(hosts, at.Host)
		}
	}
	return hosts
}

// SameDatabase says whether two addresses lead to one database, however they are written.
func SameDatabase(a, b string) bool {
	return slices.ContainsFunc(servers(a), func(at *pgconn.FallbackConfig) bool {
		return slices.ContainsFunc(servers(b), func(other *pgconn.FallbackConfig) bool {
			return strings.EqualFold(at.Host, other.Host) && at.Port == other.Port
		})
	}) && databaseOf(a) == databaseOf(b)
}

// servers are all that an address leads to; none where it is no address.
func servers(url string) []*pgconn.FallbackConfig {
	cfg, err := pgconn.ParseConfig(url)
	if err != nil {
		return nil
	}
	return append(cfg.Fallbacks, &pgconn.FallbackConfig{Host: cfg.Host, Port: cfg.Port, TLSConfig: cfg.TLSConfig})
}

// databaseOf is the name of the database at an address: the user's where it has none.
func databaseOf(url string) string {
	cfg, err := pgconn.ParseConfig(url)
	if err != nil {
		return ""
	}
	return cmp.Or(cfg.Database, cfg.User)
}

// Schema is the version of the stored form that this program writes.
const Schema = schema

// Schema returns the version of the stored form that this program writes.
func (s *Store) Schema() int { return schema }

// Close waits for the changes under way and gives back what this replica has leased. A second call does nothing.
func (s *Store) Close() error {
	var err error
	s.closing.Do(func() {
		s.leave()
		s.closed.Store(true)
		s.pool.Close()
		err = s.closeRing()
	})
	return err
}

func (s *Store) closeRing() error {
	if s.secrets == nil {
		return nil
	}
	if c, ok := s.secrets.Ring.(io.Closer); ok {
		return c.Close()
	}
	return nil
}

// Size is how many bytes the database takes.
func (s *Store) Size(ctx context.Context) (bytes int64, err error) {
	err = s.read(ctx, func(q querier) error {
		return row(ctx, q, []any{&bytes}, `SELECT pg_database_size(current_database())`)
	})
	return bytes, err
}

var _ bot.Store = (*Store)(nil)
