package postgres

import (
	"context"
	"encoding/binary"
	"math"
	"slices"

	"nevermind/bot"
	"nevermind/store/record"
)

// Commit makes one change, whole or not at all, and returns when it is durable. Its contract is bot.Store's.
func (s *Store) Commit(ctx context.Context, c *bot.Commit) error {
	if err := record.Validate(c); err != nil {
		return err
	}
	return s.change(ctx, func(b *batch) error {
		b.check(c)
		b.write(c)
		return nil
	})
}

// check refuses what must not be done, in the order on which callers rely: a duplicate is ErrSeen even where its version is stale
// too. Records are written with their checks, for a version is compared where it is replaced.
func (b *batch) check(c *bot.Commit) {
	if c.Handled != "" {
		b.handled = b.s.secrets.AppendID(nil, []byte(c.Handled))
		b.do(`INSERT INTO handled (id, at, mark) VALUES ($1, $2, $3)`, b.handled, record.ToInstant(c.At), b.mark)
	}
	if c.LateOutcome != nil {
		b.checkLate(c.LateOutcome.TaskID)
	}
	if c.Act != nil {
		b.checkAct(c.Act)
	}
	if c.Conversation != nil {
		b.conversation(c)
	}
	if c.Order != nil {
		b.order(c.Order)
	}
	if c.Person != nil {
		b.person(c.Person)
	}
	if c.Entry != nil {
		b.entry(c)
	}
	if c.Settle != nil {
		b.fence(&c.Settle.Lease, c.Tasks)
	}
}

// write makes the rest of the changes. The incoming message gets its number before the tasks, so that a room's log shows it
// before the replies to it.
func (b *batch) write(c *bot.Commit) {
	if c.Said != nil {
		b.said(c)
	}
	if c.Settle != nil {
		b.settle(&c.Settle.Lease, c.At, &c.Settle.Outcome)
	}
	if c.LateOutcome != nil {
		b.lateOutcome(c.LateOutcome, c.At)
	}
	if c.Act != nil {
		b.act(c.Act, c.At)
	}
	if c.Settle == nil {
		b.lockLanes(c.Tasks)
	}
	for i := range c.Tasks {
		b.addTask(&c.Tasks[i], c)
	}
}

// fail keeps the first fault of encoding.
func (b *batch) fail(err error) {
	if b.fault == nil {
		b.fault = err
	}
}

// replace is a statement that puts a record in place of the one with the version before it, or refuses. insert and update have
// the key as $1 and the version before as $2.
func (b *batch) replace(version int64, insert, update string, args ...any) {
	if version == 0 {
		b.do(`WITH made AS (`+insert+` ON CONFLICT DO NOTHING RETURNING 1)
			SELECT refuse(CASE WHEN NOT EXISTS (SELECT FROM made) THEN '`+codeStale+`' END)`, args...)
		return
	}
	b.do(`WITH made AS (`+update+` RETURNING 1)
		SELECT refuse(CASE WHEN NOT EXISTS (SELECT FROM made) THEN '`+codeStale+`' END)`, args...)
}

// conversation stores a conversation and brings along what follows from it: terms, deadlines, press tokens.
func (b *batch) conversation(c *bot.Commit) {
	x, h := c.Conversation, record.NewHeader(c)
	encoded, err := b.personal.Conversation(x, h)
	b.fail(err)
	if b.stuck() {
		return
	}
	key := b.s.hash(string(x.Key))
	b.replace(x.Version,
		`INSERT INTO conversations (key, version, kind, flow, state, changed, closed, record)
			VALUES ($1, $2::bigint + 1, $3, $4, $5, $6, $7, $8)`,
		`UPDATE conversations SET version = $2::bigint + 1, kind = $3, flow = $4, state = $5, changed = $6, closed = $7, record = $8
			WHERE key = $1 AND version = $2`,
		key, x.Version, x.Key.Kind(), x.Flow, x.State, h.Changed, h.Closed, b.s.encrypt(encoded, "conversations", key))
	b.name(string(x.Key))
	b.terms(key, c.Terms)
	b.deadlines(key, &h)
	b.offers(key, c)
}

// stuck says whether a fault was found already.
func (b *batch) stuck() bool { return b.fault != nil || b.personal != nil && b.personal.Fault != nil }

// terms files a conversation under these terms and no others.
func (b *batch) terms(key []byte, terms []string) {
	b.do(`WITH gone AS (DELETE FROM terms WHERE conversation = $1 AND NOT term = ANY ($2::bytea[]))
		INSERT INTO terms (term, conversation) SELECT DISTINCT t, $1::bytea FROM unnest($2::bytea[]) t
			ON CONFLICT DO NOTHING`, key, b.hashes(terms))
}

// hashes are names as they stand in the database.
func (b *batch) hashes(names []string) [][]byte {
	out := make([][]byte, 0, len(names))
	for _, n := range names {
		out = append(out, b.s.hash(n))
	}
	return out
}

// deadlines brings the index of deadlines to those of a conversation.
func (b *batch) deadlines(key []byte, h *record.Header) {
	at, names, events, visits := deadlineColumns(h)
	b.do(`WITH now AS (SELECT * FROM unnest($2::bigint[], $3::text[], $4::text[], $5::bigint[]) AS n (at, name, event, visit)),
		gone AS (DELETE FROM deadlines d WHERE conversation = $1 AND NOT EXISTS (
			SELECT FROM now n WHERE n.at = d.at AND n.name = d.name AND n.event = d.event AND n.visit = d.visit))
		INSERT INTO deadlines (conversation, at, name, event, visit) SELECT DISTINCT $1::bytea, at, name, event, visit FROM now
			ON CONFLICT DO NOTHING`, key, at, names, events, visits)
}

