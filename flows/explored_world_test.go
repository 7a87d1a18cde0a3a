package flows_test

import (
	"cmp"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"nevermind/adapters/shop"
	"nevermind/bot"
	"nevermind/bot/turn"
)

// world is one order with its records, as far as decisions go: no messages, no store. It is never changed; a step makes a new
// one that shares what stayed as it was.
type world struct {
	now     time.Time
	order   bot.Order
	records []*bot.Conversation // by key
	works   []bot.Task          // what the shop was asked and has not answered
	news    int                 // what the shop has done of its own accord, as bits of ownAct
}

// step is one thing that happens: a line of a transcript, and what becomes of it.
type step struct {
	line  string
	aside bool // it says or keeps something, and decides nothing
	clock bool // nobody moves: a deadline passes, or the shop does as it does by itself
	to    *world
	fault string
}

// explorer's rules and policy make worlds move.
type mover struct {
	rules  *turn.Ruleset
	policy *bot.Policy
	people map[string]*bot.Person
	acts   int // which of ownActs there are, as bits

	asided map[string]int // how often what leads nowhere could be done: see triesAside
}

// ownAct is something that the shop does of its own accord, once in a story.
type ownAct struct {
	line string
	do   func(o *bot.Order, at time.Time) bool // false where it cannot be
}

var ownActs = []ownAct{
	{"shop: ship", func(o *bot.Order, at time.Time) bool {
		if o.Stage != bot.Processing {
			return false
		}
		o.Stage, o.Shipped, o.Tracking, o.Carrier = bot.Shipped, at, "LP123456785CN", "Post"
		return true
	}},
	{"shop: deliver", func(o *bot.Order, at time.Time) bool {
		if o.Stage != bot.Shipped {
			return false
		}
		o.Stage, o.Delivered = bot.Delivered, at
		return true
	}},
	{"shop: cancel", func(o *bot.Order, at time.Time) bool {
		if o.Stage != bot.Processing {
			return false
		}
		o.Cancel(at)
		return true
	}},
	{"shop: returns 2", func(o *bot.Order, _ time.Time) bool { // pays a part itself
		if !o.WasPaid() || o.Refundable().Minor < 400 {
			return false
		}
		o.Refunded = o.Refunded.Plus(bot.Money{Minor: 200, Currency: o.Total.Currency})
		return true
	}},
}

// view is what a turn of a record sees in a world.
func (m *mover) view(w *world, c *bot.Conversation, ev *bot.Event, actor *bot.Person) *bot.View {
	o := w.order.Clone()
	v := &bot.View{Now: w.now, BasePolicy: m.policy, Policy: m.policy.For(&o), Conv: c, Frame: &c.Frame, Event: ev, Actor: actor,
		Order: &o, Renderer: m.rules, People: map[bot.Party]*bot.Person{}}
	binary.BigEndian.PutUint64(v.Seed[:], uint64(c.Entries)+1)
	copy(v.Seed[8:], c.Key[max(0, len(c.Key)-8):])
	for party, id := range c.Parties {
		for _, p := range m.people {
			if p.ID == id {
				v.People[party] = p
			}
		}
	}
	return v
}

// clone copies what a step may change.
func (w *world) clone() *world {
	c := *w
	c.records, c.works = slices.Clone(w.records), slices.Clone(w.works)
	return &c
}

func (w *world) record(key bot.Key) (int, bool) {
	return slices.BinarySearchFunc(w.records, key, func(c *bot.Conversation, k bot.Key) int { return cmp.Compare(c.Key, k) })
}

// explored says whether records of a flow are part of a world; others only count or show.
func explored(flow string) bool {
	switch flow {
	case "case", "dispute", "withdrawal", "refund", "arrival":
		return true
	}
	return false
}

// hears has a record of the world hear an event, and all that follows inside the house. It returns why it was refused.
func (m *mover) hears(w *world, key bot.Key, ev bot.Event, actor *bot.Person) (refused string, err error) {
	type tell struct {
		key bot.Key
		ev  bot.Event
	}
	for queue := []tell{{key, ev}}; len(queue) > 0; queue = queue[1:] {
		now := queue[0]
		i, known := w.record(now.key)
		c := &bot.Conversation{Key: now.key, Frame: bot.Frame{Flow: now.key.Kind()}, Opened: w.now}
		who := actor
		if known {
			c = w.records[i]
		} else if f := m.rules.ByName[now.key.Kind()]; f == nil || !slices.Contains(f.Born, now.ev.Name) {
			continue
		}
		if who == nil {
			who = &bot.Person{}
		}
		if !known {
			c.ID, c.Order = now.ev.Facts["id"], w.order.ID
			c.Parties = map[bot.Party]bot.PersonID{bot.Support: bot.Desk, bot.Buyer: w.order.Buyer, bot.Seller: w.order.Seller}
		}
		made, err := m.rules.Decide(m.view(w, c, &now.ev, who))
		if err != nil {
			return "", err
		}
		if now.key == key && now.ev.ID == ev.ID {
			refused = made.Entry.Refused
		}
		after := made.Conv
		after.Version++
		if known {
			w.records[i] = &after
		} else {
			w.records = slices.Insert(w.records, i, &after)
		}
		for _, t := range made.Tasks {
			switch {
			case t.Do == bot.DoTell && explored(t.To.Kind()):
				queue = append(queue, tell{t.To, t.Event})
			case m.rules.Works[t.Do].Shop || m.rules.Works[t.Do].AsksShop || t.Do == "check_tracking":
				if err := m.asks(w, t); err != nil {
					return "", err
				}
			}
		}
	}
	return refused, nil
}

