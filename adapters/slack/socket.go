package slack

import (
	"context"
	"encoding/json"
	"errors"
	"hash/maphash"
	"log/slog"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"time"

	"nevermind/bot"
)

// Socket Mode. Slack delivers each payload by one of the sockets that are open, and waits for its acknowledgement on the same
// one. The way of a frame is: a socket's reader (socket_connection.go) queues it, a worker stores it by the intake, and the
// acknowledgement goes back. What is not acknowledged Slack delivers again, events at least.

// How sockets are kept open, and how frames are queued.
const (
	socketCount  = 2                // at once, so that one that is cut leaves the other
	drainTime    = 15 * time.Second // how long a socket that was replaced is still read
	firstBackoff = 500 * time.Millisecond
	maxBackoff   = time.Minute
	storeTimeout = 10 * time.Second // for storing one payload
	workers      = 16
	queueLength  = 256 // of each worker; what comes on top is not acknowledged
)

// sockets are what the open sockets share: their number, and the queues of the workers. A queue is for some of the people, so
// that what one person does is stored in its order.
type sockets struct {
	count  atomic.Int64
	queues [workers]chan queuedFrame
	seed   maphash.Seed
}

// open is how many sockets are open.
func (s *sockets) open() int64 { return s.count.Load() }

// frame is what comes by a socket: an envelope with a payload, or a word about the socket itself.
type frame struct {
	Type     string          `json:"type"`
	Envelope string          `json:"envelope_id"` // what the acknowledgement names; empty where none is wanted
	Payload  json.RawMessage `json:"payload"`
	Answers  bool            `json:"accepts_response_payload"`
	Retry    int             `json:"retry_attempt"`
	Reason   string          `json:"reason"`
}

// queuedFrame is a frame and the socket on which it is acknowledged.
type queuedFrame struct {
	socket *socket
	frame  frame
}

// listen keeps sockets open until ctx ends. It returns once everything that came by them is stored.
func (a *Adapter) listen(ctx context.Context) {
	a.sockets.seed = maphash.MakeSeed()
	var maintainers, readers, storing sync.WaitGroup
	for i := range a.sockets.queues {
		q := make(chan queuedFrame, queueLength)
		a.sockets.queues[i] = q
		storing.Go(func() {
			for f := range q {
				a.storeAndAck(ctx, f)
			}
		})
	}
	for range socketCount {
		maintainers.Go(func() { a.maintainSocket(ctx, &readers) })
	}
	// The order matters: nobody queues any more when the queues are closed, and what is queued is still stored.
	maintainers.Wait()
	readers.Wait()
	for _, q := range a.sockets.queues {
		close(q)
	}
	storing.Wait()
}

// maintainSocket keeps one socket open until ctx ends, and opens another, with backoff, where it is lost. When Slack asks for
// a replacement, the new socket is open before the old one is closed.
func (a *Adapter) maintainSocket(ctx context.Context, readers *sync.WaitGroup) {
	var old *socket
	for tries := 0; ctx.Err() == nil; {
		s, err := a.dial(ctx)
		if err != nil {
			if ctx.Err() != nil {
				break
			}
			tries++
			a.cfg.Meter.Count("socket_faults", adapterName, 1)
			a.cfg.Log.Warn("slack: a socket cannot be opened", "tries", tries, slog.Any("why", sanitizeError(err)))
			sleep(ctx, backoff(tries))
			continue
		}
		tries = 0
		readers.Go(func() { s.read(ctx, a) })
		old.retire()
		select {
		// Lost without a word: the other socket goes on while this one is opened again.
		case <-s.closed:
			old = nil
			a.cfg.Meter.Count("socket_lost", adapterName, 1)
		// Slack closes it within seconds; it is read on until the new one is open.
		case <-s.replace:
			old = s
			a.cfg.Meter.Count("socket_refreshed", adapterName, 1)
		case <-ctx.Done():
			s.close()
		}
	}
	if old != nil {
		old.close()
	}
}

// backoff is how long to wait after so many tries that failed: doubling up to about half of maxBackoff, with some jitter.
func backoff(tries int) time.Duration {
	return min(firstBackoff<<min(tries-1, 8), maxBackoff)/2 + rand.N(firstBackoff) //nolint:gosec // jitter is no secret
}

// dispatch handles one frame of a socket. It never blocks: with full queues a payload is left to be delivered again.
func (a *Adapter) dispatch(s *socket, raw []byte) {
	var f frame
	// A frame that is not as expected is passed on whole: with an envelope it ends as a dead letter, without one it is counted.
	if err := json.Unmarshal(raw, &f); err != nil {
		f.Payload = raw
	}
	if f.Envelope == "" {
		a.socketNotice(s, &f)
		return
	}
	if f.Retry > 0 {
		a.cfg.Meter.Count("redelivered", adapterName, 1)
	}
	select {
	case a.sockets.queues[maphash.Bytes(a.sockets.seed, orderingKey(&f))%workers] <- queuedFrame{s, f}:
	default:
		a.cfg.Meter.Count("updates_refused", adapterName, 1)
	}
}

// socketNotice handles a frame that is about the socket itself.
func (a *Adapter) socketNotice(s *socket, f *frame) {
	switch f.Type {
	case "hello":
	case "disconnect":
		if f.Reason == "link_disabled" {
			a.cfg.Log.Error("slack: Socket Mode is switched off for this app")
		}
		s.askReplacement()
	default:
		a.cfg.Meter.Count("updates_malformed", adapterName, 1)
		a.cfg.Log.Warn("slack: a frame without an envelope came by a socket", "kind", truncate(bot.Clean(f.Type), maxKind))
	}
}

// orderingKey is the user whose frame it is, in whichever of the three kinds of payloads.
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

// storeAndAck stores a frame's payload by the intake and then acknowledges it. An acknowledgement that is lost makes Slack
// deliver the payload again, which is idempotent.
func (a *Adapter) storeAndAck(ctx context.Context, q queuedFrame) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), storeTimeout)
	defer cancel()
	answer, err := a.intake(ctx, q.frame.Type, q.frame.Payload)
	// Not an error to log: the id is stored within moments, and Slack delivers the note again.
	if errors.Is(err, errSenderUnknown) {
		return
	}
	if err != nil {
		a.cfg.Log.Error(notStored, slog.Any("why", err))
		a.cfg.Meter.Count("updates_refused", adapterName, 1)
		return
	}
	ack := map[string]any{"envelope_id": q.frame.Envelope}
	if answer != nil && q.frame.Answers {
		ack["payload"] = answer
	}
	if err := q.socket.writeJSON(ack); err != nil {
		a.cfg.Meter.Count("acks_lost", adapterName, 1)
	}
}