// deadlineColumns are the deadlines of a conversation, column by column; a closed one has none.
func deadlineColumns(h *record.Header) (at []int64, names, events []string, visits []int64) {
	if h.Closed != 0 {
		return nil, nil, nil, nil
	}
	for _, d := range h.Deadlines {
		at, visits = append(at, sortable(d.At)), append(visits, int64(d.Visit))
		names, events = append(names, d.Name), append(events, d.Event)
	}
	return at, names, events, visits
}

// offers files the press tokens of a conversation: those that one turn has made in one row. Most turns offer again what was on
// offer before, so that there is nothing to write. A token goes on leading to its conversation when it is no longer on offer: a
// late press must find it to be answered.
func (b *batch) offers(key []byte, c *bot.Commit) {
	groups, others := record.GroupTokens(c.Conversation.Key, append(slices.Clone(c.Conversation.Aside), c.Conversation.Frame)...)
	put := func(made string, rests []string) {
		b.do(`INSERT INTO offers AS o (made, conversation, at, rests) VALUES ($1, $2, $3, $4)
			ON CONFLICT (made, conversation) DO UPDATE SET at = excluded.at, late = false,
				rests = ARRAY(SELECT DISTINCT r FROM unnest(o.rests || excluded.rests) r)
			WHERE NOT o.rests @> excluded.rests`, made, key, record.ToInstant(c.At), rests)
	}
	for _, g := range groups {
		var rests []string
		record.EachRest(g.Rests, func(rest []byte) bool { rests = append(rests, string(rest)); return true })
		put(string(g.Key[:record.IdTime]), rests)
	}
	for _, token := range others {
		put(string(token), []string{""})
	}
}

// order stores an order and files it under its buyer and its seller.
func (b *batch) order(x *bot.Order) {
	encoded, err := b.personal.Order(x)
	b.fail(err)
	if b.stuck() {
		return
	}
	id := b.s.hash(x.ID)
	b.replace(x.Version,
		`INSERT INTO orders (id, version, buyer, seller, placed, record) VALUES ($1, $2::bigint + 1, $3, $4, $5, $6)`,
		`UPDATE orders SET version = $2::bigint + 1, buyer = $3, seller = $4, placed = $5, record = $6 WHERE id = $1 AND version = $2`,
		id, x.Version, b.s.hashOrNull(string(x.Buyer)), b.s.hashOrNull(string(x.Seller)), sortable(record.ToInstant(x.Placed)),
		b.s.encrypt(encoded, "orders", id))
	b.name(x.ID)
}

// person stores a person and makes each of their accounts lead to them. The last commit that lists an account wins.
func (b *batch) person(x *bot.Person) {
	encoded, err := b.personal.Person(x)
	b.fail(err)
	if b.stuck() {
		return
	}
	id := b.s.personKey(x.ID)
	party, own := x.ID.Split()
	b.replace(x.Version,
		`INSERT INTO people (id, version, party, record) VALUES ($1, $2::bigint + 1, $3, $4)`,
		`UPDATE people SET version = $2::bigint + 1, party = $3, record = $4 WHERE id = $1 AND version = $2`,
		id, x.Version, string(party), b.s.encrypt(encoded, "people", id))
	b.name(own)
	b.do(`WITH gone AS (DELETE FROM accounts WHERE person = $1 AND NOT account = ANY ($2::bytea[]))
		INSERT INTO accounts (account, person) SELECT DISTINCT a, $1::bytea FROM unnest($2::bytea[]) a ORDER BY a
			ON CONFLICT (account) DO UPDATE SET person = excluded.person`, id, b.hashes(x.Accounts))
}

// entry adds a line to the journal, where none of its number is.
func (b *batch) entry(c *bot.Commit) {
	encoded, err := b.personal.Entry(c.Entry, b.personal.Whose(c.Conversation))
	b.fail(err)
	if b.stuck() {
		return
	}
	key := b.name(string(c.Entry.Conversation))
	b.do(`INSERT INTO journal (conversation, seq, at, record) VALUES ($1, $2, $3, $4)`, key, int64(c.Entry.Seq),
		record.ToInstant(c.Entry.At), b.s.encrypt(encoded, "journal", key, seqBytes(uint64(c.Entry.Seq))))
}

// said adds what somebody said to their room's log.
func (b *batch) said(c *bot.Commit) {
	encoded, err := b.personal.Message(c.Said)
	b.fail(err)
	if b.stuck() {
		return
	}
	room := b.name(string(c.Said.Room))
	b.do(`INSERT INTO said (room, seq, at, record) VALUES ($1, nextval('numbers'), $2, $3)`, room, record.ToInstant(c.At),
		b.s.encrypt(encoded, "said", room))
}

// sortable is an instant that sorts: the zero time before all others.
func sortable(i record.Instant) int64 {
	if i == 0 {
		return math.MinInt64
	}
	return int64(i)
}

// fromSortable turns it back.
func fromSortable(n int64) record.Instant {
	if n == math.MinInt64 {
		return 0
	}
	return record.Instant(n)
}

// seqBytes is a number as a part of a place.
func seqBytes(n uint64) []byte { return binary.BigEndian.AppendUint64(nil, n) }
