package bot

import (
	"context"
	"errors"
	"slices"
	"strconv"
)

// view loads a conversation as a turn will see it; one that was never stored is there without a state.
func (e *Engine) view(ctx context.Context, key Key) (*View, error) {
	v := &View{Now: e.Now(), Policy: e.cfg.Policy, BasePolicy: e.cfg.Policy, Seed: e.newSeed(), Renderer: e.book}
	c, err := e.cfg.Store.Conversation(ctx, key)
	if errors.Is(err, ErrNone) {
		c = Conversation{Key: key, Frame: Frame{Flow: key.Kind()}, Opened: v.Now}
		if key.Kind() == "talk" {
			c.Flow = e.cfg.Flows.Home
		}
	} else if err != nil {
		return nil, err
	}
	if e.book.flows[c.Flow] == nil {
		return nil, ErrNone
	}
	v.Conv, v.Frame = &c, &c.Frame
	return v, nil
}

// cast loads who and what a turn is about, once its event is known.
func (e *Engine) cast(ctx context.Context, v *View) error {
	if v.Actor == nil {
		p, err := e.person(ctx, v.Event.Actor)
		if err != nil {
			return err
		}
		v.Actor = p
	}
	if e.book.flows[v.Conv.Flow].Talk {
		e.own(v)
		v.Look = e.look(ctx, v.Actor)
		return nil // settle finds the order
	}
	e.reborn(v)
	id := v.Conv.Order
	if order := v.Event.Facts["order"]; v.Conv.State == "" && order != "" {
		id = order
	}
	if id != "" {
		o, err := e.cfg.Store.Order(ctx, id)
		if err != nil {
			return err
		}
		v.Order, v.Policy = &o, e.cfg.Policy.For(&o)
	}
	if v.Conv.State == "" {
		birth(v)
	}
	v.People = map[Party]*Person{}
	for party, who := range v.Conv.Parties {
		p, err := e.person(ctx, who)
		if err != nil {
			return err
		}
		v.People[party] = p
	}
	return nil
}

// own makes a talk its room's present person's: where the room has changed hands, it begins anew, and nothing that the
// one before has said or chosen is left in it.
func (e *Engine) own(v *View) {
	if v.Event != nil && v.Event.Room == "" {
		return // the clock's
	}
	c := v.Conv
	owner, known := c.Parties[Here]
	if known && owner == v.Actor.ID {
		return
	}
	if known {
		c.Frame, c.Aside, c.Deadlines = Frame{Flow: e.book.Home, State: e.book.flows[e.book.Home].First, Visit: c.Visit + 1, Facts: Facts{}}, nil, nil
	}
	c.Parties = map[Party]PersonID{Here: v.Actor.ID}
}

// reborn lets a closed record begin anew where the event can begin one; its journal and version go on.
func (e *Engine) reborn(v *View) {
	c := v.Conv
	if !c.Closed.IsZero() && slices.Contains(e.book.flows[c.Flow].Born, v.Event.Name) {
		*c = Conversation{Key: c.Key, Frame: Frame{Flow: c.Flow, Visit: c.Visit}, Order: c.Order, Live: c.Live, Opened: v.Now,
			Entries: c.Entries, Head: c.Head, Version: c.Version, Exhibits: c.Exhibits}
	}
}

// birth gives a new record its order, parties and name.
func birth(v *View) {
	c := v.Conv
	c.ID = v.Event.Facts["id"]
	c.Parties = map[Party]PersonID{Support: Desk}
	if v.Order != nil {
		c.Order = v.Order.ID
		c.Parties[Buyer], c.Parties[Seller] = v.Order.Buyer, v.Order.Seller
	} else if v.Event.Actor != "" {
		c.Parties[v.Event.By] = v.Event.Actor
	}
}

// begin says whether the event may begin a record of the view's flow.
func (e *Engine) begin(v *View) bool {
	f := e.book.flows[v.Conv.Flow]
	return f.Talk || slices.Contains(f.Born, v.Event.Name)
}

// person loads somebody; who is not known yet is there without a name or a room.
func (e *Engine) person(ctx context.Context, id PersonID) (*Person, error) {
	p, err := e.cfg.Store.Person(ctx, id)
	if errors.Is(err, ErrNone) {
		return &Person{ID: id}, nil
	}
	return &p, err
}

