package shop_test

import (
	"context"
	"encoding/json"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"nevermind/bot/engine"

	"nevermind/adapters/shop"
	"nevermind/bot"
	"nevermind/bot/turn"
	"nevermind/flows"
	"nevermind/flows/policies"
	"nevermind/store/bolt"
)

// stand is a house with an order book and nobody to talk to: cases are told what happens.
type stand struct {
	t      testing.TB
	store  *bolt.Store
	engine *engine.Engine
	policy *bot.Policy
	book   *shop.Book
	now    time.Time
	told   int
}

func newStand(t testing.TB) *stand {
	t.Helper()
	store, err := bolt.Open(filepath.Join(t.TempDir(), "db"), bolt.NoSync())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { store.Close() })
	pack, err := policies.Default()
	if err != nil {
		t.Fatal(err)
	}
	s := &stand{t: t, store: store, policy: pack.Policy, now: time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC)}
	now := func() time.Time { return s.now }
	s.book = &shop.Book{Now: now}
	s.engine, err = engine.New(context.Background(),
		engine.Config{Store: store, Flows: flows.All(), Policy: pack.Policy, Now: now, Hands: s.book.Hands(),
			Adapters: []bot.Adapter{mute{}}})
	if err != nil {
		t.Fatal(err)
	}
	s.book.Shelf = s.engine
	for _, who := range []bot.PersonID{"buyer:b-1", "seller:s-1", bot.Desk} {
		_, rest := who.Split()
		if _, err := s.engine.PutPerson(context.Background(),
			bot.Person{ID: who, Rooms: []bot.Room{bot.Room("mute:" + rest)}}); err != nil {
			t.Fatal(err)
		}
	}
	return s
}

// mute is a platform that hears nothing and says nothing.
type mute struct{}

func (mute) Name() string                                        { return "mute" }
func (mute) Run(ctx context.Context, _ bot.Inbox) error          { <-ctx.Done(); return nil }
func (mute) Send(context.Context, bot.Delivery) (bot.Ref, error) { return "", nil }

func (s *stand) order(id string, stage bot.Stage) {
	s.t.Helper()
	usd := func(minor int64) bot.Money { return bot.Money{Minor: minor, Currency: "USD"} }
	o := bot.Order{ID: id, Buyer: "buyer:b-1", Seller: "seller:s-1", Stage: stage, Method: "card",
		Placed: s.now.Add(-48 * time.Hour), Updated: s.now,
		Total: usd(2490), Shipping: usd(250), Items: []bot.Item{{ID: "1", Title: "Lamp", Quantity: 1, Price: usd(2240)}}}
	if stage != bot.Unpaid {
		o.Paid = s.now.Add(-47 * time.Hour)
	}
	if _, err := s.engine.PutOrder(context.Background(), o); err != nil {
		s.t.Fatal(err)
	}
}

// tell lets something happen to the case of an order, and everything that follows.
func (s *stand) tell(order string, by bot.Party, event string, facts bot.Facts) {
	s.t.Helper()
	s.told++
	id := fmt.Sprint("test:", s.told)
	key := bot.Key("case/" + order + "/0")
	e := bot.Event{ID: id, Name: event, By: by, Facts: facts, Text: facts["text"]}
	if by == bot.Buyer {
		e.Actor = "buyer:b-1"
	} else if by == bot.Seller {
		e.Actor = "seller:s-1"
	}
	c := bot.Commit{At: s.now, Tasks: []bot.Task{{ID: id, Lane: "conv:" + string(key), Do: "tell", Class: bot.InnerClass, To: key,
		Event: e, Made: s.now}}}
	if err := s.store.Commit(context.Background(), &c); err != nil {
		s.t.Fatal(err)
	}
	s.drain()
}

func (s *stand) drain() {
	s.t.Helper()
	if err := s.engine.Drain(context.Background()); err != nil {
		s.t.Fatal(err)
	}
}

