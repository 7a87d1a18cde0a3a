package bolt

import (
	"bytes"
	"context"
	"slices"

	"nevermind/bot"
)

// Order loads one order as the shop last said it. ErrNone: there is none.
func (s *Store) Order(ctx context.Context, id string) (bot.Order, error) {
	return s.orders.read(ctx, s, orders, []byte(id), s.db.secrets.decodeOrder)
}

// Person loads one person. ErrNone: there is none.
func (s *Store) Person(ctx context.Context, id bot.PersonID) (bot.Person, error) {
	return s.people.read(ctx, s, people, []byte(id), s.db.secrets.personDecoder(id))
}

// PersonAt finds who an account belongs to. ErrNone: it is nobody's.
func (s *Store) PersonAt(ctx context.Context, account string) (out bot.Person, err error) {
	if id := s.accounts.get([]byte(account), latestTx); id != nil {
		// An account that has just changed hands is read from the file, where both are of one moment.
		if who := s.people.get([]byte(*id), latestTx); who != nil && slices.Contains(who.Accounts, account) {
			return clonePerson(who), s.usable(ctx)
		}
	}
	err = s.view(ctx, func(tx *transaction) (err error) {
		stored := bucketIn(tx, accounts).Get([]byte(account))
		if stored == nil {
			return bot.ErrNone
		}
		id := bot.PersonID(stored)
		s.accounts.put(account, uint64(tx.ID()), &id)
		out, err = s.people.readIn(tx, people, stored, s.db.secrets.personDecoder(id))
		if out.Name == bot.Erased {
			return bot.ErrNone
		}
		return err
	})
	return out, err
}

// OrdersOf lists a buyer's or seller's orders, the newest first, at most n, without the first skip.
func (s *Store) OrdersOf(ctx context.Context, who bot.PersonID, skip, n int) (out []bot.Order, err error) {
	err = s.view(ctx, func(tx *transaction) (err error) {
		scanBackward(bucketIn(tx, ordersOf), withLength(string(who)), nil, func(rest, _ []byte) bool {
			if skip > 0 {
				skip--
				return true
			}
			if len(out) >= n {
				return false
			}
			var o bot.Order
			if o, err = s.orders.readIn(tx, orders, rest[8:], s.db.secrets.decodeOrder); err != nil {
				return false
			}
			out = append(out, o)
			return true
		})
		return err
	})
	return out, err
}

// People lists those of one party in the order of their ids above after, at most n.
func (s *Store) People(ctx context.Context, p bot.Party, after bot.PersonID, n int) (out []bot.Person, err error) {
	err = s.view(ctx, func(tx *transaction) (err error) {
		prefix := []byte(bot.NewPersonID(p, ""))
		c := bucketIn(tx, people).Cursor()
		k := seekAbove(c, slices.MaxFunc([][]byte{prefix, []byte(after)}, bytes.Compare))
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

// readOrder decodes an order with its version.
func readOrder(tx *transaction, id []byte) (bot.Order, error) {
	v, record, err := readStored(tx, orders, id)
	if err != nil {
		return bot.Order{}, err
	}
	return tx.secrets.decodeOrder(v, record)
}

func (x *secrets) decodeOrder(version int64, record []byte) (bot.Order, error) {
	var o order
	if err := decode(record, &o); err != nil {
		return bot.Order{}, err
	}
	o.Version = version
	out := o.bot()
	return out, x.fill(o.Boxes, out.PutPersonal)
}

// readPerson decodes a person with their version.
func readPerson(tx *transaction, id []byte) (bot.Person, error) {
	v, record, err := readStored(tx, people, id)
	if err != nil {
		return bot.Person{}, err
	}
	return tx.secrets.personDecoder(bot.PersonID(id))(v, record)
}

// personDecoder decodes a person. One who was erased is known by their id, and is nobody.
func (x *secrets) personDecoder(id bot.PersonID) func(version int64, record []byte) (bot.Person, error) {
	return func(version int64, record []byte) (bot.Person, error) {
		var p person
		record, err := x.unseal(record)
		if erased(err) {
			return bot.Person{ID: id, Name: bot.Erased, Version: version}, nil
		}
		if err == nil {
			err = decode(record, &p)
		}
		if err != nil {
			return bot.Person{}, err
		}
		p.Version = version
		return bot.Person(p), nil
	}
}
