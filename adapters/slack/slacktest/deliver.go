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

	"github.com/gorilla/websocket"
)

// Answer is what became of something that Slack delivered.
type Answer struct {
	Acked  bool
	Status int            // HTTP mode
	Body   map[string]any // what was sent along
}

// parcel is something on its way to the app.
type delivery struct {
	kind    string // events_api, interactive, slash_commands
	payload map[string]any
	retries int
	due     time.Time
}

// ackTime is how long Slack waits to be acknowledged.
const ackTimeout = 3 * time.Second

// retries are when an event that was not acknowledged is sent again, after the try before.
var retries = []time.Duration{0, time.Minute, 4 * time.Minute}

// send delivers something and waits until it is acknowledged. Events that are not are kept for Again.
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

// tries says whether something is sent again.
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

var paths = map[string]string{"events_api": "/slack/events", "interactive": "/slack/interactions", "slash_commands": "/slack/commands"}

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

// socket is one connection of Socket Mode.
type socket struct {
	conn     *websocket.Conn
	write    chan any
	closed   chan struct{}
	silent   bool // it stands, and nothing goes through
	retiring bool // it was told to go: nothing new goes by it where another stands
	inFlight int  // what is on its way by it
}

// connect opens a socket and listens for acknowledgements.
func (s *Slack) connect(w http.ResponseWriter, r *http.Request) {
	up := websocket.Upgrader{CheckOrigin: func(*http.Request) bool { return true }}
	conn, err := up.Upgrade(w, r, nil)
	if err != nil {
		return
	}
	one := &socket{conn: conn, write: make(chan any, 64), closed: make(chan struct{})}
	conn.SetPingHandler(func(data string) error {
		s.mu.Lock()
		deaf := one.silent
		s.mu.Unlock()
		if deaf {
			return nil
		}
		return conn.WriteControl(websocket.PongMessage, []byte(data), time.Now().Add(ackTimeout))
	})
	go func() {
		for {
			select {
			case v := <-one.write:
				conn.SetWriteDeadline(time.Now().Add(ackTimeout))
				conn.WriteJSON(v)
			case <-one.closed:
				return
			}
		}
	}()
	one.write <- map[string]any{"type": "hello", "num_connections": 1, "connection_info": map[string]any{"app_id": App}, "debug_info": map[string]any{"approximate_connection_time": 3600}}
	s.mu.Lock()
	s.sockets = append(s.sockets, one)
	s.notify()
	s.mu.Unlock()
	defer s.disconnected(one)
	for {
		var ack struct {
			ID      string         `json:"envelope_id"`
			Payload map[string]any `json:"payload"`
		}
		if conn.ReadJSON(&ack) != nil {
			return
		}
		s.mu.Lock()
		if done := s.waiting[ack.ID]; done != nil && !one.silent {
			done <- Answer{Acked: true, Body: ack.Payload}
			delete(s.waiting, ack.ID)
		}
		s.mu.Unlock()
	}
}

func (s *Slack) disconnected(one *socket) {
	one.conn.Close()
	close(one.closed)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.sockets = slices.DeleteFunc(s.sockets, func(o *socket) bool { return o == one })
	s.notify()
}

// Sockets says how many sockets stand.
func (s *Slack) Sockets() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.sockets)
}

// Refresh tells every socket that it will be closed, as Slack does every few hours; Drop then closes those.
func (s *Slack) Refresh(reason string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, one := range s.sockets {
		if !one.retiring {
			one.write <- map[string]any{"type": "disconnect", "reason": reason, "debug_info": map[string]any{"host": "fake"}}
			one.retiring = true
		}
	}
}

// Deafen leaves the sockets standing, and nothing goes through them any more, either way.
func (s *Slack) Deafen() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, one := range s.sockets {
		one.silent, one.retiring = true, true
	}
}

// Standing says how many sockets stand that were not told to go.
func (s *Slack) Standing() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	n := 0
	for _, one := range s.sockets {
		if !one.retiring {
			n++
		}
	}
	return n
}

// Drop cuts sockets: those that were told to go, once nothing is on its way by them, or all without a word.
func (s *Slack) Drop(all bool) {
	s.t.Helper()
	s.Until("nothing is on its way by what was told to go", func() bool {
		s.mu.Lock()
		defer s.mu.Unlock()
		return all || !slices.ContainsFunc(s.sockets, func(one *socket) bool { return one.retiring && one.inFlight > 0 })
	})
	s.mu.Lock()
	defer s.mu.Unlock()
	s.sockets = slices.DeleteFunc(s.sockets, func(one *socket) bool {
		if all || one.retiring {
			one.conn.Close()
		}
		return all || one.retiring
	})
}

// push delivers by one of the sockets, in turn.
func (s *Slack) push(p *delivery) Answer {
	s.mu.Lock()
	fit := slices.DeleteFunc(slices.Clone(s.sockets), func(one *socket) bool { return one.retiring })
	if len(fit) == 0 { // one that was told to go is still used until another stands
		fit = slices.DeleteFunc(slices.Clone(s.sockets), func(one *socket) bool { return one.silent })
	}
	if len(fit) == 0 {
		s.mu.Unlock()
		return Answer{}
	}
	s.turn++
	defer func(one *socket) {
		s.mu.Lock()
		one.inFlight--
		s.notify()
		s.mu.Unlock()
	}(fit[s.turn%len(fit)])
	fit[s.turn%len(fit)].inFlight++
	one, id, done := fit[s.turn%len(fit)], s.id("envelope"), make(chan Answer, 1)
	s.waiting[id] = done
	s.mu.Unlock()
	envelope := map[string]any{"envelope_id": id, "type": p.kind, "payload": p.payload, "accepts_response_payload": p.kind != "events_api"}
	if p.retries > 0 {
		envelope["retry_attempt"], envelope["retry_reason"] = p.retries, "timeout"
	}
	select {
	case one.write <- envelope:
	case <-one.closed:
		return Answer{}
	}
	timer := time.NewTimer(ackTimeout)
	defer timer.Stop()
	select {
	case a := <-done:
		return a
	case <-one.closed:
	case <-timer.C:
	}
	return Answer{}
}

// Raw sends something of any kind by a socket or HTTP and says whether it was acknowledged.
func (s *Slack) Raw(kind string, payload map[string]any) Answer {
	return s.deliver(&delivery{kind: kind, payload: payload})
}
