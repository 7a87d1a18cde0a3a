package postgres

import (
	"bytes"
	"context"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"nevermind/bot"
	"nevermind/store/record"
)

// row reads one row and what becomes of it.
func row(ctx context.Context, q querier, into []any, sql string, args ...any) error {
	return q.QueryRow(ctx, sql, args...).Scan(into...)
}

// each reads rows one by one.
func each(ctx context.Context, q querier, into []any, f func() error, sql string, args ...any) error {
	rows, err := q.Query(ctx, sql, args...)
	if err != nil {
		return err
	}
	_, err = pgx.ForEachRow(rows, into, f)
	return err
}

// Conversation loads one conversation. bot.ErrNone: there is none under that key.
func (s *Store) Conversation(ctx context.Context, key bot.Key) (out bot.Conversation, err error) {
	sum := s.hash(string(key))
	open := func(of storedRow) error {
		var header record.Header
		out, header, err = s.openConversation(key, sum, of.version, of.record)
		if err == nil {
			s.memory.indexed.Put(string(sum), s.indexes(of.version, header))
		}
		return record.GoneIsNone(err)
	}
	if of, there := readingsOf(ctx).takeAlong(sum); there {
		return out, open(of)
	}
	if of, known := s.rememberedConversation(ctx, sum); known {
		return out, open(of)
	}
	err = s.read(ctx, func(q querier) error {
		var of storedRow
		err := row(ctx, q, []any{&of.version, &of.record}, `SELECT version, record FROM conversations WHERE key = $1`, sum)
		if err == nil {
			err = open(of)
		}
		if err == nil {
			s.memory.conversations.Put(string(sum), of)
		}
		return err
	})
	return out, err
}

func (s *Store) openConversation(key bot.Key, sum []byte, version int64, stored []byte) (bot.Conversation, record.Header, error) {
	plain, err := s.decrypt(stored, "conversations", sum)
	if err != nil {
		return bot.Conversation{}, record.Header{}, err
	}
	return s.secrets.DecodeConversation(key, version, plain)
}

// Order loads one order as the shop last said it. bot.ErrNone: there is none.
func (s *Store) Order(ctx context.Context, id string) (out bot.Order, err error) {
	sum := s.hash(id)
	err = s.rowOf(ctx, `SELECT version, record FROM orders WHERE id = $1`, sum, s.memory.orders, func(r *readings) map[string]int64 {
		return r.orders
	}, func(r storedRow) error {
		out, err = s.openOrder(sum, r.version, r.record)
		return err
	})
	return out, err
}

func (s *Store) openOrder(sum []byte, version int64, stored []byte) (bot.Order, error) {
	plain, err := s.decrypt(stored, "orders", sum)
	if err != nil {
		return bot.Order{}, err
	}
	return s.secrets.DecodeOrder(version, plain)
}

// OrdersOf lists a buyer's or seller's orders, the newest first, at most n, without the first skip.
func (s *Store) OrdersOf(ctx context.Context, who bot.PersonID, skip, n int) (out []bot.Order, err error) {
	err = s.read(ctx, func(q querier) error {
		out = nil
		var version, placed int64
		var id, stored []byte
		return each(ctx, q, []any{&id, &placed, &version, &stored}, func() error {
			o, err := s.openOrder(id, version, stored)
			out = append(out, o)
			return err
		}, `(SELECT id, placed, version, record FROM orders WHERE buyer = $1 ORDER BY placed DESC, id DESC LIMIT $2)
			UNION ALL
			(SELECT id, placed, version, record FROM orders WHERE seller = $1 ORDER BY placed DESC, id DESC LIMIT $2)
			ORDER BY placed DESC, id DESC OFFSET $3 LIMIT $4`, s.hash(string(who)), skip+n, skip, n)
	})
	return out, err
}

// Person loads one person. bot.ErrNone: there is none.
func (s *Store) Person(ctx context.Context, id bot.PersonID) (out bot.Person, err error) {
	sum := s.personKey(id)
	err = s.rowOf(ctx, `SELECT version, record FROM people WHERE id = $1`, sum, s.memory.people, func(r *readings) map[string]int64 {
		return r.people
	}, func(r storedRow) error {
		out, err = s.openPerson(id, sum, r.version, r.record)
		return err
	})
	return out, err
}

func (s *Store) openPerson(id bot.PersonID, sum []byte, version int64, stored []byte) (bot.Person, error) {
	plain, err := s.decrypt(stored, "people", sum)
	if err != nil {
		return bot.Person{}, err
	}
	return s.secrets.PersonDecoder(id)(version, plain)
}

