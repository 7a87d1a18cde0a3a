package slacktest

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"time"
)

// Answer is what became of something that Slack delivered.
type Answer struct {
	Acked  bool
	Status int            // HTTP mode
	Body   map[string]any // what was sent along
}

// delivery is something on its way to the app.
type delivery struct {
	kind    string // events_api, interactive, slash_commands
	payload map[string]any
	retries int
	due     time.Time
}

// ackTimeout is how long Slack waits to be acknowledged.
const ackTimeout = 3 * time.Second

// retries are when an event that was not acknowledged is sent again, after the try before.
var retries = []time.Duration{0, time.Minute, 4 * time.Minute}

// deliver delivers something and waits until it is acknowledged. Events that are not are kept for Again.
func (s *Slack) deliver(p *delivery) Answer {
	s.mu.Lock()
	target := s.target
	s.mu.Unlock()
	var a Answer
	if target != "" {
		a = s.post(target, p)
	} else {
		a = s.push(p)
	}
	if !a.Acked && p.kind == "events_api" && s.canRetry(p) {
		s.mu.Lock()
		p.due = s.now().Add(s.retries[p.retries])
		p.retries++
		s.unacked = append(s.unacked, p)
		s.mu.Unlock()
	}
	return a
}

// canRetry says whether something is sent again.
func (s *Slack) canRetry(p *delivery) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return p.retries < len(s.retries)
}

// Again delivers the events again whose time for that has come, and says how many there were.
func (s *Slack) Again() int {
	s.mu.Lock()
	now := s.now()
	var due []*delivery
	s.unacked = slices.DeleteFunc(s.unacked, func(p *delivery) bool {
		if p.due.After(now) {
			return false
		}
		due = append(due, p)
		return true
	})
	s.retrying += len(due)
	s.mu.Unlock()
	for _, p := range due {
		s.deliver(p)
		s.mu.Lock()
		s.retrying--
		s.mu.Unlock()
	}
	return len(due)
}

// paths are where HTTP mode delivers each kind of payload.
var paths = map[string]string{"events_api": "/slack/events", "interactive": "/slack/interactions",
	"slash_commands": "/slack/commands"}

// post delivers by HTTP.
func (s *Slack) post(target string, p *delivery) Answer {
	body, kind := body(p)
	header := s.Sign(body)
	header.Set("Content-Type", kind)
	if p.retries > 0 {
		header.Set("X-Slack-Retry-Num", strconv.Itoa(p.retries))
		header.Set("X-Slack-Retry-Reason", "http_error")
	}
	status, answer := s.Post(target+paths[p.kind], header, body)
	a := Answer{Acked: status/100 == 2, Status: status}
	json.Unmarshal(answer, &a.Body)
	return a
}

// body is how something is written for HTTP.
func body(p *delivery) (raw []byte, kind string) {
	raw, err := json.Marshal(p.payload)
	if err != nil {
		panic(err) // values of tests
	}
	switch p.kind {
	case "interactive":
		return []byte(url.Values{"payload": {string(raw)}}.Encode()), "application/x-www-form-urlencoded"
	case "slash_commands":
		form := url.Values{}
		for name, v := range p.payload {
			form.Set(name, str(v))
		}
		return []byte(form.Encode()), "application/x-www-form-urlencoded"
	}
	return raw, "application/json"
}

// Sign signs a body as Slack does, now.
func (s *Slack) Sign(body []byte) http.Header {
	at := strconv.FormatInt(s.now().Unix(), 10)
	mac := hmac.New(sha256.New, []byte(Secret))
	io.WriteString(mac, "v0:"+at+":")
	mac.Write(body)
	return http.Header{"X-Slack-Request-Timestamp": {at}, "X-Slack-Signature": {"v0=" + hex.EncodeToString(mac.Sum(nil))}}
}

// Post sends a request as it is, well or badly signed.
func (s *Slack) Post(to string, header http.Header, body []byte) (status int, answer []byte) {
	r, err := http.NewRequest(http.MethodPost, to, bytes.NewReader(body))
	if err != nil {
		s.t.Fatal(err)
	}
	r.Header = header
	client := http.Client{Timeout: ackTimeout}
	got, err := client.Do(r)
	if err != nil {
		return 0, nil
	}
	defer got.Body.Close()
	answer, _ = io.ReadAll(got.Body)
	return got.StatusCode, answer
}

// Raw sends something of any kind by a socket or HTTP and says whether it was acknowledged.
func (s *Slack) Raw(kind string, payload map[string]any) Answer {
	return s.deliver(&delivery{kind: kind, payload: payload})
}
