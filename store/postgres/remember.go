package postgres

import (
	"bytes"
	"context"
	"errors"
	"slices"

	"nevermind/bot"
	"nevermind/store/record"
)

// What a replica remembers of what it has read or stored, so that a turn is made with a few round trips: people, whose an account
// is, orders, what is filed under a term, and who has offered a button. Rows are remembered as they stand in the database,
// encrypted. Conversations are answered from memory by a server that is alone: each step changes one, and of several servers any
// may be next.
//
// Another replica may have changed them meanwhile. So only a caller of Remember is answered by them, and its commit looks at each
// of them again, in the same transaction (optimistic concurrency): where one has changed, nothing is stored, what was remembered
// is dropped, and the caller reads anew.

// mostRemembered is how many rows of a kind are remembered at least; twice as many at most.
const mostRemembered = 20_000

// memory is what a replica remembers, by the hash that a row has for its key.
type memory struct {
	people   *record.Recent[string, storedRow]
	accounts *record.Recent[string, accountRow]
	orders   *record.Recent[string, storedRow]
	terms    *record.Recent[string, []namedKey] // all that is filed under each
	indexed  *record.Recent[string, indexedAs]  // conversations, as they were read or stored last

	conversations *record.Recent[string, storedRow]
	offers        *record.Recent[string, []offeredBy] // by the beginning that the tokens of a turn have in common
}

// offeredBy is a conversation and the rest of each token that one turn of it has offered. Whose a token is never changes.
type offeredBy struct {
	key   bot.Key
	rests []string
}

// storedRow is a record of a version.
type storedRow struct {
	version int64
	record  []byte
}

// accountRow is whose an account is.
type accountRow struct{ person, name []byte }

// namedKey is a conversation's hash and its encrypted name.
type namedKey struct{ sum, name []byte }

// indexedAs is what a conversation of that version is filed under and waits for.
type indexedAs struct {
	version   int64
	terms     [][]byte
	deadlines []record.Deadline
}

func newMemory() *memory {
	return &memory{
		people:   record.NewRecent[string, storedRow](mostRemembered),
		accounts: record.NewRecent[string, accountRow](mostRemembered),
		orders:   record.NewRecent[string, storedRow](mostRemembered),
		terms:    record.NewRecent[string, []namedKey](mostRemembered),
		indexed:  record.NewRecent[string, indexedAs](mostRemembered),

		conversations: record.NewRecent[string, storedRow](mostRemembered),
		offers:        record.NewRecent[string, []offeredBy](mostRemembered),
	}
}

// forget forgets all rows.
func (m *memory) forget() {
	m.people.Forget()
	m.accounts.Forget()
	m.orders.Forget()
	m.terms.Forget()
	m.indexed.Forget()
	m.conversations.Forget()
	m.offers.Forget()
}

// readings are what one caller was answered from memory since its last commit. One goroutine uses them.
type readings struct {
	people, orders map[string]int64
	accounts       map[string][]byte
	terms          map[string][]byte // the hashes one behind the other
	conversations  [][]byte
	offers         []string
	along          map[string]storedRow // a conversation that came along with another answer, for whoever asks for it next
	off            bool                 // nothing is answered from memory any more
}

type readingsKey struct{}

// readingsOf are those of a caller of Remember; nil for any other, who is answered by the database.
func readingsOf(ctx context.Context) *readings {
	r, _ := ctx.Value(readingsKey{}).(*readings)
	if r == nil || r.off {
		return nil
	}
	return r
}

// errOutdated says that something has changed that was answered from memory.
var errOutdated = errors.New("what was remembered has changed")

// Remember runs f with a context whose reads may be answered from memory. A commit made with it looks at them again and
// fails where they have changed. Where f fails after such reads, it runs once more, with reads from the database alone. It
// implements bot.Remembering.
func (s *Store) Remember(ctx context.Context, f func(ctx context.Context) error) error {
	r := &readings{}
	r.clear()
	with := context.WithValue(ctx, readingsKey{}, r)
	err := f(with)
	if err == nil || errors.Is(err, bot.ErrSeen) || ctx.Err() != nil || !r.used() {
		return err
	}
	s.memory.drop(r) // whatever it failed of may be that its reads were out of date
	r.off = true
	return f(with)
}

