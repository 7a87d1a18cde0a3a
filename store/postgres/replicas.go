package postgres

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"nevermind/bot"
)

// join puts this replica into the list of those that work on the database, and mends lanes, which follow from the tasks in them.
func (s *Store) join(ctx context.Context) error {
	err := s.pool.QueryRow(ctx, `INSERT INTO replicas (id, host, seen) VALUES (nextval('replica_numbers'), $1, clock_timestamp())
		RETURNING id`, host()).Scan(&s.replica)
	if err != nil {
		return err
	}
	return s.inTransaction(ctx, func(tx pgx.Tx) error { return mendLanes(ctx, tx) })
}

// mendLanes has each lane that nobody has leased begin with the first task that waits in it: one that an operator has put back
// may stand behind a later one that was tried just then.
func mendLanes(ctx context.Context, q querier) error {
	_, err := q.Exec(ctx, `WITH h AS (
			SELECT DISTINCT ON (lane) lane, seq, GREATEST(made, not_before) AS due FROM tasks WHERE state = 'waiting' ORDER BY lane, seq)
		UPDATE lanes l SET head = h.seq, due = h.due FROM h WHERE h.lane = l.lane AND l.epoch = 0 AND l.head > h.seq`)
	return err
}

// freeLanes gives back the leases of a replica; of all of them where who is 0.
func freeLanes(ctx context.Context, q querier, who int64) error {
	_, err := q.Exec(ctx, `UPDATE lanes l SET epoch = 0, holder = 0, due = GREATEST(t.made, t.not_before) FROM tasks t
		WHERE t.seq = l.head AND l.holder <> 0 AND ($1 = 0 OR l.holder = $1)`, who)
	return err
}

// voidLeases makes all leases void, of a copy that is restored.
func voidLeases(ctx context.Context, q querier) error {
	if err := freeLanes(ctx, q, 0); err != nil {
		return err
	}
	return mendLanes(ctx, q)
}

// leaveTime is how long a replica that ends tries to give back what it holds.
const leaveTime = 5 * time.Second

// leave gives back what this replica has leased, so that others go on with it at once. Where the database is away, the leases run
// out by themselves.
func (s *Store) leave() error {
	if s.closed.Load() {
		return nil
	}
	ctx, cancel := context.WithTimeout(context.Background(), leaveTime)
	defer cancel()
	if err := freeLanes(ctx, s.pool, s.replica); err != nil {
		return nil //nolint:nilerr // the database is away: they run out
	}
	_, _ = s.pool.Exec(ctx, `DELETE FROM replicas WHERE id = $1`, s.replica)
	return nil
}

var _ bot.StoreAdmin = (*Store)(nil)
