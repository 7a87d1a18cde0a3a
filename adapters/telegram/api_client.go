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

// apiClient makes the calls of the Bot API.
//
// A call that is made often, or whose end must not be lost, goes out as JSON (call). The others, uploads among them, are the
// library's, which sends forms and takes the apiClient for its HTTP client (Do).
//
// It turns every response that is not "ok" into an error: an *apiError where the Bot API has answered, a *noResponse where it
// is unclear whether the call was made. No error holds the token, which is part of each URL. It is safe for concurrent use.
type apiClient struct {
	http *http.Client
	base string // of each method's URL, with the token in it
}

// apiError is a response of the Bot API that is not "ok": the call was not made.
type apiError struct {
	Code        int           // as an HTTP status
	Description string        // in English; only it tells one 400 from another
	RetryAfter  time.Duration // of a 429
	MigrateTo   int64         // the chat that a group has become; 0 where it has not
}

// Error says what the Bot API has answered.
func (e *apiError) Error() string {
	return fmt.Sprintf("telegram answers %d %s", e.Code, e.Description)
}

// noResponse is a call without a response that can be read.
type noResponse struct {
	maybeSent bool // the request may have arrived; false: it certainly has not
	connected bool // there was a connection
	cause     error
}

// Error says what happened to the call.
func (e *noResponse) Error() string { return "telegram gave no answer: " + e.cause.Error() }

// Unwrap returns the cause.
func (e *noResponse) Unwrap() error { return e.cause }

// apiResponse is a response of the Bot API.
type apiResponse struct {
	OK          bool            `json:"ok"`
	Result      json.RawMessage `json:"result"`
	Code        int             `json:"error_code"`
	Description string          `json:"description"`
	Parameters  struct {
		RetryAfter int   `json:"retry_after"` // in seconds
		MigrateTo  int64 `json:"migrate_to_chat_id"`
	} `json:"parameters"`
}

// maxResponse is how many bytes of a response are read: a hundred updates, the most in one, fit many times.
const maxResponse = 16 << 20

// call makes one call with its parameters as JSON, and returns the raw result. The parameters are a struct of the library or
// a map.
func (c *apiClient) call(ctx context.Context, method string, params any) (json.RawMessage, error) {
	body, err := json.Marshal(params)
	if err != nil {
		return nil, &noResponse{cause: err}
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, c.base+method, http.NoBody)
	if err != nil {
		return nil, &noResponse{cause: withoutURL(err)}
	}
	r.Header["Content-Type"] = jsonType
	response, _, err := c.exchange(r, body)
	return response.Result, err
}

var jsonType = []string{"application/json"} // shared by all requests, and never changed

// Do makes one call of the library and returns only responses that are "ok". The library streams its body, which would go out in
// chunks and could not be sent again on a fresh connection: it is read first.
func (c *apiClient) Do(r *http.Request) (*http.Response, error) {
	body, err := io.ReadAll(r.Body)
	r.Body.Close()
	if err != nil {
		return nil, &noResponse{cause: err}
	}
	response, raw, err := c.exchange(r, body)
	if err != nil {
		return nil, err
	}
	if storeResult(r.Context(), response.Result) {
		raw = nullResult
	}
	answer := io.NopCloser(bytes.NewReader(raw))
	return &http.Response{StatusCode: http.StatusOK, Header: http.Header{}, Body: answer, Request: r}, nil
}

