package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"
)

const shopSecret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"

// elsewhere is a shop of its own, somewhere on the network: it verifies with the public library and pays once for each id.
type elsewhere struct {
	t     *testing.T
	url   string
	reply func(*webhook) // what it says to a command; nothing said is done at once
	skew  bool           // the house lives by another clock than this machine
	mu    sync.Mutex
	got   []*webhook
}

// webhook is one request as the shop has received it, and what it answers.
type webhook struct {
	http.ResponseWriter
	*http.Request
	id, raw string
	try     int // of this id, from 1
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

func newElsewhere(t *testing.T, reply func(*webhook)) *elsewhere {
	s := &elsewhere{t: t, reply: reply}
	server := httptest.NewServer(s)
	t.Cleanup(server.Close)
	s.url = server.URL + "/hooks"
	return s
}

func (s *elsewhere) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return // the program was killed
	}
	hook := &webhook{ResponseWriter: w, Request: r, id: r.Header.Get("webhook-id"), raw: string(body)}
	if err := s.verify(body, r.Header); err != nil {
		s.t.Errorf("%s: %v", hook.id, err)
	}
	if err := json.Unmarshal(body, hook); err != nil {
		s.t.Errorf("%s: %v", body, err)
	}
	s.mu.Lock()
	hook.try = 1 + s.tries(hook.id)
	s.got = append(s.got, hook)
	s.mu.Unlock()
	if s.reply != nil {
		s.reply(hook)
		return
	}
	hook.done()
}

func (s *elsewhere) verify(body []byte, h http.Header) error {
	wh, err := standardwebhooks.NewWebhook(shopSecret)
	switch {
	case err != nil:
		return err
	case s.skew:
		return wh.VerifyIgnoringTimestamp(body, h)
	}
	return wh.Verify(body, h)
}

func (s *elsewhere) tries(id string) (n int) {
	for _, h := range s.got {
		if h.id == id {
			n++
		}
	}
	return n
}

func (h *webhook) command() bool { return h.Type == "order.cancel" || h.Type == "refund.pay" }

func (h *webhook) say(status int, body string) {
	h.taken.Store(status/100 == 2)
	h.WriteHeader(status)
	io.WriteString(h.ResponseWriter, body)
}

func (h *webhook) done() { h.say(200, `{"outcome":"done"}`) }

// hangUp ends the connection without an answer.
func (h *webhook) hangUp() {
	conn, _, err := h.ResponseWriter.(http.Hijacker).Hijack()
	if err == nil {
		conn.Close()
	}
}

// all is what has come so far.
func (s *elsewhere) all() []*webhook {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.got)
}

// audit sees of every case that each id has one body, commands and news came in order, the first of the news is that it
// is open, and there was one order.cancel and one refund.pay at most, of the right amount.
func (s *elsewhere) audit(amount string) {
	s.t.Helper()
	bodies, cases := map[string]string{}, map[string][]*webhook{}
	for _, h := range s.all() {
		if was, known := bodies[h.id]; known {
			if was != h.raw {
				s.t.Errorf("%s was said in two ways:\n%s\n%s", h.id, was, h.raw)
			}
			continue
		}
		bodies[h.id] = h.raw
		id := h.Data.ID + h.Data.CaseID
		cases[id] = append(cases[id], h)
	}
	for id, all := range cases {
		s.auditCase(id, all, amount)
	}
}

func (s *elsewhere) auditCase(id string, all []*webhook, amount string) {
	s.t.Helper()
	counts, moves, last := map[string]int{}, 0, time.Time{}
	for i, h := range all {
		counts[h.Type]++
		switch {
		case i == 0 != (h.Type == "case.opened"), i < len(all)-1 && h.Type == "case.closed":
			s.t.Errorf("case %s: %s came as number %d of %d", id, h.Type, i+1, len(all))
		case h.At.Before(last), !h.command() && len(h.Data.Timeline) < moves:
			s.t.Errorf("case %s: %s is older than what came before", id, h.raw)
		case h.command() && h.id != h.Data.TaskID:
			s.t.Errorf("case %s: the id %s is not the task's %s", id, h.id, h.Data.TaskID)
		case h.Type == "refund.pay" && h.Data.Amount+" "+h.Data.Currency != amount:
			s.t.Errorf("case %s: %s %s goes back, want %s", id, h.Data.Amount, h.Data.Currency, amount)
		}
		last, moves = h.At, max(moves, len(h.Data.Timeline))
	}
	if counts["order.cancel"] > 1 || counts["refund.pay"] > 1 {
		s.t.Errorf("case %s: asked for %v", id, counts)
	}
}

// keyed is a shop's way to call the house.
type keyed struct {
	t   testing.TB
	url string
}

const apiKey = "k-123456789"

// call asks the house and returns the status; 0 where it is not there.
func (k keyed) call(method, path, body string, into any) int {
	r, err := http.NewRequest(method, k.url+path, strings.NewReader(body))
	if err != nil {
		k.t.Error(err)
		return 0
	}
	r.Header.Set("Authorization", "Bearer "+apiKey)
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		return 0
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	if err != nil {
		return 0
	}
	if into != nil && answer.StatusCode == 200 {
		if err := json.NewDecoder(bytes.NewReader(text)).Decode(into); err != nil {
			k.t.Errorf("%s: %v", text, err)
		}
	}
	return answer.StatusCode
}

// end says how a task has ended.
func (k keyed) end(task, outcome string) int {
	return k.call("POST", "/v1/tasks/"+task, fmt.Sprintf(`{"outcome":%q}`, outcome), nil)
}

// caseOf is the newest case about an order, as GET shows it.
func (k keyed) caseOf(order string) (c struct {
	ID, State string
	Refund    struct{ Amount, Status string }
}) {
	var list struct{ Cases []json.RawMessage }
	k.call("GET", "/v1/cases?order="+order, "", &list)
	if n := len(list.Cases); n > 0 {
		if err := json.Unmarshal(list.Cases[n-1], &c); err != nil {
			k.t.Error(err)
		}
	}
	return c
}