// shelf lets the embedded order book act on a world's order.
type shelf struct{ w *world }

func (s shelf) Order(context.Context, string) (bot.Order, error) { return s.w.order.Clone(), nil }

func (s shelf) ChangeOrder(_ context.Context, _ string, change func(*bot.Order) error) (bot.Order, error) {
	o := s.w.order.Clone()
	if err := change(&o); err != nil {
		return o, err
	}
	s.w.order = o
	return o, nil
}

// changed tells the open records what has become of the order; the one that caused it knows.
func (m *mover) changed(w *world, before *bot.Order, causer bot.Key) error {
	for n, name := range w.order.Events(before) {
		for _, c := range slices.Clone(w.records) {
			if c.Key == causer || !c.Closed.IsZero() || !m.rules.Hears(c, name) {
				continue
			}
			ev := bot.Event{ID: fmt.Sprintf("news %d", n), Name: name, By: bot.Shop}
			if name == "order_refunded" {
				ev.Facts = bot.Facts{"could_go_back": before.Refundable().String()}
			}
			if _, err := m.hears(w, c.Key, ev, nil); err != nil {
				return err
			}
		}
	}
	return nil
}

// steps are all that can happen next in a world.
func (m *mover) steps(w *world) (all []step) {
	all = append(all, m.works(w)...)
	all = append(all, m.passes(w)...)
	for _, c := range w.records {
		if c.Closed.IsZero() {
			all = append(all, m.presses(w, c)...)
		}
	}
	if slices.ContainsFunc(w.records, func(c *bot.Conversation) bool { return c.Closed.IsZero() }) {
		all = append(all, m.ownActs(w)...)
	}
	return all
}

// ownActs are what the shop may do of its own accord.
func (m *mover) ownActs(w *world) (all []step) {
	for n, act := range ownActs {
		to := w.clone()
		to.order = w.order.Clone()
		if m.acts&(1<<n) == 0 || w.news&(1<<n) != 0 || !act.do(&to.order, w.now) {
			continue
		}
		to.news |= 1 << n
		to.order.Updated = w.now
		before := w.order
		all = append(all, made(act.line, false, to, m.changed(to, &before, "")))
	}
	return all
}

func made(line string, clock bool, to *world, err error) step {
	s := step{line: line, clock: clock, to: to}
	if err != nil {
		s.fault = err.Error()
	}
	return s
}

// works are the answers that the shop may give to what it was asked. What it answers by itself comes first.
func (m *mover) works(w *world) (all []step) {
	for n, t := range w.works {
		if m.forgotten(w, &t) {
			continue
		}
		for _, ok := range []bool{true, false} {
			to := w.clone()
			to.works = slices.Delete(to.works, n, n+1)
			s, possible := m.answers(w, to, t, ok)
			if possible {
				all = append(all, s)
			}
		}
	}
	return all
}

// forgotten says whether nobody hears how a look at the shop ends, which changes nothing itself: a state that hears it looks
// again when it is entered.
func (m *mover) forgotten(w *world, t *bot.Task) bool {
	n, known := w.record(t.From)
	looks := t.Do == "check_order" || t.Do == "check_tracking"
	return looks && known && !slices.ContainsFunc(m.rules.Works[t.Do].Outcomes, func(event string) bool {
		return m.rules.Hears(w.records[n], event)
	})
}

