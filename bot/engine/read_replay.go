package engine

import (
	"context"
	"fmt"
	"maps"

	"nevermind/bot"
)

// Replay makes every turn of a record again from its journal and compares.
func (e *Engine) Replay(ctx context.Context, key bot.Key) (bot.Replayed, error) {
	if e.rules.ByName[key.Kind()] == nil {
		return bot.Replayed{}, fmt.Errorf("%.80q is not a record that can be replayed: %w", key, bot.ErrNone)
	}
	r := &replayer{ctx: ctx, e: e, conv: bot.Conversation{Key: key, Frame: bot.Frame{Flow: key.Kind()}}, people: map[bot.PersonID]*bot.Person{}}
	for {
		entries, err := e.cfg.Store.Journal(ctx, key, r.turns, 256)
		if err != nil {
			return bot.Replayed{}, err
		}
		if len(entries) == 0 {
			break
		}
		for i := range entries {
			if why := r.again(&entries[i]); why != "" {
				return bot.Replayed{Turns: r.turns, Differs: r.turns + 1, Why: why}, nil
			}
			r.turns++
		}
	}
	if r.turns == 0 {
		return bot.Replayed{}, fmt.Errorf("%.80q has no journal: %w", key, bot.ErrNone)
	}
	return bot.Replayed{Turns: r.turns, Same: true}, nil
}

// replayer makes turns from journal entries, remembering what they have shown.
type replayer struct {
	ctx    context.Context
	e      *Engine
	policy *bot.Policy
	conv   bot.Conversation
	order  *bot.Order
	people map[bot.PersonID]*bot.Person
	turns  int
}

// again makes one turn again and says how it differs, if it does.
func (r *replayer) again(was *bot.Entry) string {
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
func (r *replayer) view(was *bot.Entry) *bot.View {
	if was.Used.Order != nil {
		r.order = was.Used.Order
	}
	for _, p := range was.Used.People {
		r.people[p.ID] = &p
	}
	ev := was.Event
	v := &bot.View{Now: was.At, Policy: r.policy.For(r.order), Conv: &r.conv, Frame: &r.conv.Frame, Event: &ev, Order: r.order,
		Actor: r.person(ev.Actor), People: map[bot.Party]*bot.Person{}, Renderer: r.e.rules}
	copy(v.Seed[:], was.Hash) // no two turns make the same tokens
	r.e.reopen(v)
	if r.conv.State == "" {
		r.conv.Opened = was.At
		initRecord(v)
	}
	for party, id := range r.conv.Parties {
		v.People[party] = r.person(id)
	}
	return v
}

func (r *replayer) person(id bot.PersonID) *bot.Person {
	if p := r.people[id]; p != nil {
		return p
	}
	return &bot.Person{ID: id}
}

// decide makes the turn; a press is looked up by what it meant, for tokens are made anew.
func (r *replayer) decide(v *bot.View, was *bot.Entry) (bot.Turn, error) {
	if was.Refused != "" {
		return r.e.rules.Refuse(v, was.Refused), nil
	}
	if v.Event.Offer != "" {
		for _, o := range v.Frame.Offers {
			if o.Event == v.Event.Name && (o.Party == v.Event.By || o.Party == bot.Here) {
				v.Event.Offer = o.Token
			}
		}
	}
	if err := r.e.loadHistory(r.ctx, v); err != nil {
		return bot.Turn{}, err
	}
	return r.e.rules.Decide(v)
}
