package rest_test

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"

	"nevermind/adapters/shop/rest"
	"nevermind/bot"
)

func TestPutAndGetAnOrder(t *testing.T) {
	s := newFixture(t)
	w := s.ask("PUT", "/v1/orders/8123456789012345", anOrder("8123456789012345"))
	if w.Code != http.StatusOK {
		t.Fatalf("put: %d %s", w.Code, w.Body)
	}
	got := s.ask("GET", "/v1/orders/8123456789012345", "")
	if got.Code != http.StatusOK || got.Body.String() != w.Body.String() || got.Header().Get("Content-Type") != "application/json" {
		t.Fatalf("get: %d %s", got.Code, got.Body)
	}
	var want, have map[string]any
	must(t, json.Unmarshal([]byte(anOrder("8123456789012345")), &want))
	must(t, json.Unmarshal(got.Body.Bytes(), &have))
	for name := range want {
		if a, b := enc(t, want[name]), enc(t, have[name]); a != b {
			t.Errorf("%s: got %s, want %s", name, b, a)
		}
	}
	if len(have) != len(want) {
		t.Errorf("got %d fields, want %d: %v", len(have), len(want), have)
	}
}

func enc(t *testing.T, v any) string {
	text, err := json.Marshal(v)
	must(t, err)
	return string(text)
}

func TestAnOlderOrderIsAnsweredWithTheOneHeld(t *testing.T) {
	s := newFixture(t)
	put := func(stage, updated string) string {
		w := s.ask("PUT", "/v1/orders/81", strings.NewReplacer(`"processing"`, `"`+stage+`"`, `"updated_at":"2026-11-20T09:05:00Z"`,
			`"updated_at":"`+updated+`"`).Replace(anOrder("81")))
		var o struct{ Stage string }
		if must(t, json.Unmarshal(w.Body.Bytes(), &o)); w.Code != http.StatusOK {
			t.Fatalf("%d %s", w.Code, w.Body)
		}
		return o.Stage
	}
	put("processing", "2026-11-20T10:00:00Z")
	if got := put("unpaid", "2026-11-20T09:59:59Z"); got != "processing" {
		t.Errorf("older: got %s, want the one held", got)
	}
	if got := put("frozen", "2026-11-20T10:00:00Z"); got != "frozen" {
		t.Errorf("equal: got %s, want it applied", got)
	}
}

