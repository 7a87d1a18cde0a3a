package postgres

import (
	"context"
	"embed"
	"encoding/binary"
	"errors"
	"fmt"
	"io/fs"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"

	"nevermind/bot"
)

// schema is the version of the stored form that this program writes: the number of the last migration.
const schema = 2

//go:embed migrations/*.sql
var migrations embed.FS

// versions is the table in which the migrations that were made are listed.
const versions = "schema_versions"

// oldestKey is where meta keeps the oldest schema whose programs can still work with the database. A migration that only adds
// leaves it as it is, so that the version before runs on beside this one while replicas are replaced one by one.
const oldestKey = "oldest"

// oldest is that schema for the database that this program makes.
const oldest = 1

// stateOldest writes it down, as the last migration has, where a copy has none or an older one's.
func stateOldest(ctx context.Context, q querier) error {
	_, err := q.Exec(ctx, `INSERT INTO meta (name, value) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET value = excluded.value`,
		oldestKey, seqBytes(oldest))
	return err
}

// migrate brings the database to the present schema. An advisory lock lets one of several replicas that start at once do it.
// bot.ErrNewer: its schema is one that this program cannot work with.
func migrate(ctx context.Context, pool *pgxpool.Pool) error {
	have, err := schemaOf(ctx, pool)
	if err != nil {
		return err
	}
	if have > schema {
		return newer(ctx, pool, have)
	}
	if have == schema {
		return nil
	}
	files, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return err
	}
	locker, err := lock.NewPostgresSessionLocker(lock.WithLockTimeout(1, 600), lock.WithUnlockTimeout(1, 10))
	if err != nil {
		return err
	}
	db := stdlib.OpenDBFromPool(pool)
	defer db.Close() //nolint:errcheck // the pool stays
	steps, err := goose.NewProvider(goose.DialectPostgres, db, files,
		goose.WithTableName(versions), goose.WithSessionLocker(locker), goose.WithLogger(goose.NopLogger()))
	if err != nil {
		return err
	}
	if _, err := steps.Up(ctx); err != nil {
		return fmt.Errorf("upgrade the database from schema %d: %w", have, err)
	}
	return nil
}

// schemaOf reads the database's schema; 0 where it is empty.
func schemaOf(ctx context.Context, pool querier) (have int, err error) {
	var there bool
	if err := pool.QueryRow(ctx, `SELECT to_regclass($1) IS NOT NULL`, versions).Scan(&there); err != nil || !there {
		return 0, err
	}
	err = pool.QueryRow(ctx, `SELECT COALESCE(max(version_id), 0) FROM `+versions+` WHERE is_applied`).Scan(&have)
	return have, err
}

// newer says whether this program can work with a database that a newer one has brought further.
func newer(ctx context.Context, pool *pgxpool.Pool, have int) error {
	var oldest []byte
	err := pool.QueryRow(ctx, `SELECT value FROM meta WHERE name = $1`, oldestKey).Scan(&oldest)
	if err == nil && len(oldest) == 8 && binary.BigEndian.Uint64(oldest) <= schema {
		return nil
	}
	if err != nil && !errors.Is(err, pgx.ErrNoRows) {
		return err
	}
	return fmt.Errorf("%w: it has schema %d, this program knows %d; start the program that wrote it", bot.ErrNewer, have, schema)
}