// PersonAt finds who an account belongs to. bot.ErrNone: it is nobody's.
func (s *Store) PersonAt(ctx context.Context, account string) (out bot.Person, err error) {
	sum := s.hash(account)
	if owner, known := s.rememberedOwner(ctx, sum); known {
		id, err := s.personOf(owner.person, owner.name)
		if err == nil {
			out, err = s.Person(ctx, id)
		}
		return unlessErased(out, err)
	}
	err = s.read(ctx, func(q querier) error {
		var owner accountRow
		var of storedRow
		err := row(ctx, q, []any{&owner.person, &owner.name, &of.version, &of.record}, `SELECT p.id, n.name, p.version, p.record
			FROM accounts a JOIN people p ON p.id = a.person LEFT JOIN names n ON n.hash = `+nameInPerson+` WHERE a.account = $1`, sum)
		if err != nil {
			return err
		}
		id, err := s.personOf(owner.person, owner.name)
		if err == nil {
			out, err = s.openPerson(id, owner.person, of.version, of.record)
		}
		if err == nil {
			s.memory.accounts.Put(string(sum), owner)
			s.memory.people.Put(string(owner.person), of)
		}
		return err
	})
	return unlessErased(out, err)
}

// unlessErased is somebody who has an account; who was erased has none.
func unlessErased(who bot.Person, err error) (bot.Person, error) {
	if err == nil && who.Name == bot.Erased {
		err = bot.ErrNone
	}
	if err != nil {
		return bot.Person{}, err
	}
	return who, nil
}

// personKey is where a person stands: their party as it is, and the hash of the rest of their id.
func (s *Store) personKey(id bot.PersonID) []byte {
	party, own := id.Split()
	return append([]byte(party+":"), s.hash(own)...)
}

// nameInPerson is the hash in the key of p, a person.
const nameInPerson = `substr(p.id, length(p.party) + 2)`

// personOf reads back whose a key is.
func (s *Store) personOf(key, name []byte) (bot.PersonID, error) {
	party, sum, _ := bytes.Cut(key, []byte{':'})
	own, err := s.name(sum, name)
	return bot.NewPersonID(bot.Party(party), own), err
}

// abovePerson is a key to go on after; below all of them for an empty id.
func (s *Store) abovePerson(id bot.PersonID) []byte {
	if id == "" {
		return []byte{}
	}
	return s.personKey(id)
}

// People lists those of one party, at most n, after an id.
func (s *Store) People(ctx context.Context, p bot.Party, after bot.PersonID, n int) (out []bot.Person, err error) {
	err = s.read(ctx, func(q querier) error {
		out = nil
		var version int64
		var id, name, stored []byte
		return each(ctx, q, []any{&id, &name, &version, &stored}, func() error {
			known, err := s.personOf(id, name)
			if unreadable(err) {
				return nil
			}
			if err != nil {
				return err
			}
			who, err := s.openPerson(known, id, version, stored)
			if unreadable(err) {
				return nil
			}
			out = append(out, who)
			return err
		}, `SELECT p.id, n.name, p.version, p.record FROM people p LEFT JOIN names n ON n.hash = `+nameInPerson+`
			WHERE p.party = $1 AND p.id > $2 ORDER BY p.id LIMIT $3`, string(p), s.abovePerson(after), n)
	})
	return out, err
}

// above is a hash to go on after; below all of them for an empty name.
func (s *Store) above(name string) []byte {
	if name == "" {
		return []byte{}
	}
	return s.hash(name)
}

// Find lists the keys of the conversations filed under a term, at most n, after a key.
func (s *Store) Find(ctx context.Context, term string, after bot.Key, n int) (out []bot.Key, err error) {
	sum, above := s.hash(term), s.above(string(after))
	found, whole := s.rememberedTerm(ctx, sum)
	for {
		if !whole {
			if found, err = s.filed(ctx, sum, above, n); err != nil {
				return nil, err
			}
			if whole = len(found) < n; whole && len(above) == 0 {
				s.memory.terms.Put(string(sum), found)
			}
		}
		for _, k := range found {
			if len(out) == n {
				return out, nil
			}
			if bytes.Compare(k.sum, above) <= 0 {
				continue
			}
			above = k.sum
			key, err := s.name(k.sum, k.name)
			if record.IsErased(err) {
				continue
			}
			if err != nil {
				return nil, err
			}
			out = append(out, bot.Key(key))
		}
		if whole || len(out) == n {
			return out, nil
		}
	}
}

// filed reads what is filed under a term, at most n, after a hash.
func (s *Store) filed(ctx context.Context, term, after []byte, n int) (found []namedKey, err error) {
	err = s.read(ctx, func(q querier) error {
		found = nil
		var k namedKey
		return each(ctx, q, []any{&k.sum, &k.name}, func() error {
			found = append(found, namedKey{slices.Clone(k.sum), slices.Clone(k.name)})
			return nil
		}, `SELECT t.conversation, n.name FROM terms t LEFT JOIN names n ON n.hash = t.conversation
			WHERE t.term = $1 AND t.conversation > $2 ORDER BY t.conversation LIMIT $3`, term, after, n)
	})
	return found, err
}