func TestEveryErrorIsAProblem(t *testing.T) {
	s := newFixture(t)
	deep := strings.Repeat("[", 5000) + strings.Repeat("]", 5000)
	for name, c := range map[string]struct {
		method, path, body string
		headers            []string
		status             int
		at, says           string
	}{
		"unknown path":       {"GET", "/v1/nothing", "", nil, 404, "", ""},
		"the root":           {"GET", "/v1", "", nil, 404, "", ""},
		"a path that climbs": {"GET", "/v1/orders/../orders/1", "", nil, 404, "", ""},
		"two slashes":        {"PUT", "/v1//orders/1", "{}", nil, 404, "", ""},
		"unknown order":      {"GET", "/v1/orders/none", "", nil, 404, "", ""},
		"unknown case":       {"GET", "/v1/cases/C-none", "", nil, 404, "", ""},
		"unknown task":       {"POST", "/v1/tasks/T-none", `{"outcome":"done"}`, nil, 404, "", ""},
		"method":             {"DELETE", "/v1/orders/1", "", nil, 405, "", "GET"},
		"method of a list":   {"PATCH", "/v1/orders", "", nil, 405, "", "POST"},
		"empty":              {"PUT", "/v1/orders/1", "", nil, 400, "", ""},
		"no JSON":            {"PUT", "/v1/orders/1", "{", nil, 400, "body", ""},
		"two values":         {"PUT", "/v1/orders/1", anOrder("1") + anOrder("1"), nil, 400, "body", ""},
		"an array":           {"PUT", "/v1/orders/1", "[]", nil, 400, "body", ""},
		"null":               {"PUT", "/v1/orders/1", "null", nil, 400, "body", ""},
		"deep":               {"PUT", "/v1/orders/1", deep, nil, 400, "body", ""},
		"deep in a field":    {"PUT", "/v1/orders/1", `{"id":` + deep + `}`, nil, 400, "body", ""},
		"very deep":          {"PUT", "/v1/orders/1", strings.Repeat(`{"a":`, 200_000), nil, 400, "body", ""},
		"NUL": {"PUT", "/v1/orders/1", strings.Replace(anOrder("1"), "Bamboo", `\u0000`, 1), nil, 422,
			"body.items[0].title", "control"},
		"a raw NUL": {"PUT", "/v1/orders/1", strings.Replace(anOrder("1"), "Bamboo", "\x00", 1), nil, 400, "body", ""},
		"not UTF-8": {"PUT", "/v1/orders/1", strings.Replace(anOrder("1"), "Bamboo", "\xff\xfe", 1), nil, 400, "body",
			"UTF-8"},
		"UTF-16": {"PUT", "/v1/orders/1", "\xff\xfe{\x00}\x00", nil, 400, "body", "UTF-8"},
		"a lone surrogate": {"PUT", "/v1/orders/1", strings.Replace(anOrder("1"), `"id":"1","title"`, `"id":"\ud800","title"`, 1),
			nil, 422, "body.items[0].id", ""},
		"a huge number": {"PUT", "/v1/orders/1", strings.Replace(anOrder("1"), `"24.90"`, strings.Repeat("9", 10_000), 1), nil,
			422, "body.total", "a string"},
		"a huge exponent": {"PUT", "/v1/orders/1", strings.Replace(anOrder("1"), `"quantity":1`, `"quantity":1e999999999`, 1),
			nil, 422, "body.items[0].quantity", ""},
		"a key twice": {"PUT", "/v1/orders/1",
			strings.Replace(anOrder("1"), `"currency":"USD"`, `"currency":"USD","currency":"EUR"`, 1), nil, 422, "body.currency", "twice"},
		"an inner key twice": {"PUT", "/v1/orders/1",
			strings.Replace(anOrder("1"), `"price":"22.40"`, `"price":"22.40","price":"0.01"`, 1), nil, 422, "body.items[0].price",
			"twice"},
		"unknown field": {"PUT", "/v1/orders/1", strings.Replace(anOrder("1"), `"currency"`, `"colour":"red","currency"`, 1),
			nil, 422, "body.colour", "unknown"},
		"another id":     {"PUT", "/v1/orders/2", anOrder("1"), nil, 422, "body.id", ""},
		"an id too long": {"PUT", "/v1/orders/" + strings.Repeat("1", 65), anOrder("1"), nil, 422, "path.id", ""},
		"10 MB":          {"PUT", "/v1/orders/1", strings.Repeat(" ", 10<<20), nil, 413, "", "too large"},
		"a bit over":     {"PUT", "/v1/orders/1", strings.Repeat(" ", 1<<20) + anOrder("1"), nil, 400, "body", "too long"},
		"gzip":           {"PUT", "/v1/orders/1", "\x1f\x8b", []string{"Content-Encoding", "gzip"}, 415, "", "Content-Encoding"},
		"XML": {"PUT", "/v1/orders/1", anOrder("1"), []string{"Content-Type", "application/xml"}, 415, "",
			"application/json"},
		"no media type": {"PUT", "/v1/orders/1", anOrder("1"), []string{"Content-Type", "js/on; ; ="}, 415, "",
			"application/json"},
		"latin-1": {"PUT", "/v1/orders/1", anOrder("1"), []string{"Content-Type", "application/json; charset=iso-8859-1"},
			415, "", "UTF-8"},
		"bulk as CSV": {"POST", "/v1/orders", anOrder("1"), []string{"Content-Type", "text/csv"}, 415, "",
			"application/x-ndjson"},
		"a role": {"POST", "/v1/links", `{"role":"support","id":"x"}`, nil, 422, "body.role", "buyer or seller"},
		"a zone": {"POST", "/v1/links", `{"role":"buyer","id":"x","time_zone":"Mars/Base"}`, nil, 422, "body.time_zone",
			""},
		"an outcome":       {"POST", "/v1/tasks/T-1", `{"outcome":"maybe"}`, nil, 422, "body.outcome", "done, failed or bounced"},
		"unknown query":    {"GET", "/v1/cases?status=open", "", nil, 422, "query.status", ""},
		"a limit":          {"GET", "/v1/cases?limit=CANARY", "", nil, 422, "query.limit", ""},
		"a limit too high": {"GET", "/v1/cases?limit=9999", "", nil, 422, "query.limit", ""},
		"a cursor":         {"GET", "/v1/cases?cursor=%00%ff", "", nil, 422, "query.cursor", ""},
	} {
		t.Run(name, func(t *testing.T) {
			s.t = t
			p := problemOf(t, s.ask(c.method, c.path, c.body, c.headers...), c.status)
			at := p.Detail
			if c.at != "" {
				if len(p.Errors) == 0 || p.Errors[0].Location != c.at {
					t.Fatalf("got %+v, want %s named", p, c.at)
				}
				at = p.Errors[0].Message
			}
			if !strings.Contains(at, c.says) {
				t.Errorf("got %q, want %q in it", at, c.says)
			}
		})
	}
	if _, err := s.engine.Order(context.Background(), "1"); err == nil {
		t.Error("something of it was kept")
	}
	if s.log.Len() > 0 {
		t.Errorf("logged: %s", s.log)
	}
}

