// Package hooktest is a shop of its own to test against: it takes signed webhooks as any shop would, and calls the house
// by its API.
package hooktest

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"
)

// Secret signs what the house sends.
const Secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"

// Patience is how long is waited for what must come, however busy the machine is.
const Patience = 2 * time.Minute

// Shop is somewhere on the network: it verifies with the public library and pays once for each id.
type Shop struct {
	URL   string
	Reply func(*Webhook) // what it answers; nil does at once what it is asked for
	Skew  bool           // the house lives by another clock than this machine
	t     testing.TB
	mu    sync.Mutex
	got   []*Webhook
}

// Webhook is one request as the shop has received it, and what it answers.
type Webhook struct {
	http.ResponseWriter
	*http.Request
	ID, Raw string
	Try     int // of this id, from 1
	taken   atomic.Bool
	Type    string
	At      time.Time `json:"timestamp"`
	Data    struct {
		ID       string
		OrderID  string `json:"order_id"`
		TaskID   string `json:"task_id"`
		CaseID   string `json:"case_id"`
		Amount   string
		Currency string
		State    string
		Timeline []any
	}
}

// New opens a shop that ends with the test.
func New(t testing.TB, reply func(*Webhook)) *Shop {
	s := &Shop{t: t, Reply: reply}
	server := httptest.NewServer(s)
	t.Cleanup(server.Close)
	s.URL = server.URL + "/hooks"
	return s
}

// ServeHTTP receives a webhook.
func (s *Shop) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return // the program was killed
	}
	hook := &Webhook{ResponseWriter: w, Request: r, ID: r.Header.Get("webhook-id"), Raw: string(body)}
	if err := s.verify(body, r.Header); err != nil {
		s.t.Errorf("%s: %v", hook.ID, err)
	}
	if err := json.Unmarshal(body, hook); err != nil {
		s.t.Errorf("%s: %v", body, err)
	}
	s.mu.Lock()
	hook.Try = 1 + s.tries(hook.ID)
	s.got = append(s.got, hook)
	s.mu.Unlock()
	if s.Reply != nil {
		s.Reply(hook)
		return
	}
	hook.Done()
}

func (s *Shop) verify(body []byte, h http.Header) error {
	wh, err := standardwebhooks.NewWebhook(Secret)
	switch {
	case err != nil:
		return err
	case s.Skew:
		return wh.VerifyIgnoringTimestamp(body, h)
	}
	return wh.Verify(body, h)
}

func (s *Shop) tries(id string) (n int) {
	for _, h := range s.got {
		if h.ID == id {
			n++
		}
	}
	return n
}

// Command says whether the shop is asked to do something; everything else is news.
func (h *Webhook) Command() bool { return h.Type == "order.cancel" || h.Type == "refund.pay" }

// Say answers with a status and a body.
func (h *Webhook) Say(status int, body string) {
	h.taken.Store(status/100 == 2)
	h.WriteHeader(status)
	io.WriteString(h.ResponseWriter, body)
}

// Taken says whether it was answered with a status of the two hundreds.
func (h *Webhook) Taken() bool { return h.taken.Load() }

// Done answers that it is done.
func (h *Webhook) Done() { h.Say(200, `{"outcome":"done"}`) }

// HangUp ends the connection without an answer.
func (h *Webhook) HangUp() {
	conn, _, err := h.ResponseWriter.(http.Hijacker).Hijack()
	if err == nil {
		conn.Close()
	}
}

// All is what has come so far.
func (s *Shop) All() []*Webhook {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.got)
}

// Audit sees of every case that each id has one body, commands and news came in order, the first of the news is that it
// is open, and there was one order.cancel and one refund.pay at most, of the right amount.
func (s *Shop) Audit(amount string) {
	s.t.Helper()
	bodies, cases := map[string]string{}, map[string][]*Webhook{}
	for _, h := range s.All() {
		if was, known := bodies[h.ID]; known {
			if was != h.Raw {
				s.t.Errorf("%s was said in two ways:\n%s\n%s", h.ID, was, h.Raw)
			}
			continue
		}
		bodies[h.ID] = h.Raw
		id := h.Data.ID + h.Data.CaseID
		cases[id] = append(cases[id], h)
	}
	for id, all := range cases {
		s.auditCase(id, all, amount)
	}
}

func (s *Shop) auditCase(id string, all []*Webhook, amount string) {
	s.t.Helper()
	counts, moves, last := map[string]int{}, 0, time.Time{}
	for i, h := range all {
		counts[h.Type]++
		switch {
		case i == 0 != (h.Type == "case.opened"), i < len(all)-1 && h.Type == "case.closed":
			s.t.Errorf("case %s: %s came as number %d of %d", id, h.Type, i+1, len(all))
		case h.At.Before(last), !h.Command() && len(h.Data.Timeline) < moves:
			s.t.Errorf("case %s: %s is older than what came before", id, h.Raw)
		case h.Command() && h.ID != h.Data.TaskID:
			s.t.Errorf("case %s: the id %s is not the task's %s", id, h.ID, h.Data.TaskID)
		case h.Type == "refund.pay" && h.Data.Amount+" "+h.Data.Currency != amount:
			s.t.Errorf("case %s: %s %s goes back, want %s", id, h.Data.Amount, h.Data.Currency, amount)
		}
		last, moves = h.At, max(moves, len(h.Data.Timeline))
	}
	if counts["order.cancel"] > 1 || counts["refund.pay"] > 1 {
		s.t.Errorf("case %s: asked for %v", id, counts)
	}
}

// Closed is how many closed cases the shop has taken the news of.
func (s *Shop) Closed() int {
	ids := map[string]bool{}
	for _, h := range s.All() {
		if h.Type == "case.closed" && h.Taken() {
			ids[h.ID] = true
		}
	}
	return len(ids)
}

// AwaitClosed waits until the shop has taken the news of so many closed cases.
func (s *Shop) AwaitClosed(want int) {
	s.t.Helper()
	for end := time.Now().Add(Patience); s.Closed() < want; <-time.After(20 * time.Millisecond) {
		if time.Now().After(end) {
			s.t.Fatalf("the shop has taken the news of %d closed cases, want %d", s.Closed(), want)
		}
	}
}

// Order is an order of a buyer, as JSON: a lamp for 24.90 USD that is being prepared.
func Order(id, buyer string) string {
	return fmt.Sprintf(`{"id":%q,"buyer_id":%q,"seller_id":"s-9","stage":"processing","placed_at":"2026-11-20T09:00:00Z",`+
		`"paid_at":"2026-11-20T09:05:00Z","payment_method":"card","currency":"USD","total":"24.90",`+
		`"items":[{"id":"1","title":"Bamboo lamp","quantity":1,"price":"22.40"}]}`, id, buyer)
}
