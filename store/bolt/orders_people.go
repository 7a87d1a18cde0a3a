package bolt

import (
	"bytes"
	"context"
	"errors"
	"slices"

	"nevermind/bot"
)

// Order loads one order as the shop last said it. ErrNone: there is none.
func (s *Store) Order(ctx context.Context, id string) (bot.Order, error) {
	return s.orders.read(ctx, s, orders, []byte(id), s.db.secrets.DecodeOrder)
}

// Person loads one person. ErrNone: there is none.
func (s *Store) Person(ctx context.Context, id bot.PersonID) (bot.Person, error) {
	return s.people.read(ctx, s, people, []byte(id), s.db.secrets.PersonDecoder(id))
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
		s.accounts.put(account, tx.ID(), &id)
		out, err = s.people.readIn(tx, people, stored, s.db.secrets.PersonDecoder(id))
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
			if o, err = s.orders.readIn(tx, orders, rest[8:], s.db.secrets.DecodeOrder); err != nil {
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
		c := bucketIn(tx, people).Readable()
		k := seekAbove(c, slices.MaxFunc([][]byte{prefix, []byte(after)}, bytes.Compare))
		for ; bytes.HasPrefix(k, prefix) && len(out) < n; k, _ = c.Next() {
			who, err := readable(func() (bot.Person, error) { return readPerson(tx, k) })
			if errors.Is(err, bot.ErrBroken) {
				continue // the others can be reached
			}
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
	return tx.secrets.DecodeOrder(v, record)
}

// readPerson decodes a person with their version.
func readPerson(tx *transaction, id []byte) (bot.Person, error) {
	v, record, err := readStored(tx, people, id)
	if err != nil {
		return bot.Person{}, err
	}
	return tx.secrets.PersonDecoder(bot.PersonID(id))(v, record)
}
