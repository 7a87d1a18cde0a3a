package postgres

import (
	"bytes"
	"cmp"
	"slices"
	"strings"
	"time"

	"nevermind/bot"
	"nevermind/store/record"
)

// lockLanes locks the lanes to which several tasks are added in one order, so that no two commits wait for each other.
func (b *batch) lockLanes(tasks []bot.Task, more ...[]byte) {
	lanes := more
	for i := range tasks {
		lanes = append(lanes, b.s.hash(tasks[i].Lane))
	}
	slices.SortFunc(lanes, bytes.Compare)
	if lanes = slices.CompactFunc(lanes, bytes.Equal); len(lanes) > 1 {
		b.do(`SELECT FROM lanes WHERE lane = ANY ($1::bytea[]) ORDER BY lane FOR UPDATE`, lanes)
	}
}

// fence lets only the holder of the present lease pass, and keeps everybody else from the lane until the transaction is over.
func (b *batch) fence(l *bot.Lease, tasks []bot.Task) {
	lane := b.s.hash(l.Task.Lane)
	b.lockLanes(tasks, lane)
	b.do(`WITH l AS (SELECT head, epoch FROM lanes WHERE lane = $1 FOR UPDATE)
		SELECT refuse(CASE WHEN NOT EXISTS (SELECT FROM l WHERE head = $2 AND epoch = $3 AND epoch <> 0) THEN '`+codeFenced+`' END)`,
		lane, int64(l.Task.Seq), int64(l.Epoch))
}

// toLane puts a task to its place in its lane, which is there from then on. It is never put before a head that somebody is at
// work on, since the lease speaks of the head. A SELECT of lane, seq and due comes before it.
const toLane = ` INSERT INTO lanes AS l (lane, head, due, turn) SELECT lane, seq, due, nextval('epochs') FROM t
	ON CONFLICT (lane) DO UPDATE SET head = excluded.head, due = excluded.due, turn = excluded.turn
		WHERE l.epoch = 0 AND excluded.head < l.head`

// addTask puts a task into the outbox: at the end of its lane, or among the dead letters at once. It is idempotent: a task whose
// id has been used before is left as it is.
func (b *batch) addTask(t *bot.Task, c *bot.Commit) {
	stored := record.NewTask(t)
	encoded, err := b.personal.Task(t, &stored, c.Conversation, b.personal.About(c))
	b.fail(err)
	if b.stuck() {
		return
	}
	id, at, kind := b.s.hashOnce(t.ID), record.ToInstant(c.At), laneKind(t.Lane)
	state, outcome := bot.TaskWaiting, []byte(nil)
	if c.Dead != "" {
		state, outcome = bot.TaskDead, b.outcome(id, bot.TaskDead, c.At, t.Attempts, &bot.Outcome{Dead: c.Dead})
	}
	var room, card []byte
	edits := false
	if r := t.Reply; r != nil {
		room, card = b.name(string(r.Room)), b.s.hashOrNull(string(cmp.Or(r.Card, r.From)))
		edits = r.Mode == bot.Edit && r.Card != ""
	}
	notBefore := record.ToInstant(t.NotBefore)
	passing := record.Forgettable(&bot.TaskRecord{Task: *t, State: bot.TaskDone})
	b.do(`WITH new AS (
			INSERT INTO tasks (id, lane, kind, class, state, made, not_before, at, attempts, passing, room, card, edits, record, outcome)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $6, $8, $9, $10, $11, $12, $13, $14)
			ON CONFLICT (id) DO NOTHING RETURNING seq, lane, state, room, made, not_before),
		logged AS (INSERT INTO said (room, seq, at) SELECT room, seq, made FROM new WHERE room IS NOT NULL),
		t AS (SELECT lane, seq, GREATEST(made, not_before) AS due FROM new WHERE state = 'waiting')`+toLane,
		id, b.s.hash(t.Lane), kind, string(t.Class), string(state), at, notBefore, t.Attempts, passing, room, card, edits,
		b.s.encrypt(encoded, "tasks", id), outcome)
	if edits && c.Dead == "" {
		b.replaceEdit(id, room, card, b.s.hash(t.Lane), at)
	}
}

