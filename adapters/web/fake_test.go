package web

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"nevermind/bot"
)

var noon = time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)

// rest is what of a store a scene leaves out.
type rest = bot.Store

// scene is a house at rest: it answers what it was given and remembers what it was told.
type scene struct {
	rest
	flows    *bot.Flows
	people   []bot.Person
	orderSet map[string]bot.Order
	convs    map[bot.Key]bot.Conversation
	journal  map[bot.Key][]bot.Entry
	said     map[bot.Room][]bot.Said
	ahead    map[bot.Key][]bot.Foresight
	due      []bot.DueDeadline
	values   map[string][]byte
	got      []bot.Message
	did      []string
	fail     error
	woken    int
	now      func() time.Time
}

func (s *scene) Store() bot.Store  { return s }
func (s *scene) Flows() *bot.Flows { return s.flows }
func (s *scene) Now() time.Time    { return s.now() }
func (s *scene) Wake()             { s.woken++ }

func (s *scene) Receive(_ context.Context, m bot.Message) error {
	if s.fail == nil {
		s.got = append(s.got, m)
	}
	return s.fail
}

func (s *scene) Foresee(_ context.Context, k bot.Key, _ int) ([]bot.Foresight, error) {
	return s.ahead[k], nil
}

func (s *scene) Conversation(_ context.Context, k bot.Key) (bot.Conversation, error) {
	return found(s.convs, k)
}

func (s *scene) Order(_ context.Context, id string) (bot.Order, error) { return found(s.orderSet, id) }

func (s *scene) Value(_ context.Context, name string) ([]byte, error) { return found(s.values, name) }

func (s *scene) SetValue(_ context.Context, name string, v []byte) error {
	if s.fail == nil {
		s.values[name] = v
	}
	return s.fail
}

func (s *scene) Person(_ context.Context, id bot.PersonID) (bot.Person, error) {
	for _, p := range s.people {
		if p.ID == id {
			return p, nil
		}
	}
	return bot.Person{}, bot.ErrNone
}

func (s *scene) People(_ context.Context, party bot.Party, _ bot.PersonID, _ int) ([]bot.Person, error) {
	var out []bot.Person
	for _, p := range s.people {
		if p.Party() == party {
			out = append(out, p)
		}
	}
	return out, nil
}

func (s *scene) OrdersOf(_ context.Context, who bot.PersonID, _, _ int) ([]bot.Order, error) {
	var out []bot.Order
	for _, o := range s.orderSet {
		if o.Buyer == who || o.Seller == who {
			out = append(out, o)
		}
	}
	return out, nil
}

func (s *scene) Said(_ context.Context, r bot.Room, _, _ uint64, _ int) ([]bot.Said, error) {
	return s.said[r], nil
}

func (s *scene) Journal(_ context.Context, k bot.Key, _, _ int) ([]bot.Entry, error) {
	return s.journal[k], nil
}

func (s *scene) Due(_ context.Context, t time.Time, _ int) ([]bot.DueDeadline, error) {
	var out []bot.DueDeadline
	for _, d := range s.due {
		if !d.At.After(t) {
			out = append(out, d)
		}
	}
	return out, nil
}

func (s *scene) done(what ...string) error {
	s.did = append(s.did, strings.Join(what, " "))
	return s.fail
}

// counter is the shop's side of a scene.
type counter struct{ *scene }

func (c counter) Confirm(_ context.Context, o string) error { return c.done("confirm", o) }
func (c counter) Ship(_ context.Context, o, t string) error { return c.done("ship", o, t) }
func (c counter) Deliver(_ context.Context, o string) error { return c.done("deliver", o) }
func (c counter) Cancel(_ context.Context, o string) error  { return c.done("cancel", o) }
func (c counter) Settle(_ context.Context, o, t string, ok bool) error {
	return c.done("settle", o, t, map[bool]string{true: "ok", false: "failed"}[ok])
}

func found[K comparable, V any](m map[K]V, k K) (V, error) {
	if v, ok := m[k]; ok {
		return v, nil
	}
	var none V
	return none, bot.ErrNone
}