func TestWithoutTheKeyNothingIsAnswered(t *testing.T) {
	s := newFixture(t)
	shut := s.over("")
	for _, path := range []string{"/v1/openapi.json", "/v1/orders/81", "/v1/nothing", "/v1/cases", "/v1"} {
		for name, value := range map[string]string{"none": "", "another": "Bearer no", "empty": "Bearer ", "basic": "Basic " + key,
			"bare": key, "longer": "Bearer " + key + "x"} {
			r := httptest.NewRequest("GET", path, nil)
			if value != "" {
				r.Header.Set("Authorization", value)
			}
			w := httptest.NewRecorder()
			s.api.ServeHTTP(w, r)
			problemOf(t, w, 401)
			if !strings.HasPrefix(w.Header().Get("WWW-Authenticate"), "Bearer") || strings.Contains(w.Body.String(), key) {
				t.Errorf("%s with %s key: %v %s", path, name, w.Header(), w.Body)
			}
		}
		r := httptest.NewRequest("GET", path, nil)
		r.Header.Set("Authorization", "Bearer ")
		w := httptest.NewRecorder()
		shut.ServeHTTP(w, r)
		if p := problemOf(t, w, 401); !strings.Contains(p.Detail, "NEVERMIND_API_KEY") {
			t.Errorf("without a key set: %+v", p)
		}
	}
}

func TestOurOwnFaultsAreNotTold(t *testing.T) {
	s := newFixture(t)
	for name, c := range map[string]struct {
		put    func(context.Context, bot.Order) (bot.Order, error)
		status int
	}{
		"an error": {func(context.Context, bot.Order) (bot.Order, error) { return bot.Order{}, errInner }, 500},
		"a panic":  {func(context.Context, bot.Order) (bot.Order, error) { panic("inner CANARY") }, 500},
		"busy":     {func(context.Context, bot.Order) (bot.Order, error) { return bot.Order{}, bot.ErrBusy }, 503},
		"closed":   {func(context.Context, bot.Order) (bot.Order, error) { return bot.Order{}, bot.ErrClosed }, 503},
	} {
		s.put = c.put
		w := s.ask("PUT", "/v1/orders/81", anOrder("81"))
		problemOf(t, w, c.status)
		if strings.Contains(w.Body.String(), "CANARY") {
			t.Errorf("%s: told %s", name, w.Body)
		}
		if c.status == 503 && w.Header().Get("Retry-After") == "" {
			t.Errorf("%s: no Retry-After", name)
		}
	}
}

type inner struct{}

func (inner) Error() string { return "inner CANARY" }

var errInner = inner{}

