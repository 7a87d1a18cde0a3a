package telegram

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"strconv"
	"sync/atomic"
	"time"
)

// wire is the HTTP client the library calls through. It makes the library's chunked body one that can be sent again, and
// turns everything that is not an "ok" into an error that says what is known of it; no error of it holds the token.
type apiClient struct{ http *http.Client }

// refusal is an answer of the Bot API that is not "ok".
type apiError struct {
	Code        int
	Description string
	RetryAfter  time.Duration
	MigrateTo   int64
}

// Error says what the Bot API said.
func (r *apiError) Error() string {
	return fmt.Sprintf("telegram answers %d %s", r.Code, r.Description)
}

// lost is a call without an answer that can be read.
type noResponse struct {
	maybeSent bool // the request may have arrived
	cause     error
}

// Error says how the call was lost.
func (l *noResponse) Error() string { return "telegram gave no answer: " + l.cause.Error() }

// Unwrap returns the cause.
func (l *noResponse) Unwrap() error { return l.cause }

// answer is what the Bot API answers with.
type apiResponse struct {
	OK          bool            `json:"ok"`
	Result      json.RawMessage `json:"result"`
	Code        int             `json:"error_code"`
	Description string          `json:"description"`
	Parameters  struct {
		RetryAfter int   `json:"retry_after"`
		MigrateTo  int64 `json:"migrate_to_chat_id"`
	} `json:"parameters"`
}

// longestAnswer is how much of an answer is read: a batch of a hundred updates fits many times.
const maxResponse = 16 << 20

// Do sends one request and returns only answers that are "ok".
func (w *apiClient) Do(r *http.Request) (*http.Response, error) {
	body, err := io.ReadAll(r.Body)
	r.Body.Close()
	if err != nil {
		return nil, &noResponse{cause: err}
	}
	a, raw, err := w.exchange(r, body)
	if err != nil {
		return nil, err
	}
	if storeResult(r.Context(), a.Result) {
		raw = nullResult // the library need not read again what nobody asks it for
	}
	return &http.Response{StatusCode: http.StatusOK, Header: http.Header{}, Body: io.NopCloser(bytes.NewReader(raw)), Request: r}, nil
}

// exchange sends the body and reads the answer; raw is all of it.
func (w *apiClient) exchange(r *http.Request, body []byte) (a apiResponse, raw []byte, err error) {
	var connected, wrote, failed atomic.Bool
	r = r.WithContext(httptrace.WithClientTrace(r.Context(), &httptrace.ClientTrace{
		GotConn:      func(httptrace.GotConnInfo) { connected.Store(true) },
		WroteRequest: func(i httptrace.WroteRequestInfo) { wrote.Store(i.Err == nil); failed.Store(i.Err != nil) },
	}))
	r.ContentLength = int64(len(body))
	r.GetBody = func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(body)), nil }
	r.Body, _ = r.GetBody()
	resp, err := w.http.Do(r)
	if err != nil {
		return a, nil, &noResponse{maybeSent: connected.Load() && !failed.Load() || wrote.Load(), cause: withoutURL(err)}
	}
	defer resp.Body.Close()
	raw, err = io.ReadAll(io.LimitReader(resp.Body, maxResponse))
	if err != nil {
		return a, nil, &noResponse{maybeSent: true, cause: withoutURL(err)}
	}
	if json.Unmarshal(raw, &a) != nil || !a.OK && a.Code == 0 {
		return a, nil, foreignResponse(resp)
	}
	if !a.OK {
		return a, nil, &apiError{Code: a.Code, Description: a.Description, RetryAfter: retryAfter(resp, a), MigrateTo: a.Parameters.MigrateTo}
	}
	return a, raw, nil
}

// unreadable is what stands before the Bot API, a proxy or a maintenance page, answering in its place. A 429 of it is
// still one; of anything else it is unclear what happened behind it.
func foreignResponse(resp *http.Response) error {
	if resp.StatusCode == http.StatusTooManyRequests {
		return &apiError{Code: resp.StatusCode, Description: "Too Many Requests", RetryAfter: retryAfter(resp, apiResponse{})}
	}
	return &noResponse{maybeSent: true, cause: fmt.Errorf("status %d without words of the Bot API", resp.StatusCode)}
}

// retryAfter is how long to wait: what the answer says, else the header, else a second.
func retryAfter(resp *http.Response, a apiResponse) time.Duration {
	s := a.Parameters.RetryAfter
	if s == 0 {
		s, _ = strconv.Atoi(resp.Header.Get("Retry-After"))
	}
	return time.Duration(max(s, 1)) * time.Second
}

// bare takes the address off a network error: it holds the token.
func withoutURL(err error) error {
	var u *url.Error
	if errors.As(err, &u) {
		return u.Err
	}
	return err
}

// resultKey finds where a call wants its raw result kept.
type resultKey struct{}

// withResult keeps the raw result of the call made with the context, whatever the library makes of it.
func captureResult(ctx context.Context) (context.Context, *json.RawMessage) {
	into := new(json.RawMessage)
	return context.WithValue(ctx, resultKey{}, into), into
}

func storeResult(ctx context.Context, raw json.RawMessage) (kept bool) {
	into, ok := ctx.Value(resultKey{}).(*json.RawMessage)
	if ok {
		*into = raw
	}
	return ok
}

// taken is an answer of which the library makes nothing.
var nullResult = []byte(`{"ok":true,"result":null}`)