// exchange sends a request with the body and reads the response; raw is all of it. Without a connection, or where writing the
// request failed, it has certainly not arrived: a call is made only when its body is complete. From then on, until the whole
// response is read, it may have.
//
// GetBody lets net/http send a request again by itself where an idle connection turns out to be dead and nothing of it was
// written; a POST of which something was written it never repeats.
func (c *apiClient) exchange(r *http.Request, body []byte) (response apiResponse, raw []byte, err error) {
	var connected, wrote, failed atomic.Bool
	r = r.WithContext(httptrace.WithClientTrace(r.Context(), &httptrace.ClientTrace{
		GotConn:      func(httptrace.GotConnInfo) { connected.Store(true) },
		WroteRequest: func(i httptrace.WroteRequestInfo) { wrote.Store(i.Err == nil); failed.Store(i.Err != nil) },
	}))
	r.ContentLength = int64(len(body))
	r.GetBody = func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(body)), nil }
	r.Body, _ = r.GetBody()
	resp, err := c.http.Do(r) //nolint:gosec // the address is a setting of the operator
	if err != nil {
		maybeSent := connected.Load() && !failed.Load() || wrote.Load()
		return response, nil, &noResponse{maybeSent: maybeSent, connected: connected.Load(), cause: withoutURL(err)}
	}
	defer resp.Body.Close()
	raw, err = readResponse(resp)
	if err != nil {
		return response, nil, &noResponse{maybeSent: true, cause: withoutURL(err)}
	}
	if response, err = parseResponse(raw); err != nil || !response.OK && response.Code == 0 {
		return response, nil, foreignResponse(resp)
	}
	if !response.OK {
		return response, nil, &apiError{Code: response.Code, Description: response.Description,
			RetryAfter: retryAfter(resp, response), MigrateTo: response.Parameters.MigrateTo}
	}
	return response, raw, nil
}

// successPrefix is how the Bot API begins the response to a call that was done.
var successPrefix = []byte(`{"ok":true,"result":`)

// parseResponse parses a response. Of one that holds nothing but a result, as nearly all do, that is cut out.
func parseResponse(raw []byte) (response apiResponse, err error) {
	if result, ok := bytes.CutPrefix(raw, successPrefix); ok {
		if result, ok = bytes.CutSuffix(bytes.TrimSpace(result), []byte("}")); ok && json.Valid(result) {
			return apiResponse{OK: true, Result: result}, nil
		}
	}
	err = json.Unmarshal(raw, &response)
	return response, err
}

// readResponse reads a response's body, at most maxResponse bytes of it.
func readResponse(resp *http.Response) ([]byte, error) {
	var body bytes.Buffer
	if resp.ContentLength > 0 {
		body.Grow(int(min(resp.ContentLength, maxResponse)) + bytes.MinRead)
	}
	_, err := body.ReadFrom(io.LimitReader(resp.Body, maxResponse))
	return body.Bytes(), err
}

// foreignResponse is the error of a response that is not the Bot API's: a proxy or a maintenance page has answered in its
// place. A 429 still asks to wait; with any other it is unclear what happened behind it.
func foreignResponse(resp *http.Response) error {
	if resp.StatusCode == http.StatusTooManyRequests {
		return &apiError{Code: resp.StatusCode, Description: "Too Many Requests", RetryAfter: retryAfter(resp, apiResponse{})}
	}
	return &noResponse{maybeSent: true, cause: fmt.Errorf("status %d without words of the Bot API", resp.StatusCode)}
}

// retryAfter is how long a 429 asks to wait: what its body says, else its header, else a second.
func retryAfter(resp *http.Response, response apiResponse) time.Duration {
	seconds := response.Parameters.RetryAfter
	if seconds == 0 {
		seconds, _ = strconv.Atoi(resp.Header.Get("Retry-After"))
	}
	return time.Duration(max(seconds, 1)) * time.Second
}

// withoutURL takes the URL off a network error: it holds the token.
func withoutURL(err error) error {
	var u *url.Error
	if errors.As(err, &u) {
		return u.Err
	}
	return err
}

// resultKey is the context key under which a call of the library wants its raw result.
type resultKey struct{}

// captured makes a call of the library and returns its raw result, whatever the library makes of it. So a form of result that
// the library cannot parse does not turn a call that was made into one that failed.
func captured(ctx context.Context, call func(context.Context) error) (json.RawMessage, error) {
	var result json.RawMessage
	err := call(context.WithValue(ctx, resultKey{}, &result))
	if result != nil {
		err = nil
	}
	return result, err
}

// storeResult stores the raw result where captured wants it.
func storeResult(ctx context.Context, result json.RawMessage) (stored bool) {
	into, ok := ctx.Value(resultKey{}).(*json.RawMessage)
	if ok {
		*into = result
	}
	return ok
}

// nullResult is what the library parses where the result is captured: nothing.
var nullResult = []byte(`{"ok":true,"result":null}`)
