package postgres

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"net/url"
	"strings"

	"github.com/jackc/pgx/v5"

	"nevermind/bot"
)

// schemaPrefix begins the names of schemas that hold a copy for a while.
const schemaPrefix = "nevermind_copy_"

// Unpack puts a copy into a schema of its own in the database, where it harms nobody, and says under which address that is
// opened. drop removes it. It is how a copy is looked through before it takes the store's place, and exported.
func Unpack(ctx context.Context, at string, r io.Reader) (copied string, drop func() error, err error) {
	copied, drop, err = Apart(ctx, at, schemaPrefix+strings.ToLower(rand.Text()[:12]))
	if err != nil {
		return "", nil, err
	}
	if err := Restore(ctx, copied, r); err != nil {
		return "", nil, errors.Join(err, drop())
	}
	return copied, drop, nil
}

// Apart makes a schema in a database, where it is not there, and says under which address what is in it is opened. drop removes
// it. The name is put into statements as it is.
func Apart(ctx context.Context, at, name string) (apart string, drop func() error, err error) {
	pool, err := connect(ctx, at, 1)
	if err != nil {
		return "", nil, fmt.Errorf("open the database: %w", err)
	}
	defer pool.Close()
	if _, err := pool.Exec(ctx, `CREATE SCHEMA IF NOT EXISTS `+name); err != nil {
		return "", nil, fmt.Errorf("make a schema beside the store: %w", err)
	}
	apart, err = inSchema(at, name)
	return apart, func() error { return dropSchema(at, name) }, err
}

// inSchema is the address of a schema within a database.
func inSchema(at, schema string) (string, error) {
	u, err := url.Parse(at)
	if err != nil {
		return "", ErrURL
	}
	q := u.Query()
	q.Set("search_path", schema)
	u.RawQuery = q.Encode()
	return u.String(), nil
}

func dropSchema(at, name string) error {
	ctx, cancel := context.WithTimeout(context.Background(), commitTime)
	defer cancel()
	pool, err := connect(ctx, at, 1)
	if err != nil {
		return err
	}
	defer pool.Close()
	_, err = pool.Exec(ctx, `DROP SCHEMA `+name+` CASCADE`)
	return err
}

// Holds says whether a store is in a database already.
func Holds(ctx context.Context, at string) (bool, error) {
	pool, err := connect(ctx, at, 1)
	if err != nil {
		return false, fmt.Errorf("open the database: %w", err)
	}
	defer pool.Close()
	have, err := schemaOf(ctx, pool)
	return have > 0, err
}

// SwapIn puts an unpacked copy in the store's place, all at once. What was there is put aside into a schema of the name that is
// given, "" where nothing was. bot.ErrLocked: somebody works on the database.
func SwapIn(ctx context.Context, at, copied, aside string) (before string, err error) {
	u, err := url.Parse(copied)
	if err != nil {
		return "", ErrURL
	}
	from := u.Query().Get("search_path")
	pool, err := connect(ctx, at, 1)
	if err != nil {
		return "", fmt.Errorf("open the database: %w", err)
	}
	defer pool.Close()
	return before, pgx.BeginFunc(ctx, pool, func(tx pgx.Tx) error {
		if have, err := schemaOf(ctx, tx); err != nil {
			return err
		} else if have > 0 {
			if err := nobodyWorks(ctx, tx); err != nil {
				return err
			}
			if err := moveAll(ctx, tx, `current_schema()`, aside, from, true); err != nil {
				return err
			}
			before = aside
		}
		var to string
		if err := tx.QueryRow(ctx, `SELECT quote_ident(current_schema())`).Scan(&to); err != nil {
			return err
		}
		return moveAll(ctx, tx, `'`+from+`'`, to, from, false)
	})
}

// nobodyWorks refuses while a replica lives, and keeps others from joining until the transaction is over.
func nobodyWorks(ctx context.Context, tx pgx.Tx) error {
	if _, err := tx.Exec(ctx, `LOCK TABLE replicas IN ACCESS EXCLUSIVE MODE`); err != nil {
		return err
	}
	if err := buryNeighbours(ctx, tx); err != nil {
		return err
	}
	var works bool
	err := tx.QueryRow(ctx, `SELECT EXISTS (SELECT FROM replicas WHERE `+alive+`)`).Scan(&works)
	if err == nil && works {
		err = bot.ErrLocked
	}
	return err
}

// moveAll moves what makes up a store from one schema to another: the tables, sequences and functions that stand in the schema
// like, so that what is somebody else's stays.
func moveAll(ctx context.Context, tx pgx.Tx, from, to, like string, create bool) error {
	if create {
		if _, err := tx.Exec(ctx, `CREATE SCHEMA `+to); err != nil {
			return err
		}
	}
	rows, err := tx.Query(ctx, `SELECT CASE c.relkind WHEN 'S' THEN 'SEQUENCE' ELSE 'TABLE' END || ' ' || quote_ident(n.nspname)
				|| '.' || quote_ident(c.relname)
			FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
			WHERE n.nspname = `+from+` AND c.relkind IN ('r', 'S')
				AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = c.oid AND d.deptype IN ('a', 'i') AND c.relkind = 'S')
				AND c.relname IN (SELECT o.relname FROM pg_class o JOIN pg_namespace m ON m.oid = o.relnamespace WHERE m.nspname = $1)
		UNION ALL
		SELECT 'FUNCTION ' || p.oid::regprocedure::text FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
			WHERE n.nspname = `+from+` AND p.proname IN (
				SELECT o.proname FROM pg_proc o JOIN pg_namespace m ON m.oid = o.pronamespace WHERE m.nspname = $1)`, like)
	if err != nil {
		return err
	}
	things, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		return err
	}
	for _, thing := range things {
		if _, err := tx.Exec(ctx, `ALTER `+thing+` SET SCHEMA `+to); err != nil {
			return err
		}
	}
	return nil
}