// Offered returns which conversation offered the button with this token, also one that is off offer by now. bot.ErrNone: nobody
// did, or a sweep has retired it.
func (s *Store) Offered(ctx context.Context, token string) (key bot.Key, err error) {
	made, rest := token, ""
	if len(token) == record.IdLength {
		made, rest = token[:record.IdTime], token[record.IdTime:]
	}
	if key, known := s.rememberedOffer(ctx, made, rest); known {
		return key, nil
	}
	var sum, name []byte
	var version *int64
	var stored []byte
	err = s.read(ctx, func(q querier) error {
		return row(ctx, q, []any{&sum, &name, &version, &stored}, `SELECT o.conversation, n.name, c.version, c.record FROM offers o
			LEFT JOIN names n ON n.hash = o.conversation LEFT JOIN conversations c ON c.key = o.conversation
			WHERE o.made = $1 AND $2 = ANY (o.rests) LIMIT 1`, made, rest)
	})
	if err != nil {
		return "", err
	}
	if version != nil {
		readingsOf(ctx).bringAlong(sum, storedRow{*version, stored})
	}
	known, err := s.name(sum, name)
	return bot.Key(known), record.GoneIsNone(err)
}

// Sender returns which conversation sent a message, by the room and the platform's ref. bot.ErrNone: none.
func (s *Store) Sender(ctx context.Context, room bot.Room, ref bot.Ref) (key bot.Key, err error) {
	var sum, name []byte
	err = s.read(ctx, func(q querier) error {
		return row(ctx, q, []any{&sum, &name}, `SELECT s.conversation, n.name FROM sent s LEFT JOIN names n ON n.hash = s.conversation
			WHERE s.room = $1 AND s.ref = $2`, s.hash(string(room)), s.hashOnce(string(ref)))
	})
	if err != nil {
		return "", err
	}
	known, err := s.name(sum, name)
	return bot.Key(known), record.GoneIsNone(err)
}

// Due lists the deadlines at or before now, earliest first, at most n. They stay listed until a commit of their conversation
// replaces them.
func (s *Store) Due(ctx context.Context, now time.Time, n int) (out []bot.DueDeadline, err error) {
	err = s.read(ctx, func(q querier) error {
		out = nil
		var at, visit int64
		var window, event string
		var sum, name []byte
		return each(ctx, q, []any{&at, &sum, &name, &window, &event, &visit}, func() error {
			key, err := s.name(sum, name)
			if record.IsErased(err) {
				return nil
			}
			d := bot.DeadlineNamed(window)
			d.At, d.Event, d.Visit = fromSortable(at).Time(), event, int(visit)
			out = append(out, bot.DueDeadline{Key: bot.Key(key), Deadline: d})
			return err
		}, `SELECT d.at, d.conversation, n.name, d.name, d.event, d.visit FROM deadlines d LEFT JOIN names n ON n.hash = d.conversation
			WHERE d.at <= $1 ORDER BY d.at, d.conversation, length(d.name), d.name, length(d.event), d.event, d.visit LIMIT $2`,
			record.ToInstant(now), n)
	})
	return out, err
}

// NextDeadline returns the earliest deadline of all, the zero time where there is none.
func (s *Store) NextDeadline(ctx context.Context) (first time.Time, err error) {
	err = s.read(ctx, func(q querier) error {
		var at *int64
		err := row(ctx, q, []any{&at}, `SELECT min(at) FROM deadlines`)
		if at != nil {
			first = fromSortable(*at).Time()
		}
		return err
	})
	return first, err
}

// Value returns what is kept under a name. bot.ErrNone: nothing is.
func (s *Store) Value(ctx context.Context, name string) (value []byte, err error) {
	err = s.read(ctx, func(q querier) error {
		var stored []byte
		if err := row(ctx, q, []any{&stored}, `SELECT value FROM named_values WHERE name = $1`, name); err != nil {
			return err
		}
		value, err = s.decrypt(stored, "values", []byte(name))
		return err
	})
	return value, err
}

// SetValue keeps something small under a name and overwrites what was there.
func (s *Store) SetValue(ctx context.Context, name string, value []byte) error {
	if err := record.ValidName("value", name); err != nil {
		return err
	}
	return s.change(ctx, func(b *batch) error {
		b.do(`INSERT INTO named_values (name, value) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET value = excluded.value`,
			name, s.encrypt(value, "values", []byte(name)))
		return nil
	})
}
