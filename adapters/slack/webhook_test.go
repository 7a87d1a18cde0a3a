package slack_test

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"nevermind/adapters/slack"
	"nevermind/adapters/slack/slacktest"
	"nevermind/bot"
)

// challenge is how Slack checks a new address.
var challenge = []byte(`{"type":"url_verification","challenge":"3eZ"}`)

// TestChallenge: a signed challenge is answered as it is, and only POST is served.
func TestChallenge(t *testing.T) {
	t.Parallel()
	h := newHarness(t, true)
	server := httptest.NewServer(h.adapter.Handler())
	defer server.Close()
	status, body := h.slack.Post(server.URL+"/slack/events", h.slack.Sign(challenge), challenge)
	if status != 200 || string(body) != "3eZ" {
		t.Errorf("the challenge is answered with %d %q", status, body)
	}
	answer, err := http.Get(server.URL + "/slack/interactions")
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	if answer.StatusCode != 405 {
		t.Errorf("GET: %s", answer.Status)
	}
}

// TestForgedSignature: whatever is not signed by Slack, over this very body and just now, is refused, counted, and changes
// nothing.
func TestForgedSignature(t *testing.T) {
	t.Parallel()
	h := newHarness(t, true)
	server := httptest.NewServer(h.adapter.Handler())
	defer server.Close()
	key, card := h.dispute("81000021")
	payload, err := json.Marshal(h.slack.Pressing("UMIRA", card, "Full refund").Payload)
	h.must(err)
	good := []byte(url.Values{"payload": {string(payload)}}.Encode())
	at := server.URL + "/slack/interactions"
	changed := func(change func(http.Header)) http.Header {
		header := h.slack.Sign(good)
		header.Set("Content-Type", "application/x-www-form-urlencoded")
		change(header)
		return header
	}
	const signature, stamp = "X-Slack-Signature", "X-Slack-Request-Timestamp"
	otherSecret := func(h http.Header) { h.Set(signature, "v0="+strings.Repeat("0", 64)) }
	otherScheme := func(h http.Header) { h.Set(signature, strings.Replace(h.Get(signature), "v0", "v1", 1)) }
	twice := []byte(string(good) + "&" + string(good))
	same := func(http.Header) {}
	old := changed(same)
	for name, c := range map[string]struct {
		to     string
		header http.Header
		body   []byte
		want   int
	}{
		"not signed":            {at, http.Header{}, good, 401},
		"another secret":        {at, changed(otherSecret), good, 401},
		"another body":          {at, changed(same), append([]byte("x=1&"), good...), 401},
		"another scheme":        {at, changed(otherScheme), good, 401},
		"a doubled signature":   {at, changed(func(h http.Header) { h.Add(signature, h.Get(signature)) }), good, 401},
		"a doubled time":        {at, changed(func(h http.Header) { h.Add(stamp, h.Get(stamp)) }), good, 401},
		"a time with a sign":    {at, changed(func(h http.Header) { h.Set(stamp, "+"+h.Get(stamp)) }), good, 401},
		"payload in the query":  {at + "?" + string(good), h.slack.Sign(nil), nil, 400},
		"query beside a body":   {at + "?" + string(good), h.slack.Sign([]byte("a=b")), []byte("a=b"), 400},
		"two payloads":          {at, h.slack.Sign(twice), twice, 400},
		"a body without end":    {at, h.slack.Sign(make([]byte, 2<<20)), make([]byte, 2<<20), 413},
		"an unsigned challenge": {server.URL + "/slack/events", http.Header{}, challenge, 401},
	} {
		before := h.meter.refused()
		if got, _ := h.slack.Post(c.to, c.header, c.body); got != c.want {
			t.Errorf("%s: got %d, want %d", name, got, c.want)
		}
		if h.meter.refused() != before+1 {
			t.Errorf("%s: was not counted", name)
		}
	}
	h.move(6 * time.Minute)
	if got, _ := h.slack.Post(at, old, good); got != 401 {
		t.Errorf("six minutes old: got %d, want 401", got)
	}
	h.move(-12 * time.Minute)
	if got, _ := h.slack.Post(at, old, good); got != 401 {
		t.Errorf("from the future: got %d, want 401", got)
	}
	if h.state(key) != "with_support" || h.slack.View("UMIRA") != nil {
		t.Error("something has changed")
	}
}

func (m *meter) refused() int {
	m.mu.Lock()
	defer m.mu.Unlock()
	n := 0
	for name, count := range m.counts {
		if name == "forged slack" || name == "updates_malformed slack" {
			n += count
		}
	}
	return n
}

// TestForeignAppOrTeam: what another app or team sends is let go without a trace.
func TestForeignAppOrTeam(t *testing.T) {
	t.Parallel()
	h := newHarness(t, true)
	key, card := h.dispute("81000022")
	for name, change := range map[string]func(map[string]any){
		"another app":  func(p map[string]any) { p["api_app_id"] = "A0OTHER" },
		"another team": func(p map[string]any) { p["team"] = map[string]any{"id": "T0OTHER", "domain": "x"} },
	} {
		p := h.slack.Pressing("UMIRA", card, "Full refund")
		change(p.Payload)
		if a := p.Send(); !a.Acked {
			t.Errorf("%s: not acknowledged", name)
		}
	}
	if h.meter.count("updates_not_ours slack") != 2 || h.slack.View("UMIRA") != nil || len(h.notes(key, "")) > 0 {
		t.Errorf("something has changed: %v", h.meter.counts)
	}
}

