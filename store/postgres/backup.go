package postgres

import (
	"bufio"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"nevermind/bot"
)

// tables are what a copy holds, in the order in which it is written.
var tables = []string{"meta", "named_values", "names", "subjects", "handled", "conversations", "journal", "terms", "deadlines",
	"offers", "orders", "people", "accounts", "tasks", "lanes", "said", "sent", "cards"}

// copyMark begins a copy; the schema follows in eight bytes, then each table's name and rows in chunks with their lengths.
const copyMark = "nevermind postgres 1\n"

// ofOneMoment is a transaction that sees all that is kept as it stands when it begins.
var ofOneMoment = pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly}

// anyPlan lets a transaction that goes through whole tables have whatever plan is best for that.
func anyPlan(ctx context.Context, tx pgx.Tx) error {
	for _, setting := range []string{"enable_seqscan", "enable_hashjoin", "enable_mergejoin"} {
		if _, err := tx.Exec(ctx, `SET LOCAL `+setting+` = on`); err != nil {
			return err
		}
	}
	return nil
}

// IsCopy says whether a file begins as a copy does.
func IsCopy(begin []byte) bool {
	return len(begin) >= len(copyMark) && string(begin[:len(copyMark)]) == copyMark
}

// Backup writes a copy of all that is kept at one moment, while others go on: each table as PostgreSQL's COPY has it, in one
// snapshot. It is encrypted as the database is. Restore reads it.
func (s *Store) Backup(ctx context.Context, w io.Writer) error {
	if s.closed.Load() {
		return bot.ErrClosed
	}
	out := bufio.NewWriterSize(w, 256<<10)
	if _, err := out.WriteString(copyMark); err != nil {
		return err
	}
	if _, err := out.Write(seqBytes(schema)); err != nil {
		return err
	}
	err := pgx.BeginTxFunc(ctx, s.pool, ofOneMoment, func(tx pgx.Tx) error {
		for _, table := range tables {
			chunks := &chunkWriter{w: out}
			if err := chunks.chunk([]byte(table)); err != nil {
				return err
			}
			if _, err := tx.Conn().PgConn().CopyTo(ctx, chunks, `COPY `+table+` TO STDOUT (FORMAT binary)`); err != nil {
				return err
			}
			if err := chunks.chunk(nil); err != nil {
				return err
			}
		}
		var number int64
		if err := tx.QueryRow(ctx, `SELECT last_value FROM numbers`).Scan(&number); err != nil {
			return err
		}
		return (&chunkWriter{w: out}).chunk(seqBytes(uint64(number)))
	})
	if err != nil {
		return s.explain(err)
	}
	return out.Flush()
}

// chunkWriter writes what it is given in chunks with their lengths before them; an empty one is an end.
type chunkWriter struct{ w io.Writer }

func (c *chunkWriter) chunk(b []byte) error {
	if _, err := c.w.Write(binary.BigEndian.AppendUint32(nil, uint32(len(b)))); err != nil {
		return err
	}
	_, err := c.w.Write(b)
	return err
}

// Write writes one chunk.
func (c *chunkWriter) Write(b []byte) (int, error) {
	if len(b) == 0 {
		return 0, nil
	}
	return len(b), c.chunk(b)
}

// chunkReader reads them up to the end.
type chunkReader struct {
	r    io.Reader
	left uint32
	over bool
}

// Read reads of the present chunk, or the next.
func (c *chunkReader) Read(p []byte) (int, error) {
	for c.left == 0 {
		if c.over {
			return 0, io.EOF
		}
		var size [4]byte
		if _, err := io.ReadFull(c.r, size[:]); err != nil {
			return 0, io.ErrUnexpectedEOF
		}
		c.left = binary.BigEndian.Uint32(size[:])
		c.over = c.left == 0
	}
	n, err := c.r.Read(p[:min(uint32(len(p)), c.left)])
	c.left -= uint32(n)
	if errors.Is(err, io.EOF) {
		err = io.ErrUnexpectedEOF
	}
	return n, err
}

