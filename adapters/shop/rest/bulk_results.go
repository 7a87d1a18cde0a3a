package rest

import (
	"context"
	"io"
	"net/http"
	"sync"
	"time"
)

// maxBacklog is how many bytes of answers wait for a caller who does not take them.
const maxBacklog = 16 << 20

// backlog sends what is added, without letting who adds wait for a caller that sends all before it reads: many clients
// do. Only beyond maxBacklog they wait, and a caller who then takes nothing is left.
type backlog struct {
	w       io.Writer
	control *http.ResponseController
	left    context.CancelFunc // the caller has gone

	mu      sync.Mutex
	moved   sync.Cond
	waiting []byte
	ended   bool
	gone    bool
	sent    chan struct{}
}

func newBacklog(w io.Writer, control *http.ResponseController, left context.CancelFunc) *backlog {
	b := &backlog{w: w, control: control, left: left, sent: make(chan struct{})}
	b.moved.L = &b.mu
	go b.send()
	return b
}

// add leaves a part of the answer to be sent.
func (b *backlog) add(text []byte) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for len(b.waiting) > maxBacklog && !b.gone {
		b.moved.Wait()
	}
	if !b.gone {
		b.waiting = append(b.waiting, text...)
		b.moved.Broadcast()
	}
}

// end waits until all is sent, or the caller has gone.
func (b *backlog) end() {
	b.mu.Lock()
	b.ended = true
	b.moved.Broadcast()
	b.mu.Unlock()
	<-b.sent
}

func (b *backlog) send() {
	defer close(b.sent)
	defer b.control.SetWriteDeadline(time.Time{}) //nolint:errcheck // the connection may serve another call
	var part []byte
	for {
		if part = b.take(part); part == nil {
			return
		}
		b.control.SetWriteDeadline(time.Now().Add(idleTime)) //nolint:errcheck // without one the listener's own holds
		if _, err := b.w.Write(part); err != nil {
			b.leave()
			return
		}
		b.control.Flush() //nolint:errcheck // the next write tells
	}
}

// take picks up all that waits, nil at the end; the buffer taken before is used again.
func (b *backlog) take(used []byte) []byte {
	b.mu.Lock()
	defer b.mu.Unlock()
	for len(b.waiting) == 0 && !b.ended {
		b.moved.Wait()
	}
	if len(b.waiting) == 0 {
		return nil
	}
	part := b.waiting
	b.waiting = used[:0]
	b.moved.Broadcast()
	return part
}

func (b *backlog) leave() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.gone = true
	b.moved.Broadcast()
	b.left()
}

// patient reads a long body as long as something comes.
type patient struct {
	io.Reader
	control *http.ResponseController
	until   time.Time
}

// Read waits for more, idleTime at most.
func (p *patient) Read(into []byte) (int, error) {
	if now := time.Now(); p.until.Sub(now) < idleTime-time.Second {
		p.until = now.Add(idleTime)
		p.control.SetReadDeadline(p.until) //nolint:errcheck // without one the listener's own holds
	}
	return p.Reader.Read(into)
}
