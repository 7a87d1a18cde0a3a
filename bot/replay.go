package bot

import (
	"context"
	"fmt"
	"maps"
)

// Replayed is what a replay found.
type Replayed struct {
	Turns   int
	Same    bool
	Differs int    // the first turn that came out otherwise, from 1; 0 where none did
	Why     string // in words
}

// Replay makes every turn of a record again from its journal and compares.
func (e *Engine) Replay(ctx context.Context, key Key) (Replayed, error) {
	if e.book.flows[key.Kind()] == nil {
		return Replayed{}, fmt.Errorf("%.80q is not a record that can be replayed: %w", key, ErrNone)
	}
	r := &replayer{ctx: ctx, e: e, conv: Conversation{Key: key, Frame: Frame{Flow: key.Kind()}}, people: map[PersonID]*Person{}}
	for {
		entries, err := e.cfg.Store.Journal(ctx, key, r.turns, 256)
		if err != nil {
			return Replayed{}, err
		}
		if len(entries) == 0 {
			break
		}
		for i := range entries {
			if why := r.again(&entries[i]); why != "" {
				return Replayed{Turns: r.turns, Differs: r.turns + 1, Why: why}, nil
			}
			r.turns++
		}
	}
	if r.turns == 0 {
		return Replayed{}, fmt.Errorf("%.80q has no journal: %w", key, ErrNone)
	}
	return Replayed{Turns: r.turns, Same: true}, nil
}

// replayer makes turns from journal entries, remembering what they have shown.
type replayer struct {
	ctx    context.Context
	e      *Engine
	policy *Policy
	conv   Conversation
	order  *Order
	people map[PersonID]*Person
	turns  int
}

// again makes one turn again and says how it differs, if it does.
func (r *replayer) again(was *Entry) string {
	if was.Sum() != was.Hash || was.Prev != r.conv.Head || was.Seq != r.turns+1 {
		return "the line of the journal was changed, or one is missing before it"
	}
	if why := r.under(was.Policy); why != "" {
		return why
	}
	v := r.view(was)
	turn, err := r.decide(v, was)
	if err != nil {
		return "it cannot be made any more: " + err.Error()
	}
	got := &turn.Entry
	switch {
	case got.To != was.To:
		return fmt.Sprintf("it led to %s then, and to %s now", was.To, got.To)
	case got.Output != was.Output:
		return "it says, asks or waits for something else now"
	case !maps.Equal(got.Learned, was.Learned):
		return "it learns other facts now"
	}
	turn.Conv.Entries, turn.Conv.Head = was.Seq, was.Hash
	r.conv = turn.Conv
	r.conv.Version++
	return ""
}

// under makes the policy that was in force then the one in force now.
func (r *replayer) under(version string) string {
	if r.policy == nil {
		r.policy = r.e.cfg.Policy
	}
	if r.policy.Version == version {
		return ""
	}
	if r.e.cfg.PolicyAt != nil {
		if p, err := r.e.cfg.PolicyAt(r.ctx, version); err == nil {
			r.policy = p
			return ""
		}
	}
	return fmt.Sprintf("it was made under policy %s, which is not kept", version)
}

// view builds what the turn looked at.
func (r *replayer) view(was *Entry) *View {
	if was.Used.Order != nil {
		r.order = was.Used.Order
	}
	for _, p := range was.Used.People {
		r.people[p.ID] = &p
	}
	ev := was.Event
	v := &View{Now: was.At, Policy: r.policy.For(r.order), Conv: &r.conv, Frame: &r.conv.Frame, Event: &ev, Order: r.order,
		Actor: r.person(ev.Actor), People: map[Party]*Person{}, Renderer: r.e.book}
	copy(v.Seed[:], was.Hash) // no two turns make the same tokens
	r.e.reborn(v)
	if r.conv.State == "" {
		r.conv.Opened = was.At
		birth(v)
	}
	for party, id := range r.conv.Parties {
		v.People[party] = r.person(id)
	}
	return v
}

func (r *replayer) person(id PersonID) *Person {
	if p := r.people[id]; p != nil {
		return p
	}
	return &Person{ID: id}
}

// decide makes the turn; a press is looked up by what it meant, for tokens are made anew.
func (r *replayer) decide(v *View, was *Entry) (Turn, error) {
	if was.Note != "" {
		return r.e.book.refuse(v, was.Note), nil
	}
	if v.Event.Offer != "" {
		for _, o := range v.Frame.Offers {
			if o.Event == v.Event.Name && (o.Party == v.Event.By || o.Party == Here) {
				v.Event.Offer = o.Token
			}
		}
	}
	if err := r.e.recollect(r.ctx, v); err != nil {
		return Turn{}, err
	}
	return r.e.book.decide(v)
}
