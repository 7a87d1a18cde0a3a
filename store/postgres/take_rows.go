package postgres

import (
	"cmp"
	"context"
	"encoding/binary"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"

	"nevermind/bot"
	"nevermind/store/record"
)

// movingKey is where meta keeps how many rows have been taken in, and their digest.
const movingKey = "moving"

// Prepare makes the schema of a store that is to take in another's rows, with that store's keys, where it was not made already.
func Prepare(ctx context.Context, url string, head record.HeadRow) error {
	pool, err := connect(ctx, url, 2)
	if err != nil {
		return fmt.Errorf("open the database: %w", err)
	}
	defer pool.Close()
	if err := migrate(ctx, pool); err != nil {
		return err
	}
	_, err = pool.Exec(ctx, `INSERT INTO meta (name, value) VALUES ($1, $2), ($3, $4) ON CONFLICT DO NOTHING`,
		keysKey, record.JoinKeys(head.Keys), ringKey, []byte(head.Ring))
	return err
}

// Taken is how many rows were taken in, with their digest.
func (s *Store) Taken(ctx context.Context) (n int, digest []byte, err error) {
	err = s.read(ctx, func(q querier) error {
		var kept []byte
		err := row(ctx, q, []any{&kept}, `SELECT value FROM meta WHERE name = $1`, movingKey)
		if err == nil && len(kept) > 8 {
			n, digest = int(binary.BigEndian.Uint64(kept)), kept[8:]
		}
		return err
	})
	if errors.Is(err, bot.ErrNone) {
		err = nil
	}
	return n, digest, err
}

// Take takes rows in, in one transaction: those of a table together, as COPY has it.
func (s *Store) Take(ctx context.Context, rows []record.Row, n int, digest []byte) error {
	return s.inTransaction(ctx, func(tx pgx.Tx) error {
		w := rowWriter{s: s, ctx: ctx, tx: tx, into: map[string][][]any{}}
		if err := w.readNames(rows); err != nil {
			return err
		}
		for _, r := range rows {
			if err := w.row(r); err != nil {
				return err
			}
		}
		for _, t := range rowTables {
			if len(w.into[t.name]) == 0 {
				continue
			}
			if _, err := tx.CopyFrom(ctx, pgx.Identifier{t.name}, t.columns, pgx.CopyFromRows(w.into[t.name])); err != nil {
				return err
			}
		}
		return putMeta(ctx, tx, movingKey, append(seqBytes(uint64(n)), digest...))
	})
}

// Finish ends a move: what follows from the rows is made.
func (s *Store) Finish(ctx context.Context) error {
	return s.inTransaction(ctx, func(tx pgx.Tx) error {
		if err := anyPlan(ctx, tx); err != nil {
			return err
		}
		for _, sql := range []string{
			`DELETE FROM lanes`,
			`INSERT INTO lanes (lane, head, due, turn) SELECT lane, seq, GREATEST(made, not_before), nextval('epochs') FROM (
				SELECT DISTINCT ON (lane) lane, seq, made, not_before FROM tasks WHERE state = 'waiting' ORDER BY lane, seq) h ORDER BY seq`,
			`INSERT INTO cards AS c (room, card, edit)
				SELECT room, card, max(seq) FROM tasks WHERE state = 'waiting' AND edits GROUP BY room, card
				ON CONFLICT (room, card) DO UPDATE SET edit = excluded.edit`,
			`ANALYZE`,
		} {
			if _, err := tx.Exec(ctx, sql); err != nil {
				return err
			}
		}
		return nil
	})
}

