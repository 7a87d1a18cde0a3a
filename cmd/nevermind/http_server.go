package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"regexp"
	"runtime/debug"
	"strings"
	"time"
)

// The bounds of a request: times, and bytes of header and body.
const (
	headerTime = 10 * time.Second
	idleTime   = 2 * time.Minute
	bodyTime   = time.Minute
	restTime   = time.Second / 2 // for the rest of a body that nobody has read
	answerTime = 2 * time.Minute
	drainTime  = 8 * time.Second // what is under way at the end gets this long
	mostHeader = 64 << 10
	mostBody   = 1 << 20   // of what a platform sends
	mostBulk   = 256 << 20 // of what the shop sends: many orders at once
)

// server is an HTTP server in which a panic harms one request alone, and whose log names no
// addresses.
func server(log *slog.Logger, h http.Handler) *http.Server {
	return &http.Server{Handler: recoverPanics(log, h), ReadHeaderTimeout: headerTime, IdleTimeout: idleTime,
		MaxHeaderBytes: mostHeader,
		ErrorLog:       slog.NewLogLogger(addressRedactor{log.Handler()}, slog.LevelDebug)}
}

// serveListener serves until the server is shut down; what ends it otherwise is told.
func serveListener(s *http.Server, l net.Listener, ended chan<- error) *http.Server {
	go func() {
		if err := s.Serve(l); !errors.Is(err, http.ErrServerClosed) {
			ended <- err
		}
	}()
	return s
}

// recoverPanics answers 500 where a handler panics.
func recoverPanics(log *slog.Logger, h http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		defer func() {
			switch fault := recover(); fault {
			case nil:
			case http.ErrAbortHandler:
				panic(fault)
			default:
				log.Error("a request's handler panicked", slog.Any("why", fmt.Errorf("%v\n%s", fault, debug.Stack())))
				http.Error(w, "that went wrong on our side", http.StatusInternalServerError)
			}
		}()
		h.ServeHTTP(w, r)
	})
}

// limitBody bounds every body: mostBulk where the shop sends orders in bulk, mostBody elsewhere. A request that is answered
// before its body was read gets its answer, and the rest of its body restTime: net/http holds the answer back until it has read
// that, so that whoever never sends it held a connection for bodyTime.
func limitBody(h http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		most := int64(mostBody)
		if strings.HasPrefix(r.URL.Path, "/v1/") {
			most = mostBulk
		}
		body := &readBody{ReadCloser: r.Body, whole: r.Body == http.NoBody}
		r.Body = http.MaxBytesReader(w, body, most)
		h.ServeHTTP(w, r)
		if !body.whole {
			_ = http.NewResponseController(w).SetReadDeadline(time.Now().Add(restTime)) // a recorder in a test has none
		}
	})
}

// readBody is a body that knows whether it was read to its end.
type readBody struct {
	io.ReadCloser
	whole bool
}

func (b *readBody) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	b.whole = b.whole || errors.Is(err, io.EOF)
	return n, err
}

// serveUntil serves front on the listener and the commands on the control socket, and lets the engine work, until ctx ends
// or one of them does. Then what is under way comes to its end. up is called once all of it runs, down when it begins to
// end. The listener is closed in any case.
func (h *house) serveUntil(ctx context.Context, p *program, listener net.Listener, front *http.Server, up, down func()) error {
	control, err := listenControl(p.set.folder())
	if err != nil {
		return errors.Join(err, listener.Close())
	}
	ended := make(chan error, 3)
	servers := []*http.Server{
		serveListener(front, listener, ended), serveListener(server(p.log, h.control()), control, ended),
	}
	stopEngine := h.run(p.log, ended)
	up()
	select {
	case <-ctx.Done():
	case err = <-ended:
	}
	down()
	return errors.Join(err, drain(servers, stopEngine), removeControl(p.set.folder()))
}

// drain is the graceful end: no new requests are taken, the engine stops and with it the streams it
// feeds, and what is under way gets drainTime in all.
func drain(servers []*http.Server, stopEngine func(context.Context)) error {
	ctx, cancel := context.WithTimeout(context.Background(), drainTime)
	defer cancel()
	done := make(chan error, len(servers))
	for _, s := range servers {
		go func() { done <- shutdown(ctx, s) }()
	}
	stopEngine(ctx)
	var all error
	for range servers {
		all = errors.Join(all, <-done)
	}
	return all
}

// shutdown waits for the requests of one server; whoever is still connected when ctx ends is cut
// off.
func shutdown(ctx context.Context, s *http.Server) error {
	err := s.Shutdown(ctx)
	if errors.Is(err, context.DeadlineExceeded) {
		return s.Close()
	}
	if err != nil {
		return fmt.Errorf("stop serving: %w", err)
	}
	return nil
}

// addressRedactor leaves out of a log line whose address it was: that of somebody who asked.
type addressRedactor struct{ slog.Handler }

var addressOf = regexp.MustCompile(`\[?[0-9a-fA-F:.]+\]?:[0-9]+`)

// Handle writes the line without addresses.
func (n addressRedactor) Handle(ctx context.Context, r slog.Record) error {
	r.Message = addressOf.ReplaceAllString(r.Message, "…")
	return n.Handler.Handle(ctx, r)
}
