package rest_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"nevermind/bot/engine"

	"nevermind/adapters/shop"
	"nevermind/adapters/shop/rest"
	"nevermind/bot"
)

// quick is a house that keeps nothing and counts what it was asked to keep.
type quick struct {
	*engine.Engine
	kept, faults atomic.Int64
}

// Invite makes no link.
func (q *quick) Invite(context.Context, bot.Person) (string, time.Time, error) {
	q.kept.Add(1)
	return "token", time.Unix(0, 0), nil
}

// Enabled, Handle, WithAttrs and WithGroup make it a log that counts errors.
func (q *quick) Enabled(context.Context, slog.Level) bool { return true }
func (q *quick) Handle(_ context.Context, r slog.Record) error {
	if r.Level >= slog.LevelError {
		q.faults.Add(1)
	}
	return nil
}
func (q *quick) WithAttrs([]slog.Attr) slog.Handler { return q }
func (q *quick) WithGroup(string) slog.Handler      { return q }

// FuzzAPI sends whatever it likes: each call is answered with what was asked for or with a problem document, nothing is
// kept of what is refused, and nothing panics.
func FuzzAPI(f *testing.F) {
	s := newStand(f)
	s.open("81")
	q := &quick{Engine: s.engine}
	api := rest.New(rest.Config{Key: key, House: q, Log: slog.New(q),
		Put: func(_ context.Context, o bot.Order) (bot.Order, error) { q.kept.Add(1); return o, nil },
		End: func(context.Context, string, shop.Ended) error { q.kept.Add(1); return nil }})
	const plain, lines = "application/json", "application/x-ndjson"
	one := onOneLine("1")
	for _, c := range []struct{ method, path, kind, body string }{
		{"PUT", "/v1/orders/1", plain, one}, {"PUT", "/v1/orders/1", plain, strings.Replace(one, `"USD"`, `"USD","currency":"EUR"`, 1)},
		{"POST", "/v1/orders", lines, one + "\n{}\n" + one}, {"POST", "/v1/orders", lines, "\ufeff" + one + "\r\n\r\n[" + one + "]"},
		{"POST", "/v1/orders", lines, "\xff\xfe{"}, {"PUT", "/v1/orders/1", "", strings.Repeat(`{"a":[`, 300)},
		{"POST", "/v1/links", plain, `{"role":"buyer","id":"b-1","name":"Ana","locale":"es","time_zone":"Europe/Madrid"}`},
		{"POST", "/v1/tasks/T-1", plain, `{"outcome":"failed","detail":"no\u0000"}`}, {"POST", "/v1/tasks/T-1", plain, `{"outcome":"done"}`},
		{"GET", "/v1/cases?order=81&state=awaiting_seller&limit=1", "", ""}, {"GET", "/v1/cases?cursor=MWNhc2UvODEvMA", "", ""},
		{"GET", "/v1/cases/C-81", "", ""}, {"GET", "/v1/orders/81", "", ""}, {"GET", "/v1/openapi.json", "", ""}, {"DELETE", "/v1/../x", "a/b;=", "\x00"},
	} {
		f.Add(c.method, c.path, c.kind, []byte(c.body))
	}
	f.Fuzz(func(t *testing.T, method, path, kind string, body []byte) {
		r, err := http.NewRequestWithContext(context.Background(), method, "http://x/", bytes.NewReader(body))
		if err != nil {
			t.Skip("no method")
		}
		if r.URL, err = r.URL.Parse(path); err != nil {
			t.Skip("no path")
		}
		r.Header = http.Header{"Authorization": {"Bearer " + key}}
		if kind != "" {
			r.Header.Set("Content-Type", kind)
		}
		before := q.kept.Load()
		w := httptest.NewRecorder()
		api.ServeHTTP(w, r)
		kept := q.kept.Load() - before
		if q.faults.Load() > 0 {
			t.Fatalf("a fault of ours: %d %s", w.Code, w.Body)
		}
		want := answered(t, w)
		if r.Method == http.MethodGet || r.Method == http.MethodHead {
			want = 0
		}
		if kept != want {
			t.Errorf("%d of them were kept, and %d were to be: %d %s", kept, want, w.Code, w.Body)
		}
	})
}

// answered holds an answer to the contract and says how much was to be kept.
func answered(t *testing.T, w *httptest.ResponseRecorder) (kept int64) {
	if w.Code != http.StatusOK {
		problemOf(t, w, w.Code)
		return 0
	}
	if w.Header().Get("Content-Type") != "application/x-ndjson" {
		if !json.Valid(w.Body.Bytes()) {
			t.Fatalf("no JSON: %s", w.Body)
		}
		return 1
	}
	for in := json.NewDecoder(w.Body); ; {
		var r result
		if err := in.Decode(&r); err == io.EOF {
			return kept
		} else if err != nil || r.Line < 1 || r.OK == (r.Problem != nil) || !r.OK && (r.Problem.Title == "" || r.Problem.Status < 400) {
			t.Fatalf("%+v (%v)", r, err)
		}
		if r.OK {
			kept++
		}
	}
}
