package telegramtest

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httptrace"
)

// Client reaches the server without a network, at whatever address: its time may be simulated (testing/synctest).
func (s *Server) Client() *http.Client { return &http.Client{Transport: inProcess{s}} }

// Directly sends requests to a handler without a network.
func Directly(h http.Handler) func(*http.Request) (*http.Response, error) {
	return inProcess{h}.RoundTrip
}

// inProcess is a transport that calls the handler directly, in a goroutine of its own. It reports to the request's trace as a
// connection would, since from that the adapter knows whether a call may have arrived.
type inProcess struct{ server http.Handler }

// RoundTrip makes the request; a connection that is cut, or a context that ends first, is an error.
func (w inProcess) RoundTrip(r *http.Request) (*http.Response, error) {
	trace := httptrace.ContextClientTrace(r.Context())
	if trace != nil && trace.GotConn != nil {
		trace.GotConn(httptrace.GotConnInfo{})
	}
	var body []byte
	if r.Body != nil {
		var err error
		if body, err = io.ReadAll(r.Body); err != nil {
			return nil, err
		}
		r.Body.Close()
	}
	if trace != nil && trace.WroteRequest != nil {
		trace.WroteRequest(httptrace.WroteRequestInfo{})
	}
	answered := make(chan *http.Response, 1)
	ctx, cancel := context.WithCancel(context.WithoutCancel(r.Context()))
	stop := context.AfterFunc(r.Context(), cancel)
	go func() {
		defer stop()
		defer func() {
			if recover() != nil {
				answered <- nil
			}
		}()
		to := r.Clone(ctx)
		to.Body = io.NopCloser(bytes.NewReader(body))
		rec := httptest.NewRecorder()
		w.server.ServeHTTP(rec, to)
		answered <- rec.Result()
	}()
	select {
	case resp := <-answered:
		if resp == nil {
			return nil, io.ErrUnexpectedEOF
		}
		return resp, nil
	case <-r.Context().Done():
		cancel()
		return nil, r.Context().Err()
	}
}
