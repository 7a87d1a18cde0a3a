package turn

import (
	"crypto/sha256"
	"fmt"
	"maps"
	"slices"

	"nevermind/bot"
)

// turn is one turn in the making: a working copy of the view, and what has been decided so far. It lives for one call of
// Decide, Refuse or FormOf and is never shared.
type turn struct {
	*Ruleset
	v       *bot.View
	out     bot.Turn
	ids     uint32            // so many were made
	random  [sha256.Size]byte // what the next of them are taken from
	flow    *bot.Flow
	machine running // the flow's, at the conversation's state; see here
	hearer  string  // the flow that heard the event
	ended   string  // the end a talk has come to, before what was set aside came back
	from    string
	visit   int  // before the turn
	renewed bool // every card was sent anew, with new buttons
	old     bot.Facts
	owners  map[string]bot.PersonID // whose those were that are words or names

	unfolded bool // what is behind More is shown, in place of what comes first
}

// Decide makes the turn for the view's event: whether it counts, where it leads, what is said, asked and waited for. It is
// pure for a record; a talk's turn reads the store besides, through View.Look, and cannot be replayed. The error is a
// fault of the flows; what does not count is a turn too, with its reason in Entry.Refused.
func (r *Ruleset) Decide(v *bot.View) (bot.Turn, error) {
	t := r.begin(v)
	if why := t.illegal(); why != "" {
		return t.refuse(why), nil
	}
	t.recall()
	e := t.v.Event
	if e.Name == bot.Unfolded || e.Name == bot.Folded {
		return t.unfold(e.Name == bot.Unfolded), nil
	}
	if t.from == "" { // a record is born of an event; where its first state says itself what that event does, it is heard there too
		t.keepFiles(bot.Move{})
		if err := t.born(); err != nil {
			return bot.Turn{}, err
		}
		if _, own := t.flow.States[t.v.Frame.State].Then[e.Name]; !own {
			return t.finish(""), nil
		}
	}
	if !t.here().hears(e.Name) {
		return t.refuse(bot.RefusedUnheard), nil
	}
	move, _ := t.flow.Move(t.v.Frame.State, e.Name)
	if err := t.make(move); err != nil {
		return bot.Turn{}, fmt.Errorf("%s in %s of %s: %w", e.Name, t.from, t.flow.Name, err)
	}
	return t.finish(""), nil
}

// Refuse makes the turn that moves nothing, for that reason: a kind answer to whoever tried, and a line of the journal.
func (r *Ruleset) Refuse(v *bot.View, why string) bot.Turn { return r.begin(v).refuse(why) }

// Legal says whether the press that is the view's event counts.
func (r *Ruleset) Legal(v *bot.View) bool { return r.begin(v).illegal() == "" }

// begin takes a working copy of the conversation, so that the view stays as it was.
func (r *Ruleset) begin(v *bot.View) *turn {
	t := &turn{Ruleset: r, v: new(*v)}
	c := *v.Conv
	c.Deadlines = slices.Clone(c.Deadlines)
	c.Aside = slices.Clone(c.Aside)
	c.Live = slices.Clone(c.Live)
	t.out.Conv = c
	t.v.Conv = &t.out.Conv
	t.v.Frame = &t.out.Conv.Frame
	t.old, t.owners = c.Facts, c.Whose
	t.v.Frame.Facts = maps.Clone(c.Facts)
	if t.v.Frame.Facts == nil {
		t.v.Frame.Facts = bot.Facts{}
	}
	t.flow = r.ByName[c.Flow]
	if t.flow.Talk && c.State == "" {
		c.State = t.flow.First
		t.out.Conv.State = c.State
	}
	t.from, t.hearer, t.visit = c.State, c.Flow, c.Visit
	if c.State == "" {
		maps.Copy(t.v.Frame.Facts, v.Event.Facts)
	}
	t.applyOverrides()
	return t
}

// applyOverrides gives a talk the order that it is about now, and the policy with the overrides for that order. It reads
// nothing where no policy has overrides.
func (t *turn) applyOverrides() { applyOverrides(t.v) }

func applyOverrides(v *bot.View) {
	if v.Look == nil || v.BasePolicy == nil || len(v.BasePolicy.Overrides) == 0 {
		return
	}
	switch id := v.Frame.Facts["order"]; {
	case id == "":
		v.Order = nil
	case v.Order == nil || v.Order.ID != id:
		v.Order, _ = v.Look.OrderByID(id)
	}
	v.Policy = v.BasePolicy.For(v.Order)
}

// here is the flow's machine at the conversation's state, taken from its pool when it is first asked.
func (t *turn) here() running {
	if t.machine.fsm == nil {
		t.machine = t.machines[t.flow.Name].at(t.v.Frame.State)
	}
	return t.machine
}

// goTo has the turn go on in another flow's machine, at a state of it; "" is where it has not begun.
func (t *turn) goTo(f *bot.Flow, state string) {
	t.machine.release()
	t.flow, t.machine = f, t.machines[f.Name].at(state)
}

// born has the flow at hand begin, in the state that its first guard that holds leads to.
func (t *turn) born() error {
	if err := t.here().fire(born, t.v); err != nil {
		return err
	}
	return t.enter()
}

// illegal says why a press does not count, or "".
func (t *turn) illegal() string {
	e := t.v.Event
	if e.Offer == "" {
		return ""
	}
	offers := t.v.Frame.Offers
	for i := range offers {
		o := &offers[i]
		switch {
		case o.Token != e.Offer:
			continue
		case !t.mayPress(o):
			return bot.RefusedNotYours
		case o.Used:
			return bot.RefusedUsed
		case o.Once:
			t.v.Frame.Offers = slices.Clone(offers)
			t.v.Frame.Offers[i].Used = true
		}
		return ""
	}
	return bot.RefusedLate
}

