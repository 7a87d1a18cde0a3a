package postgres

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"nevermind/bot"
	"nevermind/store/record"
)

// leased is a head that was leased just now, as it stands in the database.
type leased struct {
	epoch     int64
	row       taskRow
	lane      []byte
	card, ref []byte // the live card's place and name
}

// Claim leases the heads of lanes that are due at now, at most n, one a lane, and reads their tasks: one statement and one round
// trip. A lane that another replica has locked just now is passed over; those that were due first come first.
func (s *Store) Claim(ctx context.Context, now time.Time, n int, lease time.Duration) ([]bot.Lease, error) {
	until := now.Add(max(lease, 1))
	var heads []leased
	err := s.write(ctx, func(q querier) error {
		heads = nil
		rows, err := q.Query(ctx, `WITH picked AS MATERIALIZED (
				SELECT lane, due, turn FROM lanes WHERE due <= $1 ORDER BY due, turn LIMIT $2 FOR UPDATE SKIP LOCKED),
			leased AS (
				UPDATE lanes l SET epoch = nextval('epochs'), due = $3, holder = $4
				FROM picked p WHERE l.lane = p.lane RETURNING l.lane, l.head, l.epoch, p.due, p.turn)
			SELECT l.epoch, l.lane, c.card, c.name, `+taskColumns+` FROM leased l
				CROSS JOIN LATERAL (SELECT * FROM tasks WHERE seq = l.head OFFSET 0) t
				LEFT JOIN LATERAL (SELECT * FROM cards WHERE room = t.room AND card = t.card OFFSET 0) c ON true ORDER BY l.due, l.turn`,
			record.ToInstant(now), n, record.ToInstant(until), s.replica)
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var h leased
			if err := rows.Scan(append([]any{&h.epoch, &h.lane, &h.card, &h.ref}, h.row.fields()...)...); err != nil {
				return err
			}
			heads = append(heads, h)
		}
		return rows.Err()
	})
	if err != nil {
		return nil, err
	}
	var out []bot.Lease
	var gone []leased
	for _, h := range heads {
		l, err := s.readLease(&h)
		if record.IsErased(err) {
			gone = append(gone, h)
			continue
		}
		if errors.Is(err, bot.ErrBroken) {
			l, err = damagedLease(&h), nil
		}
		if err != nil {
			return nil, err
		}
		l.Until = now.Add(lease)
		out = append(out, l)
	}
	return out, s.dropErased(ctx, gone, now)
}

// readLease reads a leased task, and for a reply the name of the card's live message in the room, which an edit needs.
func (s *Store) readLease(h *leased) (bot.Lease, error) {
	r, err := s.readTask(&h.row)
	if err != nil {
		return bot.Lease{}, err
	}
	l := bot.Lease{Task: r.Task, Epoch: uint64(h.epoch), Since: record.Instant(h.row.made).Time()}
	if h.ref != nil {
		ref, err := s.decrypt(h.ref, "cards", h.row.room, h.card)
		if err == nil { // of a damaged one nothing is known: the reply is sent anew
			l.Ref = bot.Ref(ref)
		}
	}
	return l, nil
}

// damagedLease is the lease of a head that cannot be read: all that is known of it is where it stands.
func damagedLease(h *leased) bot.Lease {
	seq := uint64(h.row.seq)
	return bot.Lease{Epoch: uint64(h.epoch),
		Task: bot.Task{ID: fmt.Sprint("damaged-", seq), Lane: "\x00" + string(h.lane), Seq: seq, Do: bot.DoDamaged}}
}

// bury puts something in the place of a task that cannot be read, so that it can be listed and dropped.
func (b *batch) bury(t *bot.Task) {
	left, err := record.Encode(record.NewTask(t))
	b.fail(err)
	id := b.s.hash(t.ID)
	b.do(`UPDATE tasks SET id = $2, record = $3 WHERE seq = $1`, int64(t.Seq), id, b.s.encrypt(left, "tasks", id))
}

// dropErased takes tasks out of their lanes that were erased while they waited.
func (s *Store) dropErased(ctx context.Context, gone []leased, now time.Time) error {
	if len(gone) == 0 {
		return nil
	}
	return s.change(ctx, func(b *batch) error {
		for _, h := range gone {
			b.leaveLane(h.row.seq, h.lane, record.ToInstant(now), bot.TaskDropped, nil)
		}
		return nil
	})
}

// NextTask returns when the first task can be claimed, the zero time where nothing waits.
func (s *Store) NextTask(ctx context.Context) (next time.Time, err error) {
	err = s.read(ctx, func(q querier) error {
		var due *int64
		err := q.QueryRow(ctx, `SELECT min(due) FROM lanes`).Scan(&due)
		if due != nil {
			next = record.Instant(max(*due, 1)).Time()
		}
		return err
	})
	return next, err
}

// Queues counts what waits now, by the kind of lane, and says since when the head that is longest overdue has been due.
func (s *Store) Queues(ctx context.Context, now time.Time) (out []bot.Queue, err error) {
	err = s.read(ctx, func(q querier) error {
		out = []bot.Queue{}
		rows, err := q.Query(ctx, `SELECT t.kind, count(*),
				min(GREATEST(t.made, t.not_before)) FILTER (WHERE l.head = t.seq AND GREATEST(t.made, t.not_before) <= $1)
			FROM tasks t LEFT JOIN lanes l ON l.lane = t.lane WHERE t.state = 'waiting' GROUP BY t.kind ORDER BY t.kind COLLATE "C"`,
			record.ToInstant(now))
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var queue bot.Queue
			var since *int64
			if err := rows.Scan(&queue.Kind, &queue.Waiting, &since); err != nil {
				return err
			}
			if since != nil {
				queue.Since = record.Instant(*since).Time()
			}
			out = append(out, queue)
		}
		return rows.Err()
	})
	return out, err
}

