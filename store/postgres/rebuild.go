package postgres

import (
	"context"
	"errors"

	"github.com/jackc/pgx/v5"

	"nevermind/bot"
	"nevermind/store/record"
)

// Rebuild compares the indexes of deadlines and terms with the conversations from which they follow, mends them, and returns how
// many entries were wrong. It may be run beside other work: each conversation is locked while its own are mended.
func (s *Store) Rebuild(ctx context.Context) (fixed int, err error) {
	err = s.write(ctx, func(q querier) error {
		fixed = 0
		for _, index := range []string{"terms", "deadlines"} {
			done, err := q.Exec(ctx, `DELETE FROM `+index+` i WHERE NOT EXISTS (SELECT FROM conversations c WHERE c.key = i.conversation)`)
			if err != nil {
				return err
			}
			fixed += int(done.RowsAffected())
		}
		return nil
	})
	after := []byte{}
	for err == nil {
		var keys [][]byte
		err = s.read(ctx, func(q querier) error {
			keys = nil
			var key []byte
			return each(ctx, q, []any{&key}, func() error { keys, key = append(keys, key), nil; return nil },
				`SELECT key FROM conversations WHERE key > $1 ORDER BY key LIMIT $2`, after, chunkSize)
		})
		if err != nil || len(keys) == 0 {
			return fixed, err
		}
		for _, key := range keys {
			n, err := s.rebuildSurely(ctx, key)
			if fixed += n; err != nil {
				return fixed, err
			}
		}
		after = keys[len(keys)-1]
	}
	return fixed, err
}

// rebuildSurely mends one. One that has changed meanwhile is passed over: that commit has set all that follows from it. So is one
// that is gone, or damaged: nothing follows from it.
func (s *Store) rebuildSurely(ctx context.Context, key []byte) (fixed int, err error) {
	fixed, err = s.rebuildOne(ctx, key)
	if errors.Is(err, bot.ErrStale) || errors.Is(err, bot.ErrNone) || errors.Is(err, bot.ErrBroken) {
		return 0, nil
	}
	return fixed, err
}

// rebuildOne mends what follows from one conversation.
func (s *Store) rebuildOne(ctx context.Context, key []byte) (fixed int, err error) {
	var version int64
	var h record.Header
	err = s.read(ctx, func(q querier) (err error) {
		var stored []byte
		if err := row(ctx, q, []any{&version, &stored}, `SELECT version, record FROM conversations WHERE key = $1`, key); err != nil {
			return err
		}
		h, err = s.header(key, stored)
		return err
	})
	if err != nil {
		return 0, err
	}
	err = s.change(ctx, func(b *batch) error {
		b.do(`WITH c AS (SELECT version FROM conversations WHERE key = $1 FOR UPDATE)
			SELECT refuse(CASE WHEN NOT EXISTS (SELECT FROM c WHERE version = $2) THEN '`+codeStale+`' END)`, key, version)
		b.counted(&fixed, `WITH want AS (SELECT DISTINCT t FROM unnest($2::bytea[]) t),
			gone AS (DELETE FROM terms WHERE conversation = $1 AND NOT term IN (SELECT t FROM want) RETURNING 1),
			made AS (INSERT INTO terms (term, conversation) SELECT t, $1::bytea FROM want ON CONFLICT DO NOTHING RETURNING 1)
			SELECT (SELECT count(*) FROM gone) + (SELECT count(*) FROM made)`, key, b.hashes(h.Terms))
		at, names, events, visits := deadlineColumns(s.indexes(0, h).deadlines)
		b.counted(&fixed, `WITH want AS (
				SELECT DISTINCT * FROM unnest($2::bigint[], $3::text[], $4::text[], $5::bigint[]) AS n (at, name, event, visit)),
			gone AS (DELETE FROM deadlines d WHERE conversation = $1 AND NOT EXISTS (SELECT FROM want n
				WHERE n.at = d.at AND n.name = d.name AND n.event = d.event AND n.visit = d.visit) RETURNING 1),
			made AS (INSERT INTO deadlines (conversation, at, name, event, visit) SELECT $1::bytea, at, name, event, visit FROM want
				ON CONFLICT DO NOTHING RETURNING 1)
			SELECT (SELECT count(*) FROM gone) + (SELECT count(*) FROM made)`, key, at, names, events, visits)
		return nil
	})
	return fixed, err
}

// deadlineColumns are deadlines, column by column.
func deadlineColumns(deadlines []record.Deadline) (at []int64, names, events []string, visits []int64) {
	for _, d := range deadlines {
		at, visits = append(at, sortable(d.At)), append(visits, int64(d.Visit))
		names, events = append(names, d.Name), append(events, d.Event)
	}
	return at, names, events, visits
}

// counted adds a statement whose one number is added to n.
func (b *batch) counted(n *int, sql string, args ...any) {
	b.first = append(b.first, statement{sql, args, func(row pgx.Row) error {
		var more int
		err := row.Scan(&more)
		*n += more
		return err
	}})
}
