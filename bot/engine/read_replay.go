package engine

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"nevermind/bot"
)

// Replay makes every turn of a record again from its journal and compares. ErrNone where the record has no journal.
func (e *Engine) Replay(ctx context.Context, key bot.Key) (bot.Replayed, error) {
	return e.lookout.replay(ctx, key)
}

// replay goes through the journal until a turn comes out otherwise. It reads nothing but the journal, the policies by their
// version, and for a move that reads history the journals that the event names: what a turn saw is in its own line, or in
// one before it.
func (r *lookout) replay(ctx context.Context, key bot.Key) (bot.Replayed, error) {
	if r.rules.ByName[key.Kind()] == nil {
		return bot.Replayed{}, fmt.Errorf("%.80q is not a record that can be replayed: %w", key, bot.ErrNone)
	}
	again := &replayer{ctx: ctx, load: r.load, kept: map[[2]string]*bot.Policy{}, people: map[bot.PersonID]*bot.Person{},
		conv: bot.Conversation{Key: key, Frame: bot.Frame{Flow: key.Kind()}}}
	for {
		entries, err := r.cfg.Store.Journal(ctx, key, again.turns, 256)
		if err != nil {
			return bot.Replayed{}, err
		}
		if len(entries) == 0 {
			break
		}
		for i := range entries {
			if why := again.turn(&entries[i]); why != "" {
				return bot.Replayed{Turns: again.turns, Differs: again.turns + 1, Why: why}, nil
			}
			again.turns++
		}
	}
	if again.turns == 0 {
		return bot.Replayed{}, fmt.Errorf("%.80q has no journal: %w", key, bot.ErrNone)
	}
	return bot.Replayed{Turns: again.turns, Same: true, Reworded: again.reworded, Older: again.older,
		Erased: again.erased}, nil
}

// replayer makes turns from journal entries, remembering what they have shown; one is made for each replay.
type replayer struct {
	ctx    context.Context
	load   *loader
	policy *bot.Policy
	kept   map[[2]string]*bot.Policy // by the version that was in force, and the one that a record keeps
	conv   bot.Conversation
	order  *bot.Order
	people map[bot.PersonID]*bot.Person
	turns  int
	before string // the hash that the last line had in an older version

	reworded, older, erased int
	veiled                  bool // something was erased of a line so far, and what follows from it is not the same any more
}

// turn makes one turn again and says how it differs, if it does.
func (r *replayer) turn(was *bot.Entry) string {
	if was.Sum() != was.Hash || was.Prev != r.conv.Head || was.Seq != r.turns+1 {
		return "the line of the journal was changed, or one is missing before it"
	}
	if was.Before != "" && !erased(was) && !was.HoldsAnchor(r.before) {
		return "the line of the journal was changed before this version took it over"
	}
	r.before = was.Before
	if why := r.under(was.Policy); why != "" {
		return why
	}
	r.veiled = r.veiled || erased(was)
	v := r.view(was)
	kept, err := r.keeping(r.load.keptBy(v))
	if err != nil {
		return "the policy that it keeps cannot be read: " + err.Error()
	}
	v.Policy = kept.For(r.order)
	made, err := r.decide(v, was)
	if err != nil {
		return "it cannot be made any more: " + err.Error()
	}
	got := &made.Entry
	switch {
	case got.To != was.To:
		return fmt.Sprintf("it led to %s then, and to %s now", was.To, got.To)
	case r.veiled && (got.Decided != was.Decided || !maps.Equal(decided(got.Learned), decided(was.Learned))):
		r.erased++ // what was decided of somebody's words cannot be decided again without them
		made.Conv.Facts = learnedAgain(r.conv.Facts, was.Learned)
	case !maps.Equal(got.Learned, was.Learned) && !r.veiled:
		return "it learns other facts now"
	case was.Decided == "",
		was.Before != "" && erased(was): // written by an older version, whose one hash knew words and decisions only together
		r.older++
	case got.Decided != was.Decided:
		return "it asks, waits for or offers something else now"
	case got.Worded != was.Worded:
		r.reworded++
	}
	made.Conv.Entries, made.Conv.Head = was.Seq, was.Hash
	r.conv = made.Conv
	r.conv.Version++
	return ""
}

// under makes the policy that was in force then the one in force now.
func (r *replayer) under(version string) string {
	if r.policy == nil {
		r.policy = r.load.cfg.Policy
	}
	if r.policy.Version == version {
		return ""
	}
	if r.load.cfg.PolicyAt != nil {
		if p, err := r.load.cfg.PolicyAt(r.ctx, version); err == nil {
			r.policy = p
			return ""
		}
	}
	return fmt.Sprintf("it was made under policy %s, which is not kept", version)
}

// keeping is the policy that was in force then, as it counted for a record that keeps a version.
func (r *replayer) keeping(version string) (p *bot.Policy, err error) {
	both := [2]string{r.policy.Version, version}
	if p = r.kept[both]; p == nil {
		if p, err = r.load.keeping(r.ctx, r.policy, version); err == nil {
			r.kept[both] = p
		}
	}
	return p, err
}

// view builds what the turn looked at. Orders and people are in the first line that saw them at a version, and are remembered
// from there.
func (r *replayer) view(was *bot.Entry) *bot.View {
	if was.Used.Order != nil {
		r.order = was.Used.Order
	}
	for _, p := range was.Used.People {
		r.people[p.ID] = &p
	}
	ev := was.Event
	v := &bot.View{Now: was.At, Policy: r.policy, Began: was.Learned[bot.PolicyFact], Conv: &r.conv, Frame: &r.conv.Frame, Event: &ev, Order: r.order,
		Actor: r.person(ev.Actor), People: map[bot.Party]*bot.Person{}, Renderer: r.load.rules,
		Older: was.Form == 0 || was.Before != ""}
	copy(v.Seed[:], was.Hash) // no two turns make the same tokens
	r.load.reopen(v)
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
		return r.load.rules.Refuse(v, was.Refused), nil
	}
	if v.Event.Offer != "" {
		for _, o := range v.Frame.Offers {
			if o.Event == v.Event.Name && (o.Party == v.Event.By || o.Party == bot.Here) {
				v.Event.Offer = o.Token
			}
		}
	}
	if err := r.load.history(r.ctx, v); err != nil {
		return bot.Turn{}, err
	}
	return r.load.rules.Decide(v)
}

// learnedAgain is what was known, with what the journal says was learned.
func learnedAgain(known, learned bot.Facts) bot.Facts {
	now := maps.Clone(known)
	if now == nil {
		now = bot.Facts{}
	}
	for name, value := range learned {
		if now[name] = value; value == "" {
			delete(now, name)
		}
	}
	return now
}

// erased says whether something of a line was erased.
func erased(e *bot.Entry) bool {
	return slices.ContainsFunc(e.Passages, func(p bot.Passage) bool { return p.Salt == nil })
}

// decided are the facts that are nobody's words or name.
func decided(f bot.Facts) bot.Facts {
	out := maps.Clone(f)
	maps.DeleteFunc(out, func(name, _ string) bool { return bot.PersonalFact(name) })
	return out
}
