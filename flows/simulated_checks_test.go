package flows_test

import (
	"slices"
	"strings"
	"time"

	"nevermind/bot"
)

// checks is what a simulation has seen, to hold what comes after against it.
type checks struct {
	acknowledged []bot.Message
	stored       int // of these, found in the store already
	read         int // lines of the journal
	verdicts     map[bot.Key]string
	paid         map[string]string // refunds by record and attempt: the task's id
	shown        map[string]int    // messages by the id of their delivery
	told         map[told]int      // how long the journal was when they were told last
	excused      map[bot.Room]bool // rooms that have refused something, or are gone
	unsure       int               // sends whose end the house could not know
	crashes      int
}

// told is what a record says in a room.
type told struct {
	room bot.Room
	by   bot.Key
}

func newChecks() checks {
	return checks{verdicts: map[bot.Key]string{}, paid: map[string]string{}, shown: map[string]int{}, told: map[told]int{},
		excused: map[bot.Room]bool{}}
}

// holds checks what must hold after each step.
func (s *simulated) holds() {
	s.money()
	s.amounts()
	s.ends()
	s.verdicts(s.checks.verdicts)
	s.turnsMade()
	if s.held || s.down || s.busy > 0 {
		return // what follows is still to be done
	}
	for _, order := range s.orders {
		s.oneCase(order)
	}
	for _, key := range s.records() {
		c, err := s.store.Conversation(s.t.Context(), key)
		s.must(err)
		if c.Closed.IsZero() && len(c.Deadlines) == 0 {
			s.t.Errorf("%s stands at %s and waits for nothing", key, c.State)
		}
	}
}

// turnsMade looks at the turns made since: nobody has made another's move, and nothing that cannot be taken back was decided
// by a clock that is wrong.
func (s *simulated) turnsMade() {
	irreversible := s.rules.Irreversible()
	for ; s.checks.read < len(s.journal); s.checks.read++ {
		e := &s.journal[s.checks.read]
		s.trace = append(s.trace, moved(e))
		if e.Event.By == bot.Clock {
			s.steps++
		}
		if e.Refused != "" || e.Conversation.Kind() == "talk" {
			continue
		}
		if e.Event.By == bot.Clock && irreversible[e.Event.Name] {
			if off := s.skew - s.believed; off.Abs() > 2*time.Minute {
				s.t.Errorf("%s hears %s by a clock that is %s off", e.Conversation, e.Event.Name, off)
			}
		}
		s.ownMove(e)
	}
}

// ownMove checks that who moved a record is of the party that moved it.
func (s *simulated) ownMove(e *bot.Entry) {
	by, actor := e.Event.By, e.Event.Actor
	if actor == "" || by != bot.Buyer && by != bot.Seller && by != bot.Support {
		return
	}
	c, err := s.store.Conversation(s.t.Context(), e.Conversation)
	s.must(err)
	who := bot.Person{ID: actor}
	if who.Party() != by || by != bot.Support && c.Parties[by] != "" && c.Parties[by] != actor {
		s.t.Errorf("%s makes the %s's move %s in %s", actor, by, e.Event.Name, e.Conversation)
	}
}

// showed takes down what a platform has shown.
func (s *simulated) showed(d *bot.Delivery) {
	s.checks.told[told{d.Reply.Room, d.Reply.From}] = len(s.journal)
	if d.Reply.Mode == bot.New {
		s.checks.shown[d.ID]++
	}
}

// shopDid checks what the shop has done for a task: nothing is cancelled that has left, a refund has an
// amount, and a record's attempt moves money once.
func (s *simulated) shopDid(do string, t *bot.Task, before *bot.Order, out bot.Outcome) {
	amount, err := bot.ReadMoney(t.Facts["amount"])
	if nothing := err != nil || amount.IsZero(); do == "pay_refund" && nothing && out.Event != "refund_failed" {
		s.t.Errorf("the shop is asked to pay back %q for %s, and answers %s", t.Facts["amount"], t.From, out.Event)
	}
	switch {
	case do == "cancel_order" && out.Event == "order_cancelled":
		posted := slices.ContainsFunc(before.Book, func(p bot.Posting) bool { return p.Task == t.ID })
		left := before.Stage == bot.Shipped || before.Stage == bot.Delivered || before.Stage == bot.Completed
		if left && !posted {
			s.t.Errorf("order %s is cancelled, and it is %s", t.Order, before.Stage)
		}
	case do == "pay_refund" && (out.Pending || out.Event == "refund_settled"):
		reason := string(t.From) + " " + t.Facts["attempt"]
		if first := s.checks.paid[reason]; first != "" && first != t.ID {
			s.t.Errorf("%s pays twice, as %s and as %s", reason, first, t.ID)
		}
		s.checks.paid[reason] = t.ID
	}
}