// rowTables are the tables into which rows go, and their columns in the order in which rowWriter gives them.
var rowTables = []struct {
	name    string
	columns []string
}{
	{"names", []string{"hash", "name"}},
	{"subjects", []string{"hash", "slot"}},
	{"named_values", []string{"name", "value"}},
	{"handled", []string{"id", "at", "mark"}},
	{"conversations", []string{"key", "version", "kind", "flow", "state", "changed", "closed", "record"}},
	{"journal", []string{"conversation", "seq", "at", "record"}},
	{"orders", []string{"id", "version", "buyer", "seller", "placed", "record"}},
	{"people", []string{"id", "version", "party", "record"}},
	{"accounts", []string{"account", "person"}},
	{"terms", []string{"term", "conversation"}},
	{"deadlines", []string{"conversation", "at", "name", "event", "visit"}},
	{"offers", []string{"made", "conversation", "at", "late", "rests"}},
	{"tasks", []string{"seq", "id", "lane", "kind", "class", "state", "made", "not_before", "at", "attempts", "answered", "passing",
		"room", "card", "edits", "ref", "record", "outcome"}},
	{"said", []string{"room", "seq", "at", "record"}},
	{"sent", []string{"room", "ref", "conversation"}},
	{"cards", []string{"room", "card", "ref", "name"}},
}

// rowWriter makes of rows what stands in tables.
type rowWriter struct {
	s    *Store
	ctx  context.Context
	tx   pgx.Tx
	into map[string][][]any
	had  map[string][]byte // names that are needed, and are there already, by their hashes
}

// readNames reads the names of conversations and people that were taken in before.
func (w *rowWriter) readNames(rows []record.Row) error {
	var hashes [][]byte
	for _, r := range rows {
		if v, ok := r.(record.VersionedRow); ok && v.Of != record.OfOrder {
			hashes = append(hashes, v.Key[len(v.Key)-record.HashedName:])
		}
	}
	w.had = map[string][]byte{}
	if len(hashes) == 0 {
		return nil
	}
	var hash, name []byte
	return each(w.ctx, w.tx, []any{&hash, &name}, func() error {
		w.had[string(hash)] = own(name)
		return nil
	}, `SELECT hash, name FROM names WHERE hash = ANY ($1::bytea[])`, hashes)
}

func (w *rowWriter) add(table string, columns ...any) error {
	w.into[table] = append(w.into[table], columns)
	return nil
}

func (w *rowWriter) row(row record.Row) error {
	s := w.s
	switch r := row.(type) {
	case record.HeadRow:
		return w.head(&r)
	case record.NameRow:
		return w.add("names", r.Hash, s.encrypt(r.Name, "names", r.Hash))
	case record.SubjectRow:
		return w.add("subjects", r.Hash, int64(r.Slot))
	case record.ValueRow:
		return w.add("named_values", r.Name, s.encrypt(r.Value, "values", []byte(r.Name)))
	case record.HandledRow:
		return w.add("handled", r.ID, int64(r.At), int64(0))
	case record.VersionedRow:
		return w.record(&r)
	case record.EntryRow:
		e, err := s.secrets.DecodeEntry("", int(r.Seq), r.Record)
		if record.IsErased(err) {
			return nil
		}
		if err != nil {
			return err
		}
		return w.add("journal", r.Conversation, int64(r.Seq), int64(record.ToInstant(e.At)),
			s.encrypt(r.Record, "journal", r.Conversation, seqBytes(r.Seq)))
	case record.AccountRow:
		return w.add("accounts", r.Account, s.personKey(bot.PersonID(r.Person)))
	case record.TermRow:
		return w.add("terms", r.Term, r.Conversation)
	case record.DeadlineRow:
		d := &r.Deadline
		return w.add("deadlines", r.Conversation, sortable(d.At), d.Name, d.Event, int64(d.Visit))
	case record.OfferRow:
		return w.add("offers", r.Made, r.Conversation, int64(r.At), r.Late, r.Rests)
	case record.TaskRow:
		return w.task(&r)
	case record.SaidRow:
		var stored []byte
		if r.Record != nil {
			stored = s.encrypt(r.Record, "said", r.Room)
		}
		return w.add("said", r.Room, int64(r.Seq), int64(r.At), stored)
	case record.SentRow:
		return w.add("sent", r.Room, r.Ref, r.Conversation)
	case record.CardRow:
		return w.add("cards", r.Room, r.Card, s.hashOnce(r.Ref), s.encrypt([]byte(r.Ref), "cards", r.Room, r.Card))
	}
	return fmt.Errorf("%w: a %T cannot be taken in", bot.ErrNewer, row)
}

