package bot

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"maps"
	"slices"
)

// Turn is everything one event changes; the unit of commit and of the journal.
type Turn struct {
	Conv    Conversation
	Replies []Reply
	Tasks   []Task
	Entry   Entry
}

// Notes: why a turn moved nothing. Flows.Notes holds the words for them, and for what the shop says when nobody waits for
// it, by its event.
const (
	NoteLate          = "late"           // the button was offered in a visit that is over
	NoteForged        = "forged"         // no such button was ever offered
	NoteNotYours      = "not_yours"      // the button was offered to somebody else
	NoteNotUnderstood = "not_understood" // words that no state heard
	NoteTooLong       = "too_long"       // more than can be read
	NoteUsed          = "used"           // pressed before, and it counts once
	NoteUnheard       = "unheard"        // an outcome or news that this state does not wait for
	NoteFailed        = "failed"         // our own fault: the message is kept and tried again
	NoteKept          = "kept"           // words for colleagues: kept with the record, and answered by nobody
	NoteLateMoney     = "late_money"     // said to support: the shop has moved money, and nobody waited for it
	NoteUndelivered   = "undelivered"    // said to support: somebody was not reached, and no record could say so
	NoteGivenUp       = "given_up"       // said to support: what had to be done has failed for good
)

// book is the flows made ready for turns.
type book struct {
	*Flows
	catalog  Catalog
	flows    map[string]*Flow
	machines map[string]*machine
}

func newBook(f *Flows, c Catalog) *book {
	b := &book{Flows: f, catalog: c, flows: map[string]*Flow{}, machines: map[string]*machine{}}
	for _, flow := range f.All {
		b.flows[flow.Name] = flow
		b.machines[flow.Name] = newMachine(flow)
	}
	return b
}

// turn is a Turn in the making.
type turn struct {
	*book
	v      *View
	out    Turn
	ids    uint32
	flow   *Flow
	hearer string // the flow that heard the event
	ended  string // the end a talk has come to, before what was set aside came back
	from   string
	old    Facts
}

// decide makes the turn for v.Event. It is pure: the same view gives the same turn.
func (b *book) decide(v *View) (Turn, error) {
	t := b.begin(v)
	if note := t.illegal(); note != "" {
		return t.refuse(note), nil
	}
	t.recall()
	e := t.v.Event
	if t.from == "" {
		first := t.first(t.flow)
		t.take(Move{})
		if err := t.enter(first); err != nil {
			return Turn{}, err
		}
		if _, heard := t.flow.States[first].Then[e.Name]; !heard {
			return t.finish(""), nil
		}
	}
	move, ok := t.flow.move(t.v.Frame.State, e.Name)
	if !ok {
		return t.refuse(NoteUnheard), nil
	}
	if err := t.make(move); err != nil {
		return Turn{}, fmt.Errorf("%s in %s of %s: %w", e.Name, t.from, t.flow.Name, err)
	}
	return t.finish(""), nil
}

// refuse makes the turn that moves nothing, for that reason.
func (b *book) refuse(v *View, note string) Turn { return b.begin(v).refuse(note) }

// legal says whether the press that is the view's event counts.
func (b *book) legal(v *View) bool { return b.begin(v).illegal() == "" }

// begin takes a working copy of the conversation, so that the view stays as it was.
func (b *book) begin(v *View) *turn {
	t := &turn{book: b, v: new(*v)}
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
		t.v.Frame.Facts = Facts{}
	}
	t.flow = b.flows[c.Flow]
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
			return NoteNotYours
		case o.Used:
			return NoteUsed
		case o.Once:
			t.v.Frame.Offers = slices.Clone(offers)
			t.v.Frame.Offers[i].Used = true
		}
		return ""
	}
	return NoteLate
}

// mayPress says whether a button was offered to who presses it: a record's guest is known by their room.
func (t *turn) mayPress(o *Offer) bool {
	e := t.v.Event
	switch {
	case t.flow.Talk:
		return o.Party == e.By || o.Party == Here
	case o.Party == Here:
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
func (t *turn) make(m Move) error {
	v, e := t.v, t.v.Event
	feet := t.feet(m)
	if m.Kind != Begins && !t.begunAgain(m) { // else they are the other flow's, or would change what was begun
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
	case Goes:
		return t.enter(to)
	case Begins:
		return t.push(m.Talk)
	case Turns:
		return t.become(m.Talk)
	case Leaves:
		return t.leave()
	case Homes:
		return t.home()
	}
	t.deal(m.Deals)
	if m.Shows {
		t.show(e.Room)
	}
	t.refoot(feet)
	return nil
}

// take keeps the files that came with the event: in a record as evidence, in a talk with its place.
func (t *turn) take(m Move) {
	e, c := t.v.Event, &t.out.Conv
	switch {
	case len(e.Files) == 0 || m.Kind == Begins:
	case t.flow.Talk:
		t.v.Frame.Files = slices.Concat(t.v.Frame.Files, e.Files)
	default:
		for _, f := range e.Files {
			if !c.brought(f, e.By) && t.room(e.By) {
				c.Exhibits = append(c.Exhibits[:len(c.Exhibits):len(c.Exhibits)], Exhibit{f, e.By})
			}
		}
	}
}

// room says whether a party may bring another file.
func (t *turn) room(by Party) bool {
	n := 0
	for _, x := range t.out.Conv.Exhibits {
		if x.By == by {
			n++
		}
	}
	return t.flow.Files == 0 || by == Support || n < t.flow.Files
}

// begunAgain says whether the event would begin a record that is there already: what it brings is not taken over.
func (t *turn) begunAgain(m Move) bool {
	return m.Kind == Stays && t.from != "" && slices.Contains(t.flow.Born, t.v.Event.Name)
}

// way chooses where a move leads; a move that does not go anywhere stays where it is.
func (t *turn) way(m Move) (string, error) {
	if m.Kind != Goes {
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
func (t *turn) asked(m Move) []Task {
	var tasks []Task
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
		tasks = append(tasks, Task{ID: id, Lane: "conv:" + string(key), Do: "tell", Class: InnerClass,
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
		class := PostClass
		switch r.Mode {
		case Edit, Strip:
			class = EditClass
		case Aside:
			class = AnswerClass
		}
		t.out.Tasks = append(t.out.Tasks, Task{ID: t.id(), Lane: "room:" + string(r.Room), Do: "send", Class: class,
			From: r.From, Reply: r, Made: t.v.Now})
	}
}
