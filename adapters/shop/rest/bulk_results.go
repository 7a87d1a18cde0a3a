package rest

import (
	"context"
	"io"
	"net/http"
	"sync"
	"time"
)

// maxBacklog is how many bytes of results wait for a caller who does not read them.
const maxBacklog = 16 << 20

// bulkResults sends the results of a bulk call from a goroutine of its own, so that reading the body never waits for a
// caller who sends everything before reading anything, as many clients do. Only beyond maxBacklog does add block, and a
// caller who then reads nothing for idleTime is given up: cancel ends the call.
type bulkResults struct {
	w       io.Writer
	control *http.ResponseController
	cancel  context.CancelFunc // the caller has gone

	mu      sync.Mutex
	changed sync.Cond
	// waiting is what has not been sent; ended says that nothing will be added, gone that the caller has left.
	waiting []byte
	ended   bool
	gone    bool
	sent    chan struct{}
}

// newBulkResults starts to send; end must be called.
func newBulkResults(w io.Writer, control *http.ResponseController, left context.CancelFunc) *bulkResults {
	b := &bulkResults{w: w, control: control, cancel: left, sent: make(chan struct{})}
	b.changed.L = &b.mu
	go b.send()
	return b
}

// add leaves a part of the answer to be sent; it blocks while too much waits, and drops the part once the caller has gone.
func (b *bulkResults) add(text []byte) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for len(b.waiting) > maxBacklog && !b.gone {
		b.changed.Wait()
	}
	if !b.gone {
		b.waiting = append(b.waiting, text...)
		b.changed.Broadcast()
	}
}

// end returns once all is sent, or the caller has gone.
func (b *bulkResults) end() {
	b.mu.Lock()
	b.ended = true
	b.changed.Broadcast()
	b.mu.Unlock()
	<-b.sent
}

// send writes what waits until the end, each part within idleTime.
func (b *bulkResults) send() {
	defer close(b.sent)
	defer b.control.SetWriteDeadline(time.Time{}) //nolint:errcheck // the connection may serve another call
	var part []byte
	for {
		if part = b.take(part); part == nil {
			return
		}
		// Each part has its own deadline: the call may last for hours.
		b.control.SetWriteDeadline(time.Now().Add(idleTime)) //nolint:errcheck // without one the listener's own holds
		if _, err := b.w.Write(part); err != nil {
			b.giveUp()
			return
		}
		b.control.Flush() //nolint:errcheck // the next write tells
	}
}

// take returns all that waits, nil at the end; the buffer of the part before is used again.
func (b *bulkResults) take(used []byte) []byte {
	b.mu.Lock()
	defer b.mu.Unlock()
	for len(b.waiting) == 0 && !b.ended {
		b.changed.Wait()
	}
	if len(b.waiting) == 0 {
		return nil
	}
	part := b.waiting
	// Two buffers take turns: one is filled while the other is sent.
	b.waiting = used[:0]
	b.changed.Broadcast()
	return part
}

// giveUp ends the call: nobody reads its results.
func (b *bulkResults) giveUp() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.gone = true
	b.changed.Broadcast()
	b.cancel()
}

// idleReader reads a long body for as long as something comes within idleTime.
type idleReader struct {
	io.Reader
	control  *http.ResponseController
	deadline time.Time
}

// Read extends the connection's read deadline, at most once a second, and reads.
func (p *idleReader) Read(into []byte) (int, error) {
	// A deadline for every read would cost a system call each time.
	if now := time.Now(); p.deadline.Sub(now) < idleTime-time.Second {
		p.deadline = now.Add(idleTime)
		p.control.SetReadDeadline(p.deadline) //nolint:errcheck // without one the listener's own holds
	}
	return p.Reader.Read(into)
}
