package rest_test

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"nevermind/bot/engine"

	"nevermind/adapters/shop"
	"nevermind/adapters/shop/rest"
	"nevermind/bot"
	"nevermind/flows"
	"nevermind/flows/policies"
	"nevermind/flows/report"
	"nevermind/store/bolt"
)

const key = "test-key-CANARYKEY"

// fixture is the API over a real engine and store, with a shop that answers commands later.
type fixture struct {
	t      testing.TB
	engine *engine.Engine
	store  *bolt.Store
	api    *rest.API
	log    *strings.Builder
	mu     sync.Mutex
	now    time.Time
	told   int
	asked  []bot.Task // of the shop, whose answers come later
	put    func(context.Context, bot.Order) (bot.Order, error)
}

func newFixture(t testing.TB) *fixture {
	t.Helper()
	store, err := bolt.Open(filepath.Join(t.TempDir(), "db"), bolt.NoSync())
	must(t, err)
	t.Cleanup(func() { store.Close() })
	pack, err := policies.Default()
	must(t, err)
	s := &fixture{t: t, store: store, log: &strings.Builder{}, now: time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC)}
	book := &shop.Book{Now: s.clock}
	hands := book.Hands()
	later := func(_ context.Context, k bot.Task) (bot.Outcome, error) {
		s.asked = append(s.asked, k)
		return bot.Pending(), nil
	}
	hands["cancel_order"], hands["pay_refund"] = later, later
	s.engine, err = engine.New(context.Background(),
		engine.Config{Store: store, Flows: flows.All(), Policy: pack.Policy, Now: s.clock, Hands: hands,
			Adapters: []bot.Adapter{mute{}}})
	must(t, err)
	book.Shelf = s.engine
	for _, who := range []bot.PersonID{"buyer:b-1", "seller:s-1", bot.Desk} {
		_, err := s.engine.PutPerson(context.Background(), bot.Person{ID: who, Rooms: []bot.Room{bot.Room("mute:" + who)}})
		must(t, err)
	}
	s.put = s.engine.PutOrder
	s.api = s.over(key)
	return s
}

// over makes the API with a key.
func (s *fixture) over(key string) *rest.API {
	return rest.New(rest.Config{Key: key, Engine: s.engine, Version: "test",
		Log:    slog.New(slog.NewJSONHandler(s.log, &slog.HandlerOptions{Level: slog.LevelDebug})),
		Put:    func(ctx context.Context, o bot.Order) (bot.Order, error) { return s.put(ctx, o) },
		Report: s.report, End: s.end, Bot: func() string { return "nevermind_bot" }})
}

func (s *fixture) report(ctx context.Context, q bot.ReportQuery) (bot.Report, error) {
	return report.Make(q, s.clock(),
		func(term string, after bot.Key, n int) ([]bot.Key, error) { return s.store.Find(ctx, term, after, n) },
		func(key bot.Key) ([]bot.Entry, error) { return s.store.Journal(ctx, key, 0, 1000) })
}

func (s *fixture) end(ctx context.Context, task string, e shop.Ended) error {
	r, err := s.store.Task(ctx, task)
	if err != nil {
		return err
	}
	o, ok := e.Outcome(r.Task.Do)
	if !ok {
		return bot.ErrNone
	}
	return s.engine.Result(ctx, task, o)
}

func (s *fixture) clock() time.Time {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.now
}

// mute is a platform that hears nothing and says nothing.
type mute struct{}

func (mute) Name() string                                        { return "mute" }
func (mute) Run(ctx context.Context, _ bot.Inbox) error          { <-ctx.Done(); return nil }
func (mute) Send(context.Context, bot.Delivery) (bot.Ref, error) { return "", nil }

// ask calls the API with the key.
func (s *fixture) ask(method, path, body string, headers ...string) *httptest.ResponseRecorder {
	s.t.Helper()
	r := httptest.NewRequest(method, path, strings.NewReader(body))
	r.Header.Set("Authorization", "Bearer "+key)
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	w := httptest.NewRecorder()
	s.api.ServeHTTP(w, r)
	return w
}

// tell lets something happen to the case of an order, and everything that follows.
func (s *fixture) tell(order string, by bot.Party, event string, facts bot.Facts) {
	s.t.Helper()
	s.tellThe("case", order, by, event, facts)
}

// tellThe does so for a record of another flow.
func (s *fixture) tellThe(flow, order string, by bot.Party, event string, facts bot.Facts) {
	s.t.Helper()
	s.told++
	id := fmt.Sprint("test:", s.told)
	key := bot.Key(flow + "/" + order + "/0")
	e := bot.Event{ID: id, Name: event, By: by, Facts: facts}
	c := bot.Commit{At: s.clock(), Tasks: []bot.Task{{ID: id, Lane: "conv:" + string(key), Do: "tell", Class: bot.InnerClass,
		To: key, Event: e, Made: s.clock()}}}
	must(s.t, s.store.Commit(context.Background(), &c))
	must(s.t, s.engine.Drain(context.Background()))
}

// open puts an order and opens a case about it.
func (s *fixture) open(order string) {
	s.t.Helper()
	if w := s.ask("PUT", "/v1/orders/"+order, anOrder(order)); w.Code != http.StatusOK {
		s.t.Fatalf("put: %d %s", w.Code, w.Body)
	}
	s.tell(order, bot.Buyer, "submitted", bot.Facts{"order": order, "id": caseID(order), "kind": "cancellation",
		"amount": "24.90 USD", "asked": "24.90 USD",
		"reason": "not_needed", "note": "sorry"})
}

// pending is the newest command of a kind.
func (s *fixture) pending(do string) string {
	s.t.Helper()
	for _, k := range slices.Backward(s.asked) {
		if k.Do == do {
			return k.ID
		}
	}
	s.t.Fatalf("nobody asked for %s", do)
	return ""
}

func anOrder(id string) string {
	return `{"id":"` + id + `","buyer_id":"b-1","seller_id":"s-1","stage":"processing",
 "placed_at":"2026-11-20T09:00:00Z","paid_at":"2026-11-20T09:05:00Z","ship_by":"2026-11-27T00:00:00Z",
 "shipped_at":null,"deliver_by":null,"delivered_at":null,"updated_at":"2026-11-20T09:05:00Z",
 "payment_method":"card","currency":"USD","total":"24.90","shipping_fee":"2.50",
 "coupon":{"code":"NOV5","amount":"5.00","used":true},
 "tracking":{"carrier":"","code":""},
 "items":[{"id":"1","title":"Bamboo lamp","quantity":1,"price":"22.40","image_url":""}]}`
}

// said is a problem as it was answered.
type said struct {
	Title  string
	Status int
	Detail string
	Errors []struct{ Location, Message string }
}

// problemOf reads a problem document and holds it to the contract.
func problemOf(t testing.TB, w *httptest.ResponseRecorder, status int) said {
	t.Helper()
	var p said
	err := json.Unmarshal(w.Body.Bytes(), &p)
	if kind := w.Header().Get("Content-Type"); err != nil || w.Code != status || p.Status != w.Code || p.Title == "" ||
		kind != "application/problem+json" {
		t.Fatalf("got %d %s %.500q (%v), want a problem document with status %d", w.Code, kind, w.Body, err, status)
	}
	return p
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// caseID is what the case about an order is called: as in the contract for its order.
func caseID(order string) string {
	if order == "8123456789012345" {
		return "C-7Q2M9K4D"
	}
	return "C-" + order
}
