package bolt

import (
	"bytes"
	"context"
	"encoding/binary"
	"slices"
	"time"

	"go.etcd.io/bbolt"

	"nevermind/bot"
)

// Conversation loads one conversation.
func (s *Store) Conversation(ctx context.Context, key bot.Key) (out bot.Conversation, err error) {
	err = s.view(ctx, func(tx *bbolt.Tx) error {
		v, record, err := stored(tx, conversations, conversationKey(key))
		if err != nil {
			return err
		}
		var h header
		var c conversation
		if err := decode(record, &h, &c); err != nil {
			return err
		}
		out = c.bot(key, v, &h)
		return nil
	})
	return out, err
}

// Order loads one order.
func (s *Store) Order(ctx context.Context, id string) (out bot.Order, err error) {
	err = s.view(ctx, func(tx *bbolt.Tx) (err error) {
		out, err = readOrder(tx, []byte(id))
		return err
	})
	return out, err
}

// Person loads one person.
func (s *Store) Person(ctx context.Context, id bot.PersonID) (out bot.Person, err error) {
	err = s.view(ctx, func(tx *bbolt.Tx) (err error) {
		out, err = readPerson(tx, []byte(id))
		return err
	})
	return out, err
}

// PersonAt finds who an account belongs to.
func (s *Store) PersonAt(ctx context.Context, account string) (out bot.Person, err error) {
	err = s.view(ctx, func(tx *bbolt.Tx) (err error) {
		id := in(tx, accounts).Get([]byte(account))
		if id == nil {
			return bot.ErrNone
		}
		out, err = readPerson(tx, id)
		return err
	})
	return out, err
}

// OrdersOf lists a person's orders, newest first.
func (s *Store) OrdersOf(ctx context.Context, who bot.PersonID, skip, n int) (out []bot.Order, err error) {
	err = s.view(ctx, func(tx *bbolt.Tx) (err error) {
		spanBack(in(tx, ordersOf), name(string(who)), nil, func(rest, _ []byte) bool {
			if skip > 0 {
				skip--
				return true
			}
			if len(out) >= n {
				return false
			}
			var o bot.Order
			if o, err = readOrder(tx, rest[8:]); err != nil {
				return false
			}
			out = append(out, o)
			return true
		})
		return err
	})
	return out, err
}

// People lists those of one party by id.
func (s *Store) People(ctx context.Context, p bot.Party, after bot.PersonID, n int) (out []bot.Person, err error) {
	err = s.view(ctx, func(tx *bbolt.Tx) (err error) {
		prefix := []byte(bot.NewPersonID(p, ""))
		c := in(tx, people).Cursor()
		k := seekAfter(c, slices.MaxFunc([][]byte{prefix, []byte(after)}, bytes.Compare))
		for ; bytes.HasPrefix(k, prefix) && len(out) < n; k, _ = c.Next() {
			who, err := readPerson(tx, k)
			if err != nil {
				return err
			}
			out = append(out, who)
		}
		return nil
	})
	return out, err
}

// Find lists the keys of the conversations filed under a term.
func (s *Store) Find(ctx context.Context, term string, after bot.Key, n int) (out []bot.Key, err error) {
	err = s.view(ctx, func(tx *bbolt.Tx) error {
		span(in(tx, terms), name(term), []byte(after), func(rest, _ []byte) bool {
			if len(out) >= n {
				return false
			}
			out = append(out, bot.Key(rest))
			return true
		})
		return nil
	})
	return out, err
}

// Offered returns which conversation offered the button with this token.
func (s *Store) Offered(ctx context.Context, token string) (key bot.Key, err error) {
	err = s.view(ctx, func(tx *bbolt.Tx) error {
		v := in(tx, tokens).Get([]byte(token))
		if v == nil {
			return bot.ErrNone
		}
		key = tokenKey(v)
		return nil
	})
	return key, err
}