// TestReplayedRequest: a press that comes again within its five minutes is the same press.
func TestReplayedRequest(t *testing.T) {
	t.Parallel()
	h := newHarness(t, true)
	key, card := h.dispute("81000023")
	p := h.slack.Pressing("UMIRA", card, "Refuse")
	p.Send()
	v := h.slack.AwaitView("UMIRA").Fill("What are your reasons? The buyer and the seller will read them.", "No.")
	v.Send()
	last := v.Sending()
	v.Send()
	h.slack.Until("it is refused", func() bool { return h.state(key) == "refused" })
	whispers := len(h.slack.Whispers(desk, "UMIRA"))
	h.slack.Raw("interactive", last)
	if got := h.notes(key, "refused_decided"); got[""] != 1 || len(got) != 1 {
		t.Errorf("the replayed form: %v", got)
	}
	if got := len(h.slack.Whispers(desk, "UMIRA")); got != whispers {
		t.Errorf("the replay was answered")
	}
}

// failingStore is a store that fails when it is told to.
type failingStore struct {
	bot.Store
	failing atomic.Bool
}

func (b *failingStore) Commit(ctx context.Context, c *bot.Commit) error {
	if b.failing.Load() {
		return errors.New("no space left on the disk")
	}
	return b.Store.Commit(ctx, c)
}

// TestStoreDown: what cannot be stored is not acknowledged, and heard once when it is sent again.
func TestStoreDown(t *testing.T) {
	t.Parallel()
	store := &failingStore{}
	h := newHarness(t, true, func(h *harness) { h.wrap = func(s bot.Store) bot.Store { store.Store = s; return store } })
	key, card := h.dispute("81000024")
	store.failing.Store(true)
	h.slack.Say("UMIRA", desk, card.TS, "kept in the end")
	for _, wait := range []time.Duration{0, time.Minute} {
		h.move(wait)
		if n := h.slack.Again(); n != 1 {
			t.Fatalf("after %s %d events are sent again, want 1", wait, n)
		}
	}
	if h.meter.count("updates_refused slack") != 3 {
		t.Errorf("refused: %v", h.meter.counts)
	}
	store.failing.Store(false)
	h.move(4 * time.Minute)
	h.slack.Again()
	h.slack.Until("the note is kept", func() bool { return h.notes(key, "note_added")[bot.RefusedColleagueNote] == 1 })
	if n := h.slack.Again(); n != 0 {
		t.Errorf("%d events are sent again after they were acknowledged", n)
	}
	if h.meter.count("redelivered slack") != 3 {
		t.Errorf("redelivered: %v", h.meter.counts)
	}
}

// TestNotRunning: before there is an inbox, and after, Slack is asked to come again.
func TestNotRunning(t *testing.T) {
	t.Parallel()
	s := slacktest.New(t, nil)
	a, err := slack.New(slack.Config{BotToken: "xoxb-1", SigningSecret: slacktest.Secret, API: s.API()})
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(a.Handler())
	defer server.Close()
	if status, _ := s.Post(server.URL+"/slack/events", s.Sign([]byte("{}")), []byte("{}")); status != 503 {
		t.Errorf("got %d, want 503", status)
	}
	if a.Ready(t.Context()) == nil {
		t.Error("it is ready")
	}
	for name, cfg := range map[string]slack.Config{"no token": {SigningSecret: "x"}, "no way in": {BotToken: "xoxb-1"}} {
		if _, err := slack.New(cfg); err == nil {
			t.Errorf("%s: it can be made", name)
		}
	}
	noSecret, err := slack.New(slack.Config{BotToken: "xoxb-1", AppToken: "xapp-1"})
	if err != nil {
		t.Fatal(err)
	}
	w := httptest.NewRecorder()
	r := httptest.NewRequest("POST", "/slack/events", strings.NewReader("{}"))
	r.Header = s.Sign([]byte("{}"))
	noSecret.Handler().ServeHTTP(w, r)
	if w.Code != 401 {
		t.Errorf("an empty secret: got %d, want 401", w.Code)
	}
}

// TestUnreadable: what nobody knows is acknowledged, and what cannot be read is counted too.
func TestUnreadable(t *testing.T) {
	t.Parallel()
	for name, http := range map[string]bool{"socket": false, "http": true} {
		t.Run(name, func(t *testing.T) {
			h := newHarness(t, http)
			for i, p := range []struct {
				kind    string
				payload map[string]any
			}{
				{"events_api", map[string]any{"type": "event_callback", "team_id": slacktest.Team, "api_app_id": slacktest.App,
					"event_id": "Ev1", "event": map[string]any{"type": 7}}},
				{"events_api", map[string]any{"type": "something_new", "team_id": slacktest.Team, "api_app_id": slacktest.App}},
				{"interactive", map[string]any{"type": "something_new", "user": map[string]any{"id": "UMIRA"},
					"team": map[string]any{"id": slacktest.Team}, "api_app_id": slacktest.App}},
				{"interactive", map[string]any{"type": []any{}}},
			} {
				if a := h.slack.Raw(p.kind, p.payload); !a.Acked {
					t.Errorf("%v is not acknowledged: %+v", p.payload, a)
				}
				if got := h.meter.count("updates_unreadable slack"); got != i+1 {
					t.Errorf("%v: %d are set aside, want %d", p.payload, got, i+1)
				}
			}
			if a := h.slack.Raw("events_api", map[string]any{"type": "event_callback", "team_id": slacktest.Team,
				"api_app_id": slacktest.App, "event_id": "Ev2",
				"event": map[string]any{"type": "channel_created", "channel": map[string]any{"id": "C1"}}}); !a.Acked ||
				h.meter.count("updates_unreadable slack") != 4 {
				t.Error("an event that asks for nothing is set aside")
			}
		})
	}
}