// answers has the shop answer a task: as it does by itself, or with a no.
func (m *mover) answers(w, to *world, t bot.Task, ok bool) (step, bool) {
	book, ctx := m.book(to), context.Background()
	before := w.order
	var out bot.Outcome
	var err error
	line := "shop: does " + t.Do
	n := slices.IndexFunc(w.order.Book, func(p bot.Posting) bool { return p.Task == t.ID })
	switch pending := n >= 0 && w.order.Book[n].State == "pending"; {
	case pending:
		if !ok {
			line = "shop: fails " + t.Do
		}
		out, err = book.SettleRefund(ctx, w.order.ID, t.ID, ok, "closed")
		if errors.Is(err, shop.ErrHeld) {
			return step{}, false
		}
	case ok:
		out, err = book.Hands()[t.Do](ctx, t)
	case t.Do == "cancel_order" && !w.order.HasLeft():
		line, out = "shop: fails "+t.Do, bot.Done("cancel_failed", bot.Facts{"failure": "locked"})
	default:
		return step{}, false
	}
	if err == nil && out.Event != "" && !m.ofBefore(to, t) {
		ev := bot.Event{ID: "outcome:" + t.ID, Name: out.Event, Facts: out.Facts, By: bot.Shop}
		_, err = m.hears(to, t.From, ev, nil)
	}
	if err == nil {
		err = m.changed(to, &before, t.From)
	}
	return made(line, ok, to, err), true
}

// ofBefore says whether a task belongs to an attempt before the record's own: then its outcome is late.
func (m *mover) ofBefore(w *world, t bot.Task) bool {
	n, known := w.record(t.From)
	return m.rules.Works[t.Do].ByAttempt && known && w.records[n].Facts["attempt"] != t.Facts["attempt"]
}

func (m *mover) book(w *world) *shop.Book {
	return &shop.Book{Shelf: shelf{w}, Now: func() time.Time { return w.now }}
}

// asks asks the shop for something. A refund is posted at once, so that nothing else counts on its money.
func (m *mover) asks(w *world, t bot.Task) error {
	if slices.ContainsFunc(w.works, func(o bot.Task) bool { return o.ID == t.ID }) {
		return nil // it is the same one
	}
	w.works = append(w.works, t)
	if t.Do != "pay_refund" {
		w.works = unanswered(w.works, t)
		return nil
	}
	if _, err := m.book(w).PayRefund(context.Background(), t); err != nil {
		return err
	}
	switch p := w.order.Book[len(w.order.Book)-1]; p.Detail {
	case "more than was paid", "nothing was paid", "no amount to pay":
		return fmt.Errorf("the shop is asked to pay back %s, and there is %s left: %s", p.Amount, w.order.Refundable(), p.Detail)
	}
	return nil
}

// unanswered leaves of the works like the last one as many as can be told apart: a look that was asked for again, and
// two cancellations. An older one is given up.
func unanswered(works []bot.Task, last bot.Task) []bot.Task {
	like, most := 0, 1
	if last.Do == "cancel_order" {
		most = 2
	}
	for _, t := range slices.Backward(works) {
		if t.Do == last.Do && t.From == last.From {
			like++
		}
	}
	if like <= most {
		return works
	}
	i := slices.IndexFunc(works, func(t bot.Task) bool { return t.Do == last.Do && t.From == last.From })
	return slices.Delete(slices.Clone(works), i, i+1)
}

// passes lets each deadline that runs pass, whichever would be first: how long they still run tells no places apart, and one may
// wait until its question has arrived. What only reminds leads nowhere.
func (m *mover) passes(w *world) (all []step) {
	for _, c := range w.records {
		for _, d := range c.Deadlines {
			at := laterOf(w.now, d.At)
			reminds := m.reminds(c, &d)
			if !c.Closed.IsZero() || c.Overtaken(d, at) || reminds && !m.triesAside(c, d.Event) {
				continue
			}
			to := w.clone()
			to.now = at
			refused, err := m.hears(to, c.Key, bot.Event{ID: "deadline", Name: d.Event, By: bot.Clock}, nil)
			if err == nil && refused != "" {
				err = errors.New(d.Event + " has passed and is " + refused)
			}
			passed := made("clock: "+d.Name(), true, to, err)
			passed.aside = reminds
			all = append(all, passed)
		}
	}
	return all
}

// presses are the buttons on offer in a record, pressed by those who may, with every answer to their forms that matters.
func (m *mover) presses(w *world, c *bot.Conversation) (all []step) {
	for _, o := range c.Offers {
		if o.Unfolds() || o.Used || asides[o.Event] && !m.triesAside(c, string(o.Party)+" "+o.Event) {
			continue
		}
		for _, who := range m.pressers(c, &o) {
			actor := m.people[who]
			ev := bot.Event{ID: "press", Name: o.Event, By: o.Party, Actor: actor.ID, Room: roomOf(who), Offer: o.Token}
			for _, filled := range m.filled(w, c, &o, ev, actor) {
				to := w.clone()
				refused, err := m.hears(to, c.Key, filled, actor)
				if err == nil && refused != "" {
					err = fmt.Errorf("%s, on offer in %s, is %s", o.Event, c.State, refused)
				}
				line := who + ": [" + o.Words + "]"
				if len(filled.Facts) > 0 {
					line += fmt.Sprint(" ", filled.Facts)
				}
				pressed := made(line, false, to, err)
				pressed.aside = asides[o.Event]
				all = append(all, pressed)
			}
		}
	}
	return all
}