// mayPress says whether a button was offered to who presses it: a record's guest is known by their room.
func (t *turn) mayPress(o *bot.Offer) bool {
	e := t.v.Event
	switch {
	case t.flow.Talk:
		return o.Party == e.By || o.Party == bot.Here
	case o.Party == bot.Here:
		return e.Room == t.guest()
	}
	return o.Party == e.By && t.takesPart(t.v.Actor)
}

// recall adds what the button said when it was offered: a form that came between knows only its own fields.
func (t *turn) recall() {
	e := *t.v.Event
	for _, o := range t.v.Frame.Offers {
		if e.Offer != "" && o.Token == e.Offer && len(o.Facts) > 0 {
			facts := maps.Clone(o.Facts)
			maps.Copy(facts, e.Facts) // in a replay the journal's word counts
			e.Facts, t.v.Event = facts, &e
			return
		}
	}
}

// make does what a move says: learn, lead, speak, ask.
func (t *turn) make(m bot.Move) error {
	v, e := t.v, t.v.Event
	footers := t.footers(m)
	if t.learnsEvent(m) {
		for name, value := range e.Facts {
			v.Frame.Facts[m.Apart+name] = value
		}
	}
	if m.Learn != nil {
		for k, val := range m.Learn(v, e) {
			if v.Frame.Facts[k] = val; val == "" {
				delete(v.Frame.Facts, k)
			}
		}
	}
	t.applyOverrides()
	t.keepFiles(m)
	asks := t.asked(m) // before the frame may go
	t.rest()
	t.restart(m)
	t.makeUp(m)
	if err := t.here().fire(e.Name, t.v); err != nil {
		return err
	}
	t.out.Entry.Rules = append(t.out.Entry.Rules, m.Law...)
	t.speak(m)
	t.out.Tasks = append(t.out.Tasks, asks...)
	return t.arrive(m, footers)
}

// arrive goes where the machine has led: out of the flow, into a state for a new visit, or nowhere, so that the visit goes
// on.
func (t *turn) arrive(m bot.Move, footers map[bot.Party]string) error {
	if out, left := t.machine.left(); left {
		switch out.kind {
		case bot.Begins:
			return t.push(out.flow)
		case bot.Becomes:
			return t.become(out.flow)
		case bot.Leaves:
			return t.leave()
		default:
			return t.home()
		}
	}
	if m.Kind == bot.Goes || t.machine.current() != t.v.Frame.State {
		return t.enter()
	}
	t.deal(m.Deals)
	if m.Afresh && !t.flow.States[t.v.Frame.State].Firm { // money that is moving goes on by the terms it began with
		t.renew()
	}
	if m.Shows {
		t.show(t.v.Event.Room)
	}
	t.updateFooters(footers)
	return nil
}

// finish writes the turn's line of the journal and chains it to the one before.
func (t *turn) finish(note string) bot.Turn {
	v, c, e := t.v, &t.out.Conv, &t.out.Entry
	e.Conversation, e.Seq, e.At, e.Event = c.Key, c.Entries+1, v.Now, *v.Event
	e.Flow, e.From, e.To, e.Visit = t.hearer, t.from, c.State, c.Visit
	switch {
	case t.ended != "":
		e.To = t.ended
	case t.flow.Name != t.hearer:
		e.To = t.flow.Name + "." + c.State
	}
	e.Refused, e.Policy, e.Prev = note, v.Policy.Version, c.Head
	slices.Sort(e.Rules)
	e.Rules = slices.Compact(e.Rules)
	if t.flow.Talk {
		e.Event.Fields = nil // a form's questions may quote others
	} else {
		t.keepPolicy()
		e.Learned = learned(t.old, c.Facts)
		e.Used = t.used()
		t.tellUntold()
		t.owned(e.Learned)
	}
	e.Decided, e.Worded = t.decided(), t.worded()
	t.sends()
	if !t.flow.Talk && !v.Older {
		e.Commit(t.salt, t.whoseWords)
	}
	e.Hash = e.Sum()
	c.Entries, c.Head = e.Seq, e.Hash
	if note == bot.RefusedNotUnderstood {
		c.Missed = e.Seq
	}
	t.machine.release()
	return t.out
}

// keepPolicy has a record that keeps its policy take on the view's, where it has none yet.
func (t *turn) keepPolicy() {
	if c := &t.out.Conv; t.flow.Keeps && t.v.Began != "" && c.Facts[bot.PolicyFact] == "" {
		c.Facts[bot.PolicyFact] = t.v.Began
	}
}

// look ends a turn in which somebody only looked: nothing has happened that a journal need keep.
func (t *turn) look() bot.Turn {
	t.out.Entry.Event = *t.v.Event
	t.sends()
	t.machine.release()
	return t.out
}

// learnsEvent says whether the flow keeps the event's facts: else they are the other flow's, or would change what was begun.
func (t *turn) learnsEvent(m bot.Move) bool { return m.Kind != bot.Begins && !t.begunAgain(m) }

// begunAgain says whether the event would begin a record that is there already: what it brings is not taken over.
func (t *turn) begunAgain(m bot.Move) bool {
	return m.Kind == bot.Stays && t.from != "" && slices.Contains(t.flow.Born, t.v.Event.Name)
}
