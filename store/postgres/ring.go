package postgres

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"nevermind/bot"
)

// Slots are the slots of a key ring in a database of their own, which is backed up apart from the store's: whoever has both
// backups can read what was erased between. They are encryption.Slots.
type Slots struct {
	pool  *pgxpool.Pool
	there atomic.Bool // the head is
}

// ringTime is how long a call about the key ring may take.
const ringTime = 10 * time.Second

// OpenSlots opens the database of a key ring and makes its tables where there are none.
func OpenSlots(ctx context.Context, url string) (*Slots, error) {
	pool, err := connect(ctx, url, 4)
	if err == nil {
		err = pgx.BeginFunc(ctx, pool, func(tx pgx.Tx) error {
			for _, sql := range []string{
				`SELECT pg_advisory_xact_lock(5721836201)`, // replicas may start at once
				`CREATE TABLE IF NOT EXISTS key_ring (id integer PRIMARY KEY CHECK (id = 1), head bytea NOT NULL, next bigint NOT NULL)`,
				`CREATE TABLE IF NOT EXISTS key_ring_slots (number bigint PRIMARY KEY, slot bytea NOT NULL)`,
			} {
				if _, err := tx.Exec(ctx, sql); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			pool.Close()
		}
	}
	if err != nil {
		return nil, fmt.Errorf("open the key ring's database: %w", err)
	}
	return &Slots{pool: pool}, nil
}

func (r *Slots) ask(f func(ctx context.Context) error) error {
	ctx, cancel := context.WithTimeout(context.Background(), ringTime)
	defer cancel()
	for try := 0; ; try++ {
		err := f(ctx)
		if err == nil || !lost(err) && !again(err) || pause(ctx, try) != nil {
			return err
		}
	}
}

// Head reads what stands before the slots. bot.ErrNone: there is no ring yet.
func (r *Slots) Head() (head []byte, err error) {
	err = r.ask(func(ctx context.Context) error {
		return r.pool.QueryRow(ctx, `SELECT head FROM key_ring`).Scan(&head)
	})
	if errors.Is(err, pgx.ErrNoRows) {
		return nil, bot.ErrNone
	}
	r.there.Store(err == nil)
	return head, err
}

// PutHead writes it. Of several processes that begin a ring, the first one's is it: whoever has written reads again.
func (r *Slots) PutHead(head []byte) error {
	sql := `INSERT INTO key_ring (id, head, next) VALUES (1, $1, 0) ON CONFLICT DO NOTHING`
	if r.there.Load() {
		sql = `UPDATE key_ring SET head = $1`
	}
	return r.ask(func(ctx context.Context) error {
		_, err := r.pool.Exec(ctx, sql, head)
		return err
	})
}

// Made is how many slots there are.
func (r *Slots) Made() (uint32, error) {
	var made int64
	err := r.ask(func(ctx context.Context) error { return r.pool.QueryRow(ctx, `SELECT next FROM key_ring`).Scan(&made) })
	return uint32(made), err
}

// Reserve gives numbers in a row that nobody else gets, none below from.
func (r *Slots) Reserve(n int, from uint32) (uint32, error) {
	var first int64
	err := r.ask(func(ctx context.Context) error {
		return r.pool.QueryRow(ctx, `UPDATE key_ring SET next = greatest(next, $2) + $1 RETURNING next - $1`, int64(n),
			int64(from)).Scan(&first)
	})
	return uint32(first), err
}

// Put stores slots, from the first of them on.
func (r *Slots) Put(first uint32, slots []byte) error {
	var numbers []int64
	var each [][]byte
	for i := 0; len(slots) >= slotSize; i++ {
		numbers, each, slots = append(numbers, int64(first)+int64(i)), append(each, slots[:slotSize]), slots[slotSize:]
	}
	return r.ask(func(ctx context.Context) error {
		_, err := r.pool.Exec(ctx, `INSERT INTO key_ring_slots (number, slot) SELECT * FROM unnest($1::bigint[], $2::bytea[])
			ON CONFLICT DO NOTHING`, numbers, each)
		return err
	})
}

// slotSize is how many bytes a slot has: encryption.SlotSize.
const slotSize = 64

// Slot reads one; zeros where it was destroyed. bot.ErrKey: it was never made.
func (r *Slots) Slot(n uint32) (slot []byte, err error) {
	err = r.ask(func(ctx context.Context) error {
		return r.pool.QueryRow(ctx, `SELECT slot FROM key_ring_slots WHERE number = $1`, int64(n)).Scan(&slot)
	})
	if errors.Is(err, pgx.ErrNoRows) {
		return nil, fmt.Errorf("%w: it is older than what was encrypted with it", bot.ErrKey)
	}
	return slot, err
}

// Destroy writes over slots. What stood there is gone from the table's pages once they are vacuumed, which it asks for.
func (r *Slots) Destroy(slots ...uint32) error {
	numbers := make([]int64, 0, len(slots))
	for _, n := range slots {
		numbers = append(numbers, int64(n))
	}
	err := r.ask(func(ctx context.Context) error {
		_, err := r.pool.Exec(ctx, `UPDATE key_ring_slots SET slot = $2 WHERE number = ANY ($1)`, numbers, make([]byte, slotSize))
		return err
	})
	if err == nil {
		_ = r.ask(func(ctx context.Context) error { // autovacuum does it later, where this may not
			_, err := r.pool.Exec(ctx, `VACUUM key_ring_slots`)
			return err
		})
	}
	return err
}

// Read reads the whole ring as a file holds it: the head, then slot by slot. bot.ErrNone: there is none.
func (r *Slots) Read(ctx context.Context) (ring []byte, err error) {
	var next, number int64
	var slot []byte
	err = pgx.BeginTxFunc(ctx, r.pool, ofOneMoment, func(tx pgx.Tx) error {
		if err := row(ctx, tx, []any{&ring, &next}, `SELECT head, next FROM key_ring`); err != nil {
			return err
		}
		head := len(ring)
		ring = append(ring, make([]byte, int(next)*slotSize)...)
		return each(ctx, tx, []any{&number, &slot}, func() error {
			if number < next {
				copy(ring[head+int(number)*slotSize:], slot)
			}
			return nil
		}, `SELECT number, slot FROM key_ring_slots`)
	})
	if errors.Is(err, pgx.ErrNoRows) {
		return nil, bot.ErrNone
	}
	return ring, err
}

// headSize is how many bytes stand before the slots of a ring: encryption.HeadSize.
const headSize = 128

// Write puts a whole ring in place of what is there.
func (r *Slots) Write(ctx context.Context, ring []byte) error {
	if len(ring) < headSize {
		return fmt.Errorf("%w: this is no key ring", bot.ErrBroken)
	}
	head, slots := ring[:headSize], ring[headSize:]
	n := (len(slots) + slotSize - 1) / slotSize
	return pgx.BeginFunc(ctx, r.pool, func(tx pgx.Tx) error {
		for _, sql := range []string{`DELETE FROM key_ring_slots`, `DELETE FROM key_ring`} {
			if _, err := tx.Exec(ctx, sql); err != nil {
				return err
			}
		}
		if _, err := tx.Exec(ctx, `INSERT INTO key_ring (id, head, next) VALUES (1, $1, $2)`, head, int64(n)); err != nil {
			return err
		}
		_, err := tx.CopyFrom(ctx, pgx.Identifier{"key_ring_slots"}, []string{"number", "slot"},
			pgx.CopyFromSlice(n, func(i int) ([]any, error) {
				slot := make([]byte, slotSize)
				copy(slot, slots[i*slotSize:])
				return []any{int64(i), slot}, nil
			}))
		return err
	})
}

// Close closes it.
func (r *Slots) Close() error {
	r.pool.Close()
	return nil
}