// used says whether anything was answered from memory since the last commit.
func (r *readings) used() bool {
	return len(r.people)+len(r.accounts)+len(r.orders)+len(r.terms)+len(r.conversations)+len(r.offers) > 0
}

func (r *readings) clear() {
	r.along, r.conversations, r.offers = nil, nil, nil
	r.people, r.orders, r.accounts, r.terms = map[string]int64{}, map[string]int64{}, map[string][]byte{}, map[string][]byte{}
}

// bringAlong keeps a conversation for whoever asks for it next: once, so that a turn that is made again reads it anew.
func (r *readings) bringAlong(key []byte, of storedRow) {
	if r != nil {
		r.along = map[string]storedRow{string(key): of}
	}
}

// takeAlong takes it.
func (r *readings) takeAlong(key []byte) (of storedRow, there bool) {
	if r == nil {
		return of, false
	}
	of, there = r.along[string(key)]
	r.along = nil
	return of, there
}

// drop forgets what the caller was answered, here and for everybody.
func (m *memory) drop(r *readings) {
	for id := range r.people {
		m.people.Drop(id)
	}
	for account := range r.accounts {
		m.accounts.Drop(account)
	}
	for id := range r.orders {
		m.orders.Drop(id)
	}
	for term := range r.terms {
		m.terms.Drop(term)
	}
	m.dropConversations(r)
	for _, made := range r.offers {
		m.offers.Drop(made)
	}
}

func (m *memory) dropConversations(r *readings) {
	for _, key := range r.conversations {
		m.conversations.Drop(string(key))
	}
}

// What a commit's caller was answered from memory has to stand in the database still.
var (
	samePerson  = newSame("id bytea, version bigint", `SELECT version FROM people p WHERE p.id = r.id`, "r.version")
	sameOrder   = newSame("id bytea, version bigint", `SELECT version FROM orders o WHERE o.id = r.id`, "r.version")
	sameAccount = newSame("account bytea, person bytea", `SELECT person FROM accounts a WHERE a.account = r.account`, "r.person")
	sameTerm    = newSame("term bytea, filed bytea", `SELECT COALESCE(string_agg(conversation, '' ORDER BY conversation), '')
		FROM terms t WHERE t.term = r.term`, "r.filed")
)

// newSame refuses a commit where something is not what it was.
func newSame(columns, is, was string) *part {
	return newPart(part{columns: columns, code: codeOutdated,
		refused: `EXISTS (SELECT FROM {rows} WHERE (` + is + `) IS DISTINCT FROM ` + was + `)`})
}

// recheck refuses a commit where something has changed that its caller was answered from memory.
func (b *batch) recheck(r *readings) {
	if r == nil {
		return
	}
	for id, version := range r.people {
		b.ask(samePerson, []byte(id), version)
	}
	for id, version := range r.orders {
		b.ask(sameOrder, []byte(id), version)
	}
	for account, person := range r.accounts {
		b.ask(sameAccount, []byte(account), person)
	}
	for term, filed := range r.terms {
		b.ask(sameTerm, []byte(term), filed)
	}
}

// committed forgets what a commit has changed, and remembers how it has left its conversation.
func (m *memory) committed(s *Store, c *bot.Commit, left *stored) {
	if c.Person != nil {
		m.people.Drop(string(s.personKey(c.Person.ID)))
		for _, account := range c.Person.Accounts {
			m.accounts.Drop(string(s.hash(account)))
		}
	}
	if c.Order != nil {
		m.orders.Drop(string(s.hash(c.Order.ID)))
	}
	if c.Conversation == nil {
		return
	}
	key := string(s.hash(string(c.Conversation.Key)))
	before, _ := m.indexed.Get(key)
	now := s.indexes(c.Conversation.Version+1, record.NewHeader(c))
	if !slices.EqualFunc(before.terms, now.terms, bytes.Equal) {
		for _, term := range slices.Concat(before.terms, now.terms) {
			m.terms.Drop(string(term))
		}
	}
	m.indexed.Put(key, now)
	m.conversations.Put(key, storedRow{c.Conversation.Version + 1, left.conversation})
	for made, rests := range left.offers {
		m.offered(made, offeredBy{c.Conversation.Key, rests})
	}
}

