package connector_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"

	"nevermind/adapters/shop/connector"
	"nevermind/bot"
)

// looked is a system that only remembers which orders were read.
type looked struct {
	connector.System
	ids  []string
	down bool
}

func (l *looked) Orders(_ context.Context, ids ...string) ([]connector.Order, error) {
	if l.down {
		return nil, errors.New("down")
	}
	l.ids = append(l.ids, ids...)
	return nil, nil
}

// TestEvents: an event that is signed leads to its order, and nothing else does.
func TestEvents(t *testing.T) {
	const secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
	sign, err := standardwebhooks.NewWebhook(secret)
	if err != nil {
		t.Fatal(err)
	}
	const good = `{"type":"order.changed","data":{"order_id":"8123"}}`
	for _, c := range []struct {
		what, body, signed string
		at                 time.Time
		down               bool
		status             int
	}{
		{"signed", good, good, time.Now(), false, 204},
		{"another body than was signed", good, strings.Replace(good, "8123", "8124", 1), time.Now(), false, 401},
		{"an hour old", good, good, time.Now().Add(-time.Hour), false, 401},
		{"no order", `{"type":"order.changed"}`, `{"type":"order.changed"}`, time.Now(), false, 400},
		{"no JSON", "hello", "hello", time.Now(), false, 400},
		{"too long", good + strings.Repeat(" ", 64<<10), good + strings.Repeat(" ", 64<<10), time.Now(), false, 401},
		{"the shop cannot be asked", good, good, time.Now(), true, 503},
	} {
		system := &looked{down: c.down}
		s := connector.New(system, connector.Config{Now: time.Now})
		r := httptest.NewRequest(http.MethodPost, "/vendure/events", strings.NewReader(c.body))
		signature, err := sign.Sign("m-1", c.at, []byte(c.signed))
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("webhook-id", "m-1")
		r.Header.Set("webhook-timestamp", strconv.FormatInt(c.at.Unix(), 10))
		r.Header.Set("webhook-signature", signature)
		events, err := s.Events(secret)
		if err != nil {
			t.Fatal(err)
		}
		w := httptest.NewRecorder()
		events.ServeHTTP(w, r)
		if w.Code != c.status || slices.Contains(system.ids, "8123") != (c.status == 204) {
			t.Errorf("%s: got %d and %v read, want %d", c.what, w.Code, system.ids, c.status)
		}
	}
}

// paging is a system whose orders have changed in few different seconds, as a database that keeps no less shows them.
type paging struct {
	connector.System
	all  []connector.Order
	asks int
}

func (p *paging) Changed(_ context.Context, since time.Time, skip int) (page []connector.Order, _ error) {
	p.asks++
	for _, o := range p.all {
		if !o.Changed.Before(since) {
			page = append(page, o)
		}
	}
	page = page[min(skip, len(page)):]
	return page[:min(3, len(page))], nil
}

// TestPullPages: every order is pulled, however many changed in one second, and the pull comes to an end.
func TestPullPages(t *testing.T) {
	begun := time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC)
	for _, seconds := range []int{1, 2, 3, 10, 100} {
		p := &paging{}
		for n := range 20 {
			at := begun.Add(time.Duration(n*seconds/20) * time.Second)
			o := bot.Order{ID: strconv.Itoa(n), Updated: at, Total: bot.Money{Currency: "USD"}}
			p.all = append(p.all, connector.Order{Changed: at, Order: o})
		}
		e := &engine{orders: map[string]bot.Order{}, values: map[string][]byte{}}
		s := connector.New(p, connector.Config{Now: func() time.Time { return begun }})
		s.Attach(e)
		if err := s.Pull(t.Context()); err != nil || len(e.orders) != 20 {
			t.Errorf("%d seconds: %d orders are there, %v", seconds, len(e.orders), err)
		}
		want := begun.Add(time.Duration(19*seconds/20) * time.Second).Format(time.RFC3339Nano)
		if got := string(e.values["connector.pulled"]); got != want {
			t.Errorf("%d seconds: the mark is %s, want %s", seconds, got, want)
		}
		if p.asks > 20 {
			t.Errorf("%d seconds: asked %d times", seconds, p.asks)
		}
	}
}

// engine keeps what is put.
type engine struct {
	connector.Engine
	orders map[string]bot.Order
	values map[string][]byte
}

func (e *engine) PutOrder(_ context.Context, o bot.Order) (bot.Order, error) {
	e.orders[o.ID] = o
	return o, nil
}

func (e *engine) Open(context.Context) ([]string, error) { return nil, nil }

func (e *engine) Value(_ context.Context, name string) ([]byte, error) {
	if v, ok := e.values[name]; ok {
		return v, nil
	}
	return nil, bot.ErrNone
}

func (e *engine) SetValue(_ context.Context, name string, value []byte) error {
	e.values[name] = value
	return nil
}

func (e *engine) Order(_ context.Context, id string) (bot.Order, error) {
	if o, ok := e.orders[id]; ok {
		return o, nil
	}
	return bot.Order{}, bot.ErrNone
}
