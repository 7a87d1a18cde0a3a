package telegramtest

import (
	"encoding/json"
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// failure is how the Bot API refuses a call.
type failure struct {
	code  int
	words string
}

func (f failure) Error() string { return f.words }

func badRequest(words string) error { return failure{400, "Bad Request: " + words} }
func forbidden(words string) error  { return failure{403, "Forbidden: " + words} }

// method makes one call: it is parsed, checked against the schemas, made to fail where a Fault is wanted, else done.
func (s *Server) method(w http.ResponseWriter, r *http.Request, method string) {
	c, err := parseCall(r, method)
	if err != nil {
		refuse(w, 400, "Bad Request: "+err.Error(), 0, 0)
		return
	}
	s.log(&c)
	var f Fault
	if s.Fault != nil {
		f = s.Fault(c)
	}
	switch {
	case f.Delay > 0 && !pause(r, f.Delay):
		return
	case f.Cut:
		panic(http.ErrAbortHandler)
	case f.Hole:
		<-r.Context().Done()
		panic(http.ErrAbortHandler)
	case f.Raw != "":
		s.ended(c, f.Code, "")
		w.WriteHeader(f.Code)
		_, _ = io.WriteString(w, f.Raw)
		return
	case f.Code != 0:
		s.ended(c, f.Code, f.Words)
		refuse(w, f.Code, f.Words, f.RetryAfter, f.MigrateTo)
		return
	}
	result, err := s.do(r, &c)
	if f.CutAfter {
		s.ended(c, 0, "")
		panic(http.ErrAbortHandler)
	}
	var no failure
	if errors.As(err, &no) {
		s.ended(c, no.code, no.words)
		refuse(w, no.code, no.words, 0, 0)
		return
	}
	s.ended(c, 200, "")
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(map[string]any{"ok": true, "result": result})
}

// replied makes the call that is the body of the response to a webhook call, if it is one. Nobody learns how it ends.
func (s *Server) replied(body []byte) {
	if len(body) == 0 {
		return
	}
	c := Call{Params: map[string]json.RawMessage{}, Uploads: map[string][]byte{}, Reply: true}
	err := json.Unmarshal(body, &c.Params)
	c.Method = c.text("method")
	delete(c.Params, "method")
	method := strings.ToLower(c.Method)
	if err != nil || method == "" || unrepliable[method] || strings.HasPrefix(method, "get") {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.violate("the response to a webhook call is no call: %.200s", body)
		return
	}
	c.Chat = c.number("chat_id")
	s.log(&c)
	if s.Fault != nil {
		if f := s.Fault(c); f.Code != 0 || f.Cut {
			s.ended(c, f.Code, f.Words)
			return
		}
	}
	var no failure
	if _, err := s.do(nil, &c); errors.As(err, &no) {
		s.ended(c, no.code, no.words)
		return
	}
	s.ended(c, 200, "")
}

// unrepliable are the methods, besides those that get something, that are not made from the response to a webhook call.
var unrepliable = map[string]bool{"setwebhook": true, "deletewebhook": true, "close": true, "logout": true}

func pause(r *http.Request, d time.Duration) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return true
	case <-r.Context().Done():
		return false
	}
}

// log records a call and checks it against the schemas.
func (s *Server) log(c *Call) {
	if s.Quiet {
		c.At = time.Now()
		return
	}
	faults := s.schema().check(c)
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, f := range faults {
		s.violate("%s: %s", c.Method, f)
	}
	c.At = time.Now()
	if !strings.EqualFold(c.Method, "getUpdates") {
		c.N = len(s.calls) + 1
		s.calls = append(s.calls, *c)
	}
}

func (s *Server) ended(c Call, code int, words string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if c.N > 0 {
		s.calls[c.N-1].Code, s.calls[c.N-1].Words = code, words
	}
	s.notify()
}

// parseCall parses a call's parameters, whether they come as JSON or as a form.
func parseCall(r *http.Request, method string) (Call, error) {
	c := Call{Method: method, Params: map[string]json.RawMessage{}, Uploads: map[string][]byte{}}
	kind, params, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	body, err := io.ReadAll(r.Body)
	if err != nil {
		panic(http.ErrAbortHandler) // the caller has gone
	}
	switch {
	case kind == "application/json":
		err = json.Unmarshal(body, &c.Params)
	case strings.HasPrefix(kind, "multipart/") && len(body) > 0:
		err = c.readForm(multipart.NewReader(strings.NewReader(string(body)), params["boundary"]))
	}
	if raw, ok := c.Params["chat_id"]; ok {
		c.Chat, _ = strconv.ParseInt(strings.Trim(string(raw), `"`), 10, 64)
	}
	return c, err
}

func (c *Call) readForm(form *multipart.Reader) error {
	for {
		part, err := form.NextPart()
		if errors.Is(err, io.EOF) || err != nil && strings.Contains(err.Error(), "EOF") {
			return nil
		}
		if err != nil {
			return err
		}
		content, err := io.ReadAll(part)
		if err != nil {
			return err
		}
		if part.FileName() != "" {
			c.Uploads[part.FormName()] = content
			c.Params[part.FormName()], _ = json.Marshal("attach://" + part.FileName())
			continue
		}
		c.Params[part.FormName()] = paramOf(part.FormName(), content)
	}
}

// stringParams are the parameters that are strings whatever they look like; a form carries no types.
var stringParams = map[string]bool{
	"text": true, "caption": true, "url": true, "secret_token": true, "callback_query_id": true, "language_code": true,
	"description": true, "short_description": true, "file_id": true, "action": true, "name": true, "parse_mode": true,
}

func paramOf(name string, content []byte) json.RawMessage {
	if !stringParams[name] && json.Valid(content) {
		return content
	}
	raw, _ := json.Marshal(string(content))
	return raw
}

// into reads a parameter; absent leaves the value as it is.
func (c *Call) into(name string, v any) error {
	raw, ok := c.Params[name]
	if !ok {
		return nil
	}
	if err := json.Unmarshal(raw, v); err != nil {
		return badRequest("can't parse " + name)
	}
	return nil
}

func (c *Call) text(name string) (s string) {
	_ = c.into(name, &s)
	return s
}

func (c *Call) number(name string) int64 {
	n, _ := strconv.ParseInt(strings.Trim(string(c.Params[name]), `"`), 10, 64)
	return n
}