func TestLink(t *testing.T) {
	s := newFixture(t)
	ask := func(body string) map[string]string {
		t.Helper()
		var l map[string]string
		w := s.ask("POST", "/v1/links", body)
		if must(t, json.Unmarshal(w.Body.Bytes(), &l)); w.Code != 200 || w.Header().Get("Cache-Control") != "no-store" || len(l) != 4 {
			t.Fatalf("got %d %v %v", w.Code, w.Header(), l)
		}
		return l
	}
	l := ask(`{"role":"buyer","id":"b-9","name":"Ana","locale":"es-ES","time_zone":"Europe/Madrid"}`)
	token := l["token"]
	if len(token) < 22 || l["telegram_url"] != "https://t.me/nevermind_bot?start="+token ||
		l["slack_command"] != "/nevermind link "+token || l["expires_at"] != "2026-11-20T09:10:00Z" {
		t.Errorf("got %v", l)
	}
	p, err := s.store.Person(context.Background(), "buyer:b-9")
	if err != nil || p.Language != "es" || p.Zone != "Europe/Madrid" || p.Name != "Ana" || len(p.Rooms) > 0 {
		t.Errorf("stored %+v (%v)", p, err)
	}
	if again := ask(`{"role":"buyer","id":"b-9"}`); again["token"] == token { // and nothing says that they are known
		t.Error("the same token twice")
	}
}

// TestLinksWithoutTelegram: the key is there all the same, so that nobody's program falls over it.
func TestLinksWithoutTelegram(t *testing.T) {
	s := newFixture(t)
	s.api = rest.New(rest.Config{Key: key, Engine: s.engine})
	var l map[string]any
	must(t, json.Unmarshal(s.ask("POST", "/v1/links", `{"role":"buyer","id":"b-9"}`).Body.Bytes(), &l))
	if url, there := l["telegram_url"]; !there || url != "" {
		t.Errorf("got %v", l)
	}
}

func TestTasks(t *testing.T) {
	s := newFixture(t)
	s.open("81")
	s.tell("81", bot.Seller, "seller_accepted", nil)
	task := s.pending("cancel_order")
	s.answer(task, `{"outcome":"failed","detail":"no stock system"}`, 200)
	s.answer(task, `{"outcome":"failed","detail":"the same again, in other words"}`, 200)
	problemOf(t, s.answer(task, `{"outcome":"done"}`, 409), 409)
	if c := s.theCase("81"); c["state"] != "with_support" {
		t.Errorf("after a failure: %v", c["state"])
	}
	s.tell("81", bot.Support, "cancel_retried", nil)
	s.answer(s.pending("cancel_order"), `{"outcome":"done"}`, 200)
	must(t, s.engine.Drain(context.Background()))
	s.answer(s.pending("pay_refund"), `{"outcome":"done"}`, 200)
	if c := s.theCase("81"); c["state"] != "refunded" || c["refund"].(map[string]any)["status"] != "settled" {
		t.Errorf("in the end: %v", c)
	}
	problemOf(t, s.answer("test:1", `{"outcome":"done"}`, 404), 404) // not the shop's to end
}

func (s *fixture) answer(task, body string, status int) *httptest.ResponseRecorder {
	s.t.Helper()
	w := s.ask("POST", "/v1/tasks/"+task, body)
	if w.Code != status {
		s.t.Fatalf("got %d %s, want %d", w.Code, w.Body, status)
	}
	return w
}

// TestGuessedKeys: whoever tries many keys is told to wait, and the log has one line for all; the shop is not slowed down
// meanwhile (finding A7).
func TestGuessedKeys(t *testing.T) {
	var log strings.Builder
	synctest.Test(t, func(t *testing.T) {
		a := rest.New(rest.Config{Key: key, Engine: newFixture(t).engine, Log: slog.New(slog.NewTextHandler(&log, nil))})
		answers := map[int]int{}
		for n := range 350 {
			r := httptest.NewRequest("GET", "/v1/orders/1", nil)
			r.Header.Set("Authorization", fmt.Sprint("Bearer guess-", n))
			w := httptest.NewRecorder()
			a.ServeHTTP(w, r)
			answers[w.Code]++
		}
		if answers[401] != 60 || answers[429] != 290 {
			t.Errorf("answered %v, want sixty times 401 and then 429", answers)
		}
		r := httptest.NewRequest("GET", "/v1/orders/1", nil)
		r.Header.Set("Authorization", "Bearer "+key)
		w := httptest.NewRecorder()
		if a.ServeHTTP(w, r); w.Code != 404 {
			t.Errorf("the shop gets %d meanwhile, want 404", w.Code)
		}
	})
	if n := strings.Count(log.String(), "right key"); n != 1 {
		t.Errorf("%d lines in the log, want one", n)
	}
}