// fill adds what a turn changes to its commit.
func (e *Engine) fill(c *Commit, v *View, t *Turn) {
	c.At = v.Now
	c.Conversation, c.Entry, c.Tasks = &t.Conv, &t.Entry, append(c.Tasks[:len(c.Tasks):len(c.Tasks)], t.Tasks...)
	c.Terms = e.terms(&t.Conv)
}

// terms is what a record is filed under, so that it is found by order, person, flow and name.
func (e *Engine) terms(c *Conversation) []string {
	flow := e.book.flows[c.Flow]
	terms := fileTerms(c)
	if flow.Talk {
		return terms
	}
	terms = append(terms, "flow:"+c.Flow)
	if c.ID != "" {
		terms = append(terms, "id:"+c.ID)
	}
	if c.Order != "" {
		terms = append(terms, "order:"+c.Order)
	}
	for _, fact := range flow.Filed {
		if value := c.Facts[fact]; value != "" {
			terms = append(terms, fact+":"+value)
		}
	}
	for _, p := range parties[:2] {
		if who := c.Parties[p]; who != "" {
			terms = append(terms, string(who))
		}
	}
	if !c.Closed.IsZero() {
		return terms
	}
	terms = append(terms, "open:flow:"+c.Flow)
	if c.Order != "" {
		terms = append(terms, "open:order:"+c.Order)
	}
	for _, p := range parties[:2] {
		if who := c.Parties[p]; who != "" {
			terms = append(terms, "open:"+string(who))
		}
	}
	if s := flow.States[c.State]; s.Desk {
		terms = append(terms, "desk")
	}
	return terms
}

// fileTerms files a conversation under each file that it names, so that a file nobody names is known for one.
func fileTerms(c *Conversation) []string {
	var terms []string
	for _, f := range slices.Concat([]Frame{c.Frame}, c.Aside) {
		for i := range f.Files {
			terms = append(terms, "file:"+f.Files[i].Hash)
		}
	}
	for i := range c.Exhibits {
		terms = append(terms, "file:"+c.Exhibits[i].Hash)
	}
	slices.Sort(terms)
	return slices.Compact(terms)
}

// caseKey is the key of the order's open record of a flow, or of the next one: its order and a count of those closed.
func (e *Engine) caseKey(ctx context.Context, flow, order string) (Key, error) {
	for n := 0; ; n++ {
		key := Key(flow + "/" + order + "/" + strconv.Itoa(n))
		c, err := e.cfg.Store.Conversation(ctx, key)
		if errors.Is(err, ErrNone) || err == nil && c.Closed.IsZero() {
			return key, nil
		}
		if err != nil {
			return "", err
		}
	}
}

// look reads further for a talk.
func (e *Engine) look(ctx context.Context, actor *Person) Look { return &reader{ctx, e, actor} }

// readFault is a panic that carries a read's error out of a turn.
type readFault struct{ err error }

// reader is what a talk may read besides; a read that fails ends the turn.
type reader struct {
	ctx   context.Context
	e     *Engine
	actor *Person
}

func (r *reader) Orders(skip, n int) []Order {
	if r.actor.ID == "" {
		return nil
	}
	orders, err := r.e.cfg.Store.OrdersOf(r.ctx, r.actor.ID, skip, n)
	r.must(err)
	return orders
}

func (r *reader) OrderByID(id string) (*Order, bool) {
	o, err := r.e.cfg.Store.Order(r.ctx, id)
	if errors.Is(err, ErrNone) || err == nil && o.Buyer != r.actor.ID && o.Seller != r.actor.ID && r.actor.Party() != Support {
		return nil, false
	}
	r.must(err)
	return &o, true
}

func (r *reader) Cases(term, flow string, n int) []Conversation {
	var found []Conversation
	for after := Key(""); ; {
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

func (r *reader) Person(id PersonID) *Person {
	p, err := r.e.person(r.ctx, id)
	r.must(err)
	return p
}

func (r *reader) CaseKey(flow, order string) Key {
	key, err := r.e.caseKey(r.ctx, flow, order)
	r.must(err)
	return key
}

func (r *reader) must(err error) {
	if err != nil {
		panic(readFault{err}) // ends this turn only, see decideOn
	}
}
