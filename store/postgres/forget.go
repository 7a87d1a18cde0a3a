package postgres

import (
	"context"
	"errors"
	"maps"
	"slices"

	"github.com/jackc/pgx/v5"

	"nevermind/bot"
)

// forgottenTogether is how many records go in one transaction, and one round trip.
const forgottenTogether = 100

// Forget deletes records for good, each with what hangs on it.
func (s *Store) Forget(ctx context.Context, gone ...bot.Record) (forgotten int, err error) {
	for some := range slices.Chunk(gone, forgottenTogether) {
		n := 0
		err := s.write(ctx, func(querier) error {
			n = 0
			batch := &pgx.Batch{}
			for i := range some {
				if sql, of := s.forgetting(&some[i]); sql != "" {
					batch.Queue(sql, of...).QueryRow(func(r pgx.Row) error {
						one := 0
						err := r.Scan(&one)
						n += one
						return err
					})
				}
			}
			return s.pool.SendBatch(ctx, batch).Close()
		})
		if err != nil {
			return forgotten, err
		}
		forgotten += n
	}
	return forgotten, nil
}

// forgetting is the statement that deletes one record, and says how many went: one where it was there as it was read. What a
// conversation has offered goes with the next sweep.
func (s *Store) forgetting(r *bot.Record) (sql string, of []any) {
	switch {
	case r.Conversation != nil:
		return `WITH gone AS (DELETE FROM conversations WHERE key = $1 AND version = $2 RETURNING key),
			unwritten AS (DELETE FROM journal x USING gone g WHERE x.conversation = g.key),
			unfiled AS (DELETE FROM terms x USING gone g WHERE x.conversation = g.key),
			undue AS (DELETE FROM deadlines x USING gone g WHERE x.conversation = g.key)
			SELECT count(*) FROM gone`, []any{s.hash(string(r.Conversation.Key)), r.Conversation.Version}
	case r.Order != nil:
		return `WITH gone AS (DELETE FROM orders WHERE id = $1 AND version = $2 RETURNING id)
			SELECT count(*) FROM gone`, []any{s.hash(r.Order.ID), r.Order.Version}
	case r.Task != nil:
		return `WITH gone AS (
				DELETE FROM tasks WHERE seq = $1 AND id = $2 AND state <> 'waiting' RETURNING seq, room, ref),
			unsaid AS (DELETE FROM said s USING gone g WHERE s.room = g.room AND s.seq = g.seq),
			unsent AS (DELETE FROM sent s USING gone g WHERE s.room = g.room AND s.ref = g.ref)
			SELECT count(*) FROM gone`, []any{int64(r.Task.Task.Seq), s.hash(r.Task.Task.ID)}
	case r.Said != nil && r.Said.In != nil:
		return `WITH gone AS (DELETE FROM said WHERE room = $1 AND seq = $2 AND record IS NOT NULL RETURNING seq)
			SELECT count(*) FROM gone`, []any{s.hash(string(r.Said.In.Room)), int64(r.Said.Seq)}
	}
	return "", nil
}

// forgetTaskWords deletes what a task says about people; none is no error.
func (s *Store) forgetTaskWords(ctx context.Context, tx pgx.Tx, task string) error {
	id := s.hash(task)
	var stored []byte
	err := row(ctx, tx, []any{&stored}, `SELECT record FROM tasks WHERE id = $1 FOR UPDATE`, id)
	if errors.Is(err, pgx.ErrNoRows) {
		return nil
	}
	if err != nil {
		return err
	}
	plain, err := s.decrypt(stored, "tasks", id)
	if err != nil {
		return err
	}
	bare, err := s.secrets.TaskWithoutWords(plain)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `UPDATE tasks SET record = $2 WHERE id = $1`, id, s.encrypt(bare, "tasks", id))
	return err
}

// ForgetWords deletes what a conversation's journal and those tasks say about people.
func (s *Store) ForgetWords(ctx context.Context, key bot.Key, tasks ...string) error {
	sum := s.hash(string(key))
	return s.inTransaction(ctx, func(tx pgx.Tx) error {
		for _, task := range tasks {
			if err := s.forgetTaskWords(ctx, tx, task); err != nil {
				return err
			}
		}
		var seq int64
		var stored []byte
		bare := map[int64][]byte{}
		err := each(ctx, tx, []any{&seq, &stored}, func() error {
			plain, err := s.decrypt(stored, "journal", sum, seqBytes(uint64(seq)))
			if err != nil {
				return err
			}
			without, changed, err := s.secrets.EntryWithoutWords(plain)
			if changed {
				bare[seq] = without
			}
			stored = nil
			return err
		}, `SELECT seq, record FROM journal WHERE conversation = $1 ORDER BY seq FOR UPDATE`, sum)
		if err != nil {
			return err
		}
		for _, seq := range slices.Sorted(maps.Keys(bare)) {
			_, err := tx.Exec(ctx, `UPDATE journal SET record = $3 WHERE conversation = $1 AND seq = $2`, sum, seq,
				s.encrypt(bare[seq], "journal", sum, seqBytes(uint64(seq))))
			if err != nil {
				return err
			}
		}
		return nil
	})
}
