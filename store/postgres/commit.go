package postgres

import (
	"bytes"
	"cmp"
	"context"
	"encoding/binary"
	"errors"
	"math"
	"slices"
	"strings"

	"nevermind/bot"
	"nevermind/store/record"
)

// Commit makes one change, whole or not at all, and returns when it is durable. Its contract is bot.Store's.
func (s *Store) Commit(ctx context.Context, c *bot.Commit) error {
	if err := record.Validate(c); err != nil {
		return err
	}
	read := readingsOf(ctx)
	var left *stored
	err := s.changeInGroup(ctx, func(b *batch) error {
		b.check(c, read)
		b.write(c)
		left = &b.left
		return nil
	})
	if refused(err) && read != nil {
		s.memory.dropConversations(read) // so that a turn that is made again reads it anew
	}
	if refused(err) && !errors.Is(err, bot.ErrSeen) && c.Handled != "" && s.wasHandled(ctx, c.Handled) {
		err = bot.ErrSeen // callers rely on it: a duplicate is seen even where its version is stale or its lease lost, too
	}
	if errors.Is(err, bot.ErrSeen) { // which acknowledges it
		return cmp.Or(s.Flushed(ctx), err)
	}
	if err != nil {
		return err
	}
	s.memory.committed(s, c, left)
	if read != nil {
		read.clear()
	}
	return nil
}

// refused says whether a change was refused since what it is made of, or it itself, is there in another form.
func refused(err error) bool {
	return errors.Is(err, bot.ErrSeen) || errors.Is(err, bot.ErrStale) || errors.Is(err, errOutdated) ||
		errors.Is(err, bot.ErrFenced) || errors.Is(err, bot.ErrNone)
}

// wasHandled says whether what an id stands for was handled.
func (s *Store) wasHandled(ctx context.Context, id string) (yes bool) {
	err := s.read(ctx, func(q querier) error {
		return q.QueryRow(ctx, `SELECT EXISTS (SELECT FROM handled WHERE id = $1)`, s.secrets.AppendID(nil, []byte(id))).Scan(&yes)
	})
	return yes && err == nil
}

// handledPut keeps what was handled, so that a duplicate is known.
var handledPut = newPart(part{columns: "id bytea, at bigint, mark bigint", sql: []string{
	`INSERT INTO handled (id, at, mark) SELECT id, at, mark FROM {rows}`}})

