// Package replay makes turns again from a journal: as they were made (Record), and as they would have been made under another
// policy (Trial). It decides by package turn and looks at nothing but journals and policies, which are handed to it.
package replay

import (
	"fmt"
	"maps"
	"slices"

	"nevermind/bot"
	"nevermind/bot/turn"
)

// Reads is what a replay needs besides the journal: the flows, and what the journal only names.
type Reads struct {
	Rules *turn.Ruleset
	// InForce is the policy that was in force under a version, as it counted for a record that kept another; kept is empty
	// where it kept none.
	InForce func(version, kept string) (*bot.Policy, error)
	// History gives a view what its event says that it has read.
	History func(v *bot.View) error
}

// Record makes the turns of one record again, line by line, remembering what the lines have shown. Make one with New for each
// replay.
type Record struct {
	reads  Reads
	conv   bot.Conversation
	order  *bot.Order
	people map[bot.PersonID]*bot.Person
	made   bot.Turn // the last turn
	turns  int
	before string // the hash that the last line had in an older version

	reworded, older, erased int
	veiled                  bool // something was erased of a line so far, and what follows from it is not the same any more
}

// New is a replay of a record from the beginning of its journal.
func New(reads Reads, key bot.Key) *Record {
	return &Record{reads: reads, people: map[bot.PersonID]*bot.Person{},
		conv: bot.Conversation{Key: key, Frame: bot.Frame{Flow: key.Kind()}}}
}

// Turns is how many turns have come out the same.
func (r *Record) Turns() int { return r.turns }

// Found is what the replay has found, where every turn came out the same.
func (r *Record) Found() bot.Replayed {
	return bot.Replayed{Turns: r.turns, Same: true, Reworded: r.reworded, Older: r.older, Erased: r.erased}
}

// Turn makes one turn again and says how it differs, if it does.
func (r *Record) Turn(was *bot.Entry) string {
	if was.Sum() != was.Hash || was.Prev != r.conv.Head || was.Seq != r.turns+1 {
		return "the line of the journal was changed, or one is missing before it"
	}
	if was.Before != "" && !erased(was) && !was.HoldsAnchor(r.before) {
		return "the line of the journal was changed before this version took it over"
	}
	r.before = was.Before
	r.veiled = r.veiled || erased(was)
	v := r.view(was)
	kept, err := r.reads.InForce(was.Policy, r.reads.Rules.KeptBy(v))
	if err != nil {
		return err.Error()
	}
	v.Policy = kept.For(r.order)
	made, err := r.reads.decide(v, was)
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
	r.conv, r.made = made.Conv, made
	r.conv.Version++
	r.turns++
	return ""
}

// view builds what the turn looked at.
func (r *Record) view(was *bot.Entry) *bot.View {
	r.learn(&was.Used)
	v := r.seen(was, &r.conv)
	v.Began = was.Learned[bot.PolicyFact]
	v.Older = was.Form == 0 || was.Before != ""
	return v
}

// learn takes in what a line shows. Orders and people are in the first line that saw them at a version, and are remembered
// from there.
func (r *Record) learn(used *bot.Used) {
	if used.Order != nil {
		r.order = used.Order
	}
	for _, p := range used.People {
		r.people[p.ID] = &p
	}
}

// seen is what a line's turn saw, of a conversation as it stood then or would have stood.
func (r *Record) seen(was *bot.Entry, c *bot.Conversation) *bot.View {
	ev := was.Event
	v := &bot.View{Now: was.At, Conv: c, Frame: &c.Frame, Event: &ev, Order: r.order, Actor: r.person(ev.Actor),
		People: map[bot.Party]*bot.Person{}, Renderer: r.reads.Rules}
	copy(v.Seed[:], was.Hash) // no two turns make the same tokens
	r.reads.Rules.Reopen(v)
	if c.State == "" {
		c.Opened = was.At
		turn.InitRecord(v)
	}
	for party, id := range c.Parties {
		v.People[party] = r.person(id)
	}
	return v
}

func (r *Record) person(id bot.PersonID) *bot.Person {
	if p := r.people[id]; p != nil {
		return p
	}
	return &bot.Person{ID: id}
}

// decide makes the turn; a press is looked up by what it meant, for tokens are made anew.
func (r *Reads) decide(v *bot.View, was *bot.Entry) (bot.Turn, error) {
	if was.Refused != "" {
		return r.Rules.Refuse(v, was.Refused), nil
	}
	if v.Event.Offer != "" {
		for _, o := range v.Frame.Offers {
			if o.Event == v.Event.Name && (o.Party == v.Event.By || o.Party == bot.Here) {
				v.Event.Offer = o.Token
			}
		}
	}
	if err := r.History(v); err != nil {
		return bot.Turn{}, err
	}
	return r.Rules.Decide(v)
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
