package engine

import (
	"context"
	"errors"
	"maps"
	"slices"

	"nevermind/bot"
)

// furtherReading is what a talk may read besides its view while a turn is decided: it is the view's Look. Reading cannot
// fail half-way through a turn, because the first error is sticky, as in bufio.Writer: from then on every read answers
// that there is nothing, without asking the store, and whoever made the turn throws it away with that error (readFault).
// One is made for each turn and used by one goroutine.
type furtherReading struct {
	ctx   context.Context
	load  *loader
	actor *bot.Person
	err   error // the first that a read has failed with
	about map[bot.PersonID]bool
}

func (l *loader) furtherReading(ctx context.Context, actor *bot.Person) *furtherReading {
	return &furtherReading{ctx: ctx, load: l, actor: actor, about: map[bot.PersonID]bool{}}
}

// readFault is the error that a view's further reading has failed with, nil where it has not.
func readFault(look bot.Look) error {
	if r, ok := look.(*furtherReading); ok {
		return r.err
	}
	return nil
}

// failed takes in how a read ended and says whether a read has failed, this one or one before it. ErrNone is an answer, not a
// failure: callers look for it first.
func (r *furtherReading) failed(err error) bool {
	if r.err == nil {
		r.err = err
	}
	return r.err != nil
}

// saw remembers whom something is about that was read: what is said then may name them.
func (r *furtherReading) saw(people ...bot.PersonID) {
	for _, id := range people {
		r.about[id] = true
	}
}

// sawFormOf remembers whom the record is about whose form a talk asks, or is to ask: its questions may name them.
func (r *furtherReading) sawFormOf(v *bot.View) {
	key := v.Conv.Facts["form_key"]
	if v.Event != nil && v.Event.Facts["form_key"] != "" {
		key = v.Event.Facts["form_key"]
	}
	if key == "" {
		return
	}
	c, err := r.load.cfg.Store.Conversation(r.ctx, bot.Key(key))
	if errors.Is(err, bot.ErrNone) || r.failed(err) {
		return
	}
	r.saw(peopleIn(&c)...)
}

// peopleIn are all whom a conversation is about: who takes part, and whose words or names stand in it.
func peopleIn(c *bot.Conversation) []bot.PersonID {
	return slices.AppendSeq(slices.Collect(maps.Values(c.Parties)), maps.Values(c.Whose))
}

// namedBy are all whom a turn's tasks may name: of a record whom it was and is about, and who acted; of a talk whom it has
// read of besides its own person.
func namedBy(v *bot.View, made *bot.Turn) (all []bot.PersonID) {
	self := bot.Desk
	if r, ok := v.Look.(*furtherReading); ok {
		all = slices.Collect(maps.Keys(r.about))
		self = r.actor.ID
	} else {
		all = append(slices.Concat(peopleIn(v.Conv), peopleIn(&made.Conv)), v.Actor.ID)
	}
	slices.Sort(all)
	return slices.DeleteFunc(slices.Compact(all), func(id bot.PersonID) bool { return id == "" || id == bot.Desk || id == self })
}

// Orders lists the actor's orders, newest first.
func (r *furtherReading) Orders(skip, n int) []bot.Order {
	if r.err != nil || r.actor.ID == "" {
		return nil
	}
	orders, err := r.load.cfg.Store.OrdersOf(r.ctx, r.actor.ID, skip, n)
	if r.failed(err) {
		return nil
	}
	for i := range orders {
		r.saw(orders[i].Buyer, orders[i].Seller)
	}
	return orders
}

// OrderByID finds one of the actor's own orders; support's people find every order.
func (r *furtherReading) OrderByID(id string) (*bot.Order, bool) {
	if r.err != nil {
		return nil, false
	}
	o, err := r.load.cfg.Store.Order(r.ctx, id)
	if errors.Is(err, bot.ErrNone) || r.failed(err) {
		return nil, false
	}
	if o.Buyer != r.actor.ID && o.Seller != r.actor.ID && r.actor.Party() != bot.Support {
		return nil, false
	}
	r.saw(o.Buyer, o.Seller)
	return &o, true
}

// Cases lists the first n conversations of a flow that are filed under the term, open or closed as the term says, oldest
// first.
func (r *furtherReading) Cases(term, flow string, n int) []bot.Conversation {
	var found []bot.Conversation
	for after := bot.Key(""); r.err == nil; {
		keys, err := r.load.cfg.Store.Find(r.ctx, term, after, atATime)
		if r.failed(err) {
			break
		}
		for _, k := range keys {
			after = k
			if k.Kind() != flow {
				continue
			}
			c, err := r.load.cfg.Store.Conversation(r.ctx, k)
			if r.failed(err) {
				return nil
			}
			r.saw(peopleIn(&c)...)
			if found = append(found, c); len(found) == n {
				return oldestFirst(found)
			}
		}
		if len(keys) < atATime {
			break
		}
	}
	if r.err != nil {
		return nil
	}
	return oldestFirst(found)
}

// atATime is how many keys are listed by one read.
const atATime = 100

// oldestFirst sorts conversations by when they were opened.
func oldestFirst(all []bot.Conversation) []bot.Conversation {
	slices.SortStableFunc(all, func(a, b bot.Conversation) int { return a.Opened.Compare(b.Opened) })
	return all
}

// Person finds somebody; who is not known has no name and no room.
func (r *furtherReading) Person(id bot.PersonID) *bot.Person {
	if r.err != nil {
		return &bot.Person{ID: id}
	}
	p, err := r.load.person(r.ctx, id)
	if r.failed(err) {
		return &bot.Person{ID: id}
	}
	r.saw(id)
	return p
}

// CaseKey is the key of the order's open record of a flow, a case or not, or of the next one to be opened.
func (r *furtherReading) CaseKey(flow, order string) bot.Key {
	if r.err != nil {
		return ""
	}
	key, err := r.load.caseKey(r.ctx, flow, order)
	if r.failed(err) {
		return ""
	}
	return key
}

// PolicyOf is the policy that counts for a record, before any override.
func (r *furtherReading) PolicyOf(c *bot.Conversation) *bot.Policy {
	if r.err != nil {
		return r.load.cfg.Policy
	}
	p, err := r.load.policyUnder(r.ctx, c.Facts[bot.PolicyFact])
	if r.failed(err) {
		return r.load.cfg.Policy
	}
	return p
}

// mostCases is how many records of a buyer, of one flow, are looked through.
const mostCases = 100

// casesOf are a buyer's cases of every flow that is one, open or closed: support's people see them beside a form.
func (r *furtherReading) casesOf(buyer bot.PersonID) []bot.Conversation {
	var all []bot.Conversation
	for _, f := range r.load.cfg.Flows.All {
		if f.Case {
			all = append(all, r.Cases(string(buyer), f.Name, mostCases)...)
		}
	}
	return all
}
