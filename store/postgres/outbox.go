package postgres

import (
	"cmp"
	"strings"
	"time"

	"nevermind/bot"
	"nevermind/store/record"
)

// laneLock locks the lanes that a change is about, all in one order, so that no two wait for each other. Where a lease is needed,
// only the holder of the present one passes, and everybody else is kept from the lane until the transaction is over.
var laneLock = newPart(part{columns: "lane bytea, leased boolean, head bigint, epoch bigint", code: codeFenced,
	sql: []string{`SELECT lane, head, epoch FROM lanes WHERE lane = ANY (ARRAY(SELECT lane FROM {rows})) ORDER BY lane FOR UPDATE`},
	refused: `(SELECT count(*) FROM {0}) < 0 -- never so: but all are locked by then
		OR (SELECT count(lane) <> count(DISTINCT lane) FROM {rows} WHERE r.leased) -- of two with one lease, one passes
		OR EXISTS (SELECT FROM {rows} WHERE r.leased
			AND NOT EXISTS (SELECT FROM {0} l WHERE l.lane = r.lane AND l.head = r.head AND l.epoch = r.epoch AND r.epoch <> 0))`})

// fence lets only the holder of the present lease pass.
func (b *batch) fence(l *bot.Lease) {
	b.ask(laneLock, b.s.hash(l.Task.Lane), true, int64(l.Task.Seq), int64(l.Epoch))
}

// toLane puts a task to its place in its lane, which is there from then on. It is never put before a head that somebody is at
// work on, since the lease speaks of the head. A SELECT of lane, seq, due and turn comes before it.
const toLane = ` INSERT INTO lanes AS l (lane, head, due, turn) SELECT lane, seq, due, turn FROM t ORDER BY lane
	ON CONFLICT (lane) DO UPDATE SET head = excluded.head, due = excluded.due, turn = excluded.turn
		WHERE l.epoch = 0 AND excluded.head < l.head`

// taskPut adds tasks to the outbox, replies to their rooms' logs, and lanes where there were none.
var taskPut = newPart(part{stage: tasksStage, inOrder: true,
	columns: "id bytea, lane bytea, kind text, class text, state text, made bigint, not_before bigint, attempts bigint, " +
		"passing boolean, room bytea, card bytea, edits boolean, record bytea, outcome bytea",
	sql: []string{
		`INSERT INTO tasks (id, lane, kind, class, state, made, not_before, at, attempts, passing, room, card, edits, record, outcome)
			SELECT id, lane, kind, class, state, made, not_before, made, attempts, passing, room, card, edits, record, outcome FROM {rows}
			ON CONFLICT (id) DO NOTHING RETURNING seq, lane, state, room, made, not_before`,
		`INSERT INTO said (room, seq, at) SELECT room, seq, made FROM {0} WHERE room IS NOT NULL`,
		`SELECT lane, seq, due, nextval('epochs') AS turn FROM (SELECT * FROM (
				SELECT DISTINCT ON (lane) lane, seq, GREATEST(made, not_before) AS due FROM {0} WHERE state = 'waiting' ORDER BY lane, seq) h
			ORDER BY seq) t`,
		strings.ReplaceAll(toLane, "FROM t", "FROM {2}"),
	}})

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
	lane := b.s.hash(t.Lane)
	b.ask(laneLock, lane, false, 0, 0)
	b.ask(taskPut, id, lane, kind, string(t.Class), string(state), at, notBefore, t.Attempts, passing, room, card, edits,
		b.s.encrypt(encoded, "tasks", id), outcome)
	if edits && c.Dead == "" {
		b.ask(editPut, id, room, card, lane, at)
	}
}

// laneKind is what an operator sees of a lane.
func laneKind(lane string) string {
	kind, _, _ := strings.Cut(lane, ":")
	return kind
}

// editPut takes out an older edit that one makes pointless: of the same card in the same room, still waiting, never tried and
// leased by nobody. One that was tried may have reached the platform, so it stays.
var editPut = newPart(part{stage: editsStage, columns: "id bytea, room bytea, card bytea, lane bytea, at bigint", sql: []string{
	`SELECT t.seq, r.room, r.card, r.lane, r.at FROM {rows} JOIN tasks t ON t.id = r.id`,
	`SELECT t.seq, n.room, n.lane, n.at FROM {0} n CROSS JOIN LATERAL (
			SELECT c.edit FROM cards c WHERE c.room = n.room AND c.card = n.card
			UNION ALL SELECT o.seq FROM {0} o WHERE o.room = n.room AND o.card = n.card) old
		JOIN tasks t ON t.seq = old.edit
		WHERE old.edit < n.seq AND t.state = 'waiting' AND t.attempts = 0 AND t.lane = n.lane
			AND NOT EXISTS (SELECT FROM lanes l WHERE l.lane = n.lane AND l.head = t.seq AND l.epoch <> 0)`,
	`UPDATE tasks t SET state = 'done', at = o.at FROM {1} o WHERE t.seq = o.seq`,
	`DELETE FROM said s USING {1} o WHERE s.room = o.room AND s.seq = o.seq`,
	`UPDATE lanes l SET head = h.seq, due = GREATEST(h.not_before, o.at), turn = nextval('epochs')
		FROM {1} o CROSS JOIN LATERAL (SELECT t.seq, t.not_before FROM tasks t WHERE t.lane = o.lane AND t.state = 'waiting'
			AND NOT EXISTS (SELECT FROM {1} x WHERE x.seq = t.seq) ORDER BY t.seq LIMIT 1) h
		WHERE l.lane = o.lane AND l.epoch = 0 AND l.head = o.seq`,
	`INSERT INTO cards AS c (room, card, edit) SELECT DISTINCT ON (room, card) room, card, seq FROM {0} ORDER BY room, card, seq DESC
		ON CONFLICT (room, card) DO UPDATE SET edit = excluded.edit WHERE c.edit < excluded.edit`,
}})

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