// ErrOccupied is the error for a database that something is in already.
var ErrOccupied = errors.New("the database is not empty")

// Restore puts a copy into an empty database, all of it or nothing, and opens nothing. Leases of then are void. ErrOccupied:
// there is something in it. bot.ErrBroken: it is no copy, or not whole. bot.ErrNewer: a later program has written it.
func Restore(ctx context.Context, url string, r io.Reader) error {
	pool, err := connect(ctx, url, 2)
	if err != nil {
		return fmt.Errorf("open the database: %w", err)
	}
	defer pool.Close()
	if err := migrate(ctx, pool); err != nil {
		return err
	}
	in := bufio.NewReaderSize(r, 256<<10)
	head := make([]byte, len(copyMark)+8)
	if _, err := io.ReadFull(in, head); err != nil || !IsCopy(head) {
		return fmt.Errorf("%w: this is no copy of a database", bot.ErrBroken)
	}
	if have := binary.BigEndian.Uint64(head[len(copyMark):]); have > schema {
		return fmt.Errorf("%w: the copy has schema %d, this program knows %d", bot.ErrNewer, have, schema)
	}
	return restoreInto(ctx, pool, in)
}

// restoreInto reads the tables in one transaction.
func restoreInto(ctx context.Context, pool *pgxpool.Pool, in io.Reader) error {
	return pgx.BeginFunc(ctx, pool, func(tx pgx.Tx) error {
		for _, table := range tables {
			name, err := readChunk(in)
			if err != nil || string(name) != table {
				return fmt.Errorf("%w: the copy is not whole: %w", bot.ErrBroken, errors.Join(err, fmt.Errorf("no %s", table)))
			}
			if err := isEmpty(ctx, tx, table); err != nil {
				return err
			}
			if _, err := tx.Conn().PgConn().CopyFrom(ctx, &chunkReader{r: in}, `COPY `+table+` FROM STDIN (FORMAT binary)`); err != nil {
				return err
			}
		}
		number, err := readChunk(in)
		if err != nil || len(number) != 8 {
			return fmt.Errorf("%w: the copy is not whole: %w", bot.ErrBroken, err)
		}
		if _, err := tx.Exec(ctx, `SELECT setval('numbers', $1)`, int64(binary.BigEndian.Uint64(number))); err != nil {
			return err
		}
		if err := stateOldest(ctx, tx); err != nil {
			return err
		}
		return voidLeases(ctx, tx)
	})
}

// isEmpty is ErrOccupied where something is in a table. What a migration says of itself goes: the copy is of its own schema.
func isEmpty(ctx context.Context, tx pgx.Tx, table string) error {
	if table == "meta" {
		if _, err := tx.Exec(ctx, `DELETE FROM meta WHERE name = $1`, oldestKey); err != nil {
			return err
		}
	}
	var occupied bool
	err := tx.QueryRow(ctx, `SELECT EXISTS (SELECT FROM `+table+`)`).Scan(&occupied)
	if err == nil && occupied {
		err = ErrOccupied
	}
	return err
}

func readChunk(in io.Reader) ([]byte, error) {
	var size [4]byte
	if _, err := io.ReadFull(in, size[:]); err != nil {
		return nil, err
	}
	b := make([]byte, min(binary.BigEndian.Uint32(size[:]), 1<<10))
	_, err := io.ReadFull(in, b)
	return b, err
}

// Snapshot calls f with a store that shows all that is kept at one moment, while others go on. It only reads, one thing at a
// time.
func (s *Store) Snapshot(ctx context.Context, f func(*Store) error) error {
	return pgx.BeginTxFunc(ctx, s.pool, ofOneMoment, func(tx pgx.Tx) error {
		return f(&Store{pool: s.pool, db: tx, secrets: s.secrets, memory: newMemory(), replica: s.replica, pulse: s.pulse,
			frozen: true})
	})
}