var taskTried = newPart(part{columns: "seq bigint", sql: []string{
	`UPDATE tasks t SET attempts = attempts + 1, not_before = 0 FROM {rows} WHERE t.seq = r.seq`}})

// Attempt records durably that each task is about to be tried, all of them or none. bot.ErrFenced: one of the leases is lost.
func (s *Store) Attempt(ctx context.Context, leases ...bot.Lease) error {
	return s.changeInGroup(ctx, func(b *batch) error {
		for i := range leases {
			b.fence(&leases[i])
			b.ask(taskTried, int64(leases[i].Task.Seq))
		}
		return nil
	})
}

// Settle records how an attempt ended and gives up the lease. bot.ErrFenced: the lease was given to another, or the task has left
// its lane.
func (s *Store) Settle(ctx context.Context, l bot.Lease, now time.Time, o bot.Outcome) error {
	return s.changeInGroup(ctx, func(b *batch) error {
		b.settle(&l, now, &o)
		return nil
	})
}

// write runs one statement that changes something and may be made again: where its connection was lost, what it has leased is
// held by nobody, and is free when the lease runs out.
func (s *Store) write(ctx context.Context, f func(q querier) error) error {
	if s.closed.Load() {
		return bot.ErrClosed
	}
	for try := 0; ; try++ {
		if err := ctx.Err(); err != nil {
			return err
		}
		err := f(s.pool)
		if err == nil || !again(err) || try+1 == mostTries {
			return s.explain(err)
		}
		if err := pause(ctx, try); err != nil {
			return err
		}
	}
}

// taskRow is a task as it stands in the database.
type taskRow struct {
	seq, made, notBefore, at int64
	attempts                 int
	state                    string
	id, room                 []byte
	record, outcome          []byte
}

// taskColumns are what fields reads.
const taskColumns = `t.seq, t.made, t.not_before, t.at, t.attempts, t.state, t.id, t.room, t.record, t.outcome`

func (r *taskRow) fields() []any {
	return []any{&r.seq, &r.made, &r.notBefore, &r.at, &r.attempts, &r.state, &r.id, &r.room, &r.record, &r.outcome}
}

// readTask puts a task together: what never changes, and either its place in the lane or how it ended.
func (s *Store) readTask(r *taskRow) (out bot.TaskRecord, err error) {
	plain, err := s.decrypt(r.record, "tasks", r.id)
	if err == nil {
		plain, err = s.secrets.Unseal(plain)
	}
	if err != nil {
		return out, err
	}
	var t record.Task
	if err := record.Decode(plain, &t); err != nil {
		return out, err
	}
	if err := s.secrets.FillTask(&t); err != nil {
		return out, err
	}
	out = bot.TaskRecord{Task: t.Bot(uint64(r.seq), r.attempts), State: bot.TaskState(r.state), At: record.Instant(r.at).Time()}
	if out.State == bot.TaskWaiting {
		out.At, out.Task.NotBefore = record.Instant(r.made).Time(), record.Instant(r.notBefore).Time()
		return out, nil
	}
	if r.outcome == nil {
		return out, nil
	}
	if plain, err = s.decrypt(r.outcome, "outcomes", r.id); err != nil {
		return out, err
	}
	var e record.Outcome
	if err := record.Decode(plain, &e); err != nil {
		return out, err
	}
	out.Outcome = e.Bot()
	return out, nil
}

// unreadable says of one record among others that it is passed over: it was erased, or is damaged, which Verify tells.
func unreadable(err error) bool { return record.IsErased(err) || errors.Is(err, bot.ErrBroken) }

// taskRows reads tasks; those that cannot be read are passed over.
func (s *Store) taskRows(ctx context.Context, where string, args ...any) (out []bot.TaskRecord, err error) {
	err = s.read(ctx, func(q querier) error {
		out = nil
		found, err := scanTasks(ctx, q, `SELECT `+taskColumns+` FROM tasks t `+where, args...)
		if err != nil {
			return err
		}
		for i := range found {
			r, err := s.readTask(&found[i])
			if unreadable(err) {
				continue
			}
			if err != nil {
				return err
			}
			out = append(out, r)
		}
		return nil
	})
	return out, err
}

func scanTasks(ctx context.Context, q querier, sql string, args ...any) ([]taskRow, error) {
	rows, err := q.Query(ctx, sql, args...)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (r taskRow, err error) { return r, row.Scan(r.fields()...) })
}

// Task returns a task and what became of it. bot.ErrNone: there is no such id.
func (s *Store) Task(ctx context.Context, id string) (out bot.TaskRecord, err error) {
	err = s.read(ctx, func(q querier) error {
		var r taskRow
		if err := q.QueryRow(ctx, `SELECT `+taskColumns+` FROM tasks t WHERE id = $1`, s.hashOnce(id)).Scan(r.fields()...); err != nil {
			return err
		}
		out, err = s.readTask(&r)
		return record.GoneIsNone(err)
	})
	if errors.Is(err, bot.ErrNone) {
		return bot.TaskRecord{}, bot.ErrNone
	}
	return out, err
}
