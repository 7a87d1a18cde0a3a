package slack

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"hash/maphash"
	"log/slog"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"time"

	"github.com/gorilla/websocket"
)

// How sockets are kept.
const (
	socketCount  = 2                // Slack sends each thing by one of them: a cut leaves the other
	maxFrame     = 1 << 20          // of one frame
	helloTimeout = 10 * time.Second // until a new socket says hello
	pingInterval = 10 * time.Second // between asking for signs of life; without one for three the socket is dead
	drainTime    = 15 * time.Second // an old socket is heard on after a new one stands
	writeTimeout = 2 * time.Second
	firstBackoff = 500 * time.Millisecond
	maxBackoff   = time.Minute
	storeTimeout = 10 * time.Second // for storing one thing
	workers      = 16
	queueLength  = 256 // things in each worker's queue; what comes then is left to be sent again
)

// links are the sockets that stand.
type sockets struct {
	count  atomic.Int64
	queues [workers]chan queuedFrame
	seed   maphash.Seed
}

func (l *sockets) open() int64 { return l.count.Load() }

// frame is what comes by a socket.
type frame struct {
	Type     string          `json:"type"`
	Envelope string          `json:"envelope_id"`
	Payload  json.RawMessage `json:"payload"`
	Answers  bool            `json:"accepts_response_payload"`
	Retry    int             `json:"retry_attempt"`
	Reason   string          `json:"reason"`
}

// job is a frame and the socket by which it is acknowledged.
type queuedFrame struct {
	socket *socket
	frame  frame
}

// listen keeps sockets open until ctx ends, and stores what comes before it is acknowledged.
func (a *Adapter) listen(ctx context.Context) {
	a.sockets.seed = maphash.MakeSeed()
	var keepers, readers, stores sync.WaitGroup
	for i := range a.sockets.queues {
		q := make(chan queuedFrame, queueLength)
		a.sockets.queues[i] = q
		stores.Go(func() {
			for j := range q {
				a.storeAndAck(ctx, j)
			}
		})
	}
	for range socketCount {
		keepers.Go(func() { a.maintainSocket(ctx, &readers) })
	}
	keepers.Wait()
	readers.Wait()
	for _, q := range a.sockets.queues {
		close(q)
	}
	stores.Wait()
}

// keep keeps one socket open. When Slack asks for another, that one stands before the old one is let go.
func (a *Adapter) maintainSocket(ctx context.Context, readers *sync.WaitGroup) {
	var old *socket
	for tries := 0; ctx.Err() == nil; {
		l, err := a.dial(ctx)
		if err != nil {
			if ctx.Err() != nil {
				break
			}
			tries++
			a.cfg.Meter.Count("socket_faults", name, 1)
			a.cfg.Log.Warn("slack: a socket cannot be opened", "tries", tries, slog.Any("why", sanitizeError(err)))
			sleep(ctx, min(firstBackoff<<min(tries-1, 8), maxBackoff)/2+rand.N(firstBackoff))
			continue
		}
		tries = 0
		readers.Go(func() { l.read(ctx, a) })
		old.retire()
		select {
		case <-l.closed:
			old = nil
			a.cfg.Meter.Count("socket_lost", name, 1)
		case <-l.replace:
			old = l
			a.cfg.Meter.Count("socket_refreshed", name, 1)
		case <-ctx.Done():
			l.close()
		}
	}
	if old != nil {
		old.close()
	}
}

func sleep(ctx context.Context, d time.Duration) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
	}
}

// link is one socket.
type socket struct {
	conn        *websocket.Conn
	closed      chan struct{} // closed when nothing more comes
	replace     chan struct{} // closed when Slack wants it replaced
	replaceOnce sync.Once
	closing     atomic.Bool // nothing keeps it alive any longer
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
		return nil, errors.New("the socket's address does not answer") // the address itself is a key
	}
	conn.SetReadLimit(maxFrame)
	conn.SetReadDeadline(time.Now().Add(helloTimeout)) //nolint:errcheck // a socket that fails is noticed by its reader
	var hello frame
	if err := conn.ReadJSON(&hello); err != nil || hello.Type != "hello" {
		conn.Close() //nolint:errcheck // a socket that fails is noticed by its reader
		return nil, fmt.Errorf("the socket said %q instead of hello", truncate(hello.Type, 40))
	}
	return &socket{conn: conn, closed: make(chan struct{}), replace: make(chan struct{})}, nil
}