// laneKind is what an operator sees of a lane.
func laneKind(lane string) string {
	kind, _, _ := strings.Cut(lane, ":")
	return kind
}

// replaceEdit takes out an older edit that this one makes pointless: of the same card in the same room, still waiting, never
// tried and leased by nobody. One that was tried may have reached the platform, so it stays.
func (b *batch) replaceEdit(id, room, card, lane []byte, at record.Instant) {
	b.do(`WITH new AS (SELECT seq FROM tasks WHERE id = $1),
		old AS (
			SELECT t.seq FROM new, cards c JOIN tasks t ON t.seq = c.edit
			WHERE c.room = $2 AND c.card = $3 AND c.edit < new.seq AND t.state = 'waiting' AND t.attempts = 0 AND t.lane = $4
				AND NOT EXISTS (SELECT FROM lanes l WHERE l.lane = $4 AND l.head = t.seq AND l.epoch <> 0)),
		gone AS (UPDATE tasks t SET state = 'done', at = $5 FROM old WHERE t.seq = old.seq RETURNING t.seq),
		unsaid AS (DELETE FROM said s USING gone WHERE s.room = $2 AND s.seq = gone.seq),
		h AS (SELECT seq, not_before FROM tasks
			WHERE lane = $4 AND state = 'waiting' AND seq NOT IN (SELECT seq FROM old) ORDER BY seq LIMIT 1),
		headed AS (UPDATE lanes l SET head = h.seq, due = GREATEST(h.not_before, $5), turn = nextval('epochs')
			FROM old, h WHERE l.lane = $4 AND l.epoch = 0 AND l.head = old.seq)
		INSERT INTO cards AS c (room, card, edit) SELECT $2, $3, seq FROM new
			ON CONFLICT (room, card) DO UPDATE SET edit = excluded.edit WHERE c.edit < excluded.edit`, id, room, card, lane, at)
}

// nextHead has the first task that waits in a lane be its head, free and due when it is; an empty lane is gone. Its lane is
// locked by then, so that what waits in it is all seen.
func (b *batch) nextHead(lane []byte, now record.Instant, where string) {
	b.do(`WITH h AS (SELECT seq, not_before FROM tasks WHERE lane = $1 AND state = 'waiting' ORDER BY seq LIMIT 1),
		gone AS (DELETE FROM lanes WHERE lane = $1 AND NOT EXISTS (SELECT FROM h))
		UPDATE lanes l SET head = h.seq, due = GREATEST(h.not_before, $2), turn = nextval('epochs'), epoch = 0, holder = 0
		FROM h WHERE l.lane = $1 `+where, lane, now)
}

// outcome encodes how a task ended.
func (b *batch) outcome(id []byte, state bot.TaskState, now time.Time, attempts int, o *bot.Outcome) []byte {
	encoded, err := record.Encode(record.NewOutcomeRecord(state, now, attempts, o))
	b.fail(err)
	return b.s.encrypt(encoded, "outcomes", id)
}

// settle records how an attempt of a fenced task ended. A retry stays at the head of its lane until then; everything else leaves
// the lane, and its next task is free.
func (b *batch) settle(l *bot.Lease, now time.Time, o *bot.Outcome) {
	id, lane, at := b.s.hashOnce(l.Task.ID), b.s.hash(l.Task.Lane), record.ToInstant(now)
	state := record.StateAfter(o)
	if state == bot.TaskWaiting {
		until := record.ToInstant(now.Add(o.Retry))
		b.do(`UPDATE tasks SET not_before = $2, attempts = GREATEST(attempts, $3) WHERE seq = $1`,
			int64(l.Task.Seq), until, l.Task.Attempts)
		b.do(`UPDATE lanes SET due = $2, turn = nextval('epochs'), epoch = 0, holder = 0 WHERE lane = $1`, lane, until)
		return
	}
	if l.Task.Do == bot.DoDamaged {
		b.bury(&l.Task)
	}
	b.part(`UPDATE tasks SET state = $2, at = $3, attempts = GREATEST(attempts, $4), answered = $5, ref = $6, outcome = $7
			WHERE seq = $1`,
		int64(l.Task.Seq), string(state), at, l.Task.Attempts, o.Event != "", b.s.onceOrNull(string(o.Ref)),
		b.outcome(id, state, now, l.Task.Attempts, o))
	// The first task that waits behind it is the lane's head, free and due when it is; an empty lane is gone.
	const behind = `SELECT seq, not_before FROM tasks WHERE lane = $1 AND state = 'waiting' AND seq <> $2 ORDER BY seq LIMIT 1`
	b.part(`DELETE FROM lanes WHERE lane = $1 AND NOT EXISTS (`+behind+`)`, lane, int64(l.Task.Seq))
	b.part(`UPDATE lanes l SET head = h.seq, due = GREATEST(h.not_before, $3), turn = nextval('epochs'), epoch = 0, holder = 0
		FROM (`+behind+`) h WHERE l.lane = $1`, lane, int64(l.Task.Seq), at)
	if l.Task.Reply != nil && o.Ref != "" {
		b.recordSent(l.Task.Reply, o.Ref)
	}
	b.flush()
}