func (s *stand) submit(order string) {
	s.t.Helper()
	s.tell(order, bot.Buyer, "submitted", bot.Facts{"order": order, "id": "C-" + order, "kind": "cancellation",
		"amount": "24.90 USD", "asked": "24.90 USD",
		"reason": "not_needed", "note": "sorry"})
}

func (s *stand) read(order string) shop.Case {
	s.t.Helper()
	cases := shop.Cases{Store: s.store, Leads: turn.NewRuleset(flows.All(), nil).Leads,
		PolicyOf: func(*bot.Conversation) *bot.Policy { return s.policy }}
	c, err := cases.Case(context.Background(), bot.Key("case/"+order+"/0"))
	if err != nil {
		s.t.Fatal(err)
	}
	return c
}

// settle ends the pending refund of an order's case.
func (s *stand) settle(order string, event string) {
	s.t.Helper()
	o, err := s.store.Order(context.Background(), order)
	if err != nil || len(o.Book) == 0 {
		s.t.Fatalf("no posting (%v)", err)
	}
	task := o.Book[len(o.Book)-1].Task
	if err := s.engine.Result(context.Background(), task, bot.Done(event, nil)); err != nil {
		s.t.Fatal(err)
	}
	if _, err := s.book.SettleRefund(context.Background(), order, task, event == "refund_settled", ""); err != nil {
		s.t.Fatal(err)
	}
	s.drain()
}

func TestCaseAsTheContractHasIt(t *testing.T) {
	s := newStand(t)
	s.order("81", bot.Processing)
	s.submit("81")
	s.tell("81", bot.Buyer, "buyer_wrote", bot.Facts{"text": "my private words"})
	c := s.read("81")
	text, err := json.Marshal(c)
	if err != nil {
		t.Fatal(err)
	}
	want := `{"id":"C-81","order_id":"81","buyer_id":"b-1","seller_id":"s-1","kind":"cancellation","state":"awaiting_seller",` +
		`"reason":"not_needed","note":"sorry","opened_at":"2026-11-20T09:00:00Z","closed_at":null,` +
		`"deadlines":[{"name":"seller_answer","at":"2026-11-21T09:00:00Z","then":"cancelling"}],` +
		`"refund":{"amount":"24.90","currency":"USD","status":"none"},"timeline":[`
	if !strings.HasPrefix(string(text), want) {
		t.Errorf("got\n%s\nwant it to begin with\n%s", text, want)
	}
	if strings.Contains(string(text), "private") {
		t.Errorf("private words in %s", text)
	}
	last := c.Timeline[len(c.Timeline)-1]
	if last.Event != "order_open" || last.By != bot.Shop || last.From != "opening" || last.To != "awaiting_seller" ||
		!slices.Contains(last.Rule, "S41") {
		t.Errorf("the last move: got %+v", last)
	}
}

// TestDecisionNamesWhoDecided: a decision goes out by the clock, yet it is known whose it is.
func TestDecisionNamesWhoDecided(t *testing.T) {
	c := bot.Conversation{ID: "C-81", Frame: bot.Frame{Flow: "case", State: "refused"}}
	journal := []bot.Entry{
		{Seq: 1, To: "with_support", Visit: 1, Event: bot.Event{Name: "submitted", By: bot.Buyer}},
		{Seq: 2, From: "with_support", To: "with_support", Visit: 1, Event: bot.Event{Name: "refused_decided", By: bot.Support},
			Learned: bot.Facts{"decider": "support:mira"}},
		{Seq: 3, From: "with_support", To: "with_support", Visit: 1, Event: bot.Event{Name: "second_confirmed", By: bot.Support},
			Learned: bot.Facts{"seconder": "support:jonas"}},
		{Seq: 4, From: "with_support", To: "refused", Visit: 2, Event: bot.Event{Name: "decision_stood", By: bot.Clock}},
	}
	moves := shop.NewCase(turn.NewRuleset(flows.All(), nil).Leads, &bot.Policy{}, &c, journal, nil).Timeline
	last := moves[len(moves)-1]
	if len(moves) != 2 || last.By != bot.Clock || last.DecidedBy != "mira" || last.ConfirmedBy != "jonas" {
		t.Errorf("got %+v, want two moves, the last by the clock, decided by mira and confirmed by jonas", moves)
	}
	if moves[0].DecidedBy != "" {
		t.Errorf("the first move: got %q, want that nobody decided it", moves[0].DecidedBy)
	}
}

