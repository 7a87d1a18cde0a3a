package engine

import (
	"context"
	"errors"

	"nevermind/bot"
)

// look reads further for a talk.
func (e *Engine) look(ctx context.Context, actor *bot.Person) bot.Look { return &reader{ctx, e, actor} }

// readFault is a panic that carries a read's error out of a turn.
type readFault struct{ err error }

// reader is what a talk may read besides; a read that fails ends the turn.
type reader struct {
	ctx   context.Context
	e     *Engine
	actor *bot.Person
}

func (r *reader) Orders(skip, n int) []bot.Order {
	if r.actor.ID == "" {
		return nil
	}
	orders, err := r.e.cfg.Store.OrdersOf(r.ctx, r.actor.ID, skip, n)
	r.must(err)
	return orders
}

func (r *reader) OrderByID(id string) (*bot.Order, bool) {
	o, err := r.e.cfg.Store.Order(r.ctx, id)
	if errors.Is(err, bot.ErrNone) || err == nil && o.Buyer != r.actor.ID && o.Seller != r.actor.ID && r.actor.Party() != bot.Support {
		return nil, false
	}
	r.must(err)
	return &o, true
}

func (r *reader) Cases(term, flow string, n int) []bot.Conversation {
	var found []bot.Conversation
	for after := bot.Key(""); ; {
		keys, err := r.e.cfg.Store.Find(r.ctx, term, after, 100)
		r.must(err)
		for _, k := range keys {
			after = k
			if k.Kind() != flow {
				continue
			}
			c, err := r.e.cfg.Store.Conversation(r.ctx, k)
			r.must(err)
			if found = append(found, c); len(found) == n {
				return found
			}
		}
		if len(keys) == 0 {
			return found
		}
	}
}

func (r *reader) Person(id bot.PersonID) *bot.Person {
	p, err := r.e.person(r.ctx, id)
	r.must(err)
	return p
}

func (r *reader) CaseKey(flow, order string) bot.Key {
	key, err := r.e.caseKey(r.ctx, flow, order)
	r.must(err)
	return key
}

func (r *reader) must(err error) {
	if err != nil {
		panic(readFault{err}) // ends this turn only, see decideOn
	}
}