// Sender returns which conversation sent a message.
func (s *Store) Sender(ctx context.Context, room bot.Room, ref bot.Ref) (key bot.Key, err error) {
	err = s.view(ctx, func(tx *bbolt.Tx) error {
		v := in(tx, sent).Get(sentKey(room, ref))
		if v == nil {
			return bot.ErrNone
		}
		key = bot.Key(v)
		return nil
	})
	return key, err
}

// Journal lists a conversation's entries.
func (s *Store) Journal(ctx context.Context, key bot.Key, after, n int) (out []bot.Entry, err error) {
	err = s.view(ctx, func(tx *bbolt.Tx) (err error) {
		prefix := append(name(string(key)), journal)
		span(in(tx, conversations), prefix, seqKey(uint64(max(0, after))), func(rest, v []byte) bool {
			if len(out) >= n {
				return false
			}
			var e entry
			if err = decode(v, &e); err != nil {
				return false
			}
			out = append(out, e.bot(key, int(binary.BigEndian.Uint64(rest))))
			return true
		})
		return err
	})
	return out, err
}

// Task returns a task and what became of it.
func (s *Store) Task(ctx context.Context, id string) (out bot.TaskRecord, err error) {
	err = s.view(ctx, func(tx *bbolt.Tx) (err error) {
		seq := in(tx, taskIDs).Get([]byte(id))
		if seq == nil {
			return bot.ErrNone
		}
		out, err = readTask(tx, seq)
		return err
	})
	return out, err
}

// Due lists deadlines at or before now, earliest first.
func (s *Store) Due(ctx context.Context, now time.Time, n int) (out []bot.DueDeadline, err error) {
	err = s.view(ctx, func(tx *bbolt.Tx) error {
		c := in(tx, deadlines).Cursor()
		for k, _ := c.First(); k != nil && instantOf(k) <= at(now) && len(out) < n; k, _ = c.Next() {
			out = append(out, readDeadline(k))
		}
		return nil
	})
	return out, err
}

// NextDeadline returns the earliest deadline of all.
func (s *Store) NextDeadline(ctx context.Context) (first time.Time, err error) {
	err = s.view(ctx, func(tx *bbolt.Tx) error {
		if k, _ := in(tx, deadlines).Cursor().First(); k != nil {
			first = instantOf(k).time()
		}
		return nil
	})
	return first, err
}

// Value returns what is kept under a name.
func (s *Store) Value(ctx context.Context, name string) (value []byte, err error) {
	err = s.view(ctx, func(tx *bbolt.Tx) error {
		v := in(tx, values).Get([]byte(name))
		if v == nil {
			return bot.ErrNone
		}
		value = bytes.Clone(v)
		return nil
	})
	return value, err
}

// SetValue keeps something small under a name.
func (s *Store) SetValue(ctx context.Context, name string, value []byte) error {
	n := names{}
	if n.full("value", name); n.err != nil {
		return n.err
	}
	value = bytes.Clone(value)
	return s.update(ctx, func(b *batch) error {
		b.put(values, []byte(name), value)
		return nil
	})
}

// stored reads a record that has a version.
func stored(tx *bbolt.Tx, b bucket, key []byte) (int64, []byte, error) {
	v := in(tx, b).Get(key)
	if v == nil {
		return 0, nil, bot.ErrNone
	}
	return version(v)
}

func readOrder(tx *bbolt.Tx, id []byte) (bot.Order, error) {
	v, record, err := stored(tx, orders, id)
	if err != nil {
		return bot.Order{}, err
	}
	var o order
	if err := decode(record, &o); err != nil {
		return bot.Order{}, err
	}
	o.Version = v
	return o.bot(), nil
}

func readPerson(tx *bbolt.Tx, id []byte) (bot.Person, error) {
	v, record, err := stored(tx, people, id)
	if err != nil {
		return bot.Person{}, err
	}
	var p person
	if err := decode(record, &p); err != nil {
		return bot.Person{}, err
	}
	p.Version = v
	return bot.Person(p), nil
}
