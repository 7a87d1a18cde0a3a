package slack

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"github.com/gorilla/websocket"
)

// Limits of one socket.
const (
	maxFrame     = 1 << 20          // bytes
	helloTimeout = 10 * time.Second // until a new socket has said hello
	pingInterval = 10 * time.Second // a socket from which nothing comes for three of them is closed
	writeTimeout = 2 * time.Second
)

// socket is one connection of Socket Mode. dial opens it, its reader owns it until it ends, and anybody may write to it. Errors
// of deadlines and control frames are not looked at: the reader notices a socket that has failed.
type socket struct {
	conn        *websocket.Conn
	closed      chan struct{} // closed when nothing more comes by it
	replace     chan struct{} // closed when Slack wants it replaced
	replaceOnce sync.Once
	closing     atomic.Bool // nothing extends its read deadline any more
	write       sync.Mutex
}

// dial opens a socket and waits for its hello.
func (a *Adapter) dial(ctx context.Context) (*socket, error) {
	ctx, cancel := context.WithTimeout(ctx, helloTimeout)
	defer cancel()
	_, address, err := a.api.StartSocketModeContext(ctx)
	if err != nil {
		return nil, err
	}
	dialer := websocket.Dialer{HandshakeTimeout: helloTimeout}
	conn, answer, err := dialer.DialContext(ctx, address, nil)
	if answer != nil && answer.Body != nil {
		answer.Body.Close()
	}
	if err != nil {
		return nil, errors.New("the socket's address does not answer") // the address is a secret, and so is the error with it
	}
	s := &socket{conn: conn, closed: make(chan struct{}), replace: make(chan struct{})}
	conn.SetReadLimit(maxFrame)
	s.readUntil(time.Now().Add(helloTimeout))
	var hello frame
	if err := conn.ReadJSON(&hello); err != nil || hello.Type != "hello" {
		conn.Close() //nolint:errcheck // it is of no use any more
		return nil, fmt.Errorf("the socket said %q instead of hello", truncate(hello.Type, 40))
	}
	return s, nil
}

// read dispatches what comes by a socket until it is closed, by either side, or ctx ends. Whatever comes, pings and pongs too,
// is a sign of life.
func (s *socket) read(ctx context.Context, a *Adapter) {
	a.sockets.count.Add(1)
	defer a.sockets.count.Add(-1)
	defer close(s.closed)
	defer s.conn.Close() //nolint:errcheck // it is of no use any more
	stop := context.AfterFunc(ctx, s.close)
	defer stop()
	alive := func() {
		if !s.closing.Load() {
			s.readUntil(time.Now().Add(3 * a.pingEvery))
		}
	}
	alive()
	s.conn.SetPongHandler(func(string) error { alive(); return nil })
	s.conn.SetPingHandler(func(data string) error {
		alive()
		return s.conn.WriteControl(websocket.PongMessage, []byte(data), time.Now().Add(writeTimeout))
	})
	go s.ping(a.pingEvery)
	for {
		_, raw, err := s.conn.ReadMessage()
		if err != nil {
			return
		}
		alive()
		a.dispatch(s, raw)
	}
}

// ping asks for a sign of life at each interval, so that a connection that lets nothing through is noticed.
func (s *socket) ping(every time.Duration) {
	ticker := time.NewTicker(every)
	defer ticker.Stop()
	for {
		select {
		case <-ticker.C:
			s.control(websocket.PingMessage, nil)
		case <-s.closed:
			return
		}
	}
}

// askReplacement has another socket opened in place of this one; a second time does nothing.
func (s *socket) askReplacement() { s.replaceOnce.Do(func() { close(s.replace) }) }

// retire closes a socket that was replaced, after drainTime: what is under way by it still comes. A nil socket is none.
func (s *socket) retire() {
	if s != nil {
		time.AfterFunc(drainTime, s.close)
	}
}

// close says goodbye. The reader ends with the answer to that, at the latest in a second.
func (s *socket) close() {
	s.closing.Store(true)
	s.control(websocket.CloseMessage, websocket.FormatCloseMessage(websocket.CloseNormalClosure, ""))
	s.readUntil(time.Now().Add(time.Second))
}

// writeJSON writes one frame.
func (s *socket) writeJSON(v any) error {
	s.write.Lock()
	defer s.write.Unlock()
	s.conn.SetWriteDeadline(time.Now().Add(writeTimeout)) //nolint:errcheck // the reader notices a socket that has failed
	return s.conn.WriteJSON(v)
}

// control writes a control frame.
func (s *socket) control(kind int, data []byte) {
	s.conn.WriteControl(kind, data, time.Now().Add(writeTimeout)) //nolint:errcheck // the reader notices a socket that has failed
}

// readUntil sets how long the reader waits for the next frame.
func (s *socket) readUntil(t time.Time) {
	s.conn.SetReadDeadline(t) //nolint:errcheck // the reader notices a socket that has failed
}
