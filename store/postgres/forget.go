package postgres

import (
	"context"
	"errors"
	"maps"
	"slices"

	"github.com/jackc/pgx/v5"

	"nevermind/bot"
)

// Forget deletes records for good, each with what hangs on it in one statement.
func (s *Store) Forget(ctx context.Context, gone ...bot.Record) (forgotten int, err error) {
	for i := range gone {
		n := 0
		err := s.write(ctx, func(q querier) (err error) {
			n, err = s.forgetRecord(ctx, q, &gone[i])
			return err
		})
		if err != nil && !errors.Is(err, bot.ErrBroken) {
			return forgotten, err
		}
		forgotten += n
	}
	return forgotten, nil
}

// forgetRecord deletes one record, and says how many went: one where it was there as it was read.
func (s *Store) forgetRecord(ctx context.Context, q querier, r *bot.Record) (n int, err error) {
	switch {
	case r.Conversation != nil:
		err = row(ctx, q, []any{&n}, `WITH gone AS (DELETE FROM conversations WHERE key = $1 AND version = $2 RETURNING key),
			unwritten AS (DELETE FROM journal x USING gone g WHERE x.conversation = g.key),
			unfiled AS (DELETE FROM terms x USING gone g WHERE x.conversation = g.key),
			undue AS (DELETE FROM deadlines x USING gone g WHERE x.conversation = g.key),
			unoffered AS (DELETE FROM offers x USING gone g WHERE x.conversation = g.key)
			SELECT count(*) FROM gone`, s.hash(string(r.Conversation.Key)), r.Conversation.Version)
	case r.Order != nil:
		err = row(ctx, q, []any{&n}, `WITH gone AS (DELETE FROM orders WHERE id = $1 AND version = $2 RETURNING id)
			SELECT count(*) FROM gone`, s.hash(r.Order.ID), r.Order.Version)
	case r.Task != nil:
		err = row(ctx, q, []any{&n}, `WITH gone AS (
				DELETE FROM tasks WHERE seq = $1 AND id = $2 AND state <> 'waiting' RETURNING seq, room, ref),
			unsaid AS (DELETE FROM said s USING gone g WHERE s.room = g.room AND s.seq = g.seq),
			unsent AS (DELETE FROM sent s USING gone g WHERE s.room = g.room AND s.ref = g.ref)
			SELECT count(*) FROM gone`, int64(r.Task.Task.Seq), s.hash(r.Task.Task.ID))
	case r.Said != nil && r.Said.In != nil:
		err = row(ctx, q, []any{&n}, `WITH gone AS (DELETE FROM said WHERE room = $1 AND seq = $2 AND record IS NOT NULL RETURNING seq)
			SELECT count(*) FROM gone`, s.hash(string(r.Said.In.Room)), int64(r.Said.Seq))
	}
	return n, err
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
