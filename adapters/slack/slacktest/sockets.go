package slacktest

import (
	"net/http"
	"slices"
	"time"

	"github.com/gorilla/websocket"
)

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
	one.write <- map[string]any{"type": "hello", "num_connections": 1, "connection_info": map[string]any{"app_id": App},
		"debug_info": map[string]any{"approximate_connection_time": 3600}}
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

// disconnected forgets a socket that has ended.
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
	envelope := map[string]any{"envelope_id": id, "type": p.kind, "payload": p.payload,
		"accepts_response_payload": p.kind != "events_api"}
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
