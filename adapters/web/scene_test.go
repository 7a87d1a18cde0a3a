package web

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"nevermind/bot"
	"nevermind/store/blob"
	"nevermind/store/bolt"
)

var noon = time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)

// scene stands in for the engine over a real store: it answers what it was given and remembers what it was told.
type scene struct {
	store  bot.Store
	blobs  bot.Blobs
	flows  *bot.Flows
	ahead  map[bot.Key][]bot.Foresight
	ledger []bot.Countdown
	got    []bot.Message
	did    []string
	fail   error
	woken  int
	fired  []bot.DueDeadline
	now    func() time.Time
}

func (s *scene) Store() bot.Reading { return s.store }
func (s *scene) Flows() *bot.Flows  { return s.flows }
func (s *scene) Blobs() bot.Blobs   { return s.blobs }
func (s *scene) Now() time.Time     { return s.now() }
func (s *scene) Wake()              { s.woken++ }

// Quiet takes what has become due off, as the engine would.
func (s *scene) Quiet(ctx context.Context) (bool, error) {
	due, err := s.store.Due(ctx, s.now(), 100)
	s.fired = append(s.fired, due...)
	for _, dl := range due {
		c, err := s.store.Conversation(ctx, dl.Key)
		if err != nil {
			return false, err
		}
		c.Deadlines = slices.DeleteFunc(c.Deadlines, func(d bot.Deadline) bool { return !d.At.After(s.now()) })
		if err := s.store.Commit(ctx, &bot.Commit{Conversation: &c}); err != nil {
			return false, err
		}
	}
	return len(due) == 0, err
}

func (s *scene) Receive(_ context.Context, m bot.Message) error {
	if s.fail == nil {
		s.got = append(s.got, m)
	}
	return s.fail
}

func (s *scene) Foresee(_ context.Context, k bot.Key, _ int) ([]bot.Foresight, error) {
	return s.ahead[k], nil
}

func (s *scene) Ledger(context.Context, *bot.Person, int) ([]bot.Countdown, error) {
	return s.ledger, nil
}

func (s *scene) Value(ctx context.Context, name string) ([]byte, error) {
	return s.store.Value(ctx, name)
}

func (s *scene) SetValue(ctx context.Context, name string, v []byte) error {
	if s.fail != nil {
		return s.fail
	}
	return s.store.SetValue(ctx, name, v)
}

// counter is the shop's side of a scene.
type counter struct{ *scene }

func (c counter) Put(_ context.Context, o bot.Order) error {
	return c.done("put", o.ID[:2], o.Items[0].Title)
}
func (c counter) Join(_ context.Context, p bot.Person) error { return c.done("join", p.Name) }
func (c counter) StartOver(context.Context) error            { return c.done("start over") }
func (c counter) Confirm(_ context.Context, o string) error  { return c.done("confirm", o) }
func (c counter) Ship(_ context.Context, o, t string) error  { return c.done("ship", o, t) }
func (c counter) Deliver(_ context.Context, o string) error  { return c.done("deliver", o) }
func (c counter) Cancel(_ context.Context, o string) error   { return c.done("cancel", o) }
func (c counter) Settle(_ context.Context, o, t string, ok bool) error {
	return c.done("settle", o, t, map[bool]string{true: "ok", false: "failed"}[ok])
}

func (c counter) done(what ...string) error {
	c.did = append(c.did, strings.Join(what, " "))
	return c.fail
}

var usd = bot.Money{Minor: 2490, Currency: "USD"}

