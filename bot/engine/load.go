package engine

import (
	"context"
	"crypto/rand"
	"errors"
	"slices"
	"strconv"

	"nevermind/bot"
)

func (e *Engine) newSeed() (seed [16]byte) {
	rand.Read(seed[:]) // never fails
	return seed
}

// view loads a conversation as a turn will see it; one that was never stored is there without a state.
func (e *Engine) view(ctx context.Context, key bot.Key) (*bot.View, error) {
	v := &bot.View{Now: e.Now(), Policy: e.cfg.Policy, BasePolicy: e.cfg.Policy, Seed: e.newSeed(), Renderer: e.rules}
	c, err := e.cfg.Store.Conversation(ctx, key)
	if errors.Is(err, bot.ErrNone) {
		c = bot.Conversation{Key: key, Frame: bot.Frame{Flow: key.Kind()}, Opened: v.Now}
		if key.Kind() == "talk" {
			c.Flow = e.cfg.Flows.Home
		}
	} else if err != nil {
		return nil, err
	}
	if e.rules.ByName[c.Flow] == nil {
		return nil, bot.ErrNone
	}
	v.Conv, v.Frame = &c, &c.Frame
	return v, nil
}

// cast loads who and what a turn is about, once its event is known.
func (e *Engine) loadParticipants(ctx context.Context, v *bot.View) error {
	if v.Actor == nil {
		p, err := e.person(ctx, v.Event.Actor)
		if err != nil {
			return err
		}
		v.Actor = p
	}
	if e.rules.ByName[v.Conv.Flow].Talk {
		e.claimTalk(v)
		v.Look = e.look(ctx, v.Actor)
		return nil // settle finds the order
	}
	e.reopen(v)
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
		initRecord(v)
	}
	v.People = map[bot.Party]*bot.Person{}
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
func (e *Engine) claimTalk(v *bot.View) {
	if v.Event != nil && v.Event.Room == "" {
		return // the clock's
	}
	c := v.Conv
	owner, known := c.Parties[bot.Here]
	if known && owner == v.Actor.ID {
		return
	}
	if known {
		c.Frame, c.Aside, c.Deadlines = bot.Frame{Flow: e.rules.Home, State: e.rules.ByName[e.rules.Home].First, Visit: c.Visit + 1, Facts: bot.Facts{}}, nil, nil
	}
	c.Parties = map[bot.Party]bot.PersonID{bot.Here: v.Actor.ID}
}

// reborn lets a closed record begin anew where the event can begin one; its journal and version go on.
func (e *Engine) reopen(v *bot.View) {
	c := v.Conv
	if !c.Closed.IsZero() && slices.Contains(e.rules.ByName[c.Flow].Born, v.Event.Name) {
		*c = bot.Conversation{Key: c.Key, Frame: bot.Frame{Flow: c.Flow, Visit: c.Visit}, Order: c.Order, Live: c.Live, Opened: v.Now,
			Entries: c.Entries, Head: c.Head, Version: c.Version, Exhibits: c.Exhibits}
	}
}

// birth gives a new record its order, parties and name.
func initRecord(v *bot.View) {
	c := v.Conv
	c.ID = v.Event.Facts["id"]
	c.Parties = map[bot.Party]bot.PersonID{bot.Support: bot.Desk}
	if v.Order != nil {
		c.Order = v.Order.ID
		c.Parties[bot.Buyer], c.Parties[bot.Seller] = v.Order.Buyer, v.Order.Seller
	} else if v.Event.Actor != "" {
		c.Parties[v.Event.By] = v.Event.Actor
	}
}

// begin says whether the event may begin a record of the view's flow.
func (e *Engine) begin(v *bot.View) bool {
	f := e.rules.ByName[v.Conv.Flow]
	return f.Talk || slices.Contains(f.Born, v.Event.Name)
}

// person loads somebody; who is not known yet is there without a name or a room.
func (e *Engine) person(ctx context.Context, id bot.PersonID) (*bot.Person, error) {
	p, err := e.cfg.Store.Person(ctx, id)
	if errors.Is(err, bot.ErrNone) {
		return &bot.Person{ID: id}, nil
	}
	return &p, err
}

// caseKey is the key of the order's open record of a flow, or of the next one: its order and a count of those closed.
func (e *Engine) caseKey(ctx context.Context, flow, order string) (bot.Key, error) {
	for n := 0; ; n++ {
		key := bot.Key(flow + "/" + order + "/" + strconv.Itoa(n))
		c, err := e.cfg.Store.Conversation(ctx, key)
		if errors.Is(err, bot.ErrNone) || err == nil && c.Closed.IsZero() {
			return key, nil
		}
		if err != nil {
			return "", err
		}
	}
}