func (w *rowWriter) head(r *record.HeadRow) error {
	if r.Number > 0 {
		if _, err := w.tx.Exec(w.ctx, `SELECT setval('numbers', $1)`, int64(r.Number)); err != nil {
			return err
		}
	}
	if r.Swept == 0 {
		return nil
	}
	return putMeta(w.ctx, w.tx, sweptKey, seqBytes(r.Swept))
}

func (w *rowWriter) record(r *record.VersionedRow) error {
	s := w.s
	switch r.Of {
	case record.OfConversation:
		c, h, err := s.secrets.DecodeConversation("", r.Version, r.Record)
		if record.IsErased(err) {
			return nil
		}
		if err != nil {
			return err
		}
		kind, err := w.kind(r.Key)
		if err != nil {
			return err
		}
		return w.add("conversations", r.Key, r.Version, kind, c.Flow, c.State, int64(h.Changed), int64(h.Closed),
			s.encrypt(r.Record, "conversations", r.Key))
	case record.OfOrder:
		o, err := s.secrets.DecodeOrder(r.Version, r.Record)
		if err != nil {
			return err
		}
		return w.add("orders", r.Key, r.Version, s.hashOrNull(string(o.Buyer)), s.hashOrNull(string(o.Seller)),
			sortable(record.ToInstant(o.Placed)), s.encrypt(r.Record, "orders", r.Key))
	case record.OfPerson:
		id, err := s.personOf(r.Key, w.name(r.Key[len(r.Key)-record.HashedName:]))
		if err != nil {
			return err
		}
		party, _ := id.Split()
		return w.add("people", r.Key, r.Version, string(party), s.encrypt(r.Record, "people", r.Key))
	}
	return fmt.Errorf("%w: a record of kind %d cannot be taken in", bot.ErrNewer, r.Of)
}

// kind is that of a conversation.
func (w *rowWriter) kind(key []byte) (string, error) {
	name, err := w.s.name(key, w.name(key))
	return bot.Key(name).Kind(), err
}

// name is what the store has for a hash: from the rows of this transaction, or those before it.
func (w *rowWriter) name(hash []byte) (stored []byte) {
	if stored = w.had[string(hash)]; stored != nil {
		return stored
	}
	for _, columns := range w.into["names"] {
		if string(columns[0].([]byte)) == string(hash) {
			return columns[1].([]byte)
		}
	}
	return nil // which is told by who asks
}

func (w *rowWriter) task(r *record.TaskRow) error {
	s := w.s
	plain, err := s.secrets.Unseal(r.Record)
	var t record.Task
	if err == nil {
		err = record.Decode(plain, &t)
	}
	if err != nil {
		return err
	}
	asked := t.Bot(r.Seq, r.Attempts)
	var room, card, ref, ended []byte
	edits := false
	if said := asked.Reply; said != nil {
		room, card = s.hash(string(said.Room)), s.hashOrNull(string(cmp.Or(said.Card, said.From)))
		edits = said.Mode == bot.Edit && said.Card != ""
	}
	id, state, at, answered := s.hashOnce(t.ID), bot.TaskWaiting, r.Made, false
	if e := r.Outcome; e != nil {
		state, at, answered, ref = cmp.Or(e.State, bot.TaskDone), e.At, e.Event != "", s.onceOrNull(string(e.Ref))
		encoded, err := record.Encode(*e)
		if err != nil {
			return err
		}
		ended = s.encrypt(encoded, "outcomes", id)
	}
	passing := record.Forgettable(&bot.TaskRecord{Task: asked, State: bot.TaskDone})
	return w.add("tasks", int64(r.Seq), id, s.hash(t.Lane), laneKind(t.Lane), string(t.Class), string(state), int64(r.Made),
		int64(r.NotBefore), int64(at), int32(r.Attempts), answered, passing, room, card, edits, ref,
		s.encrypt(r.Record, "tasks", id), ended)
}
