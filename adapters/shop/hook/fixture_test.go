package hook_test

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"

	"nevermind/adapters/shop"
	"nevermind/adapters/shop/hook"
	"nevermind/bot"
)

const secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"

// fixture is a shop behind a webhook, with one order and its tasks in memory in place of the engine.
type fixture struct {
	t       *testing.T
	shop    *hook.Shop
	now     time.Time
	mu      sync.Mutex
	order   bot.Order
	tasks   map[string]bot.TaskRecord
	told    []bot.Outcome // what Result was told
	bounced []string      // what Bounced was told
	got     []request     // what the shop has received
	say     func(n int, w http.ResponseWriter)
}

// request is one webhook as it came.
type request struct {
	id, at, signature string
	body              string
}

func newFixture(t *testing.T, say func(n int, w http.ResponseWriter)) *fixture {
	s := &fixture{t: t, now: time.Now(), tasks: map[string]bot.TaskRecord{}, say: say}
	s.order = bot.Order{ID: "8123", Buyer: "buyer:b-1", Seller: "seller:s-1", Stage: bot.Processing,
		Total: bot.Money{Minor: 2490, Currency: "USD"},
		Items: []bot.Item{{ID: "1", Quantity: 1}, {ID: "2", Quantity: 1}}, Version: 1}
	server := httptest.NewServer(http.HandlerFunc(s.receive))
	t.Cleanup(server.Close)
	var err error
	s.shop, err = hook.New(hook.Config{URL: server.URL + "/hooks", Secret: secret, Now: func() time.Time { return s.now }})
	if err != nil {
		t.Fatal(err)
	}
	s.shop.Attach(s)
	return s
}

// receive verifies with the public library and answers as the test says.
func (s *fixture) receive(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		s.t.Error(err)
	}
	verifier, err := standardwebhooks.NewWebhook(secret)
	if err != nil {
		s.t.Error(err)
	}
	if err := verifier.Verify(body, r.Header); err != nil {
		s.t.Errorf("the signature: %v", err)
	}
	s.mu.Lock()
	s.got = append(s.got, request{r.Header.Get("webhook-id"), r.Header.Get("webhook-timestamp"),
		r.Header.Get("webhook-signature"), string(body)})
	n := len(s.got)
	s.mu.Unlock()
	s.say(n, w)
}

func (s *fixture) Order(_ context.Context, id string) (bot.Order, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if id != s.order.ID {
		return bot.Order{}, bot.ErrNone
	}
	return s.order, nil
}

func (s *fixture) ChangeOrder(_ context.Context, id string, change func(*bot.Order) error) (bot.Order, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if id != s.order.ID {
		return bot.Order{}, bot.ErrNone
	}
	o := s.order
	if err := change(&o); err != nil {
		return s.order, err
	}
	s.order = o
	return o, nil
}

func (s *fixture) Task(_ context.Context, id string) (bot.TaskRecord, error) {
	r, ok := s.tasks[id]
	if !ok {
		return r, bot.ErrNone
	}
	return r, nil
}

func (s *fixture) Result(_ context.Context, id string, o bot.Outcome) error {
	r := s.tasks[id]
	s.told = append(s.told, o)
	if r.State == bot.TaskDone {
		if r.Outcome.Event == o.Event {
			return nil
		}
		return bot.ErrSeen
	}
	r.State, r.Outcome = bot.TaskDone, o
	s.tasks[id] = r
	return nil
}

func (s *fixture) Bounced(_ context.Context, id, why string) error {
	s.bounced = append(s.bounced, id+": "+why)
	return nil
}

// task makes a task as the engine hands it out at its nth try.
func (s *fixture) task(do string, tries int, facts bot.Facts) bot.Task {
	all := bot.Facts{"id": "C-7Q2M9", "amount": "24.90 USD"}
	for k, v := range facts {
		all[k] = v
	}
	t := bot.Task{ID: "T-" + do, Do: do, Order: "8123", Facts: all, Attempts: tries,
		Made: time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC)}
	s.tasks[t.ID] = bot.TaskRecord{Task: t, State: bot.TaskWaiting}
	return t
}

// do lets the hand do a task.
func (s *fixture) do(t bot.Task) bot.Outcome {
	s.t.Helper()
	o, err := s.shop.Hands()[t.Do](s.t.Context(), t)
	if err != nil {
		s.t.Fatal(err)
	}
	return o
}

func (s *fixture) posted(do string) (states []string) {
	for _, p := range s.order.Book {
		if p.Do == do {
			states = append(states, p.State)
		}
	}
	return states
}

func same[T any](t *testing.T, what string, got, want T) {
	t.Helper()
	g, err := json.Marshal(got)
	w, err2 := json.Marshal(want)
	if err := errors.Join(err, err2); err != nil {
		t.Fatal(err)
	}
	if string(g) != string(w) {
		t.Errorf("%s: got %s, want %s", what, g, w)
	}
}

func says(status int, body string) func(int, http.ResponseWriter) {
	return func(_ int, w http.ResponseWriter) { answer(w, status, body) }
}

func answer(w http.ResponseWriter, status int, body string) {
	w.WriteHeader(status)
	io.WriteString(w, body)
}

var _ shop.Engine = (*fixture)(nil)

func (s *fixture) shopNow() time.Time { return s.now }

func logTo(w io.Writer) *slog.Logger { return slog.New(slog.NewJSONHandler(w, nil)) }