// stored is what a commit has left that is remembered.
type stored struct {
	conversation []byte
	offers       map[string][]string
}

// offered remembers who has offered tokens.
func (m *memory) offered(made string, by offeredBy) {
	known, _ := m.offers.Get(made)
	if !slices.ContainsFunc(known, func(o offeredBy) bool { return o.key == by.key && slices.Equal(o.rests, by.rests) }) {
		m.offers.Put(made, append(known[:len(known):len(known)], by))
	}
}

// rememberedOffer is who has offered a token, where the caller may be answered from memory.
func (s *Store) rememberedOffer(ctx context.Context, made, rest string) (key bot.Key, known bool) {
	r := readingsOf(ctx)
	if r == nil {
		return "", false
	}
	all, _ := s.memory.offers.Get(made)
	for _, o := range all {
		if slices.Contains(o.rests, rest) {
			r.offers = append(r.offers, made)
			return o.key, true
		}
	}
	return "", false
}

// rememberedConversation is a conversation's row, where the caller may be answered from memory and nobody else serves.
func (s *Store) rememberedConversation(ctx context.Context, key []byte) (of storedRow, known bool) {
	r := readingsOf(ctx)
	if r == nil || s.Servers() > 1 {
		return of, false
	}
	if of, known = s.memory.conversations.Get(string(key)); known {
		r.conversations = append(r.conversations, key)
	}
	return of, known
}

// indexes are what follows from a conversation's header.
func (s *Store) indexes(version int64, h record.Header) indexedAs {
	if h.Closed != 0 {
		h.Deadlines = nil
	}
	return indexedAs{version, s.sortedHashes(h.Terms), h.Deadlines}
}

// indexesBefore are the indexes of a conversation before it comes to a version, where they are known. That the version before is
// still the one stored is found out by the commit that needs them.
func (m *memory) indexesBefore(key []byte, version int64) (before indexedAs, known bool) {
	before, known = m.indexed.Get(string(key))
	if !known || before.version+1 != version {
		return indexedAs{}, version == 1 // a new one has none
	}
	return before, true
}

// sortedHashes are names as they stand in the database, in order and each once.
func (s *Store) sortedHashes(names []string) [][]byte {
	out := make([][]byte, 0, len(names))
	for _, n := range names {
		out = append(out, s.hash(n))
	}
	slices.SortFunc(out, bytes.Compare)
	return slices.CompactFunc(out, bytes.Equal)
}

// rowOf reads a record by its key, from memory where the caller may be answered by that. read is where it is noted that it was.
func (s *Store) rowOf(
	ctx context.Context, sql string, key []byte, remembered *record.Recent[string, storedRow],
	read func(r *readings) map[string]int64, open func(r storedRow) error,
) error {
	if r := readingsOf(ctx); r != nil {
		if row, known := remembered.Get(string(key)); known {
			read(r)[string(key)] = row.version
			return open(row)
		}
	}
	return s.read(ctx, func(q querier) error {
		var found storedRow
		if err := row(ctx, q, []any{&found.version, &found.record}, sql, key); err != nil {
			return err
		}
		if err := open(found); err != nil {
			return err
		}
		remembered.Put(string(key), found)
		return nil
	})
}

// rememberedOwner is whose an account is, where the caller may be answered from memory.
func (s *Store) rememberedOwner(ctx context.Context, account []byte) (owner accountRow, known bool) {
	r := readingsOf(ctx)
	if r == nil {
		return owner, false
	}
	if owner, known = s.memory.accounts.Get(string(account)); known {
		r.accounts[string(account)] = owner.person
	}
	return owner, known
}

// rememberedTerm is all that is filed under a term, where the caller may be answered from memory.
func (s *Store) rememberedTerm(ctx context.Context, term []byte) (found []namedKey, known bool) {
	r := readingsOf(ctx)
	if r == nil {
		return nil, false
	}
	if found, known = s.memory.terms.Get(string(term)); known {
		all := []byte{}
		for _, k := range found {
			all = append(all, k.sum...)
		}
		r.terms[string(term)] = all
	}
	return found, known
}