// lamp is the scene of the tests: Ana's lamp, a case about it that waits for the seller, a day to go.
func lamp(t *testing.T) *scene {
	t.Helper()
	store, err := bolt.Open(filepath.Join(t.TempDir(), "nevermind.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = store.Close() })
	key := bot.Key("case/8123/0")
	answer := bot.Deadline{Window: "seller_answer", At: noon.Add(24 * time.Hour), Event: "seller_silent"}
	idle := bot.Deadline{Window: "talk_idle", At: noon.Add(time.Minute), Event: "talk_idled"}
	commits := []bot.Commit{
		{Order: &bot.Order{
			ID: "8123", Buyer: "buyer:b-1", Seller: "seller:s-1", Stage: bot.Processing, Method: "card", Total: usd,
			Items: []bot.Item{{Title: "Bamboo lamp"}},
			Book:  []bot.Posting{{Task: "T-1", Do: "pay_refund", Amount: usd, State: "pending", At: noon}},
		}},
		{Conversation: &bot.Conversation{Key: "talk/web:buyer:b-1", Deadlines: []bot.Deadline{idle}},
			Entry: &bot.Entry{Conversation: "talk/web:buyer:b-1", Seq: 1},
			Said:  &bot.Message{ID: "web:1", Room: "web:buyer:b-1", Account: "web:buyer:b-1", Text: "<b>cancel</b>"}},
		{Conversation: &bot.Conversation{
			Key: key, ID: "C-7Q2M9K4D", Frame: bot.Frame{Flow: "case", State: "awaiting_seller"}, Order: "8123",
			Opened:  noon.Add(-time.Minute),
			Parties: map[bot.Party]bot.PersonID{bot.Buyer: "buyer:b-1", bot.Seller: "seller:s-1"}, Deadlines: []bot.Deadline{answer},
		}, Terms: []string{"flow:case", "id:C-7Q2M9K4D", "buyer:b-1", "seller:s-1"}, Entry: &bot.Entry{
			Conversation: key, Seq: 1, At: noon, To: "awaiting_seller", Rules: []string{"S41"},
			Event: bot.Event{Name: "submitted", By: bot.Buyer, Actor: "buyer:b-1"},
		}, Tasks: []bot.Task{{
			ID: "T-9", Lane: "room:web:buyer:b-1", Do: "send", From: key,
			Reply: &bot.Reply{Room: "web:buyer:b-1", Mode: bot.New, Card: key, From: key, Text: "I have asked Bright Home."},
		}}},
	}
	for _, p := range []bot.Person{
		{ID: "buyer:b-1", Name: "Ana García"}, {ID: "seller:s-1", Name: "Bright Home"}, {ID: bot.Desk},
		{ID: "support:mira", Name: "Mira"},
	} {
		commits = append(commits, bot.Commit{Person: &p})
	}
	for _, c := range commits {
		c.At = noon
		if err := store.Commit(t.Context(), &c); err != nil {
			t.Fatal(err)
		}
	}
	blobs, err := blob.Folder(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	return &scene{store: store, blobs: blobs, flows: &bot.Flows{All: []*bot.Flow{&caseFlow}},
		now: func() time.Time { return noon }, ahead: map[bot.Key][]bot.Foresight{key: {
			{At: answer.At, By: bot.Clock, Event: answer.Event, From: "awaiting_seller", To: "refunding", Window: answer.Window},
			{At: answer.At.Add(time.Hour), By: bot.Shop, Event: "refund_settled", From: "refunding", To: "refunded"},
		}}}
}

// caseFlow is a short life of a case.
var caseFlow = bot.Flow{Name: "case", First: "opening", States: bot.States{
	"opening":         {Then: bot.Moves{"submitted": bot.Go("awaiting_seller")}},
	"awaiting_seller": {Then: bot.Moves{"seller_accepted": bot.Go("refunding"), "seller_silent": bot.Go("refunding")}},
	"refunding":       {Firm: true, Then: bot.Moves{"refund_settled": bot.Go("refunded")}},
	"refunded":        {},
}}

// open serves a scene.
func (s *scene) open(t *testing.T) *httptest.Server {
	t.Helper()
	c, err := OpenClock(t.Context(), s)
	if err != nil {
		t.Fatal(err)
	}
	c.wall = s.now
	s.now = c.Now
	d := New(Config{Clock: c, Drawing: func(flow string) ([]byte, bool) {
		return []byte("<svg>" + flow + "</svg>"), true
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