// read reads until the socket ends. It never waits for what is done with what it reads.
func (l *socket) read(ctx context.Context, a *Adapter) {
	a.sockets.count.Add(1)
	defer a.sockets.count.Add(-1)
	defer close(l.closed)
	defer l.conn.Close() //nolint:errcheck // a socket that fails is noticed by its reader
	stop := context.AfterFunc(ctx, l.close)
	defer stop()
	alive := func() {
		if !l.closing.Load() {
			l.conn.SetReadDeadline(time.Now().Add(3 * a.pingEvery)) //nolint:errcheck // a socket that fails is noticed by its reader
		}
	}
	alive()
	l.conn.SetPongHandler(func(string) error { alive(); return nil })
	l.conn.SetPingHandler(func(data string) error {
		alive()
		return l.conn.WriteControl(websocket.PongMessage, []byte(data), time.Now().Add(writeTimeout))
	})
	go l.ping(a.pingEvery)
	for {
		_, raw, err := l.conn.ReadMessage()
		if err != nil {
			return
		}
		alive()
		l.dispatch(a, raw)
	}
}

// heard passes a frame on.
func (l *socket) dispatch(a *Adapter, raw []byte) {
	var f frame
	if err := json.Unmarshal(raw, &f); err != nil {
		f.Payload = raw
	}
	if f.Envelope == "" {
		switch f.Type {
		case "hello":
		case "disconnect":
			if f.Reason == "link_disabled" {
				a.cfg.Log.Error("slack: Socket Mode is switched off for this app")
			}
			l.replaceOnce.Do(func() { close(l.replace) })
		default:
			a.cfg.Meter.Count("updates_malformed", name, 1)
		}
		return
	}
	if f.Retry > 0 {
		a.cfg.Meter.Count("redelivered", name, 1)
	}
	select {
	case a.sockets.queues[maphash.Bytes(a.sockets.seed, orderingKey(&f))%workers] <- queuedFrame{l, f}:
	default:
		a.cfg.Meter.Count("updates_refused", name, 1) // not acknowledged: Slack sends it again
	}
}

// whose is what keeps one person's things in order.
func orderingKey(f *frame) []byte {
	var p struct {
		User  idOrObject `json:"user"`
		ID    idOrObject `json:"user_id"`
		Event struct {
			User idOrObject `json:"user"`
		} `json:"event"`
	}
	if json.Unmarshal(f.Payload, &p) != nil {
		return nil
	}
	return []byte(p.User + p.ID + p.Event.User)
}

// storeAndAck stores a frame and then acknowledges it, by the socket it came by.
func (a *Adapter) storeAndAck(ctx context.Context, j queuedFrame) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), storeTimeout)
	defer cancel()
	answer, err := a.intake(ctx, j.frame.Type, j.frame.Payload)
	if errors.Is(err, errSenderUnknown) {
		return
	}
	if err != nil {
		a.cfg.Log.Error("slack: something could not be stored, and is left to be sent again", slog.Any("why", err))
		a.cfg.Meter.Count("updates_refused", name, 1)
		return
	}
	ack := map[string]any{"envelope_id": j.frame.Envelope}
	if answer != nil && j.frame.Answers {
		ack["payload"] = answer
	}
	if err := j.socket.writeJSON(ack); err != nil {
		a.cfg.Meter.Count("acks_lost", name, 1) // it comes again, and is known
	}
}

func (l *socket) writeJSON(what any) error {
	l.write.Lock()
	defer l.write.Unlock()
	l.conn.SetWriteDeadline(time.Now().Add(writeTimeout)) //nolint:errcheck // a socket that fails is noticed by its reader
	return l.conn.WriteJSON(what)
}

// ping asks for a sign of life, so that a dead socket is noticed.
func (l *socket) ping(every time.Duration) {
	beat := time.NewTicker(every)
	defer beat.Stop()
	for {
		select {
		case <-beat.C:
			l.conn.WriteControl(websocket.PingMessage, nil, time.Now().Add(writeTimeout)) //nolint:errcheck // a socket that fails is noticed by its reader
		case <-l.closed:
			return
		}
	}
}

// retire lets a replaced socket be heard a while longer: what is under way there still comes.
func (l *socket) retire() {
	if l != nil {
		time.AfterFunc(drainTime, l.close)
	}
}

// close says goodbye; the reader ends with the answer, or soon.
func (l *socket) close() {
	l.closing.Store(true)
	l.conn.WriteControl(websocket.CloseMessage, websocket.FormatCloseMessage(websocket.CloseNormalClosure, ""), time.Now().Add(writeTimeout)) //nolint:errcheck // a socket that fails is noticed by its reader
	l.conn.SetReadDeadline(time.Now().Add(time.Second))                                                                                       //nolint:errcheck // a socket that fails is noticed by its reader
}