// check refuses what must not be done. Records are written with their checks, for a version is compared where it is replaced.
func (b *batch) check(c *bot.Commit, read *readings) {
	if c.Handled != "" {
		b.handled = b.s.secrets.AppendID(nil, []byte(c.Handled))
		b.ask(handledPut, b.handled, record.ToInstant(c.At), b.mark)
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

// versioned are the parts that store a record of a table: a new one, and one in place of that with the version before it. Where
// another version is stored, the commit is stale.
type versioned struct{ add, replace *part }

func newVersioned(table, columns string) versioned {
	names, set := []string{}, []string{}
	for _, column := range strings.Split(columns, ", ") {
		name, _, _ := strings.Cut(column, " ")
		names, set = append(names, name), append(set, name+" = r."+name)
	}
	key := names[0]
	stored := strings.Replace(strings.Join(names, ", "), "version", "version + 1", 1)
	set[1] = "version = r.version + 1"
	const stale = `(SELECT count(*) FROM {0}) <> {count}`
	return versioned{
		newPart(part{columns: columns, refused: stale, code: codeStale, sql: []string{
			`INSERT INTO ` + table + ` (` + strings.Join(names, ", ") + `) SELECT ` + stored + ` FROM {rows}
				ON CONFLICT DO NOTHING RETURNING 1`}}),
		newPart(part{columns: columns, refused: stale, code: codeStale, sql: []string{
			`UPDATE ` + table + ` t SET ` + strings.Join(set[1:], ", ") + ` FROM {rows}
				WHERE t.` + key + ` = r.` + key + ` AND t.version = r.version RETURNING 1`}}),
	}
}

// store stores a record: key, the version before it, and its other columns.
func (b *batch) store(in versioned, key []byte, version int64, columns ...any) {
	which := in.replace
	if version == 0 {
		which = in.add
	}
	b.ask(which, append([]any{key, version}, columns...)...)
}

var conversationPut = newVersioned("conversations",
	"key bytea, version bigint, kind text, flow text, state text, changed bigint, closed bigint, record bytea")

// conversation stores a conversation and brings along what follows from it: terms, deadlines, press tokens.
func (b *batch) conversation(c *bot.Commit) {
	x, h := c.Conversation, record.NewHeader(c)
	encoded, err := b.personal.Conversation(x, h)
	b.fail(err)
	if b.stuck() {
		return
	}
	key := b.s.hash(string(x.Key))
	b.left.conversation = b.s.encrypt(encoded, "conversations", key)
	b.store(conversationPut, key, x.Version, x.Key.Kind(), x.Flow, x.State, h.Changed, h.Closed, b.left.conversation)
	b.name(string(x.Key))
	next := b.s.indexes(x.Version+1, h)
	before, known := b.s.memory.indexesBefore(key, next.version)
	b.terms(key, before.terms, next.terms, known)
	b.deadlines(key, before.deadlines, next.deadlines, known)
	b.offers(key, c)
}

// stuck says whether a fault was found already.
func (b *batch) stuck() bool { return b.fault != nil || b.personal != nil && b.personal.Fault != nil }

var (
	termGone = newPart(part{columns: "term bytea, conversation bytea", sql: []string{
		`DELETE FROM terms t USING {rows} WHERE t.term = r.term AND t.conversation = r.conversation`}})
	termPut = newPart(part{columns: "term bytea, conversation bytea", sql: []string{
		`INSERT INTO terms (term, conversation) SELECT term, conversation FROM {rows} ON CONFLICT DO NOTHING`}})
)

// terms files a conversation under the terms of now and no others. Where it is known which there are, the rest is written alone.
func (b *batch) terms(key []byte, before, now [][]byte, known bool) {
	if !known {
		b.do(`DELETE FROM terms WHERE conversation = $1 AND NOT term = ANY ($2::bytea[])`, key, now)
	}
	has := func(terms [][]byte, one []byte) bool {
		return slices.ContainsFunc(terms, func(t []byte) bool { return bytes.Equal(t, one) })
	}
	for _, term := range before {
		if !has(now, term) {
			b.ask(termGone, term, key)
		}
	}
	for _, term := range now {
		if !has(before, term) {
			b.ask(termPut, term, key)
		}
	}
}

// hashes are names as they stand in the database.
func (b *batch) hashes(names []string) [][]byte {
	out := make([][]byte, 0, len(names))
	for _, n := range names {
		out = append(out, b.s.hash(n))
	}
	return out
}

// deadlineRow is a deadline's columns.
const deadlineRow = "conversation bytea, at bigint, name text, event text, visit bigint"

var (
	deadlineGone = newPart(part{columns: deadlineRow, sql: []string{
		`DELETE FROM deadlines d USING {rows} WHERE d.conversation = r.conversation AND d.at = r.at AND d.name = r.name
			AND d.event = r.event AND d.visit = r.visit`}})
	deadlinePut = newPart(part{columns: deadlineRow, sql: []string{
		`INSERT INTO deadlines (conversation, at, name, event, visit) SELECT conversation, at, name, event, visit FROM {rows}
			ON CONFLICT DO NOTHING`}})
)

// deadlines brings the index of deadlines to those of now. Where it is known which there are, the rest is written alone.
func (b *batch) deadlines(key []byte, before, now []record.Deadline, known bool) {
	if !known {
		b.do(`DELETE FROM deadlines WHERE conversation = $1`, key)
	}
	for _, d := range before {
		if !slices.Contains(now, d) {
			b.ask(deadlineGone, key, sortable(d.At), d.Name, d.Event, d.Visit)
		}
	}
	for _, d := range now {
		if !slices.Contains(before, d) {
			b.ask(deadlinePut, key, sortable(d.At), d.Name, d.Event, d.Visit)
		}
	}
}

// offerPut files tokens, the ends of those of one turn with spaces between. Most turns offer again what was on offer before.
var offerPut = newPart(part{columns: "made text, conversation bytea, at bigint, rests text", sql: []string{
	`INSERT INTO offers AS o (made, conversation, at, rests)
		SELECT made, conversation, at, string_to_array(rests, ' ') || CASE rests WHEN '' THEN '{""}' ELSE '{}'::text[] END FROM {rows}
			WHERE NOT EXISTS (SELECT FROM offers o WHERE o.made = r.made AND o.conversation = r.conversation
				AND o.rests @> string_to_array(r.rests, ' ') AND (r.rests <> '' OR '' = ANY (o.rests)))
		ON CONFLICT (made, conversation) DO UPDATE SET at = excluded.at, late = false,
			rests = ARRAY(SELECT DISTINCT r FROM unnest(o.rests || excluded.rests) r)`}})

// offers files the press tokens of a conversation: those that one turn has made in one row. Most turns offer again what was on
// offer before, so that there is nothing to write. A token goes on leading to its conversation when it is no longer on offer: a
// late press must find it to be answered.
func (b *batch) offers(key []byte, c *bot.Commit) {
	groups, others := record.GroupTokens(c.Conversation.Key, append(slices.Clone(c.Conversation.Aside), c.Conversation.Frame)...)
	b.left.offers = map[string][]string{}
	for _, g := range groups {
		var rests []string
		record.EachRest(g.Rests, func(rest []byte) bool { rests = append(rests, string(rest)); return true })
		made := string(g.Key[:record.IdTime])
		b.left.offers[made] = rests
		b.ask(offerPut, made, key, record.ToInstant(c.At), strings.Join(rests, " "))
	}
	for _, token := range others {
		b.ask(offerPut, string(token), key, record.ToInstant(c.At), "")
	}
}

var orderPut = newVersioned("orders", "id bytea, version bigint, buyer bytea, seller bytea, placed bigint, record bytea")

// order stores an order and files it under its buyer and its seller.
func (b *batch) order(x *bot.Order) {
	encoded, err := b.personal.Order(x)
	b.fail(err)
	if b.stuck() {
		return
	}
	id := b.s.hash(x.ID)
	b.store(orderPut, id, x.Version, b.s.hashOrNull(string(x.Buyer)), b.s.hashOrNull(string(x.Seller)),
		sortable(record.ToInstant(x.Placed)), b.s.encrypt(encoded, "orders", id))
	b.name(x.ID)
}

var (
	personPut  = newVersioned("people", "id bytea, version bigint, party text, record bytea")
	accountPut = newPart(part{columns: "account bytea, person bytea", sql: []string{
		`INSERT INTO accounts (account, person) SELECT DISTINCT ON (account) account, person FROM {rows} ORDER BY account
			ON CONFLICT (account) DO UPDATE SET person = excluded.person`}})
)

// person stores a person and makes each of their accounts lead to them. The last commit that lists an account wins.
func (b *batch) person(x *bot.Person) {
	encoded, err := b.personal.Person(x)
	b.fail(err)
	if b.stuck() {
		return
	}
	id := b.s.personKey(x.ID)
	party, own := x.ID.Split()
	b.store(personPut, id, x.Version, string(party), b.s.encrypt(encoded, "people", id))
	b.name(own)
	accounts := b.hashes(x.Accounts)
	b.do(`DELETE FROM accounts WHERE person = $1 AND NOT account = ANY ($2::bytea[])`, id, accounts)
	for _, account := range accounts {
		b.ask(accountPut, account, id)
	}
}

var (
	entryPut = newPart(part{columns: "conversation bytea, seq bigint, at bigint, record bytea", sql: []string{
		`INSERT INTO journal (conversation, seq, at, record) SELECT conversation, seq, at, record FROM {rows}`}})
	saidPut = newPart(part{columns: "room bytea, at bigint, record bytea", sql: []string{
		`INSERT INTO said (room, seq, at, record) SELECT room, nextval('numbers'), at, record FROM {rows}`}})
)

// entry adds a line to the journal, where none of its number is.
func (b *batch) entry(c *bot.Commit) {
	encoded, err := b.personal.Entry(c.Entry, b.personal.Whose(c.Conversation))
	b.fail(err)
	if b.stuck() {
		return
	}
	key := b.name(string(c.Entry.Conversation))
	b.ask(entryPut, key, c.Entry.Seq, record.ToInstant(c.Entry.At),
		b.s.encrypt(encoded, "journal", key, seqBytes(uint64(c.Entry.Seq))))
}

// said adds what somebody said to their room's log.
func (b *batch) said(c *bot.Commit) {
	encoded, err := b.personal.Message(c.Said)
	b.fail(err)
	if b.stuck() {
		return
	}
	room := b.name(string(c.Said.Room))
	b.ask(saidPut, room, record.ToInstant(c.At), b.s.encrypt(encoded, "said", room))
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