// triesAside says whether what leads nowhere is done here: in each state the first time, and then now and again.
func (m *mover) triesAside(c *bot.Conversation, what string) bool {
	if m.asided == nil {
		m.asided = map[string]int{}
	}
	mark := c.Flow + "." + c.State + "." + what + "." + c.Facts["stuck"]
	m.asided[mark]++
	return m.asided[mark]%64 == 1
}

// asides are the events of buttons that say, show or keep something and leave open what is decided, by whom and until when.
var asides = map[string]bool{
	"ahead_asked": true, "case_file_asked": true, "case_linked": true, "claimed": true, "released": true, "handed_over": true,
	"reply_picked": true, "reply_sent": true, "snoozed": true, "snooze_ended": true, "talk_asked": true, "support_noted": true,
	"files_asked": true, "support_to_buyer": true, "support_to_seller": true, "person_asked": true, "nudged": true,
	"buyer_wrote": true, "card_asked": true, "not_yet": true, "woken_by_hand": true,
}

// pressers are those who press a button: a decision is confirmed by another of support's people than the one who made it.
func (m *mover) pressers(c *bot.Conversation, o *bot.Offer) []string {
	switch o.Party {
	case bot.Buyer:
		return []string{"Ana"}
	case bot.Seller:
		return []string{"Lumen"}
	case bot.Support:
		if strings.HasPrefix(o.Event, "second_") {
			return []string{"Mira", "Jonas"}
		}
		return []string{"Mira"}
	}
	return nil
}

// filled is the event of a press, once for each way in which its form may be answered.
func (m *mover) filled(w *world, c *bot.Conversation, o *bot.Offer, ev bot.Event, actor *bot.Person) []bot.Event {
	if !o.Form {
		return []bot.Event{ev}
	}
	v := m.view(w, c, &ev, actor)
	v.Others = func() []bot.Conversation { return nil }
	v.Agents = []bot.Person{*m.people["Mira"], *m.people["Jonas"]}
	choice, ok := m.rules.Choice(v, o.Token, o.Party)
	if !ok || choice.Form == nil {
		return []bot.Event{ev}
	}
	form := m.rules.FormOf(v, c.Key, &choice, nil)
	if form == nil {
		return nil
	}
	var all []bot.Event
	for _, given := range answered(form.Fields, bot.Facts{}) {
		facts, err := m.rules.FillForm(form.Fields, given, actor, true)
		if err != nil {
			continue // it is asked again
		}
		e := ev
		e.Text = facts["text"]
		e.Facts = maps.Clone(facts)
		delete(e.Facts, "text")
		if slices.ContainsFunc(form.Fields, func(f bot.Field) bool { return f.Kind == bot.Files }) {
			hash := strings.Repeat(string(actor.ID[0]), 64)
			e.Files = []bot.File{{Hash: hash, Name: "photo.jpg", Type: "image/jpeg", Size: 1, At: w.now}}
		}
		all = append(all, e)
	}
	return all
}

// answered lists the answers to a form that matter: every option, the least and the most of an amount, one text.
func answered(fields []bot.Field, given bot.Facts) []bot.Facts {
	if len(fields) == 0 {
		return []bot.Facts{given}
	}
	f := &fields[0]
	if !f.Asked(given) {
		return answered(fields[1:], given)
	}
	var all []bot.Facts
	for _, answer := range answersTo(f) {
		next := maps.Clone(given)
		if answer != "" {
			next[f.Name] = answer
		}
		all = append(all, answered(fields[1:], next)...)
	}
	return all
}

func answersTo(f *bot.Field) (all []string) {
	switch f.Kind {
	case bot.Amount:
		least := bot.Money{Minor: 1, Currency: f.Max.Currency}
		if !least.Less(f.Max) {
			return []string{f.Max.Amount()}
		}
		return []string{least.Amount(), f.Max.Amount()}
	case bot.Code:
		return []string{"LP123456785CN"}
	case bot.OneOf:
		for _, o := range f.Options {
			all = append(all, o.Value)
		}
		if f.Name == "refusal" || f.Name == "evidence_days" { // any of them leads to the same
			return all[:1]
		}
		return all
	case bot.Sure:
		return []string{f.Options[0].Value}
	case bot.Time:
		return []string{"in 2 hours"}
	}
	if f.Optional {
		return []string{""}
	}
	return []string{"As I say."}
}

// laterOf is the later of two instants.
func laterOf(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}