// recordSent files which conversation sent a message, so that a reply to it finds its way, and which message is now the live one
// of a card, so that the next edit changes that one.
func (b *batch) recordSent(r *bot.Reply, ref bot.Ref) {
	room, sum := b.name(string(r.Room)), b.s.hashOnce(string(ref))
	if r.From != "" {
		b.part(`INSERT INTO sent AS s (room, ref, conversation) VALUES ($1, $2, $3)
			ON CONFLICT (room, ref) DO UPDATE SET conversation = excluded.conversation WHERE s.conversation <> excluded.conversation`,
			room, sum, b.name(string(r.From)))
	}
	if r.Card == "" || r.Mode == bot.Strip {
		return
	}
	card := b.s.hash(string(r.Card))
	b.part(`INSERT INTO cards AS c (room, card, ref, name) VALUES ($1, $2, $3, $4)
		ON CONFLICT (room, card) DO UPDATE SET ref = excluded.ref, name = excluded.name WHERE c.ref IS DISTINCT FROM excluded.ref`,
		room, card, sum, b.s.encrypt([]byte(ref), "cards", room, card))
}

// checkLate lets the first outcome of a task through, even one that comes before the attempt is settled or after the task became
// a dead letter without one.
func (b *batch) checkLate(id string) {
	b.do(`WITH t AS (SELECT state, answered FROM tasks WHERE id = $1 FOR UPDATE)
		SELECT refuse(CASE
			WHEN NOT EXISTS (SELECT FROM t) THEN '`+codeNone+`'
			WHEN EXISTS (SELECT FROM t WHERE state = 'done' OR state IN ('dead', 'dropped') AND answered) THEN '`+codeSeen+`' END)`,
		b.s.hashOnce(id))
}

// lateOutcome records it. A task that still waits leaves its lane, which makes its lease void.
func (b *batch) lateOutcome(r *bot.LateOutcome, now time.Time) {
	id, at, state := b.s.hashOnce(r.TaskID), record.ToInstant(now), bot.TaskDone
	if r.Outcome.Dead != "" {
		state = bot.TaskDead
	}
	b.do(`SELECT FROM lanes WHERE lane = (SELECT lane FROM tasks WHERE id = $1 AND state = 'waiting') FOR UPDATE`, id)
	b.do(`UPDATE tasks SET state = $2, at = $3, answered = $4, ref = COALESCE($5, ref), outcome = $6 WHERE id = $1`,
		id, string(state), at, r.Outcome.Event != "", b.s.onceOrNull(string(r.Outcome.Ref)), b.outcome(id, state, now, 0, &r.Outcome))
	b.do(`WITH lane AS (SELECT l.lane FROM lanes l JOIN tasks t ON t.lane = l.lane AND t.seq = l.head WHERE t.id = $1),
		h AS (SELECT seq, not_before FROM tasks WHERE lane = (SELECT lane FROM lane) AND state = 'waiting' ORDER BY seq LIMIT 1),
		gone AS (DELETE FROM lanes WHERE lane = (SELECT lane FROM lane) AND NOT EXISTS (SELECT FROM h))
		UPDATE lanes l SET head = h.seq, due = GREATEST(h.not_before, $2), turn = nextval('epochs'), epoch = 0, holder = 0
		FROM h WHERE l.lane = (SELECT lane FROM lane)`, id, at)
}
