package postgres

import (
	"context"
	"time"

	"nevermind/bot"
	"nevermind/store/record"
)

// Dead lists the dead letters above a number, at most n, in the order in which they were asked for.
func (s *Store) Dead(ctx context.Context, after uint64, n int) ([]bot.TaskRecord, error) {
	return s.taskRows(ctx, `WHERE state = 'dead' AND seq > $1 ORDER BY seq LIMIT $2`, int64(after), n)
}

// SetAside makes a dead letter of every task that waits, and returns how many there were. It works in chunks; cut short, it is
// called again and does the rest.
func (s *Store) SetAside(ctx context.Context, now time.Time, why string) (aside int, err error) {
	for {
		var seqs []int64
		var ids [][]byte
		var lanes [][]byte
		err := s.read(ctx, func(q querier) error {
			seqs, ids, lanes = nil, nil, nil
			rows, err := q.Query(ctx, `SELECT seq, id, lane FROM tasks WHERE state = 'waiting' ORDER BY lane, seq LIMIT $1`, chunkSize)
			if err != nil {
				return err
			}
			defer rows.Close()
			for rows.Next() {
				var seq int64
				var id, lane []byte
				if err := rows.Scan(&seq, &id, &lane); err != nil {
					return err
				}
				seqs, ids, lanes = append(seqs, seq), append(ids, id), append(lanes, lane)
			}
			return rows.Err()
		})
		if err != nil || len(seqs) == 0 {
			return aside, err
		}
		err = s.change(ctx, func(b *batch) error {
			for i, seq := range seqs {
				dead := b.outcome(ids[i], bot.TaskDead, now, 0, &bot.Outcome{Dead: why})
				b.leaveLane(seq, lanes[i], record.ToInstant(now), bot.TaskDead, dead)
			}
			return nil
		})
		if err != nil {
			return aside, err
		}
		aside += len(seqs)
	}
}

// leaveLane takes a task that waits out of its lane, whoever has leased it.
func (b *batch) leaveLane(seq int64, lane []byte, at record.Instant, state bot.TaskState, outcome []byte) {
	b.do(`SELECT FROM lanes WHERE lane = $1 FOR UPDATE`, lane)
	b.do(`UPDATE tasks SET state = $2, at = $3, outcome = $4 WHERE seq = $1 AND state = 'waiting'`, seq, string(state), at, outcome)
	b.nextHead(lane, at, `AND l.head <> h.seq AND NOT EXISTS (SELECT FROM tasks t WHERE t.seq = l.head AND t.state = 'waiting')`)
}

// checkAct lets an operator act only on a dead letter, and put back an edit only where no newer one of the same card was made.
func (b *batch) checkAct(a *bot.Act) {
	b.do(`WITH t AS (SELECT seq, state, edits, room, card FROM tasks WHERE id = $1 FOR UPDATE)
		SELECT refuse(CASE
			WHEN NOT EXISTS (SELECT FROM t) THEN '`+codeNone+`'
			WHEN EXISTS (SELECT FROM t WHERE state <> 'dead') THEN '`+codeSeen+`'
			WHEN NOT $2 AND EXISTS (SELECT FROM t JOIN cards c ON c.room = t.room AND c.card = t.card WHERE t.edits AND c.edit > t.seq)
				THEN '`+codeStale+`' END)`, b.s.hashOnce(a.Task), a.Drop)
}

// act puts a dead letter back into its lane with no attempts counted, or drops it for good; a dropped one keeps its id, so that
// the same task can never be asked for again.
func (b *batch) act(a *bot.Act, now time.Time) {
	id, at := b.s.hashOnce(a.Task), record.ToInstant(now)
	if a.Drop {
		b.do(`UPDATE tasks SET state = 'dropped', at = $2 WHERE id = $1`, id, at)
		return
	}
	b.do(`WITH t AS (
			UPDATE tasks SET state = 'waiting', made = $2, at = $2, not_before = 0, attempts = 0, answered = false, outcome = NULL
			WHERE id = $1 RETURNING seq, lane, made AS due, nextval('epochs') AS turn)`+toLane, id, at)
}
