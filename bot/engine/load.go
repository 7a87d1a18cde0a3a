package engine

import (
	"context"
	"crypto/rand"
	"errors"
	"slices"
	"strconv"

	"nevermind/bot"
	"nevermind/bot/turn"
)

// loader reads from the store what a turn may look at: the conversation, who takes part, the order, the history, and what
// a talk reads further. Whoever makes a turn, looks ahead from one or replays one uses it. It changes nothing in the store
// and has no state, so it is safe for concurrent use; what it returns belongs to the caller.
type loader struct{ *base }

// view loads a conversation as a turn will see it; one that was never stored is there without a state. ErrNone where no
// flow knows it. Only the conversation is loaded: whom and what else a turn looks at depends on the event, which is heard
// first (see participants).
func (l *loader) view(ctx context.Context, key bot.Key) (*bot.View, error) {
	v := &bot.View{Now: l.now(), Policy: l.cfg.Policy, BasePolicy: l.cfg.Policy, Began: l.cfg.Policy.Version, Seed: newSeed(),
		Renderer: l.rules}
	c, err := l.cfg.Store.Conversation(ctx, key)
	if errors.Is(err, bot.ErrNone) {
		c = bot.Conversation{Key: key, Frame: bot.Frame{Flow: key.Kind()}, Opened: v.Now}
		if key.Kind() == "talk" {
			c.Flow = l.cfg.Flows.Home
		}
	} else if err != nil {
		return nil, err
	}
	if l.rules.ByName[c.Flow] == nil {
		return nil, bot.ErrNone
	}
	v.Conv, v.Frame = &c, &c.Frame
	return v, nil
}

// newSeed is what a turn makes its ids of: 128 random bits.
func newSeed() (seed [16]byte) {
	rand.Read(seed[:]) // never fails
	return seed
}

// participants loads who and what a turn is about, once its event is known. A talk has one person, its actor, and reads
// further by itself. A record has its parties, and one order: its own, or at its birth the one that the event names; the
// policy is then the one that the record keeps, for that order's seller and country. A closed record that the event can open
// again begins anew before anything else is loaded for it.
func (l *loader) participants(ctx context.Context, v *bot.View) error {
	if v.Actor == nil {
		p, err := l.person(ctx, v.Event.Actor)
		if err != nil {
			return err
		}
		v.Actor = p
	}
	if reads := v.Event.Facts[factReads]; v.Actor.ID == "" && reads != "" {
		v.Actor = &bot.Person{Language: reads}
	}
	if l.rules.ByName[v.Conv.Flow].Talk {
		l.talk(ctx, v)
		return nil // its flows read the order through View.Look, and so does turn.applyOverrides
	}
	l.rules.Reopen(v)
	id := v.Conv.Order
	if order := v.Event.Facts["order"]; v.Conv.State == "" && order != "" {
		id = order
	}
	var err error
	if v.Policy, err = l.policyUnder(ctx, l.rules.KeptBy(v)); err != nil {
		return err
	}
	if id != "" {
		o, err := l.cfg.Store.Order(ctx, id)
		if err != nil {
			return err
		}
		v.Order, v.Policy = &o, v.Policy.For(&o)
	}
	if v.Conv.State == "" {
		turn.InitRecord(v)
	}
	v.People = map[bot.Party]*bot.Person{}
	for party, who := range v.Conv.Parties {
		p, err := l.person(ctx, who)
		if err != nil {
			return err
		}
		v.People[party] = p
	}
	return nil
}

// talk readies a talk for its actor, who is known: it becomes theirs, and may read further.
func (l *loader) talk(ctx context.Context, v *bot.View) {
	l.claimTalk(v)
	if v.Look == nil {
		v.Look = l.furtherReading(ctx, v.Actor)
	}
	if look, reads := v.Look.(*furtherReading); reads {
		look.sawFormOf(v)
	}
}

// claimTalk makes a talk its room's present person's: where the room has changed hands, the talk begins anew, and nothing
// that the person before has said or chosen is left in it.
func (l *loader) claimTalk(v *bot.View) {
	if v.Event != nil && v.Event.Room == "" {
		return // a deadline's event is nobody's
	}
	c := v.Conv
	owner, known := c.Parties[bot.Here]
	if known && owner == v.Actor.ID {
		return
	}
	if known {
		home := l.rules.ByName[l.rules.Home]
		c.Frame = bot.Frame{Flow: home.Name, State: home.First, Visit: c.Visit + 1, Facts: bot.Facts{}}
		c.Aside, c.Deadlines = nil, nil
	}
	c.Parties = map[bot.Party]bot.PersonID{bot.Here: v.Actor.ID}
}

// mayBegin says whether the event may begin a conversation of the view's flow.
func (l *loader) mayBegin(v *bot.View) bool {
	f := l.rules.ByName[v.Conv.Flow]
	return f.Talk || slices.Contains(f.Born, v.Event.Name)
}

// asItStands loads a conversation for looking at it: nothing happens to it, and nobody in particular looks.
func (l *loader) asItStands(ctx context.Context, key bot.Key) (*bot.View, error) {
	v, err := l.view(ctx, key)
	if err != nil {
		return nil, err
	}
	v.Actor, v.Event = &bot.Person{}, &bot.Event{By: bot.Clock}
	return v, l.participants(ctx, v)
}

// caseKey is the key of the order's open record of a flow, a case or not, or of the next one: its order and a count of
// those closed.
func (l *loader) caseKey(ctx context.Context, flow, order string) (bot.Key, error) {
	for n := 0; ; n++ {
		key := bot.Key(flow + "/" + order + "/" + strconv.Itoa(n))
		c, err := l.cfg.Store.Conversation(ctx, key)
		if errors.Is(err, bot.ErrNone) || err == nil && c.Closed.IsZero() {
			return key, nil
		}
		if err != nil {
			return "", err
		}
	}
}

// wouldHear says whether a record, as it stands in the store, hears an event (Ruleset.Hears); one that cannot be read would
// not, and neither would a talk. It is a look ahead for choosing whom to tell, and may be out of date a moment later: the
// turn itself decides.
func (l *loader) wouldHear(ctx context.Context, key bot.Key, event string) bool {
	c, err := l.cfg.Store.Conversation(ctx, key)
	return err == nil && key.Kind() != "talk" && l.rules.Hears(&c, event)
}

// atDesk says whether a room is support's.
func (l *loader) atDesk(ctx context.Context, room bot.Room) bool {
	desk, err := l.person(ctx, bot.Desk)
	return err == nil && slices.Contains(desk.Rooms, room)
}

// takesEvidence says whether evidence can be brought to a record now.
func (l *loader) takesEvidence(c *bot.Conversation) bool {
	f := l.rules.ByName[c.Flow]
	return f != nil && f.Evidence != nil && c.Version > 0 && c.Closed.IsZero()
}

// mostAgents is how many of support's people can be chosen from.
const mostAgents = 100

// agents are support's people who have an account, for one of them to choose from; anybody else chooses from none.
func (l *loader) agents(ctx context.Context, actor *bot.Person) ([]bot.Person, error) {
	if actor.Party() != bot.Support {
		return nil, nil
	}
	all, err := l.cfg.Store.People(ctx, bot.Support, "", mostAgents)
	return slices.DeleteFunc(all, func(p bot.Person) bool { return p.ID == bot.Desk || len(p.Accounts) == 0 }), err
}
