package postgres

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
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
	read := readingsOf(ctx)
	err := s.change(ctx, func(b *batch) error {
		b.check(c, read)
		b.write(c)
		return nil
	})
	if refused(err) && !errors.Is(err, bot.ErrSeen) && c.Handled != "" && s.wasHandled(ctx, c.Handled) {
		return bot.ErrSeen // callers rely on it: a duplicate is seen even where its version is stale too
	}
	if err != nil {
		return err
	}
	s.memory.committed(s, c)
	if read != nil {
		read.clear()
	}
	return nil
}

// refused says whether a change was refused since what it is made of, or it itself, is there in another form.
func refused(err error) bool {
	return errors.Is(err, bot.ErrSeen) || errors.Is(err, bot.ErrStale) || errors.Is(err, errOutdated)
}

// wasHandled says whether what an id stands for was handled.
func (s *Store) wasHandled(ctx context.Context, id string) (yes bool) {
	err := s.read(ctx, func(q querier) error {
		return q.QueryRow(ctx, `SELECT EXISTS (SELECT FROM handled WHERE id = $1)`, s.secrets.AppendID(nil, []byte(id))).Scan(&yes)
	})
	return yes && err == nil
}

// check refuses what must not be done. Records are written with their checks, for a version is compared where it is replaced.
func (b *batch) check(c *bot.Commit, read *readings) {
	if c.Handled != "" {
		b.handled = b.s.secrets.AppendID(nil, []byte(c.Handled))
		b.part(`INSERT INTO handled (id, at, mark) VALUES ($1, $2, $3)`, b.handled, record.ToInstant(c.At), b.mark)
	}
	if c.LateOutcome != nil || c.Act != nil {
		b.flush()
	}
	if c.LateOutcome != nil {
		b.checkLate(c.LateOutcome.TaskID)
	}
	if c.Act != nil {
		b.checkAct(c.Act)
	}
	b.recheck(read)
	b.guardErasures()
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
		b.flush()
		b.fence(&c.Settle.Lease, c.Tasks)
	}
}

// write makes the rest of the changes. The incoming message gets its number before the tasks, so that a room's log shows it
// before the replies to it.
func (b *batch) write(c *bot.Commit) {
	if c.Said != nil {
		b.said(c)
	}
	b.flush()
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

// replace puts a record in place of the one with the version before it, or refuses. insert and update have the key as $1 and the
// version before as $2.
func (b *batch) replace(version int64, insert, update string, args ...any) {
	if version == 0 {
		b.mustChange(insert+` ON CONFLICT DO NOTHING`, args...)
		return
	}
	b.mustChange(update, args...)
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
	next := b.s.indexes(x.Version+1, h)
	before, known := b.s.memory.indexesBefore(key, next.version)
	b.terms(key, before.terms, next.terms, known)
	b.deadlines(key, before.deadlines, next.deadlines, known)
	b.offers(key, c)
}

// stuck says whether a fault was found already.
func (b *batch) stuck() bool { return b.fault != nil || b.personal != nil && b.personal.Fault != nil }

// terms files a conversation under the terms of now and no others. Where it is known which there are, the rest is written alone.
func (b *batch) terms(key []byte, before, now [][]byte, known bool) {
	if known && slices.EqualFunc(before, now, bytes.Equal) {
		return
	}
	b.part(`DELETE FROM terms WHERE conversation = $1 AND NOT term = ANY ($2::bytea[])`, key, now)
	b.part(`INSERT INTO terms (term, conversation) SELECT t, $1::bytea FROM unnest($2::bytea[]) t ON CONFLICT DO NOTHING`, key, now)
}

// hashes are names as they stand in the database.
func (b *batch) hashes(names []string) [][]byte {
	out := make([][]byte, 0, len(names))
	for _, n := range names {
		out = append(out, b.s.hash(n))
	}
	return out
}

// deadlines brings the index of deadlines to those of now. Where it is known which there are, the rest is written alone.
func (b *batch) deadlines(key []byte, before, now []record.Deadline, known bool) {
	if !known {
		at, names, events, visits := deadlineColumns(now)
		b.part(`DELETE FROM deadlines d WHERE conversation = $1 AND NOT EXISTS (
			SELECT FROM unnest($2::bigint[], $3::text[], $4::text[], $5::bigint[]) AS n (at, name, event, visit)
			WHERE n.at = d.at AND n.name = d.name AND n.event = d.event AND n.visit = d.visit)`, key, at, names, events, visits)
	}
	for _, d := range before {
		if !slices.Contains(now, d) {
			b.part(`DELETE FROM deadlines WHERE conversation = $1 AND at = $2 AND name = $3 AND event = $4 AND visit = $5`,
				key, sortable(d.At), d.Name, d.Event, int64(d.Visit))
		}
	}
	for i, d := range now {
		if !slices.Contains(before, d) && !slices.Contains(now[:i], d) {
			b.part(`INSERT INTO deadlines (conversation, at, name, event, visit) VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING`,
				key, sortable(d.At), d.Name, d.Event, int64(d.Visit))
		}
	}
}

// deadlineColumns are deadlines, column by column.
func deadlineColumns(deadlines []record.Deadline) (at []int64, names, events []string, visits []int64) {
	for _, d := range deadlines {
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
		b.part(`INSERT INTO offers AS o (made, conversation, at, rests) VALUES ($1, $2, $3, $4)
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
	b.part(`DELETE FROM accounts WHERE person = $1 AND NOT account = ANY ($2::bytea[])`, id, b.hashes(x.Accounts))
	b.part(`INSERT INTO accounts (account, person) SELECT DISTINCT a, $1::bytea FROM unnest($2::bytea[]) a ORDER BY a
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
	b.part(`INSERT INTO journal (conversation, seq, at, record) VALUES ($1, $2, $3, $4)`, key, int64(c.Entry.Seq),
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
	b.part(`INSERT INTO said (room, seq, at, record) VALUES ($1, nextval('numbers'), $2, $3)`, room, record.ToInstant(c.At),
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