func TestCaseThenFollowsThePolicy(t *testing.T) {
	s := newStand(t)
	s.order("81", bot.Processing)
	s.policy.Choices["seller_silence"] = "support"
	s.submit("81")
	if got := s.read("81").Deadlines[0].Then; got != "with_support" {
		t.Errorf("then: got %q, want with_support", got)
	}
}

func TestCaseRefundStatus(t *testing.T) {
	s := newStand(t)
	s.order("81", bot.Processing)
	s.submit("81")
	step := func(want, state string) {
		t.Helper()
		c := s.read("81")
		if c.Refund.Status != want || c.State != state {
			t.Fatalf("got %s in %s, want %s in %s", c.Refund.Status, c.State, want, state)
		}
	}
	step("none", "awaiting_seller")
	s.tell("81", bot.Seller, "seller_accepted", nil)
	step("pending", "refunding")
	if got := s.read("81").Refund.TaskID; !strings.HasPrefix(got, "T-") {
		t.Errorf("the book's task: got %q", got)
	}
	s.settle("81", "refund_failed")
	step("failed", "with_support")
	if got := s.read("81").Refund.TaskID; got != "" {
		t.Errorf("a task that has ended: got %q", got)
	}
	s.tell("81", bot.Support, "refund_retried", nil)
	step("pending", "refunding")
	s.now = s.now.Add(60 * 24 * time.Hour)
	s.drain()
	step("pending", "with_support") // late is not failed
	s.settle("81", "refund_failed")
	step("failed", "with_support")
	s.tell("81", bot.Support, "paid_otherwise", bot.Facts{"reference": "by hand"})
	step("settled", "refunded")
	if c := s.read("81"); c.ClosedAt == nil || len(c.Deadlines) != 0 || c.Refund.Amount != "24.90" {
		t.Errorf("closed: got %+v", c)
	}
}

func TestShippedOrderHasNoCancellation(t *testing.T) {
	s := newStand(t)
	s.order("81", bot.Shipped)
	s.submit("81")
	if c := s.read("81"); c.Kind == "cancellation" {
		t.Errorf("kind: got %s for an order that had left", c.Kind)
	}
	s.order("82", bot.Processing)
	s.submit("82")
	s.order("82", bot.Shipped)
	s.drain()
	if c := s.read("82"); c.Kind != "cancellation" || c.State != "checking_tracking" {
		t.Errorf("shipped meanwhile: got %s in %s, want the cancellation it was", c.Kind, c.State)
	}
}

// TestPromisedStates holds that the states which the contract promises are there under their names, and that no case
// of the flow can be in a state that the contract would call by another.
func TestPromisedStates(t *testing.T) {
	var cases *bot.Flow
	for _, f := range flows.All().All {
		if f.Name == "case" {
			cases = f
		}
	}
	for _, name := range []string{"awaiting_seller", "negotiating", "with_support", "refunding"} {
		if s, ok := cases.States[name]; !ok || s.End() {
			t.Errorf("%s: there %v, want a state that goes on", name, ok)
		}
	}
	for _, name := range []string{"refunded", "cancelled", "withdrawn", "refused"} {
		if s, ok := cases.States[name]; !ok || !s.End() {
			t.Errorf("%s: there %v, want an end", name, ok)
		}
	}
}
