package turn

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"maps"
	"slices"

	"nevermind/bot"
)

func Hears(f *bot.Flow, event string) bool {
	for _, s := range f.States {
		if _, ok := s.Then[event]; ok {
			return true
		}
	}
	return false
}

// A move that reads the past is shown what the records about its order have gone through. How much of each there was
// stands in the event, so that a replay reads the very same.
const HistoryFact = "past"

// readsPast says whether the event's move reads the past.
func (b *Ruleset) ReadsHistory(v *bot.View) bool {
	f := b.ByName[v.Conv.Flow]
	m, heard := f.Move(v.Conv.State, v.Event.Name)
	return heard && m.History && !f.Talk
}

// settle gives a talk the order that it is about now, and the policy that counts for that order.
func settle(v *bot.View) {
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

// findGrave lists the events of deadlines that may start a task that moves money: what they do cannot be taken back.
func (b *Ruleset) Irreversible() map[string]bool {
	grave := map[string]bool{}
	for _, f := range b.All {
		for _, s := range f.States {
			for _, w := range append(s.After[:len(s.After):len(s.After)], f.After...) {
				for _, way := range s.Then[w.Event].Ways {
					if do := f.States[way.To].Do; do != "" && b.Works[do].Class == bot.MoneyClass {
						grave[w.Event] = true
					}
				}
			}
		}
	}
	return grave
}

// book is the flows made ready for turns.
type Ruleset struct {
	*bot.Flows
	catalog  bot.Catalog
	ByName   map[string]*bot.Flow
	machines map[string]*machine
}

func NewRuleset(f *bot.Flows, c bot.Catalog) *Ruleset {
	b := &Ruleset{Flows: f, catalog: c, ByName: map[string]*bot.Flow{}, machines: map[string]*machine{}}
	for _, flow := range f.All {
		b.ByName[flow.Name] = flow
		b.machines[flow.Name] = newMachine(flow)
	}
	return b
}

// turn is a Turn in the making.
type turn struct {
	*Ruleset
	v      *bot.View
	out    bot.Turn
	ids    uint32
	flow   *bot.Flow
	hearer string // the flow that heard the event
	ended  string // the end a talk has come to, before what was set aside came back
	from   string
	old    bot.Facts
}

// decide makes the turn for v.Event. It is pure: the same view gives the same turn.
func (b *Ruleset) Decide(v *bot.View) (bot.Turn, error) {
	t := b.Begin(v)
	if note := t.illegal(); note != "" {
		return t.refuse(note), nil
	}
	t.recall()
	e := t.v.Event
	if t.from == "" {
		first := t.first(t.flow)
		t.take(bot.Move{})
		if err := t.enter(first); err != nil {
			return bot.Turn{}, err
		}
		if _, heard := t.flow.States[first].Then[e.Name]; !heard {
			return t.finish(""), nil
		}
	}
	move, ok := t.flow.Move(t.v.Frame.State, e.Name)
	if !ok {
		return t.refuse(bot.RefusedUnheard), nil
	}
	if err := t.make(move); err != nil {
		return bot.Turn{}, fmt.Errorf("%s in %s of %s: %w", e.Name, t.from, t.flow.Name, err)
	}
	return t.finish(""), nil
}

// refuse makes the turn that moves nothing, for that reason.
func (b *Ruleset) Refuse(v *bot.View, note string) bot.Turn { return b.Begin(v).refuse(note) }

// legal says whether the press that is the view's event counts.
func (b *Ruleset) Legal(v *bot.View) bool { return b.Begin(v).illegal() == "" }

// begin takes a working copy of the conversation, so that the view stays as it was.
func (b *Ruleset) Begin(v *bot.View) *turn {
	t := &turn{Ruleset: b, v: new(*v)}
	c := *v.Conv
	c.Deadlines = slices.Clone(c.Deadlines)
	c.Aside = slices.Clone(c.Aside)
	c.Live = slices.Clone(c.Live)
	t.out.Conv = c
	t.v.Conv = &t.out.Conv
	t.v.Frame = &t.out.Conv.Frame
	t.old = c.Facts
	t.v.Frame.Facts = maps.Clone(c.Facts)
	if t.v.Frame.Facts == nil {
		t.v.Frame.Facts = bot.Facts{}
	}
	t.flow = b.ByName[c.Flow]
	if t.flow.Talk && c.State == "" {
		c.State = t.flow.First
		t.out.Conv.State = c.State
	}
	t.from, t.hearer = c.State, c.Flow
	if c.State == "" {
		maps.Copy(t.v.Frame.Facts, v.Event.Facts)
	}
	settle(t.v)
	return t
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
	feet := t.footers(m)
	if m.Kind != bot.Begins && !t.begunAgain(m) { // else they are the other flow's, or would change what was begun
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
	settle(t.v)
	t.take(m)
	asks := t.asked(m) // before the frame may go
	t.rest()
	t.restart(m.Anew)
	t.prolong(m.Longer)
	to, err := t.way(m)
	if err != nil {
		return err
	}
	if err := t.machines[t.flow.Name].next(v.Frame.State, e.Name, to); err != nil {
		return err
	}
	t.out.Entry.Rules = append(t.out.Entry.Rules, m.Law...)
	t.speak(m)
	t.out.Tasks = append(t.out.Tasks, asks...)
	switch m.Kind {
	case bot.Goes:
		return t.enter(to)
	case bot.Begins:
		return t.push(m.Talk)
	case bot.Becomes:
		return t.become(m.Talk)
	case bot.Leaves:
		return t.leave()
	case bot.Homes:
		return t.home()
	}
	t.deal(m.Deals)
	if m.Shows {
		t.show(e.Room)
	}
	t.updateFooters(feet)
	return nil
}

// take keeps the files that came with the event: in a record as evidence, in a talk with its place.
func (t *turn) take(m bot.Move) {
	e, c := t.v.Event, &t.out.Conv
	switch {
	case len(e.Files) == 0 || m.Kind == bot.Begins:
	case t.flow.Talk:
		t.v.Frame.Files = slices.Concat(t.v.Frame.Files, e.Files)
	default:
		for _, f := range e.Files {
			if !c.Brought(f, e.By) && t.room(e.By) {
				c.Exhibits = append(c.Exhibits[:len(c.Exhibits):len(c.Exhibits)], bot.Exhibit{f, e.By})
			}
		}
	}
}

// room says whether a party may bring another file.
func (t *turn) room(by bot.Party) bool {
	n := 0
	for _, x := range t.out.Conv.Exhibits {
		if x.By == by {
			n++
		}
	}
	return t.flow.Files == 0 || by == bot.Support || n < t.flow.Files
}

// begunAgain says whether the event would begin a record that is there already: what it brings is not taken over.
func (t *turn) begunAgain(m bot.Move) bool {
	return m.Kind == bot.Stays && t.from != "" && slices.Contains(t.flow.Born, t.v.Event.Name)
}

// way chooses where a move leads; a move that does not go anywhere stays where it is.
func (t *turn) way(m bot.Move) (string, error) {
	if m.Kind != bot.Goes {
		return t.v.Frame.State, nil
	}
	for _, w := range m.Ways {
		if w.If == nil || w.If.Holds(t.v) {
			return w.To, nil
		}
	}
	return "", fmt.Errorf("no way is open")
}

// asked makes the tasks by which other conversations are told.
func (t *turn) asked(m bot.Move) []bot.Task {
	var tasks []bot.Task
	for _, ask := range m.Asks {
		key, ev := ask(t.v, t.v.Event)
		if key == "" {
			continue
		}
		if ev.By == "" {
			ev.By, ev.Actor, ev.Room = t.v.Event.By, t.v.Event.Actor, t.v.Event.Room
		}
		id := t.id()
		ev.ID = "task:" + id
		tasks = append(tasks, bot.Task{ID: id, Lane: "conv:" + string(key), Do: "tell", Class: bot.InnerClass,
			From: t.v.Conv.Key, To: key, Event: ev, Made: t.v.Now})
	}
	return tasks
}

// id makes an unguessable id of 128 bits from the view's seed.
func (t *turn) id() string {
	var in [20]byte
	copy(in[:], t.v.Seed[:])
	binary.BigEndian.PutUint32(in[16:], t.ids)
	t.ids++
	sum := sha256.Sum256(in[:])
	return base64.RawURLEncoding.EncodeToString(sum[:16])
}

// sends makes the tasks by which the turn's replies reach their rooms.
func (t *turn) sends() {
	t.out.Tasks = slices.Grow(t.out.Tasks, len(t.out.Replies))
	for i := range t.out.Replies {
		r := &t.out.Replies[i]
		class := bot.PostClass
		switch r.Mode {
		case bot.Edit, bot.Strip:
			class = bot.EditClass
		case bot.Aside:
			class = bot.AnswerClass
		}
		t.out.Tasks = append(t.out.Tasks, bot.Task{ID: t.id(), Lane: "room:" + string(r.Room), Do: "send", Class: class,
			From: r.From, Reply: r, Made: t.v.Now})
	}
}