// nothingLost checks that what was acknowledged is in the store.
func (s *simulated) nothingLost() {
	rooms := map[bot.Room]map[string]bool{}
	for _, m := range s.checks.acknowledged[s.checks.stored:] {
		if strings.HasPrefix(m.Press, "!") {
			continue // forged: it is counted
		}
		if rooms[m.Room] == nil {
			rooms[m.Room] = s.saidIn(m.Room)
		}
		if !rooms[m.Room][m.ID] {
			s.t.Errorf("message %s in %s was acknowledged and is lost", m.ID, m.Room)
		}
	}
	s.checks.stored = len(s.checks.acknowledged)
}

// saidIn are the ids of the messages that people have said in a room.
func (s *simulated) saidIn(room bot.Room) map[string]bool {
	ids := map[string]bool{}
	for after := uint64(0); ; {
		said, err := s.store.Said(s.t.Context(), room, after, 0, 500)
		s.must(err)
		if len(said) == 0 {
			return ids
		}
		for _, x := range said {
			if after = x.Seq; x.In != nil {
				ids[x.In.ID] = true
			}
		}
	}
}

// heals makes all well again and lets time pass, in which nobody moves; then all has come to its end.
func (s *simulated) heals() {
	s.down, s.silent, s.held, s.busy, s.crashAt, s.skew = false, false, false, 0, "", 0
	s.healed, s.calls, s.sends = true, nil, map[bot.Room][]ending{}
	clear(s.gone)
	s.must(s.store.Close())
	s.revive()
	s.pass(2 * time.Hour)
	for _, id := range s.orders {
		s.settled(id, true)
	}
	s.pass(60*24*time.Hour + s.furthest)
	for range 30 { // what silence decided on the last day has the shop's time before it
		if len(s.underWay()) == 0 {
			break
		}
		s.pass(24 * time.Hour)
	}
	s.holds()
	s.checks.stored = 0
	s.nothingLost()
	s.nothingWaits()
	for _, key := range s.underWay() {
		s.t.Errorf("%s has not ended and is not with support, and nobody has moved for ninety days", key)
	}
	for _, key := range s.records() {
		s.replays(key, true)
		s.told(key)
	}
	twins := 0
	for _, n := range s.checks.shown {
		twins += n - 1
	}
	if most := s.checks.unsure + s.checks.crashes; twins > most {
		s.t.Errorf("%d messages came twice, and %d can have", twins, most)
	}
}

// nothingWaits checks that nothing is overdue.
func (s *simulated) nothingWaits() {
	task, err := s.store.NextTask(s.t.Context())
	s.must(err)
	deadline, err := s.store.NextDeadline(s.t.Context())
	s.must(err)
	for what, at := range map[string]time.Time{"task": task, "deadline": deadline} {
		if late := s.wall().Sub(at); !at.IsZero() && late > time.Hour {
			s.t.Errorf("a %s is %s late", what, late)
		}
	}
}

// underWay are the requests that have neither ended nor wait for support, with where they stand.
func (s *simulated) underWay() (standing []string) {
	for _, key := range s.records() {
		c, err := s.store.Conversation(s.t.Context(), key)
		s.must(err)
		if isRequest(key) && c.Closed.IsZero() && !stateOf(c.Flow, c.State).Desk {
			standing = append(standing, string(key)+" at "+c.State)
		}
	}
	return standing
}

func isRequest(key bot.Key) bool {
	return slices.Contains([]string{"case", "dispute", "withdrawal"}, key.Kind())
}

// told checks that the buyer of a request that has ended was told.
func (s *simulated) told(key bot.Key) {
	c, err := s.store.Conversation(s.t.Context(), key)
	s.must(err)
	if !isRequest(key) || c.Closed.IsZero() || stateOf(c.Flow, c.State).Tell[bot.Buyer] == "" {
		return
	}
	buyer, err := s.store.Person(s.t.Context(), c.Parties[bot.Buyer])
	if err != nil || len(buyer.Rooms) == 0 {
		return
	}
	ended := 0 // the wall clock may have been set back since
	for n := range s.journal {
		if e := &s.journal[n]; e.Conversation == key && e.Refused == "" && stateOf(e.Flow, e.To).End() {
			ended = n
		}
	}
	heard := slices.ContainsFunc(buyer.Rooms, func(r bot.Room) bool {
		return s.checks.excused[r] || s.checks.told[told{r, key}] > ended
	})
	if !heard {
		s.t.Errorf("%s ended as %s, and its buyer was not told in %s", key, c.State, buyer.Rooms)
	}
}