// lamp is the scene of the tests: Ana's lamp, a case about it that waits for the seller, a day to go.
func lamp() *scene {
	key := bot.Key("case/8123/0")
	s := &scene{now: func() time.Time { return noon }, values: map[string][]byte{}}
	s.flows = &bot.Flows{All: []*bot.Flow{{Name: "case", First: "opening", States: bot.States{
		"opening": {Then: bot.Moves{"submitted": bot.Go("awaiting_seller")}},
		"awaiting_seller": {Then: bot.Moves{
			"seller_accepted": bot.Go("refunding"), "seller_silent": bot.Go("refunding"), "seller_reminded": bot.Stay(),
		}},
		"refunding": {Firm: true, Then: bot.Moves{"refund_settled": bot.Go("refunded")}},
		"refunded":  {},
		"withdrawn": {},
	}, Always: bot.Moves{"withdrawn": bot.Go("withdrawn"), "helped": bot.Stay()}}}}
	s.people = []bot.Person{
		{ID: "buyer:b-1", Name: "Ana García"}, {ID: "seller:s-1", Name: "Bright Home"},
		{ID: bot.Desk}, {ID: "support:mira", Name: "Mira"},
	}
	s.orderSet = map[string]bot.Order{"8123": {
		ID: "8123", Buyer: "buyer:b-1", Seller: "seller:s-1", Stage: bot.Processing, Method: "card",
		Total: bot.Money{Minor: 2490, Currency: "USD"}, Items: []bot.Item{{Title: "Bamboo lamp"}},
		Book: []bot.Posting{{Task: "T-1", Do: "pay_refund", Amount: bot.Money{Minor: 2490, Currency: "USD"}, State: "pending", At: noon}},
	}}
	answer := bot.Deadline{Name: "seller_answer", At: noon.Add(24 * time.Hour), Event: "seller_silent"}
	s.convs = map[bot.Key]bot.Conversation{key: {
		Key: key, ID: "C-7Q2M9K4D", Frame: bot.Frame{Flow: "case", State: "awaiting_seller"}, Order: "8123", Opened: noon.Add(-time.Minute),
		Parties: map[bot.Party]bot.PersonID{bot.Buyer: "buyer:b-1", bot.Seller: "seller:s-1"}, Deadlines: []bot.Deadline{answer},
	}}
	idle := bot.Deadline{Name: "talk_idle", At: noon.Add(time.Minute), Event: "talk_idled"}
	s.due = []bot.DueDeadline{{Key: "talk/web:buyer:b-1", Deadline: idle}, {Key: key, Deadline: answer}}
	s.ahead = map[bot.Key][]bot.Foresight{key: {
		{At: answer.At, By: bot.Clock, Event: answer.Event, From: "awaiting_seller", To: "refunding", Window: answer.Name},
		{At: answer.At.Add(time.Hour), By: bot.Shop, Event: "refund_settled", From: "refunding", To: "refunded"},
	}}
	s.journal = map[bot.Key][]bot.Entry{key: {{
		Seq: 1, At: noon, Event: bot.Event{Name: "submitted", By: bot.Buyer, Actor: "buyer:b-1"}, To: "awaiting_seller", Rules: []string{"S41"},
	}}}
	s.said = map[bot.Room][]bot.Said{"web:buyer:b-1": {
		{Seq: 1, At: noon, In: &bot.Message{Account: "web:buyer:b-1", Text: "<b>cancel</b>"}},
		{Seq: 2, At: noon, Task: "T-9", Out: &bot.Reply{Mode: bot.New, Card: key, From: key, Text: "I have asked Bright Home."}},
	}}
	return s
}

// open serves a scene.
func (s *scene) open(t *testing.T) *httptest.Server {
	t.Helper()
	c, err := OpenClock(t.Context(), s)
	if err != nil {
		t.Fatal(err)
	}
	c.wall = func() time.Time { return noon }
	s.now = c.Now
	d := New(Config{Clock: c, Draw: func(_ context.Context, f *bot.Flow, state string) ([]byte, error) {
		return []byte("<svg>" + f.Name + " at " + state + "</svg>"), nil
	}})
	d.Attach(s, counter{s})
	srv := httptest.NewServer(d)
	t.Cleanup(srv.Close)
	t.Cleanup(d.hints.close)
	return srv
}

// ask makes a request and returns the status and the body.
func ask(t *testing.T, method, url, body string, header ...string) (int, string) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, url, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	if method == http.MethodPost {
		req.Header.Set("Content-Type", "application/json")
	}
	for i := 0; i+1 < len(header); i += 2 {
		if req.Header.Set(header[i], header[i+1]); header[i] == "Host" {
			req.Host = header[i+1]
		}
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp.StatusCode, string(b)
}

func httptestServer(t *testing.T, h http.Handler) string {
	t.Helper()
	srv := httptest.NewServer(h)
	t.Cleanup(srv.Close)
	return srv.URL
}