var (
	// taskAgain has tasks be tried later, at the heads of their lanes until then.
	taskAgain = newPart(part{columns: "seq bigint, lane bytea, until bigint, attempts bigint", sql: []string{
		`UPDATE tasks t SET not_before = r.until, attempts = GREATEST(t.attempts, r.attempts) FROM {rows} WHERE t.seq = r.seq`}})
	laneAgain = newPart(part{stage: lanesStage, columns: "lane bytea, until bigint", sql: []string{
		`UPDATE lanes l SET due = r.until, turn = nextval('epochs'), epoch = 0, holder = 0 FROM {rows} WHERE l.lane = r.lane`}})
	// taskOver ends tasks, each in its way.
	taskOver = newPart(part{
		columns: "seq bigint, state text, at bigint, attempts bigint, answered boolean, ref bytea, outcome bytea", sql: []string{
			`UPDATE tasks t SET state = r.state, at = r.at, attempts = GREATEST(t.attempts, r.attempts), answered = r.answered,
				ref = r.ref, outcome = r.outcome FROM {rows} WHERE t.seq = r.seq`}})
	// laneNext has the first task that waits in a lane be its head, free and due when it is; an empty lane is gone.
	laneNext = newPart(part{stage: lanesStage, columns: "lane bytea, at bigint", sql: []string{
		`DELETE FROM lanes l USING {rows}
			WHERE l.lane = r.lane AND NOT EXISTS (SELECT FROM tasks t WHERE t.lane = r.lane AND t.state = 'waiting')`,
		`UPDATE lanes l SET head = h.seq, due = GREATEST(h.not_before, r.at), turn = nextval('epochs'), epoch = 0, holder = 0
			FROM {rows} CROSS JOIN LATERAL (
				SELECT t.seq, t.not_before FROM tasks t WHERE t.lane = r.lane AND t.state = 'waiting' ORDER BY t.seq LIMIT 1) h
			WHERE l.lane = r.lane`}})
)

// settle records how an attempt of a task ended, where its lease is the present one. A retry stays at the head of its lane until
// then; everything else leaves the lane, and its next task is free.
func (b *batch) settle(l *bot.Lease, now time.Time, o *bot.Outcome) {
	b.fence(l)
	id, lane, at := b.s.hashOnce(l.Task.ID), b.s.hash(l.Task.Lane), record.ToInstant(now)
	state := record.StateAfter(o)
	if state == bot.TaskWaiting {
		until := record.ToInstant(now.Add(o.Retry))
		b.ask(taskAgain, int64(l.Task.Seq), lane, until, l.Task.Attempts)
		b.ask(laneAgain, lane, until)
		return
	}
	if l.Task.Do == bot.DoDamaged {
		b.bury(&l.Task)
	}
	b.ask(taskOver, int64(l.Task.Seq), string(state), at, l.Task.Attempts, o.Event != "", b.s.onceOrNull(string(o.Ref)),
		b.outcome(id, state, now, l.Task.Attempts, o))
	b.ask(laneNext, lane, at)
	if l.Task.Reply != nil && o.Ref != "" {
		b.recordSent(l, o.Ref)
	}
}

var (
	sentPut = newPart(part{columns: "room bytea, ref bytea, conversation bytea", sql: []string{
		`INSERT INTO sent (room, ref, conversation) SELECT DISTINCT ON (room, ref) room, ref, conversation FROM {rows}
			WHERE NOT EXISTS (
				SELECT FROM sent s WHERE s.room = r.room AND s.ref = r.ref AND s.conversation = r.conversation)
			ORDER BY room, ref ON CONFLICT (room, ref) DO UPDATE SET conversation = excluded.conversation`}})
	cardPut = newPart(part{columns: "room bytea, card bytea, ref bytea, name bytea", sql: []string{
		`INSERT INTO cards (room, card, ref, name) SELECT DISTINCT ON (room, card) room, card, ref, name FROM {rows}
			WHERE NOT EXISTS (SELECT FROM cards c WHERE c.room = r.room AND c.card = r.card AND c.ref = r.ref)
			ORDER BY room, card ON CONFLICT (room, card) DO UPDATE SET ref = excluded.ref, name = excluded.name`}})
)

// recordSent files which conversation sent a message, so that a reply to it finds its way, and which message is now the live one
// of a card, so that the next edit changes that one.
func (b *batch) recordSent(l *bot.Lease, ref bot.Ref) {
	r := l.Task.Reply
	room, sum := b.name(string(r.Room)), b.s.hashOnce(string(ref))
	if r.From != "" {
		b.ask(sentPut, room, sum, b.name(string(r.From)))
	}
	if r.Card == "" || r.Mode == bot.Strip || ref == l.Ref {
		return
	}
	card := b.s.hash(string(r.Card))
	b.ask(cardPut, room, card, sum, b.s.encrypt([]byte(ref), "cards", room, card))
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
